"""The report of a read: pictures that show their lesions, tables that fit, files or none."""

import json
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.errors import ReaderError
from app.imaging.overlay import MARK_ON_DARK, MARK_ON_LIGHT
from app.jobs.job import Cancelled
from app.reporting.compose import compose
from app.reporting.documents import read_document
from app.reporting.key_images import (
    MIP_PIXEL_MM,
    SLICE_PIXEL_MM,
    key_images,
    shown_lesions,
)
from app.reporting.picture_files import KeyImage, Shown, VisitImages
from app.services.derive_read import RulePair, derive_read
from app.services.draft_read import LoadedDraft
from app.services.export_report import READING_NAME, REPORT_NAME, export_report
from app.services.rule_sets import load_percist_rules
from segmentation.volume import Volume
from tests.builders import pdf_text
from tests.builders.picture_marks import mip_pixel, ring_share, slice_center
from tests.builders.printed_reports import ISSUED, of, pictures_of, pixels, printed
from tests.builders.read_variants import VARIANTS, by_recist, crowded, without_lesions
from tests.builders.recist_reading import responding

# Key images.


def test_every_lesion_is_shown_at_both_visits(
    draft: LoadedDraft, pictures: tuple[KeyImage, ...]
) -> None:
    assert [item.lesion_id for item in pictures[:2]] == [None, None]
    shown = [(item.lesion_id, item.visit) for item in of(pictures, Shown.LESION)]
    assert shown == [(name, visit) for name in ("L1", "L2", "L3") for visit in (0, 1)]
    assert len({item.file for item in pictures}) == len(pictures)


def test_every_slice_shows_the_marker_of_its_lesion(pictures: tuple[KeyImage, ...]) -> None:
    for item in of(pictures, Shown.LESION):
        image = pixels(item)
        share = ring_share(image, *slice_center(image), MARK_ON_DARK.colour)
        assert share > 0.8, (item.file, share)


def test_without_a_ct_the_marker_is_there_too(draft: LoadedDraft) -> None:
    for item in pictures_of(draft.read, draft, with_ct=False)[2:-2]:
        image = pixels(item)
        assert ring_share(image, *slice_center(image), MARK_ON_LIGHT.colour) > 0.8, item.file


def test_the_mips_show_every_lesion_where_it_lies(
    draft: LoadedDraft, pictures: tuple[KeyImage, ...]
) -> None:
    for item, point, visit in zip(pictures[:2], draft.read.time_points, draft.visits, strict=True):
        image = pixels(item)
        for lesion in point.tumour_lesions:
            row, column = mip_pixel(image, visit.sul.geometry, MIP_PIXEL_MM, lesion.peak_lps_mm)
            shares = [
                ring_share(image, row + dr, column + dc, MARK_ON_LIGHT.colour)
                for dr in (-1.5, 0.0, 1.5)
                for dc in (-1.5, 0.0, 1.5)
            ]
            assert max(shares) > 0.6, (item.file, lesion.lesion_id, max(shares))


def test_a_marker_is_not_found_where_there_is_none(pictures: tuple[KeyImage, ...]) -> None:
    image = pixels(pictures[2])
    row, column = slice_center(image)
    assert ring_share(image, row + 120, column - 120, MARK_ON_DARK.colour) < 0.3


def test_both_visits_are_printed_at_one_scale(pictures: tuple[KeyImage, ...]) -> None:
    for images in (of(pictures, shown) for shown in Shown):
        assert len({pixels(item).shape for item in images}) == 1
    assert pixels(pictures[2]).shape[0] * SLICE_PIXEL_MM == 240.0


def test_scans_of_different_length_give_mips_of_one_size(draft: LoadedDraft) -> None:
    short = draft.visits[1].sul
    geometry = replace(
        short.geometry,
        shape_zyx=(100, *short.geometry.shape_zyx[1:]),
        slice_offsets_mm=short.geometry.slice_offsets_mm[:100],
    )
    cut = Volume(np.ascontiguousarray(short.values[:100]), geometry, short.unit)
    images = [VisitImages(draft.visits[0].sul, None), VisitImages(cut, None)]
    first, second = list(key_images(draft.read, images))[:2]
    assert pixels(first).shape == pixels(second).shape


def test_a_lesion_not_measured_at_a_visit_is_shown_at_its_place(draft: LoadedDraft) -> None:
    latest = draft.read.latest
    lesion = next(item for item in latest.lesions if item.lesion_id == "L2")
    rest = tuple(item for item in latest.lesions if item is not lesion)
    read = replace(draft.read, time_points=(draft.read.baseline, replace(latest, lesions=rest)))
    (item,) = [i for i in pictures_of(read, draft) if (i.lesion_id, i.visit) == ("L2", 1)]
    assert "not measured" in item.caption
    assert ring_share(pixels(item), *slice_center(pixels(item)), MARK_ON_DARK.colour) > 0.8


