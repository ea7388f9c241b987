"""How the report lies on its pages, and the pictures of the reference region."""

import itertools
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.domain.response import ComparabilitySeverity
from app.imaging.overlay import MARK_ON_DARK, MARK_ON_LIGHT
from app.reporting.key_images import SLICE_PIXEL_MM, SLICE_TEXT_PX
from app.reporting.picture_files import KeyImage, Shown, subject_line
from app.reporting.reference_images import PIXEL_MM as REFERENCE_PIXEL_MM
from app.services.draft_read import LoadedDraft
from app.translation import set_language
from segmentation.sampling.reslice import Orientation, plane_around
from tests.builders import pdf_text
from tests.builders.picture_marks import ring_share, slice_center
from tests.builders.printed_reports import of, pictures_of, pixels, printed
from tests.builders.read_variants import VARIANTS, crowded

# The reference region, and whose pictures they are.


@pytest.mark.parametrize("with_ct", [True, False])
def test_the_reference_is_shown_at_every_visit_where_it_lay(
    draft: LoadedDraft, with_ct: bool
) -> None:
    found = of(pictures_of(draft.read, draft, with_ct), Shown.REFERENCE)
    assert [item.visit for item in found] == [0, 1]
    colour = (MARK_ON_DARK if with_ct else MARK_ON_LIGHT).colour
    for item, point, visit in zip(found, draft.read.time_points, draft.visits, strict=True):
        image, region = pixels(item), point.reference
        geometry = visit.sul.geometry
        middle = geometry.lps_from_zyx((np.asarray(geometry.shape_zyx) - 1) / 2)
        row, column = slice_center(image)
        row += (region.center_lps_mm[1] - middle[1]) / REFERENCE_PIXEL_MM
        column += (region.center_lps_mm[0] - middle[0]) / REFERENCE_PIXEL_MM
        radius = region.diameter_mm / 2 / REFERENCE_PIXEL_MM
        assert ring_share(image, row, column, colour, radius) > 0.8, item.file
        assert ring_share(image, row, column + 2 * radius, colour, radius) < 0.5
        assert f"SULmean {region.mean_sul_g_per_ml:.3f} g/mL; shown SUL 0–5 g/mL" in item.caption


def test_the_report_shows_the_reference_of_three_visits(draft: LoadedDraft, tmp_path: Path) -> None:
    read = VARIANTS["three visits"](draft.read)
    shown = of(pictures_of(read, draft), Shown.REFERENCE)
    assert [item.visit for item in shown] == [0, 1, 2]


def test_slices_name_their_subject_and_a_long_one_is_cut(draft: LoadedDraft) -> None:
    plane = plane_around(Orientation.AXIAL, (0.0, 0.0, 0.0), (240.0, 240.0), SLICE_PIXEL_MM)
    assert subject_line(draft.read, plane, SLICE_TEXT_PX) == "ONCOREAD-DEMO"
    read = replace(draft.read, patient=replace(draft.read.patient, patient_id="W" * 64))
    line = subject_line(read, plane, SLICE_TEXT_PX)
    assert line.startswith("WWWWWW") and line.endswith("…") and len(line) < 30
    named = of(pictures_of(draft.read, draft), Shown.LESION)[0]
    nameless = replace(draft.read, patient=replace(draft.read.patient, patient_id=""))
    without = of(pictures_of(nameless, draft), Shown.LESION)[0]
    differs = np.argwhere((pixels(named) != pixels(without)).any(axis=2))
    assert differs.size and differs.min(axis=0)[0] > 400 and differs.min(axis=0)[1] > 140


# Pages.


@pytest.mark.parametrize("code", ["en", "fr"])
def test_no_page_of_the_demo_is_left_half_empty(
    draft: LoadedDraft, tmp_path: Path, code: str
) -> None:
    pdf_text.need_poppler()
    set_language(code)
    try:
        pdf = printed(draft.read, pictures_of(draft.read, draft), tmp_path)
    finally:
        set_language("en")
    shares = pdf_text.filled(pdf)
    assert len(shares) <= 5
    assert min(shares[:-1]) > 0.8, shares
    assert shares[0] > 0.9  # the MIPs take what the answer leaves


