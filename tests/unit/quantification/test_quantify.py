"""SUV factors of sound headers against the formula written out."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.quantification import (
    HalfLifeSource,
    LbmFormula,
    QuantificationStatus,
    ReferenceRule,
    SuvQuantity,
)
from app.quantification.quantify import quantify
from app.quantification.settings import QuantificationSettings
from tests.unit.quantification.sound_header import ITEM, SOUND, header, with_item


def test_a_sound_header_gives_suv_and_sul():
    result = quantify(SOUND)
    decayed = 300e6 * 2.0 ** (-3600.0 / 6586.2)
    assert result.status is QuantificationStatus.OK
    assert result.suvbw_factor == pytest.approx(70000.0 / decayed, rel=1e-12)
    bmi = 70.0 / 1.65**2
    janma = 9270.0 * 70.0 / (8780.0 + 244.0 * bmi)
    james = 1.07 * 70.0 - 148.0 * (70.0 / 165.0) ** 2
    assert result.sul_janma_factor == pytest.approx(1000.0 * janma / decayed, rel=1e-12)
    assert result.sul_james128_factor == pytest.approx(1000.0 * james / decayed, rel=1e-12)
    assert result.reference_rule is ReferenceRule.SERIES
    assert result.uptake_time_s == 3600.0
    assert result.findings == ()
    assert result.adaptations == ()


def test_the_uptake_counts_to_the_first_emission_not_to_the_reference():
    slices = tuple(reversed(SOUND.slices))  # the last bed first: the order of slices is no order
    later = replace(SOUND, slices=slices[:2])  # a crop to the second bed
    assert quantify(replace(SOUND, slices=slices)).uptake_time_s == 3600.0
    assert quantify(later).uptake_time_s == 3790.0
    assert quantify(later).suvbw_factor == quantify(SOUND).suvbw_factor


def test_admin_means_no_decay():
    result = quantify(header(decay_correction="ADMIN"))
    assert result.suvbw_factor == pytest.approx(70000.0 / 300e6, rel=1e-12)
    assert result.reference_rule is ReferenceRule.ADMIN
    assert result.decay_interval_s == 0.0
    assert result.uptake_time_s == 3600.0


def test_admin_needs_no_injection_time():
    bare = header(
        decay_correction="ADMIN",
        radiopharmaceuticals=(replace(ITEM, start_datetime=None, start_time=None),),
    )
    result = quantify(bare)
    assert result.suvbw_factor == pytest.approx(70000.0 / 300e6, rel=1e-12)
    assert result.uptake_time_s is None
    assert "UPTAKE_UNKNOWN" in {item.code for item in result.findings}


def test_without_decay_correction_every_bed_has_its_factor():
    corrected = tuple(term for term in SOUND.corrected_image if term != "DECY")
    result = quantify(header(decay_correction="NONE", corrected_image=corrected))
    assert result.suvbw_factor is None
    factors = result.suvbw_factors_by_slice
    assert factors is not None and factors[0] == factors[1] < factors[2] == factors[3]
    x = 0.6931471805599453 / 6586.2 * 180.0
    expected = 70000.0 / 300e6 * x / (1.0 - 2.0 ** (-180.0 / 6586.2)) * 2.0 ** (3600.0 / 6586.2)
    assert factors[0] == pytest.approx(expected, rel=1e-9)
    ratio = result.sul_over_suvbw_janma
    assert result.factors_of(SuvQuantity.SUL_JANMA, 4) == tuple(one * ratio for one in factors)
    assert "DECAY_NONE" in {item.code for item in result.findings}


def test_an_undecayed_sphere_gives_the_same_suv_at_any_bed():
    """Activity that decays as 18F must give one SUV whatever the bed's time."""
    corrected = tuple(term for term in SOUND.corrected_image if term != "DECY")
    result = quantify(header(decay_correction="NONE", corrected_image=corrected))
    at_injection, suvs = 10_000.0, []
    for one, factor in zip(SOUND.slices, result.suvbw_factors_by_slice, strict=True):
        start = (one.acquisition.local - SOUND.series.local).total_seconds() + 3600.0
        steps = [start + 180.0 * (k + 0.5) / 2000 for k in range(2000)]
        mean = sum(at_injection * 2.0 ** (-t / 6586.2) for t in steps) / 2000
        suvs.append(factor * mean)
    assert suvs == pytest.approx([at_injection * 70000.0 / 300e6] * 4, rel=1e-7)


