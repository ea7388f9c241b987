"""The demo patient on disk: valid DICOM as a scanner would send it, with the promised answers."""

import json
from collections import defaultdict
from datetime import datetime, timedelta
from importlib import resources
from itertools import pairwise

import numpy as np
import pytest
from pydicom import dcmread
from scipy import ndimage

from app.demo.phantom import demo_phantom
from app.demo.render import ct_geometry, pet_geometry, render_suv
from segmentation.mask import Mask
from segmentation.metrics.peak import PeakMethod, region_peak
from segmentation.voi import SphereVoi
from segmentation.volume import Unit, Volume
from tests.builders.phantom_truth import lesion_truths

PHANTOM = demo_phantom()
VISITS = (0, 1)
SERIES = [(v, m) for v in VISITS for m in ("PT", "CT")]


@pytest.fixture(scope="module")
def slices(demo_patient):
    """Datasets by (visit, modality), in the order of their instance numbers."""
    found = {
        (v, m): [dcmread(f) for f in sorted((demo_patient[v] / m).iterdir())] for v, m in SERIES
    }
    return {k: sorted(ds, key=lambda d: d.InstanceNumber) for k, ds in found.items()}


@pytest.fixture(scope="module")
def suv(slices):
    """The PET volumes as SUVbw, by visit, from the headers alone."""
    volumes = {}
    for v in VISITS:
        upwards = slices[v, "PT"][::-1]
        info = upwards[0].RadiopharmaceuticalInformationSequence[0]
        injected = moment(info.RadiopharmaceuticalStartDateTime)
        waited = (series_start(upwards[0]) - injected).total_seconds()
        left = info.RadionuclideTotalDose * 2 ** (-waited / info.RadionuclideHalfLife)
        factor = float(upwards[0].PatientWeight) * 1000 / float(left)
        values = np.stack([d.pixel_array * float(d.RescaleSlope) * factor for d in upwards])
        geometry = pet_geometry(PHANTOM.scanner, PHANTOM.visits[v])
        volumes[v] = Volume(values.astype(np.float32), geometry, Unit.SUVBW_G_PER_ML)
    return volumes


def moment(text):
    return datetime.strptime(str(text), "%Y%m%d%H%M%S.%f")


def series_start(ds):
    return moment(ds.SeriesDate + ds.SeriesTime)


@pytest.mark.parametrize("series", SERIES)
def test_every_mandatory_attribute_of_the_iod_is_present(slices, series):
    """Types 1 and 2 of the mandatory modules, from the tables of PS3.3 that highdicom carries."""
    tables = resources.files("highdicom") / "_standard"
    iods = json.loads((tables / "iod_module_map.json").read_text())
    modules = json.loads((tables / "module_attribute_map.json").read_text())
    ds = slices[series][7]
    iod = {"PT": "positron-emission-tomography-image", "CT": "ct-image"}[series[1]]
    checked = 0
    for module in iods[iod]:
        if module["usage"] != "M":
            continue
        for attribute in modules[module["key"]]:
            holders = [ds]
            for keyword in attribute["path"]:
                holders = [item for h in holders for item in (h.get(keyword) or [])]
            for holder in holders if attribute["type"] in ("1", "2") else ():
                assert attribute["keyword"] in holder, (module["key"], attribute)
                if attribute["type"] == "1":
                    assert holder[attribute["keyword"]].value not in (None, ""), attribute
                checked += 1
    assert checked > 40


@pytest.mark.parametrize("series", SERIES)
def test_slices_are_one_even_stack_from_the_head_down(slices, series):
    stack = slices[series]
    assert len(stack) == PHANTOM.scanner.slices
    assert len({d.SOPInstanceUID for d in stack}) == len(stack)
    assert len({d.SeriesInstanceUID for d in stack}) == 1
    steps = [b.ImagePositionPatient[2] - a.ImagePositionPatient[2] for a, b in pairwise(stack)]
    np.testing.assert_allclose(steps, -PHANTOM.scanner.slice_step_mm, atol=1e-9)
    assert all(d.ImageOrientationPatient == [1, 0, 0, 0, 1, 0] for d in stack)
    geometry = (pet_geometry if series[1] == "PT" else ct_geometry)(
        PHANTOM.scanner, PHANTOM.visits[series[0]]
    )
    lowest = stack[-1]
    np.testing.assert_allclose(lowest.ImagePositionPatient, geometry.origin_lps_mm, atol=1e-6)
    assert list(lowest.PixelSpacing) == list(geometry.spacing_yx_mm)


