"""SEG and RTSTRUCT carried onto a grid, against masks known by construction."""

import random
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, RTStructureSetStorage, SegmentationStorage

from app.dicom.regions import NamedRegion, read_regions
from app.errors import ReaderError
from segmentation.geometry import Geometry
from segmentation.voi import SphereVoi
from tests.unit.dicom.synthetic_series import FRAME_OF_REFERENCE, slice_dataset, write

LABEL_MAP = "1.2.840.10008.5.1.4.1.1.66.7"
GRID = Geometry.even((8, 10, 12), (4.0, 2.0, 3.0), (-15.0, -10.0, 30.0))
BALL = SphereVoi((3.0, -1.0, 44.0), 17.0).mask(GRID).full()
BOX = np.zeros(GRID.shape_zyx, bool)
BOX[2:5, 1:4, 6:11] = True


def item(**values: object) -> Dataset:
    ds = Dataset()
    for keyword, value in values.items():
        setattr(ds, keyword, value)
    return ds


def base(sop_class: str) -> Dataset:
    ds = item(SOPClassUID=sop_class, SOPInstanceUID="1.2.3", FrameOfReferenceUID=FRAME_OF_REFERENCE)
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return ds


def seg(
    masks: list[np.ndarray],
    geometry: Geometry = GRID,
    kind: str = "BINARY",
    order: int | None = None,
) -> Dataset:
    """A SEG holding the non-empty slices of each mask, in file order or shuffled by a seed."""
    ds = base(LABEL_MAP if kind == "LABELMAP" else SegmentationStorage)
    ds.SegmentationType = kind
    ds.Rows, ds.Columns = geometry.shape_zyx[1:]
    ds.SamplesPerPixel, ds.PhotometricInterpretation, ds.PixelRepresentation = 1, "MONOCHROME2", 0
    bits = 1 if kind == "BINARY" else 8
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = bits, bits, bits - 1
    ds.SegmentSequence = [
        item(SegmentNumber=n + 1, SegmentLabel=f"lesion {n + 1}") for n in range(len(masks))
    ]
    orientation = [*geometry.row_direction, *geometry.column_direction]
    ds.SharedFunctionalGroupsSequence = [
        item(
            PlaneOrientationSequence=[item(ImageOrientationPatient=orientation)],
            PixelMeasuresSequence=[
                item(
                    PixelSpacing=list(geometry.spacing_yx_mm),
                    SliceThickness=geometry.slice_step_mm,
                )
            ],
        )
    ]
    if kind == "LABELMAP":
        pixels = sum((n + 1) * m.astype(np.uint8) for n, m in enumerate(masks))
        frames = [(0, z, pixels[z]) for z in range(geometry.shape_zyx[0])]
    else:
        scale = 200 if kind == "FRACTIONAL" else 1
        frames = [
            (n + 1, z, m[z].astype(np.uint8) * scale)
            for n, m in enumerate(masks)
            for z in np.flatnonzero(m.any(axis=(1, 2)))
        ]
    if order is not None:
        random.Random(order).shuffle(frames)
    groups = []
    for number, z, _ in frames:
        position = [f"{v:.5f}" for v in geometry.lps_from_zyx((z, 0, 0))]
        group = item(PlanePositionSequence=[item(ImagePositionPatient=position)])
        if number:
            group.SegmentIdentificationSequence = [item(ReferencedSegmentNumber=number)]
        groups.append(group)
    ds.PerFrameFunctionalGroupsSequence = groups
    ds.NumberOfFrames = len(frames)
    ds.MaximumFractionalValue = 255
    flat = np.stack([pixels for *_, pixels in frames]).ravel()
    packed = np.packbits(flat, bitorder="little") if bits == 1 else flat.astype(np.uint8)
    data = packed.tobytes()
    ds.PixelData = data + b"\0" * (len(data) % 2)
    ds["PixelData"].VR = "OB"
    return ds


def rtstruct(
    rois: dict[str, list[list[tuple[float, float, float]]]], kind: str = "CLOSED_PLANAR"
) -> Dataset:
    ds = base(RTStructureSetStorage)
    ds.StructureSetROISequence = [
        item(ROINumber=n, ROIName=name, ReferencedFrameOfReferenceUID=FRAME_OF_REFERENCE)
        for n, name in enumerate(rois)
    ]
    ds.ROIContourSequence = [
        item(
            ReferencedROINumber=n,
            ContourSequence=[
                item(
                    ContourGeometricType=kind,
                    NumberOfContourPoints=len(points),
                    ContourData=[f"{v:.4f}" for point in points for v in point],
                )
                for points in contours
            ],
        )
        for n, contours in enumerate(rois.values())
    ]
    return ds


