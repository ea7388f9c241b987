"""Whatever a header says, quantification answers with factors or named refusals."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.pet_header import CodedEntry, VendorValues
from app.domain.quantification import QuantificationStatus, SuvQuantity, refusal_params
from app.quantification.quantify import quantify
from app.wording import finding_text, sentence
from tests.unit.quantification.sound_header import (
    F18,
    ITEM,
    SOUND,
    bed,
    stamp,
    time_of_day,
)

DAY = datetime(2026, 3, 1)
NUMBERS = st.sampled_from(
    [None, -1.0, 0.0, 1e-9, 0.5, 1.65, 70.0, 109.77, 4057.7, 6586.2, 7e4, 3e8]
)
MOMENTS = st.none() | st.integers(0, 2880).map(lambda m: stamp(DAY + timedelta(minutes=m)))
TIMES = st.none() | st.sampled_from(["000000", "100000", "110000", "235959"]).map(time_of_day)
ITEMS = st.builds(
    replace,
    st.just(ITEM),
    start_datetime=MOMENTS,
    start_time=TIMES,
    total_dose=NUMBERS,
    half_life=NUMBERS,
    text=st.sampled_from(["", "FDG", "FLT"]),
    nuclide_codes=st.sampled_from([(), (F18,), (CodedEntry("C-131A3", "SRT", ""),)]),
)
SLICES = st.builds(
    replace,
    st.sampled_from([bed(0.0), bed(190.0)]),
    acquisition=MOMENTS,
    frame_reference_time_ms=NUMBERS,
    actual_frame_duration_ms=NUMBERS,
    decay_factor=NUMBERS,
    slope=st.sampled_from([1.5, None]),
    private_scan=MOMENTS,
    frame_reference=MOMENTS,
)
HEADERS = st.builds(
    replace,
    st.just(SOUND),
    units=st.sampled_from(["BQML", "GML", "CM2ML", "CNTS", "CPS", ""]),
    suv_type=st.sampled_from(["", "BW", "LBM", "LBMJANMA", "IBW", "BSA"]),
    corrected_image=st.sampled_from([SOUND.corrected_image, ("ATTN",), ("ATTN", "DECY"), ()]),
    decay_correction=st.sampled_from(["START", "ADMIN", "NONE", ""]),
    decay_corrected=st.sampled_from(["", "YES", "NO"]),
    decay_correction_datetime=MOMENTS,
    manufacturer=st.sampled_from(["", "GE MEDICAL SYSTEMS", "Philips"]),
    series=MOMENTS,
    timezone_offset_minutes=st.sampled_from([None, 60]),
    weight=NUMBERS,
    size=NUMBERS,
    sex=st.sampled_from(["M", "F", "O", "U", ""]),
    radiopharmaceuticals=st.lists(ITEMS, max_size=2).map(tuple),
    slices=st.lists(SLICES, max_size=4).map(tuple),
    vendor=st.builds(
        VendorValues,
        scan_tag=st.just("(0009,xx0D)"),
        ge_admin=MOMENTS,
        philips_suv_factor=NUMBERS,
        philips_activity_factor=NUMBERS,
    ),
)


@settings(max_examples=200, deadline=None)
@given(HEADERS)
def test_factors_or_a_refusal_that_names_its_tag(header):
    result = quantify(header)
    assert (result.status is QuantificationStatus.OK) is (result.suvbw_refusal is None)
    for quantity in SuvQuantity:
        factors = result.factors_of(quantity, len(header.slices))
        assert (factors is None) is (result.refusal_of(quantity) is not None)
        assert factors is None or (len(factors) == len(header.slices) and min(factors) > 0)
    refusals = [one for quantity in SuvQuantity if (one := result.refusal_of(quantity))]
    for why in (*refusals, *result.all_refusals):
        assert re.fullmatch(r"\([0-9A-F]{4},[0-9A-Fx]{4}\)", why.tag)
        assert sentence("refusals", why.code, refusal_params(why)) != why.code
    assert all(finding_text(item) != item.code for item in result.findings)