def test_identity_is_one_patient_two_studies_two_frames_of_reference(slices):
    firsts = {k: s[0] for k, s in slices.items()}
    assert {(str(d.PatientName), d.PatientID, d.PatientSex) for d in firsts.values()} == {
        ("DEMO^PHANTOM", "ONCOREAD-DEMO", "F")
    }
    assert all("DEMO" in d.StudyDescription for d in firsts.values())
    frames, studies = defaultdict(set), defaultdict(set)
    for (v, _), d in firsts.items():
        frames[v].add(d.FrameOfReferenceUID)
        studies[v].add(d.StudyInstanceUID)
    assert all(len(s) == 1 for s in (*frames.values(), *studies.values()))
    assert frames[0] != frames[1]
    assert studies[0] != studies[1]
    assert len({d.SeriesInstanceUID for d in firsts.values()}) == 4
    dates = [datetime.strptime(firsts[v, "PT"].StudyDate, "%Y%m%d") for v in VISITS]
    assert dates[1] - dates[0] == timedelta(days=91)


@pytest.mark.parametrize("v", VISITS)
def test_series_time_and_frame_times_tell_the_same_decay_reference(slices, v):
    """Candidates B and C of spec 1.4, and the decay factor."""
    stack = slices[v, "PT"]
    half_life = float(stack[0].RadiopharmaceuticalInformationSequence[0].RadionuclideHalfLife)
    rate = np.log(2) / half_life
    start = series_start(stack[0])
    acquired = [moment(d.AcquisitionDate + d.AcquisitionTime) for d in stack]
    assert min(acquired) == start
    assert len(set(acquired)) == PHANTOM.scanner.beds
    assert acquired[0] == max(acquired), "scanned from the thighs up"
    for d, when in zip(stack, acquired, strict=True):
        duration = d.ActualFrameDuration / 1000
        average = np.log(rate * duration / -np.expm1(-rate * duration)) / rate
        reference = when + timedelta(seconds=average - float(d.FrameReferenceTime) / 1000)
        assert abs((reference - start).total_seconds()) < 0.001
        middle = (when - start).total_seconds() + duration / 2
        assert float(d.DecayFactor) == pytest.approx(2 ** (middle / half_life), rel=1e-4)
    info = stack[0].RadiopharmaceuticalInformationSequence[0]
    uptake = (start - moment(info.RadiopharmaceuticalStartDateTime)).total_seconds()
    assert uptake == (3600, 3780)[v]
    assert info.RadionuclideTotalDose == (245e6, 238e6)[v]


def test_pixels_times_slope_are_the_rendered_activity_within_half_a_step(slices, suv):
    stack = slices[0, "PT"]
    slopes = {float(d.RescaleSlope) for d in stack}
    assert len(slopes) == len(stack), "each slice has its own"
    assert all(d.RescaleIntercept == 0 and d.pixel_array.max() == 32767 for d in stack)
    rendered = render_suv(PHANTOM, PHANTOM.visits[0])
    half_step = rendered.max(axis=(1, 2), keepdims=True) / 32767 / 2
    assert np.all(np.abs(suv[0].values - rendered) <= half_step * 1.02 + 1e-6)


@pytest.mark.parametrize("v", VISITS)
def test_sul_peak_of_every_lesion_is_the_analytic_one_within_1_5_percent(suv, v):
    for truth in lesion_truths(PHANTOM, PHANTOM.visits[v]).values():
        around = SphereVoi(truth.center_lps_mm, 36.0).mask(suv[v].geometry)
        peak = region_peak(suv[v], around, PeakMethod.CONTINUOUS)
        assert peak.value == pytest.approx(truth.suv_peak, rel=0.015), truth.name
        assert np.linalg.norm(np.subtract(peak.position_lps_mm, truth.center_lps_mm)) < 4.0


