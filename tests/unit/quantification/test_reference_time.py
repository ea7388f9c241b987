"""Which time the dose is decayed to, and what contradicts it (spec 1.4)."""

from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.pet_header import PetSlice, VendorValues
from app.domain.quantification import ReferenceRule
from app.quantification.quantify import quantify
from app.quantification.reference_candidates import candidates
from app.quantification.settings import (
    ManualEntries,
    QuantificationSettings,
    ReferenceTimeOrder,
)
from app.quantification.wall_clock import seconds_of
from app.wording import finding_text
from tests.unit.quantification.sound_header import (
    HALF_LIFE_S,
    SERIES,
    SOUND,
    bed,
    header,
    stamp,
    with_slices,
)

GE_SCAN = VendorValues(scan_tag="(0009,xx0D)")
SIEMENS_SCAN = VendorValues(scan_tag="(0071,xx22)")


def flags(result):
    """The codes of the findings, each of which must have its sentence."""
    assert all(finding_text(item) != item.code for item in result.findings)
    return [item.code for item in result.findings]


def private(seconds: float, days: int = 0, vendor: VendorValues = SIEMENS_SCAN, **changes):
    """The sound header with a private scan time so far from the series time."""
    at = stamp(SERIES + timedelta(seconds=seconds, days=days))
    slices = tuple(replace(one, private_scan=at) for one in SOUND.slices)
    return header(slices=slices, vendor=vendor, **changes)


def off_by(seconds: float, header_now=SOUND):
    """Frame Reference Times that make the back-computed time this much later."""
    slices = tuple(
        replace(
            one,
            frame_reference_time_ms=one.frame_reference_time_ms - 1000.0 * seconds,
            decay_factor=1.0,
        )
        for one in header_now.slices
    )
    return replace(header_now, slices=slices)


def late_beds(seconds: float):
    """Beds so late that Frame Reference Times stay positive when shifted."""
    return header(slices=(bed(seconds), bed(seconds + 190.0)))


def test_the_three_candidates_agree_on_a_sound_series():
    found = candidates(private(0.0), HALF_LIFE_S)
    assert found.times.keys() == {"A", "B", "C"}
    assert max(abs(one - seconds_of(SERIES)) for one in found.times.values()) < 1e-6


def test_the_private_time_is_chosen_first():
    result = quantify(private(3.0))
    assert result.reference_rule is ReferenceRule.PRIVATE
    assert result.reference_time == SERIES + timedelta(seconds=3)
    assert flags(result) == []


@pytest.mark.parametrize(("gap", "flag"), [(5.0, []), (5.001, ["REF_TIME_MISMATCH_MINOR"])])
def test_five_seconds_agree(gap, flag):
    # one candidate only beside A: no third to name the outlier
    only_b = replace(private(gap), slices=tuple(
        replace(one, frame_reference_time_ms=None) for one in private(gap).slices))  # fmt: skip
    result = quantify(only_b)
    assert result.suvbw_factor is not None
    assert [one for one in flags(result) if one.startswith("REF_TIME")] == flag


@pytest.mark.parametrize(("gap", "refused"), [(60.0, None), (60.001, "REF_TIME_MISMATCH_MAJOR")])
def test_beyond_sixty_seconds_two_candidates_block(gap, refused):
    without_frt = replace(private(gap), slices=tuple(
        replace(one, frame_reference_time_ms=None, decay_factor=None)
        for one in private(gap).slices))  # fmt: skip
    result = quantify(without_frt)
    assert (result.suvbw_refusal and result.suvbw_refusal.code) == refused
    assert len(flags(result)) == 1


def test_frame_reference_times_alone_against_two_warn_and_name_the_outlier():
    result = quantify(off_by(100.0, replace(late_beds(500.0), vendor=SIEMENS_SCAN, slices=tuple(
        replace(one, private_scan=stamp(SERIES)) for one in late_beds(500.0).slices))))  # fmt: skip
    assert result.reference_time == SERIES
    assert flags(result) == ["REF_TIME_FRT_INCONSISTENT", "REF_TIME_ONE_DISAGREES"]
    assert result.findings[1].param("candidate") == "C"


def test_a_private_time_that_both_others_contradict_blocks_and_is_named():
    result = quantify(private(-1800.0))
    assert result.suvbw_refusal.code == "REF_TIME_MISMATCH_MAJOR"
    named = [item for item in result.findings if item.code == "REF_TIME_ONE_DISAGREES"]
    assert named[0].param("candidate") == "A"


def test_the_worst_of_several_outliers_wins():
    start = private(-30.0)
    worst = quantify(off_by(200.0, replace(start, slices=tuple(
        replace(one, frame_reference_time_ms=one.frame_reference_time_ms + 500_000.0,
                acquisition=stamp(one.acquisition.local + timedelta(seconds=500)))
        for one in start.slices))))  # fmt: skip
    assert worst.suvbw_refusal.code == "REF_TIME_MISMATCH_MAJOR"
    assert "REF_TIME_MISMATCH_MINOR" not in flags(worst)


