"""Every refusal of the gate is reachable and names its tag (spec 1.2, 1.3, 1.6)."""

from dataclasses import replace

import pytest

from app.domain.pet_header import CodedEntry, ReconstructionFacts, VendorValues
from app.domain.quantification import QuantificationStatus, refusal_params
from app.quantification.attenuation import is_attenuation_corrected
from app.quantification.quantify import quantify
from app.quantification.settings import (
    InterceptPolicy,
    ManualEntries,
    PhilipsPriority,
    QuantificationSettings,
)
from app.wording import finding_text, sentence
from tests.unit.quantification.sound_header import (
    ITEM,
    SERIES,
    SOUND,
    bed,
    header,
    stamp,
    time_of_day,
    with_item,
    with_slices,
)

NO_METHOD = ReconstructionFacts()
NO_ATTN = tuple(term for term in SOUND.corrected_image if term != "ATTN")
NO_DECY = tuple(term for term in SOUND.corrected_image if term != "DECY")
GA68 = CodedEntry("C-131A3", "SRT", "^68^Gallium")
LATE = stamp(SERIES.replace(hour=11, minute=15))
AFTER = {"start_datetime": LATE, "start_time": None}
EARLY = {"start_datetime": stamp(SERIES.replace(hour=4)), "start_time": None}
ONE_TIME = tuple(
    replace(one, acquisition=stamp(SERIES), slope=1.0) for one in (bed(0.0), bed(190.0))
)
DISTANT = with_slices(frame_reference_time_ms=10_000.0).slices


def assert_worded(result):
    """Every refusal and finding has a sentence that its parameters fill."""
    for why in (*result.all_refusals, result.sul_janma_refusal, result.sul_james128_refusal):
        if why is not None:
            text = sentence("refusals", why.code, refusal_params(why))
            assert text != why.code
    assert all(finding_text(item) != item.code for item in result.findings)