# Layout.


@pytest.mark.parametrize("variant", VARIANTS)
def test_any_read_fits_its_pages(draft: LoadedDraft, tmp_path: Path, variant: str) -> None:
    pdf_text.need_poppler()
    read = VARIANTS[variant](draft.read)
    pictures = pictures_of(read, draft)
    pdf = printed(read, pictures, tmp_path)
    assert pdf_text.misplaced(pdf) == []
    assert pdf_text.picture_count(pdf) == len(pictures)
    for page in pdf_text.pages(pdf):
        assert "Investigational use in trials" in page
        assert "Draft, not reviewed by a reader" in page
        assert len(page.split()) > 40  # no page that is all but empty
    peaks: dict[str, list[str]] = {}
    for point in read.time_points:
        for item in point.lesions:
            peaks.setdefault(item.lesion_id, []).append(f"{item.sul_peak:.2f}")
    if len(read.time_points) <= 2:
        lesions = {name: found for name, found in peaks.items() if not name.startswith("P")}
        assert pdf_text.lesion_rows(pdf, lesions) == {}
    text = "".join(pdf_text.pages(pdf))
    assert all(number in text for numbers in peaks.values() for number in numbers)


def test_lesions_that_are_not_shown_are_counted(draft: LoadedDraft) -> None:
    read = crowded(draft.read)
    note = compose(read, ISSUED, ()).image_note
    assert f"Shown: the {len(shown_lesions(read))} hottest of 43 lesions" in note
    assert "Shown" not in compose(draft.read, ISSUED, ()).image_note


# Text the fonts cannot print.


@pytest.mark.parametrize(
    ("subject", "as_printed"),
    [
        ("Müller-Łódź Ωж", "Müller-Łódź Ωж"),
        ("患者1", r"\u60a3\u80051"),
        ("a\x00b\x1b[31m", r"a\x00b\x1b[31m"),
        ("\N{GRINNING FACE}", r"\U0001f600"),
        ("\udcff", r"\udcff"),
        ("#[x] $a$ *b* @c <d>", "#[x] $a$ *b* @c <d>"),
    ],
)
def test_a_subject_in_any_script_is_printed_or_spelled_out(
    draft: LoadedDraft, tmp_path: Path, subject: str, as_printed: str
) -> None:
    read = without_lesions(draft.read)
    read = replace(read, patient=replace(read.patient, patient_id=subject))
    pdf = printed(read, (), tmp_path)
    if subject.isprintable() or "\x00" in subject:
        pdf_text.need_poppler()
        assert as_printed in pdf_text.pages(pdf)[0]


def test_the_same_read_gives_the_same_bytes(
    draft: LoadedDraft, pictures: tuple[KeyImage, ...], tmp_path: Path
) -> None:
    first = printed(draft.read, pictures, tmp_path).read_bytes()
    assert printed(draft.read, pictures_of(draft.read, draft), tmp_path).read_bytes() == first


# Export: all files or none.