def test_a_series_time_after_the_first_acquisition_is_no_candidate():
    early = with_slices(series=stamp(SERIES + timedelta(minutes=30)))
    late = replace(early, series=stamp(SERIES + timedelta(minutes=30)))
    result = quantify(late)
    assert result.reference_rule is ReferenceRule.BACK_COMPUTED
    assert result.reference_time == SERIES
    assert result.suvbw_factor == pytest.approx(quantify(SOUND).suvbw_factor, rel=1e-9)


def test_one_second_of_series_time_after_the_acquisition_is_allowed():
    for gap_s, rule in ((1.0, ReferenceRule.SERIES), (1.000001, ReferenceRule.BACK_COMPUTED)):
        moved = header(series=stamp(SERIES + timedelta(seconds=gap_s)))
        assert quantify(moved).reference_rule is rule


def test_the_earliest_acquisition_is_never_used_silently():
    """No private time, series time rewritten, no frame reference: nothing to decay to."""
    slices = with_slices(frame_reference_time_ms=None).slices
    late = header(series=stamp(SERIES + timedelta(minutes=30)), slices=slices)
    assert quantify(late).suvbw_refusal.code == "SUV_MISSING_REFERENCE_TIME"
    manual = QuantificationSettings(manual=ManualEntries(reference_time=SERIES, source_note="CRF"))
    result = quantify(late, manual)
    assert result.reference_rule is ReferenceRule.MANUAL
    assert result.suvbw_factor == quantify(SOUND).suvbw_factor


def test_ge_counts_frame_reference_time_from_the_frame_start():
    ge = tuple(
        replace(one, frame_reference_time_ms=1000.0 * start)
        for start, one in zip((0.0, 0.0, 190.0, 190.0), SOUND.slices, strict=True)
    )
    found = candidates(header(manufacturer="GE MEDICAL SYSTEMS", slices=ge), HALF_LIFE_S)
    assert found.times["C"] == seconds_of(SERIES)
    wrong = candidates(header(slices=ge), HALF_LIFE_S)
    assert float(wrong.times["C"] - seconds_of(SERIES)) == pytest.approx(89.858, abs=1e-3)


def test_a_constant_acquisition_time_leaves_only_the_smallest_frame_reference_time():
    slices = tuple(
        replace(one, acquisition=stamp(SERIES), frame_reference_time_ms=frt)
        for one, frt in zip(SOUND.slices, (606e3, 606e3, 0.0, 0.0), strict=True)
    )
    found = candidates(header(manufacturer="GE MEDICAL SYSTEMS", slices=slices), HALF_LIFE_S)
    assert found.times["C"] == seconds_of(SERIES)
    assert found.findings == ()


def test_a_crop_that_loses_the_first_bed_does_not_move_the_reference():
    """One Acquisition Time for all beds: the second bed's Frame Reference Time is not its."""
    beds = [
        replace(bed(0.0), frame_reference_time_ms=frt, decay_factor=2.0 ** (mid / HALF_LIFE_S))
        for frt, mid in ((243e3, 332.858), (486e3, 575.858))
    ]
    result = quantify(header(manufacturer="GE MEDICAL SYSTEMS", slices=tuple(beds)))
    assert result.reference_rule is ReferenceRule.SERIES
    assert result.reference_time == SERIES
    assert flags(result) == ["REF_TIME_FIRST_BED_MISSING"]


def test_back_computed_times_that_spread_are_discarded():
    for gap_ms, kept in ((2000.0, True), (2001.0, False)):
        slices = list(SOUND.slices)
        slices[0] = replace(
            slices[0], frame_reference_time_ms=slices[1].frame_reference_time_ms - gap_ms / 1.0
        )
        # a frame reference time cannot be negative: move the beds away from the series start
        found = candidates(header(slices=tuple(slices)), HALF_LIFE_S)
        assert ("C" in found.times) is kept
        assert [item.code for item in found.findings] == ([] if kept else ["REF_TIME_SPREAD"])


@pytest.mark.parametrize("broken", [None, -1.0])
def test_one_slice_without_frame_reference_time_removes_the_candidate(broken):
    slices = (*SOUND.slices[:3], replace(SOUND.slices[3], frame_reference_time_ms=broken))
    assert "C" not in candidates(header(slices=slices), HALF_LIFE_S).times


def test_a_shifted_private_date_takes_the_series_date():
    result = quantify(private(0.0, days=-23, vendor=GE_SCAN, manufacturer="GE MEDICAL SYSTEMS"))
    assert result.reference_rule is ReferenceRule.PRIVATE
    assert result.reference_time == SERIES
    assert "REF_TIME_DATE_SHIFTED" in flags(result)
    strict = QuantificationSettings(strict_dicom=True)
    refused = quantify(private(0.0, days=-23), strict).suvbw_refusal
    assert (refused.code, refused.tag) == ("SUV_STRICT_MODE", "(0071,xx22)")