def rectangle(
    z: float, x0: float, y0: float, x1: float, y1: float
) -> list[tuple[float, float, float]]:
    return [(x0, y0, z), (x1, y0, z), (x1, y1, z), (x0, y1, z)]


def around(z0: int, z1: int, y0: int, y1: int, x0: int, x1: int) -> list:
    """Contours half a pixel around voxels of GRID, one on every slice."""
    ends = [GRID.lps_from_zyx((0, y - 0.5, x - 0.5)) for y, x in ((y0, x0), (y1, x1))]
    (left, top, _), (right, bottom, _) = ends
    return [
        rectangle(GRID.lps_from_zyx((z, 0, 0))[2], left, top, right, bottom) for z in range(z0, z1)
    ]


def read(folder: Path, ds: Dataset, geometry: Geometry = GRID) -> tuple[NamedRegion, ...]:
    (path,) = write(folder, [ds]) if "PixelData" in ds or "ROIContourSequence" in ds else ()
    return read_regions(path, geometry, FRAME_OF_REFERENCE)


@pytest.mark.parametrize("kind", ["BINARY", "FRACTIONAL", "LABELMAP"])
@pytest.mark.parametrize("order", [None, 1, 2])
def test_seg_on_the_same_grid_is_exact_whatever_the_frame_order(
    tmp_path: Path, kind: str, order: int | None
) -> None:
    masks = [BALL & ~BOX, BOX]
    regions = read(tmp_path, seg(masks, kind=kind, order=order))
    assert [region.label for region in regions] == ["lesion 1", "lesion 2"]
    for region, mask in zip(regions, masks, strict=True):
        assert np.array_equal(region.mask.full(), mask)
        assert region.findings == ()


def test_fraction_of_a_half_belongs_to_the_segment(tmp_path: Path) -> None:
    ds = seg([BOX], kind="FRACTIONAL")
    ds.MaximumFractionalValue = 200
    for stored, belongs in ((100, True), (99, False)):
        flat = np.frombuffer(ds.PixelData, np.uint8).copy()
        flat[flat > 0] = stored
        ds.PixelData = flat.tobytes()
        (region,) = read(tmp_path / str(stored), ds)
        assert np.array_equal(region.mask.full(), BOX) is belongs


def test_seg_stored_upside_down_lands_on_its_voxels(tmp_path: Path) -> None:
    """Rows written from the bottom, slices from the top: positions decide, not indices."""
    flipped = Geometry.even(
        GRID.shape_zyx,
        GRID.spacing_zyx_mm,
        tuple(GRID.lps_from_zyx((7, 9, 0))),
        (1.0, 0.0, 0.0),
        (0.0, -1.0, 0.0),
    )
    (region,) = read(tmp_path, seg([BALL[::-1, ::-1]], flipped))
    assert np.array_equal(region.mask.full(), BALL)
    assert region.findings == ()


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_seg_of_another_grid_keeps_its_volume_and_place(tmp_path: Path, factor: float) -> None:
    shape = tuple(int(n / factor) for n in (24, 30, 36))
    spacing = tuple(factor * s for s in (2.0, 2.0, 2.0))
    other = Geometry.even(shape, spacing, tuple(-24.0 + s / 2 for s in spacing))
    grid = Geometry.even((24, 30, 36), (2.0, 2.0, 2.0), (-23.0, -23.0, -23.0))
    ball = SphereVoi((4.0, 2.0, -3.0), 30.0).mask(other)
    (region,) = read(tmp_path, seg([ball.full()], other), grid)
    assert "REGION_RESAMPLED" in {f.code for f in region.findings}
    assert region.mask.volume_ml == pytest.approx(ball.volume_ml, rel=0.04)
    assert region.mask.centroid_lps_mm() == pytest.approx(ball.centroid_lps_mm(), abs=0.6)


def test_seg_beyond_the_image_says_how_much_is_lost(tmp_path: Path) -> None:
    whole = np.ones((2, 10, 12), bool)
    wide = Geometry.even((2, 10, 12), GRID.spacing_zyx_mm, GRID.lps_from_zyx((0, 5, 0)).tolist())
    (region,) = read(tmp_path, seg([whole], wide))
    (lost,) = (f for f in region.findings if f.code == "REGION_OUTSIDE_IMAGE")
    assert lost.param("share_percent") == pytest.approx(50.0)
    assert region.mask.voxels == 2 * 5 * 12