@pytest.mark.parametrize(
    ("suv_type", "mass_over_weight"),
    [
        ("", 1.0),
        ("BW", 1.0),
        ("LBMJANMA", 9270.0 / (8780.0 + 244.0 * 70.0 / 1.65**2)),
        ("LBMJAMES128", 1.07 - 148.0 * 70.0 / 165.0**2),
        ("LBM", 1.07 - 148.0 * 70.0 / 165.0**2),
        ("IBW", (45.5 + 0.91 * 13.0) / 70.0),
    ],
)
def test_a_stored_suv_is_brought_back_to_body_weight(suv_type, mass_over_weight):
    result = quantify(header(units="GML", suv_type=suv_type))
    assert result.suvbw_factor == pytest.approx(1.0 / mass_over_weight, rel=1e-12)
    assert result.reference_rule is ReferenceRule.UNITS
    assert result.uptake_time_s == 3600.0


def test_the_dicom_lbm_of_a_man_has_the_multiplier_120():
    result = quantify(header(units="GML", suv_type="LBM", sex="M"))
    lbm = 1.10 * 70.0 - 120.0 * (70.0 / 165.0) ** 2
    assert result.suvbw_factor == pytest.approx(70.0 / lbm, rel=1e-12)


def test_surface_area_suv():
    result = quantify(header(units="CM2ML", suv_type="BSA"))
    area_m2 = 0.007184 * 70.0**0.425 * 165.0**0.725
    assert result.suvbw_factor == pytest.approx(70000.0 / (area_m2 * 1e4), rel=1e-12)


def test_a_stored_suv_needs_neither_dose_nor_times_nor_weight():
    bare = header(units="GML", weight=None, radiopharmaceuticals=())
    result = quantify(bare)
    assert result.suvbw_factor == 1.0
    assert result.sul_janma_refusal.code == "SUV_MISSING_WEIGHT"
    assert "RP_MISSING" in {item.code for item in result.findings}


def test_the_fixed_half_life_replaces_the_headers():
    settings = QuantificationSettings(half_life_source=HalfLifeSource.FIXED)
    fixed = quantify(with_item(half_life=6588.0), settings)
    assert fixed.half_life_s == 6586.2
    assert fixed.suvbw_factor == quantify(SOUND).suvbw_factor
    ratio = quantify(with_item(half_life=6588.0)).suvbw_factor / fixed.suvbw_factor
    assert ratio == pytest.approx(0.9998964882898944, abs=1e-12)  # vector SUV-C05


def test_the_formula_of_the_study_is_named():
    settings = QuantificationSettings(lbm_formula=LbmFormula.JAMES128)
    assert quantify(SOUND).reported_sul_quantity() is SuvQuantity.SUL_JANMA
    assert quantify(SOUND, settings).reported_sul_quantity() is SuvQuantity.SUL_JAMES128


def test_refused_quantities_have_no_factors():
    result = quantify(header(size=None))
    assert result.factors_of(SuvQuantity.SUL_JANMA, 4) is None
    assert result.factors_of(SuvQuantity.SUVBW, 4) == (result.suvbw_factor,) * 4


def test_every_header_value_is_part_of_the_content_key():
    keys = {quantify(SOUND).content_key}
    changes = {
        "weight": 70.5, "size": 1.66, "sex": "M", "units": "GML", "suv_type": "BW",
        "decay_correction": "ADMIN", "timezone_offset_minutes": 60, "manufacturer": "GE MEDICAL",
        "slices": SOUND.slices[:3], "model": "x", "image_type": ("DERIVED",),
    }  # fmt: skip
    assert changes.keys() <= {field.name for field in fields(SOUND)}
    keys |= {quantify(header(**{name: value})).content_key for name, value in changes.items()}
    keys.add(quantify(with_item(total_dose=301e6)).content_key)
    keys.add(quantify(SOUND, QuantificationSettings(lbm_formula=LbmFormula.JAMES128)).content_key)
    assert len(keys) == len(changes) + 3
    assert quantify(header()).content_key == quantify(SOUND).content_key


@given(
    weight=st.floats(25.0, 250.0),
    dose=st.floats(50e6, 800e6),
    shift_s=st.integers(0, 10 * 366 * 86400),
)
def test_the_factor_scales_with_weight_and_dose_and_not_with_the_date(weight, dose, shift_s):
    from datetime import timedelta

    from tests.unit.quantification.sound_header import INJECTION, SERIES, bed, stamp

    series = SERIES + timedelta(seconds=shift_s)
    moved = replace(
        SOUND,
        weight=weight,
        series=stamp(series),
        slices=(bed(0.0, series), bed(190.0, series)),
        radiopharmaceuticals=(
            replace(
                ITEM,
                total_dose=dose,
                start_datetime=stamp(INJECTION + timedelta(seconds=shift_s)),
                start_time=None,
            ),
        ),
    )
    expected = quantify(SOUND).suvbw_factor * (weight / 70.0) * (300e6 / dose)
    assert quantify(moved).suvbw_factor == pytest.approx(expected, rel=1e-9)