@pytest.mark.parametrize("v", VISITS)
def test_lesions_at_half_height_have_their_true_diameters_within_half_a_pet_pixel(suv, v):
    truths = lesion_truths(PHANTOM, PHANTOM.visits[v])
    for lesion in PHANTOM.visits[v].lesions:
        half_height = (lesion.suv + truths[lesion.name].background_suv) / 2
        widths = axial_widths_mm(suv[v], lesion, truths[lesion.name], half_height)
        np.testing.assert_allclose(widths, 2 * np.array(lesion.body.half_mm[:2]), atol=4.07 / 2)


@pytest.mark.parametrize("v", VISITS)
def test_the_node_at_half_height_has_its_true_diameters_within_half_a_ct_pixel(slices, v):
    hu = np.stack([d.pixel_array.astype(np.int16) - 1024 for d in slices[v, "CT"][::-1]])
    ct = Volume(hu, ct_geometry(PHANTOM.scanner, PHANTOM.visits[v]), Unit.HOUNSFIELD)
    node = next(x for x in PHANTOM.visits[v].lesions if x.name == "axillary node")
    truth = lesion_truths(PHANTOM, PHANTOM.visits[v])[node.name]
    widths = axial_widths_mm(ct, node, truth, (node.hu - 100) / 2)
    np.testing.assert_allclose(widths, 2 * np.array(node.body.half_mm[:2]), atol=1.953 / 2)


def axial_widths_mm(volume, lesion, truth, level):
    """Widths above `level` along the axial axes of a lesion, through its centre, by spline."""
    angle, widths = np.deg2rad(lesion.body.turn_deg[2]), []
    for direction in ((np.cos(angle), np.sin(angle), 0), (-np.sin(angle), np.cos(angle), 0)):
        t = np.arange(-22, 22, 0.05)
        points = np.asarray(truth.center_lps_mm) + t[:, None] * np.asarray(direction)
        index = volume.geometry.zyx_from_lps(points).T
        profile = ndimage.map_coordinates(volume.values.astype(np.float32), index, order=3)
        above = t[profile >= level]
        widths.append(above.max() - above.min())
    return widths


@pytest.mark.parametrize("v", VISITS)
def test_the_liver_is_as_noisy_as_a_clinical_one(suv, v):
    center = np.array([-70, 0, 385]) + PHANTOM.visits[v].shift_mm
    mask: Mask = SphereVoi(tuple(center), 30.0).mask(suv[v].geometry)
    values = suv[v].values[mask.box][mask.inside]
    assert 0.05 < values.std() / values.mean() < 0.10


def test_the_patient_lies_elsewhere_at_month_3_and_the_couch_only_moved_along(slices):
    def soft_tissue_center(v):
        stack = slices[v, "CT"][::-1]
        geometry = ct_geometry(PHANTOM.scanner, PHANTOM.visits[v])
        hu = np.stack([d.pixel_array[::2, ::2].astype(np.int16) - 1024 for d in stack])
        body = ndimage.binary_opening(hu > -200, iterations=2)
        return geometry.lps_from_zyx(np.array(ndimage.center_of_mass(body)) * (1, 2, 2))

    moved = soft_tissue_center(1) - soft_tissue_center(0)
    expected = np.subtract(PHANTOM.visits[1].shift_mm, PHANTOM.visits[0].shift_mm)
    # The lower end of the scan lies elsewhere in the thighs, which moves the centre along z.
    np.testing.assert_allclose(moved[:2], expected[:2], atol=1.0)
    np.testing.assert_allclose(moved[2], expected[2], atol=6.0)


def test_the_set_is_small_enough_to_be_written_on_first_use(demo_patient):
    files = [f for f in demo_patient[0].parent.rglob("*.dcm") if f.is_file()]
    assert sum(f.stat().st_size for f in files) < 120e6