def test_the_reading_beside_the_report_is_the_document(draft: LoadedDraft, tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "er"
    document = export_report(draft, folder, ISSUED)
    assert sorted(path.name for path in folder.iterdir()) == [READING_NAME, REPORT_NAME]
    written = json.loads((folder / READING_NAME).read_text(encoding="utf-8"))
    assert written == json.loads(json.dumps(document))
    assert (folder / REPORT_NAME).read_bytes().startswith(b"%PDF")


@pytest.fixture
def former(tmp_path: Path) -> dict[str, bytes]:
    """A former report in the folder."""
    files = {REPORT_NAME: b"the former report", READING_NAME: b"the former reading"}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    return files


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@contextmanager
def file_limit(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("size", [1_000, 30_000, 600_000])
def test_a_full_disk_leaves_the_former_files(
    draft: LoadedDraft, tmp_path: Path, former: dict[str, bytes], size: int
) -> None:
    """At a file's limit as on a full disk: in the temporary folder, or in the last file."""
    with file_limit(size), pytest.raises(ReaderError) as failure:
        export_report(draft, tmp_path, ISSUED)
    assert failure.value.code == "EXPORT_FAILED"
    assert contents(tmp_path) == former


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("renames", [0, 1])
def test_a_failure_between_the_two_files_restores_the_first(
    draft: LoadedDraft,
    tmp_path: Path,
    former: dict[str, bytes],
    monkeypatch: pytest.MonkeyPatch,
    fault: BaseException,
    renames: int,
) -> None:
    """Report and reading must tell of one read: never one new and one old."""
    rename, done = Path.replace, []

    def failing(self: Path, target: Path) -> Path:
        done.append(target)
        if len(done) == renames + 1:
            raise fault
        return rename(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises((ReaderError, KeyboardInterrupt)):
        export_report(draft, tmp_path, ISSUED)
    assert contents(tmp_path) == former


class Until:
    """Progress that is not wanted any more after some looks."""

    def __init__(self, looks: int) -> None:
        self._left = looks

    def step(self, code: str, **params: str | int) -> None:
        self.checkpoint()

    def checkpoint(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise Cancelled


def test_an_export_cancelled_at_any_moment_leaves_the_former_files(
    draft: LoadedDraft, tmp_path: Path, former: dict[str, bytes]
) -> None:
    looks = 0
    while True:
        try:
            export_report(draft, tmp_path, ISSUED, Until(looks))
        except Cancelled:
            assert contents(tmp_path) == former
            # Each look between two pictures is the same; those before the files are not.
            looks += 4
        else:
            break
    assert looks >= 8
    assert contents(tmp_path)[REPORT_NAME].startswith(b"%PDF")


def test_a_place_that_is_taken_loses_nothing(draft: LoadedDraft, tmp_path: Path) -> None:
    (tmp_path / REPORT_NAME).write_bytes(b"the former report")
    (tmp_path / READING_NAME).mkdir()
    with pytest.raises(ReaderError):
        export_report(draft, tmp_path, ISSUED)
    assert contents(tmp_path) == {REPORT_NAME: b"the former report"}
    assert (tmp_path / READING_NAME).is_dir()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no /proc here")
def test_a_place_where_nobody_can_write(draft: LoadedDraft) -> None:
    with pytest.raises(ReaderError) as failure:
        export_report(draft, Path("/proc/self/nowhere"), ISSUED)
    assert failure.value.code == "EXPORT_FAILED"


def test_what_a_killed_export_left_is_removed_by_a_later_one(
    draft: LoadedDraft, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = tmp_path / f".{REPORT_NAME}.new-0123"
    left.write_bytes(b"half a report")
    export_report(draft, tmp_path, ISSUED)
    assert left.exists()  # another process may be at it
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 7200.0)
    export_report(draft, tmp_path, ISSUED)
    assert sorted(contents(tmp_path)) == [READING_NAME, REPORT_NAME]


# RECIST.


def test_the_report_tells_the_recist_response_where_calipers_exist(
    draft: LoadedDraft, pictures: tuple[KeyImage, ...], tmp_path: Path
) -> None:
    pdf_text.need_poppler()
    title = "CT response by RECIST 1.1"
    plain = "".join(pdf_text.pages(printed(draft.read, pictures, tmp_path)))
    assert title not in plain
    read = by_recist(draft.read)
    text = " ".join("".join(pdf_text.pages(printed(read, pictures, tmp_path))).split())
    chapter = text[text.index(title) :]
    for told in (
        "Follow-up 2 PD (Progressive disease)",
        "First progression 2026-07-05 (non-target disease)",
        "40.0 × 31.0 28.2 × 20.0 20.0 × 15.0",
        "Sum of targets 60.0 40.2 30.0",
        "PR −33 %",
        "Draft: 3 of 3 roles are proposals",
        "many more lesions of the whole spine",
        "C9 The caliper belongs to no lesion",
    ):
        assert told in chapter, told


def test_the_document_holds_the_recist_read(draft: LoadedDraft) -> None:
    assert read_document(draft.read, "a", "b")["recist"] is None
    document = read_document(by_recist(draft.read), "a", "b")
    recist = json.loads(json.dumps(document, allow_nan=False))["recist"]
    assert [item["string"] for item in recist["responses"]] == ["PR -33", "PD"]
    first = recist["responses"][0]
    assert first["target"]["sum_mm"] == 40.2
    assert first["margins"][0]["at_mm"] == 42.0
    assert first["margins"][0]["text"].startswith("PR would become SD if the sum were")
    assert {item["id"]: item["role"] for item in recist["lesions"]} == {
        "L1": "target", "L2": "target", "L4": "non_target", "C9": "none",
    }  # fmt: skip
    assert recist["first_progression"]["basis"] == ["non_target"]


def test_the_recist_read_of_a_reading_waits_for_no_number(draft: LoadedDraft) -> None:
    rules = RulePair(load_percist_rules("percist-nadir"), load_percist_rules("percist-1.0"))
    visits = {number: draft.visits[min(number, 1)] for number in range(3)}
    derived = derive_read(responding(), visits, {}, rules)
    assert derived.read is None and derived.recist is not None
    assert [item.overall.value for item in derived.recist.course.responses] == ["PR", "PR"]
    # The demo's CT has slices of known thickness: nothing says that it is unknown.
    codes = {why.code for item in derived.recist.lesions for why in item.reasons}
    assert "SIZE_REACHES_LEAST" in codes and "SLICE_UNKNOWN" not in codes