@pytest.mark.parametrize(
    ("changed", "code", "tag"),
    [
        (header(sop_class_uid="1.2.840.10008.5.1.4.1.1.20"), "SUV_SOP_CLASS", "(0008,0016)"),
        (header(modality="NM"), "SUV_MODALITY", "(0008,0060)"),
        (header(corrected_image=NO_ATTN), "SUV_NOT_ATTENUATION_CORRECTED", "(0028,0051)"),
        (
            header(units="PROPCNTS", reconstruction=NO_METHOD),
            "SUV_NOT_ATTENUATION_CORRECTED",
            "(0054,1101)",
        ),
        (
            header(reconstruction=ReconstructionFacts(attenuation_method="NONE")),
            "SUV_NOT_ATTENUATION_CORRECTED",
            "(0054,1101)",
        ),
        (header(corrected_image=NO_DECY), "SUV_NOT_DECAY_CORRECTED", "(0028,0051)"),
        (header(decay_correction="NONE"), "SUV_DECAY_CONTRADICTORY", "(0054,1102)"),
        (header(decay_correction=""), "SUV_DECAY_UNKNOWN", "(0054,1102)"),
        (header(units=""), "SUV_MISSING_UNITS", "(0054,1001)"),
        (header(units="CPS"), "SUV_UNUSABLE_UNITS", "(0054,1001)"),
        (header(units="PROPCNTS"), "SUV_UNUSABLE_UNITS", "(0054,1001)"),
        (header(units="1CM"), "SUV_UNUSABLE_UNITS", "(0054,1001)"),
        (header(units="GML", suv_type="BSA"), "SUV_TYPE_INCONSISTENT", "(0054,1006)"),
        (header(units="CM2ML", suv_type="BW"), "SUV_TYPE_INCONSISTENT", "(0054,1006)"),
        (header(units="CNTS"), "SUV_MISSING_PHILIPS_FACTOR", "(7053,xx09)"),
        (
            header(units="CNTS", vendor=VendorValues(philips_suv_factor=0.0)),
            "SUV_MISSING_PHILIPS_FACTOR",
            "(7053,xx09)",
        ),
        (header(mapping_units=("Bq/ml", "g/ml{SUVbw}")), "SUV_MIXED_UNITS", "(0040,08EA)"),
        (header(series_type=("WHOLE BODY", "REPROJECTION")), "SUV_SERIES_TYPE", "(0054,1000)"),
        (header(image_type=("DERIVED", "SECONDARY", "MIP")), "SUV_IMAGE_TYPE", "(0008,0008)"),
        (header(image_type=("DERIVED", "PRIMARY", "FUSED")), "SUV_IMAGE_TYPE", "(0008,0008)"),
        (header(heterogeneous_tags=("(0010,1030)",)), "SUV_HETEROGENEOUS", "(0010,1030)"),
        (header(slices=()), "SUV_NO_SLICES", "(0008,0018)"),
        (with_slices(slope=None), "SUV_RESCALE_SLOPE", "(0028,1053)"),
        (with_slices(slope=0.0), "SUV_RESCALE_SLOPE", "(0028,1053)"),
        (with_slices(intercept=-1024.0), "SUV_NONZERO_INTERCEPT", "(0028,1052)"),
        (header(weight=None), "SUV_MISSING_WEIGHT", "(0010,1030)"),
        (header(weight=0.0), "SUV_MISSING_WEIGHT", "(0010,1030)"),
        (header(weight=24.9), "SUV_IMPLAUSIBLE_WEIGHT", "(0010,1030)"),
        (header(weight=251.0), "SUV_IMPLAUSIBLE_WEIGHT", "(0010,1030)"),
        (header(radiopharmaceuticals=()), "RP_MISSING", "(0054,0016)"),
        (header(radiopharmaceuticals=(ITEM, ITEM)), "RP_MULTIPLE_ITEMS", "(0054,0016)"),
        (with_item(nuclide_codes=(GA68,)), "RP_NUCLIDE_CONFLICT", "(0054,0300)"),
        (with_item(total_dose=None), "SUV_MISSING_DOSE", "(0018,1074)"),
        (with_item(total_dose=0.0), "SUV_MISSING_DOSE", "(0018,1074)"),
        (with_item(total_dose=49.9e6), "SUV_IMPLAUSIBLE_DOSE", "(0018,1074)"),
        (with_item(total_dose=801.0), "SUV_IMPLAUSIBLE_DOSE", "(0018,1074)"),
        (
            with_item(half_life=None, nuclide_codes=()),
            "SUV_MISSING_HALF_LIFE",
            "(0018,1075)",
        ),
        (with_item(half_life=4057.7), "SUV_IMPLAUSIBLE_HALF_LIFE", "(0018,1075)"),
        (
            with_item(start_datetime=None, start_time=None),
            "SUV_MISSING_INJECTION_TIME",
            "(0018,1072)",
        ),
        (with_item(**AFTER), "SUV_NEGATIVE_DECAY_INTERVAL", "(0018,1078)"),
        (with_item(**EARLY), "SUV_IMPLAUSIBLE_DECAY_INTERVAL", "(0018,1078)"),
        (with_item(start_time=time_of_day("100101")), "RP_TIME_CONFLICT", "(0018,1078)"),
        (
            replace(with_slices(acquisition=None)),
            "SUV_MISSING_REFERENCE_TIME",
            "(0008,0031)",
        ),
        (header(slices=DISTANT[:2]), "REF_TIME_MISMATCH_MAJOR", "(0008,0031)"),
        (
            header(
                decay_correction="NONE",
                corrected_image=NO_DECY,
                slices=with_slices(actual_frame_duration_ms=None).slices,
            ),
            "SUV_MISSING_FRAME_TIMES",
            "(0008,0032)",
        ),
        (
            header(decay_correction="NONE", corrected_image=NO_DECY, slices=ONE_TIME),
            "SUV_FRAME_TIMES_AMBIGUOUS",
            "(0008,0032)",
        ),
        (
            header(
                units="CNTS",
                vendor=VendorValues(philips_suv_factor=0.00053, philips_activity_factor=1.602563),
            ),
            "SUV_FACTOR_CONFLICT",
            "(7053,xx09)",
        ),
    ],
)
def test_refusals_of_suvbw(changed, code, tag):
    result = quantify(changed)
    assert result.status is QuantificationStatus.REFUSED
    assert_worded(result)
    assert (result.suvbw_refusal.code, result.suvbw_refusal.tag) == (code, tag)
    assert result.suvbw_factor is None
    assert result.suvbw_factors_by_slice is None
    assert result.sul_janma_factor is None
    assert result.sul_janma_refusal == result.sul_james128_refusal == result.suvbw_refusal