def test_a_shifted_private_date_counts_as_agreeing_within_a_minute():
    shifted = private(60.0, days=7)
    slices = tuple(replace(one, decay_factor=None) for one in shifted.slices)
    assert flags(quantify(replace(shifted, slices=slices))) == ["REF_TIME_DATE_SHIFTED"]
    beyond = quantify(private(61.0, days=7))
    assert "REF_TIME_DATE_SHIFTED" not in flags(beyond)
    assert beyond.suvbw_refusal.code == "REF_TIME_MISMATCH_MAJOR"


def test_a_shifted_private_time_just_before_midnight_finds_its_day():
    series = datetime(2026, 3, 2, 0, 0, 20)
    at = stamp(datetime(2026, 1, 7, 23, 59, 50))
    slices = tuple(bed(start, series, private_scan=at) for start in (0.0, 190.0))
    found = candidates(
        header(series=stamp(series), slices=slices, vendor=SIEMENS_SCAN), HALF_LIFE_S
    )
    assert found.date_shifted
    assert found.times["A"] == seconds_of(datetime(2026, 3, 1, 23, 59, 50))


def test_private_times_that_differ_between_slices_are_not_used():
    slices = tuple(
        replace(one, private_scan=stamp(SERIES + timedelta(seconds=20 * n)))
        for n, one in enumerate(SOUND.slices)
    )
    result = quantify(header(slices=slices, vendor=SIEMENS_SCAN))
    assert result.reference_rule is ReferenceRule.SERIES
    assert flags(result) == ["REF_TIME_PRIVATE_VARIES"]


def test_a_private_time_missing_on_one_slice_is_not_used():
    slices = (SOUND.slices[0], *private(0.0).slices[1:])
    found = candidates(header(slices=slices, vendor=SIEMENS_SCAN), HALF_LIFE_S)
    assert "A" not in found.times


@pytest.mark.parametrize(
    ("order", "rule"),
    [
        (ReferenceTimeOrder.PRIVATE_SERIES_BACKCOMPUTE, ReferenceRule.PRIVATE),
        (ReferenceTimeOrder.SERIES_FIRST, ReferenceRule.SERIES),
        (ReferenceTimeOrder.BACKCOMPUTE_ONLY, ReferenceRule.BACK_COMPUTED),
    ],
)
def test_the_order_is_a_setting(order, rule):
    settings = QuantificationSettings(ref_time_order=order)
    assert quantify(private(0.0), settings).reference_rule is rule


def test_a_decay_factor_that_contradicts_the_reference_time_warns():
    slices = (*SOUND.slices[:3], replace(SOUND.slices[3], decay_factor=1.05))
    result = quantify(header(slices=slices))
    assert flags(result) == ["DECAY_FACTOR_MISMATCH"]
    assert result.findings[0].param("slices") == 1
    assert flags(quantify(with_slices(decay_factor=1.0))) == []


def test_an_unknown_maker_of_back_computed_times_warns():
    late = header(series=stamp(SERIES + timedelta(minutes=30)), manufacturer="")
    assert flags(quantify(late)) == ["REF_TIME_VENDOR_UNKNOWN"]


def test_enhanced_pet_decays_to_its_decay_correction_datetime():
    enhanced = header(
        sop_class_uid="1.2.840.10008.5.1.4.1.1.130",
        decay_correction="",
        decay_corrected="YES",
        decay_correction_datetime=stamp(SERIES + timedelta(minutes=5)),
        series_type=(),
    )
    result = quantify(enhanced)
    assert result.reference_rule is ReferenceRule.ENHANCED
    assert result.decay_interval_s == 3900.0
    injected = replace(
        enhanced, decay_correction_datetime=SOUND.radiopharmaceuticals[0].start_datetime
    )
    assert quantify(injected).reference_rule is ReferenceRule.ADMIN
    missing = quantify(replace(enhanced, decay_correction_datetime=None))
    assert missing.suvbw_refusal.tag == "(0018,9701)"


def test_enhanced_pet_without_decay_correction_goes_by_frame():
    frames = tuple(
        PetSlice(
            acquisition=stamp(SERIES + timedelta(seconds=start)),
            frame_reference=stamp(SERIES + timedelta(seconds=start + 89.0)),
            slope=1.0,
        )
        for start in (0.0, 190.0)
    )
    result = quantify(
        header(
            sop_class_uid="1.2.840.10008.5.1.4.1.1.130",
            decay_correction="",
            decay_corrected="NO",
            series_type=(),
            slices=frames,
        )
    )
    assert result.reference_rule is ReferenceRule.FRAMES
    expected = [70000.0 / 300e6 * 2.0 ** (s / HALF_LIFE_S) for s in (3689.0, 3879.0)]
    assert result.suvbw_factors_by_slice == pytest.approx(expected, rel=1e-12)


@given(order=st.permutations(range(4)), shift_s=st.integers(-(10**7), 10**7))
def test_candidates_do_not_depend_on_slice_order_and_move_with_the_clock(order, shift_s):
    series = SERIES + timedelta(seconds=shift_s)
    slices = [bed(start, series) for start in (0.0, 0.0, 190.0, 190.0)]
    moved = header(series=stamp(series), slices=tuple(slices[n] for n in order))
    for time in candidates(moved, HALF_LIFE_S).times.values():
        assert abs(time - seconds_of(series)) < Fraction(1, 10**5)
