"""Equipment, reconstruction, method and height of two scans (spec 2.5)."""

from dataclasses import replace

import pytest

from app.criteria.percist.same_technique import same_height, same_technique
from app.domain.response import ComparabilitySeverity
from tests.unit.criteria.percist.rule_sets import NADIR
from tests.unit.criteria.percist.sound_scan import SOUND

OK, WARN, BLOCK = (
    ComparabilitySeverity.OK,
    ComparabilitySeverity.WARN,
    ComparabilitySeverity.BLOCK,
)


def compared(rule, earlier, **changes):
    items = same_technique(earlier, replace(SOUND, **changes))
    return next(item for item in items if item.rule == rule)


@pytest.mark.parametrize(
    ("rule", "field", "other", "severity"),
    [
        ("MANUFACTURER", "manufacturer", "GE MEDICAL SYSTEMS", BLOCK),
        ("SCANNER_MODEL", "model", "Biograph Vision", WARN),
        ("RECONSTRUCTION", "reconstruction", "PSF+TOF 3i21s", WARN),
        ("TRACER", "tracer", "other", BLOCK),
        ("UNITS", "units", "GML", BLOCK),
        ("DECAY_CORRECTION", "decay_correction", "ADMIN", BLOCK),
        ("LBM_FORMULA", "lbm_formula", "LBMJAMES128", BLOCK),
        ("PEAK_KERNEL", "peak_kernel", "ibsi_binary", BLOCK),
    ],
)
def test_what_differs(rule, field, other, severity):
    item = compared(rule, SOUND, **{field: other})
    assert (item.severity, item.code) == (severity, "DIFFERS")
    assert (item.value, item.limit) == (other, getattr(SOUND, field))
    for unknown in ("", "  "):
        for item in (
            compared(rule, SOUND, **{field: unknown}),
            compared(rule, replace(SOUND, **{field: unknown})),
        ):
            assert (item.severity, item.code) == (WARN, "FACT_UNKNOWN")
    spelled = compared(rule, SOUND, **{field: f" {getattr(SOUND, field).lower()} "})
    assert (spelled.severity, spelled.code) == (OK, "SAME")


@pytest.mark.parametrize(
    ("one", "other", "severity"),
    [
        ("SIEMENS", "Siemens Healthineers", OK),
        ("SIEMENS", "CPS", OK),
        ("GE MEDICAL SYSTEMS", "GE Healthcare", OK),
        ("Philips Medical Systems", "Philips", OK),
        ("TOSHIBA", "Canon Medical Systems", OK),
        ("UIH", "United Imaging Healthcare", OK),
        ("Mediso", "MEDISO", OK),
        ("Mediso", "MinFound", BLOCK),
        ("GE MEDICAL SYSTEMS", "Philips", BLOCK),
        ("GE MEDICAL SYSTEMS", "Gerlach", BLOCK),  # "GE" is a word, not a beginning
    ],
)
def test_one_maker_has_several_names(one, other, severity):
    for names in ((one, other), (other, one)):
        item = compared(
            "MANUFACTURER", replace(SOUND, manufacturer=names[0]), manufacturer=names[1]
        )
        assert item.severity is severity


@pytest.mark.parametrize(
    ("one", "other", "severity"),
    [
        ("PSF+TOF 2i21s", "OSEM3D 4i8s", BLOCK),
        ("VPFX", "VPFX-S", BLOCK),
        ("VPHD", "VPHD-S", BLOCK),
        ("VPFX", "QCFX", BLOCK),
        ("VPHD", "QCHD", BLOCK),
        ("OP-OSEM", "TrueX+TOF", BLOCK),
        ("OSEM", "OSEM SharpIR", BLOCK),
        ("VPFX-S", "QCFX", WARN),
        ("OSEM 2i21s", "OSEM 3i21s", WARN),
        ("OSEM 2i21s", "osem 2i21s", OK),
    ],
)
def test_resolution_modelling_on_one_side_blocks(one, other, severity):
    for methods in ((one, other), (other, one)):
        item = compared(
            "RECONSTRUCTION", replace(SOUND, reconstruction=methods[0]), reconstruction=methods[1]
        )
        assert item.severity is severity


@pytest.mark.parametrize(
    ("voxel", "severity"),
    [
        ((3.0, 4.07283, 4.07283), OK),
        ((3.0, 4.0728, 4.0728), OK),
        ((3.27, 4.07283, 4.07283), WARN),
        ((3.0, 2.03, 2.03), WARN),
        (None, WARN),
    ],
)
def test_voxel_size(voxel, severity):
    assert compared("VOXEL_SIZE", SOUND, voxel_size_mm=voxel).severity is severity
    assert compared("VOXEL_SIZE", replace(SOUND, voxel_size_mm=None)).severity is WARN


def test_voxel_size_is_told_as_x_y_z():
    assert compared("VOXEL_SIZE", SOUND).value == "4.07 x 4.07 x 3.00 mm"


@pytest.mark.parametrize(
    ("b", "f", "severity"),
    [
        (1.70, 1.68, OK),  # exactly 2 cm, missed by binary floats
        (1.68, 1.70, OK),
        (1.70, 1.679, WARN),
        (1.70, None, WARN),
        (None, 1.70, WARN),
    ],
)
def test_height(b, f, severity):
    item = same_height(replace(SOUND, height_m=b), replace(SOUND, height_m=f), NADIR)
    assert item.severity is severity
    assert item.value == (None if None in (b, f) else pytest.approx(abs(b - f)))