@pytest.mark.parametrize(
    ("changed", "code", "tag"),
    [
        (header(size=None), "SUL_MISSING_HEIGHT", "(0010,1020)"),
        (header(size=0.0), "SUL_MISSING_HEIGHT", "(0010,1020)"),
        (header(size=165.0), "SUL_AMBIGUOUS_HEIGHT_UNIT", "(0010,1020)"),
        (header(size=3.01), "SUL_AMBIGUOUS_HEIGHT_UNIT", "(0010,1020)"),
        (header(size=3.0), "SUL_IMPLAUSIBLE_HEIGHT", "(0010,1020)"),
        (header(size=0.49), "SUL_IMPLAUSIBLE_HEIGHT", "(0010,1020)"),
        (header(sex="U"), "SUL_UNKNOWN_SEX", "(0010,0040)"),
        (header(sex=""), "SUL_UNKNOWN_SEX", "(0010,0040)"),
    ],
)
def test_refusals_of_sul_leave_suvbw(changed, code, tag):
    result = quantify(changed)
    assert_worded(result)
    assert result.suvbw_factor == quantify(SOUND).suvbw_factor
    for why in (result.sul_janma_refusal, result.sul_james128_refusal):
        assert (why.code, why.tag) == (code, tag)
    assert result.sul_janma_factor is None and result.sul_james128_factor is None


def test_james_is_refused_at_its_maximum_and_janmahasatian_is_not():
    vertex = 1.07 * 160.0**2 / (2 * 148.0)  # 92.5405... kg
    below = quantify(header(size=1.60, weight=round(vertex, 4) - 0.0001))
    beyond = quantify(header(size=1.60, weight=round(vertex, 4) + 0.0001))
    assert below.sul_james128_refusal is None
    assert beyond.sul_james128_refusal.code == "SUL_JAMES_BEYOND_MAXIMUM"
    assert beyond.sul_janma_factor is not None


def test_a_refused_series_lists_everything_that_is_wrong():
    result = quantify(header(units="PROPCNTS", reconstruction=NO_METHOD))
    assert {one.code for one in result.all_refusals} == {
        "SUV_NOT_ATTENUATION_CORRECTED",
        "SUV_UNUSABLE_UNITS",
    }
    assert "ATTN_CLAIM_INCONSISTENT" in {item.code for item in result.findings}


@pytest.mark.parametrize(
    ("changes", "quantitative"),
    [
        ({}, True),
        ({"reconstruction": NO_METHOD}, True),
        ({"corrected_image": NO_ATTN}, False),
        ({"units": "PROPCNTS"}, False),
        ({"units": "PROPCNTS", "reconstruction": NO_METHOD}, False),
        ({"units": "CNTS"}, False),
        ({"units": "CNTS", "vendor": VendorValues(philips_suv_factor=5e-4)}, True),
    ],
)
def test_which_pet_is_the_quantitative_one(changes, quantitative):
    assert is_attenuation_corrected(header(**changes)) is quantitative


def test_a_missing_method_with_quantitative_units_is_a_finding():
    result = quantify(header(reconstruction=NO_METHOD))
    assert result.suvbw_factor == quantify(SOUND).suvbw_factor
    assert [item.code for item in result.findings] == ["ATTN_METHOD_MISSING"]


def test_missing_corrections_warn():
    result = quantify(header(corrected_image=("ATTN", "DECY", "NORM", "DTIM")))
    assert result.findings[0].param("missing") == "SCAT, RAN"


def test_the_intercept_may_be_applied_by_setting():
    settings = QuantificationSettings(nonzero_intercept=InterceptPolicy.APPLY)
    result = quantify(with_slices(intercept=-3.0), settings)
    assert result.suvbw_factor == quantify(SOUND).suvbw_factor


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        (with_item(total_dose=300.0), "ADAPT_DOSE_MBQ"),
        (header(weight=70000.0), "ADAPT_WEIGHT_GRAMS"),
        (with_item(half_life=109.77), "ADAPT_HALF_LIFE_MINUTES"),
        (with_item(half_life=None), "ADAPT_HALF_LIFE_MISSING"),
        (
            with_item(start_datetime=stamp(SERIES.replace(year=2019, hour=10)), start_time=None),
            "ADAPT_RP_DATE",
        ),
    ],
)
def test_repairs_are_recorded_and_refused_in_strict_mode(changed, rule):
    result = quantify(changed)
    assert result.suvbw_factor == pytest.approx(quantify(SOUND).suvbw_factor, rel=1e-12)
    assert [one.rule for one in result.adaptations] == [rule]
    assert [item.code for item in result.findings] == [rule]
    assert_worded(result)
    strict = quantify(changed, QuantificationSettings(strict_dicom=True))
    assert_worded(strict)
    assert strict.suvbw_refusal.code == "SUV_STRICT_MODE"
    assert dict(strict.suvbw_refusal.params)["rule"] == rule