def test_contours_fill_voxel_centres_of_their_slice(tmp_path: Path) -> None:
    expected = np.zeros(GRID.shape_zyx, bool)
    expected[1:4, 2:7, 3:9] = True
    contours = around(1, 4, 2, 7, 3, 9)
    random.Random(3).shuffle(contours)
    (region,) = read(tmp_path, rtstruct({"GTV": contours}))
    assert region.label == "GTV" and region.findings == ()
    assert np.array_equal(region.mask.full(), expected)


def test_contour_within_a_contour_is_a_hole(tmp_path: Path) -> None:
    expected = np.zeros(GRID.shape_zyx, bool)
    expected[1:4, 1:9, 1:11] = True
    expected[1:4, 3:6, 4:8] = False
    rois = {
        "rim": around(1, 4, 3, 6, 4, 8) + around(1, 4, 1, 9, 1, 11),
        "other": around(0, 1, 0, 2, 0, 2),
    }
    rim, other = read(tmp_path, rtstruct(rois))
    assert np.array_equal(rim.mask.full(), expected)
    assert other.mask.voxels == 4


def test_contours_of_another_slice_spacing_fill_every_slice_once(tmp_path: Path) -> None:
    """Contours every 2.5 mm on 4 mm slices: neighbours must not cancel each other."""
    planes = np.arange(30.0, 58.1, 2.5)
    contours = [rectangle(z, -10, -8, 10, 6) for z in planes]
    (region,) = read(tmp_path, rtstruct({"box": contours}))
    assert "CONTOUR_PLANES_DIFFER" in {f.code for f in region.findings}
    per_slice = region.mask.full().sum(axis=(1, 2))
    assert set(per_slice.tolist()) == {per_slice[0]} and per_slice[0] > 0


def test_gap_between_two_parts_of_a_roi_stays_empty(tmp_path: Path) -> None:
    contours = around(1, 3, 2, 5, 2, 5) + around(5, 7, 2, 5, 2, 5)
    (region,) = read(tmp_path, rtstruct({"two": contours}))
    assert np.flatnonzero(region.mask.full().any(axis=(1, 2))).tolist() == [1, 2, 5, 6]


def test_contours_across_slices_are_left_out_and_said(tmp_path: Path) -> None:
    upright = [[(0.0, 0.0, 30.0), (0.0, 5.0, 30.0), (0.0, 5.0, 50.0), (0.0, 0.0, 50.0)]]
    (region,) = read(tmp_path, rtstruct({"sagittal": upright}))
    assert {f.code for f in region.findings} == {"CONTOUR_NOT_IN_SLICE", "REGION_EMPTY"}


def test_points_are_no_region(tmp_path: Path) -> None:
    (region,) = read(tmp_path, rtstruct({"marks": around(1, 2, 2, 5, 2, 5)}, kind="POINT"))
    assert {f.code for f in region.findings} == {"CONTOUR_SKIPPED", "REGION_EMPTY"}


@pytest.mark.parametrize(
    "make", [lambda: seg([BOX]), lambda: rtstruct({"a": around(1, 2, 2, 5, 2, 5)})]
)
def test_another_frame_of_reference_is_refused(tmp_path: Path, make) -> None:
    (path,) = write(tmp_path, [make()])
    with pytest.raises(ReaderError) as caught:
        read_regions(path, GRID, "9.9.9")
    assert caught.value.code == "REGION_FRAME_OF_REFERENCE"
    (region,) = read_regions(path, GRID, None)
    assert "FRAME_OF_REFERENCE_UNSTATED" in {f.code for f in region.findings}


def test_files_that_hold_no_region_are_refused(tmp_path: Path) -> None:
    (image,) = write(tmp_path / "a", [slice_dataset(np.zeros((4, 4), np.int16), (0, 0, 0))])
    text = tmp_path / "notes.txt"
    text.write_text("no DICOM")
    (whole,) = write(tmp_path / "b", [seg([BOX])])
    hollow = rtstruct({"a": around(1, 2, 2, 5, 2, 5)})
    del hollow.StructureSetROISequence
    (structure,) = write(tmp_path / "c", [hollow])
    cut = tmp_path / "cut.dcm"
    cut.write_bytes(whole.read_bytes()[:-20])
    for path, code in (
        (image, "NOT_A_REGION_FILE"),
        (text, "NOT_A_REGION_FILE"),
        (tmp_path / "absent", "REGION_FILE_MISSING"),
        (structure, "REGION_INCOMPLETE"),
        (cut, "PIXELS_UNREADABLE"),
    ):
        with pytest.raises(ReaderError) as caught:
            read_regions(path, GRID, FRAME_OF_REFERENCE)
        assert caught.value.code == code
        assert path.name in str(caught.value)