def test_mips_shrink_where_the_answer_is_long_and_go_on_where_it_is_too_long(
    draft: LoadedDraft, pictures: tuple[KeyImage, ...], tmp_path: Path
) -> None:
    pdf_text.need_poppler()
    longer = replace(draft.read, impression=" ".join(["Partial response."] * 10))
    first, second, *_ = pdf_text.pages(printed(longer, pictures, tmp_path))
    assert "MIP from the front" in first
    longest = replace(draft.read, impression=" ".join(["Partial response."] * 200))
    first, second, *_ = pdf_text.pages(printed(longest, pictures, tmp_path))
    assert "MIP from the front" not in first and "MIP from the front" in second


def test_a_page_break_leaves_three_rows_of_a_table_on_either_side(
    draft: LoadedDraft, tmp_path: Path
) -> None:
    """However far down the page the table begins."""
    pdf_text.need_poppler()
    for lines in range(0, 60, 4):
        read = replace(crowded(draft.read), comment="\n\n".join(["-"] * lines))
        for page in pdf_text.pages(printed(read, (), tmp_path)):
            starts = [line.split()[0] for line in page.splitlines() if line.split()]
            lesions = [name for name in starts if re.fullmatch(r"L[2-5]\d", name)]
            if lesions:
                below_head = starts[starts.index("Lesion") :]
                rows = [name for name in below_head if re.fullmatch(r"L\d+", name)]
                assert len(rows) >= 3, (lines, rows)


def test_numbers_keep_their_units_and_signs(
    draft: LoadedDraft, pictures: tuple[KeyImage, ...], tmp_path: Path
) -> None:
    pdf_text.need_poppler()
    text = "\n".join(pdf_text.pages(printed(draft.read, pictures, tmp_path)))
    for told in ("−3.80 g/mL", "PMR −43 %", "50–70 min", "4.07 × 4.07 × 4.00 mm"):
        assert told in text, told
    dates = re.compile(r"\d{4}-\d\d-\d\d")
    assert dates.search(text)
    assert re.findall(r"(?<![\w.])-\d", dates.sub("", text)) == []
    assert re.findall(r"\d\n\s*(?:%|g/mL|mL|mm|min|kg|MBq)(?!\w)", text) == []


def test_the_head_of_the_lesion_table_tells_the_visits_apart(
    draft: LoadedDraft, pictures: tuple[KeyImage, ...], tmp_path: Path
) -> None:
    pdf_text.need_poppler()
    pdf = printed(draft.read, pictures, tmp_path)
    found = list(pdf_text.words(pdf))
    number = next(n for n, page in enumerate(pdf_text.pages(pdf), 1) if "Volume" in page)
    heads = [w for w in found if w.page == number and w.text in ("SULpeak", "SULmax")]
    line = sorted((w for w in heads if abs(w.top - heads[-1].top) < 1.0), key=lambda w: w.left)
    assert len(line) == 5
    assert all(b.left - a.right > 6.0 for a, b in itertools.pairwise(line))


def test_a_heading_is_not_left_without_its_pictures(draft: LoadedDraft, tmp_path: Path) -> None:
    pdf_text.need_poppler()
    for variant in ("one visit", "no lesion", "three visits"):
        read = VARIANTS[variant](draft.read)
        for page in pdf_text.pages(printed(read, pictures_of(read, draft), tmp_path)):
            if "Key images" in page:
                assert "L1: axilla" in page, variant


def test_without_a_finding_only_the_checks_are_said_to_be_clean(
    draft: LoadedDraft, pictures: tuple[KeyImage, ...], tmp_path: Path
) -> None:
    pdf_text.need_poppler()
    text = "".join(pdf_text.pages(printed(draft.read, pictures, tmp_path)))
    assert "Data checks: nothing to report." in text
    assert "Findings" not in text and "None." not in text


def test_the_answer_names_what_lies_outside_the_protocol(
    draft: LoadedDraft, tmp_path: Path
) -> None:
    pdf_text.need_poppler()
    late = tuple(
        replace(item, severity=ComparabilitySeverity.WARN, code="UPTAKE_LATE", value=158.8)
        if item.rule == "UPTAKE_WINDOW"
        else item
        for item in draft.read.latest.prerequisites
    )
    latest = replace(draft.read.latest, prerequisites=late)
    read = replace(draft.read, time_points=(draft.read.baseline, latest))
    first = pdf_text.pages(printed(read, (), tmp_path))[0]
    line = "Outside the protocol: uptake time 158.8 min, beyond 70 min (Follow-up 1)."
    assert line in first
    assert first.index("Partial metabolic response") < first.index(line) < first.index("Margin:")
    assert "New lesions: none" in first
    assert "Unequivocal progression: none ticked (draft)" in first
    assert "Outside the protocol" not in pdf_text.pages(printed(draft.read, (), tmp_path))[0]