def test_sex_o_is_the_mean_of_both_and_refused_in_strict_mode():
    woman, man, other = (quantify(header(sex=sex)) for sex in "FMO")
    mean = (woman.sul_janma_factor + man.sul_janma_factor) / 2
    assert other.sul_janma_factor == pytest.approx(mean, rel=1e-12)
    assert "ADAPT_SEX_O" in {item.code for item in other.findings}
    strict = quantify(header(sex="O"), QuantificationSettings(strict_dicom=True))
    assert strict.suvbw_factor is not None
    assert strict.sul_janma_refusal.code == "SUV_STRICT_MODE"


@pytest.mark.parametrize(
    ("dose", "used"), [(10_000.0, None), (9_999.0, None), (799.0, 799e6), (50.0, 50e6)]
)
def test_the_limit_between_mbq_and_bq(dose, used):
    assert quantify(with_item(total_dose=dose)).dose_bq == used


@pytest.mark.parametrize(("weight", "used"), [(1000.0, None), (25000.0, 25.0), (999.0, None)])
def test_the_limit_between_kilograms_and_grams(weight, used):
    assert quantify(header(weight=weight)).weight_kg == used


def test_the_philips_factors():
    both = VendorValues(philips_suv_factor=0.00053, philips_activity_factor=1.602563)
    activity = VendorValues(philips_activity_factor=1.6, philips_suv_factor=0.0)
    only_suv = VendorValues(philips_suv_factor=0.000551)
    counts = {"units": "CNTS", "manufacturer": "Philips"}
    base = quantify(SOUND).suvbw_factor
    assert quantify(header(**counts, vendor=activity)).suvbw_factor == pytest.approx(1.6 * base)
    assert_worded(quantify(header(**counts, vendor=both)))
    locked = quantify(header(**counts, vendor=only_suv, weight=None))
    assert locked.suvbw_factor == 0.000551
    assert locked.suvbw_ignores_weight_and_dose
    conflict = quantify(header(**counts, vendor=both))
    assert conflict.philips.via_activity == pytest.approx(1.602563 * base)
    assert conflict.philips.via_suv_factor == 0.00053
    agreeing = VendorValues(philips_suv_factor=1.61 * base, philips_activity_factor=1.6)
    prefers_suv = QuantificationSettings(philips_factor_priority=PhilipsPriority.SUV)
    result = quantify(header(**counts, vendor=agreeing), prefers_suv)
    assert result.suvbw_factor == 1.61 * base
    assert quantify(header(**counts, vendor=agreeing)).suvbw_factor == pytest.approx(1.6 * base)


def test_manual_entries_outrank_the_header():
    manual = ManualEntries(weight_kg=80.0, size_m=1.7, sex="M", dose_bq=310e6, source_note="CRF 7")
    result = quantify(SOUND, QuantificationSettings(manual=manual))
    assert (result.weight_kg, result.size_m, result.sex) == (80.0, 1.7, "M")
    assert result.dose_bq == 310e6
    assert_worded(result)
    assert {item.code for item in result.findings} == {"MANUAL_ENTRY"}
    assert {one.tag for one in result.adaptations} == {
        "(0010,1030)", "(0010,1020)", "(0010,0040)", "(0018,1074)",
    }  # fmt: skip


@pytest.mark.parametrize(("entry", "used"), [(306e6, 300e6), (306.000001e6, 306.000001e6)])
def test_the_crf_dose_wins_beyond_two_percent(entry, used):
    settings = QuantificationSettings(manual=ManualEntries(dose_bq=entry))
    assert quantify(SOUND, settings).dose_bq == used


def test_one_of_several_radiopharmaceuticals_is_picked():
    two = header(radiopharmaceuticals=(replace(ITEM, total_dose=200e6), ITEM))
    settings = QuantificationSettings(manual=ManualEntries(radiopharmaceutical_item=1))
    result = quantify(two, settings)
    assert result.suvbw_factor == quantify(SOUND).suvbw_factor
    assert [item.code for item in result.findings] == ["RP_ITEM_PICKED"]
