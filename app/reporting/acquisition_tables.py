"""Tables of how the scans were made and quantified, visit beside visit."""

from collections.abc import Callable
from datetime import datetime

from app.domain.draft_read import DraftRead, TimePoint
from app.domain.quantification import Quantification
from app.reporting.content import Table
from app.reporting.phrases import flag_text, visit_name
from app.translation import mark, tr
from app.wording import sentence, sentences

UNKNOWN = mark("not stated")
Cell = Callable[[TimePoint], str]


def acquisition_table(read: DraftRead) -> Table:
    """Acquisition, patient and SUV facts, one column a visit."""
    rows: tuple[tuple[str, Cell], ...] = (
        (
            tr("Scanner"),
            lambda p: f"{p.scan.pet.manufacturer} {p.scan.pet.model}".strip() or tr(UNKNOWN),
        ),
        (tr("Scan start"), lambda p: _moment(_recipe(p).first_emission_time)),
        (tr("Injection"), lambda p: _moment(_recipe(p).injection_time)),
        (tr("Uptake time"), lambda p: _number(_recipe(p).uptake_time_s, 1 / 60, "min", 1)),
        (tr("Injected activity"), lambda p: _number(_recipe(p).dose_bq, 1e-6, "MBq", 1)),
        (tr("Weight"), lambda p: _number(_recipe(p).weight_kg, 1, "kg", 1)),
        (tr("Height"), lambda p: _number(_recipe(p).size_m, 1, "m", 2)),
        (
            tr("Lean body mass (Janmahasatian)"),
            lambda p: _number(_recipe(p).lbm_janma_kg, 1, "kg", 1),
        ),
        (tr("Stored units, decay correction"), _units),
        (tr("Decay reference time (rule)"), _reference_time),
        (tr("Half-life"), lambda p: _number(_recipe(p).half_life_s, 1, "s", 1)),
        (tr("SUVbw factor, g/mL per stored unit"), lambda p: _factor(_recipe(p).suvbw_factor)),
        (
            tr("SUL factor (Janmahasatian), g/mL per stored unit"),
            lambda p: _factor(_recipe(p).sul_janma_factor),
        ),
        (
            tr("SUL factor (James 128), g/mL per stored unit"),
            lambda p: _factor(_recipe(p).sul_james128_factor),
        ),
        (tr("Reconstruction"), lambda p: _recipe(p).reconstruction.method or tr(UNKNOWN)),
        (tr("PET voxels"), _voxels),
        (
            tr("CT"),
            lambda p: tr("none on this frame of reference") if p.scan.ct is None else tr("yes"),
        ),
        (tr("Alignment with baseline (correlation)"), _alignment),
    )
    return _by_visit(read, rows)


def reference_table(read: DraftRead) -> Table:
    """The reference region and threshold, one column a visit."""
    rows: tuple[tuple[str, Cell], ...] = (
        (tr("Region"), lambda p: sentence("reference", p.reference.kind.value, {})),
        (tr("Placement"), lambda p: sentence("reference", p.reference.method.value, {})),
        (
            tr("Centre (LPS, mm)"),
            lambda p: ", ".join(f"{v:.1f}" for v in p.reference.center_lps_mm),
        ),
        (tr("SULmean"), lambda p: f"{p.reference.mean_sul_g_per_ml:.3f} g/mL"),
        (tr("SD (n−1)"), lambda p: f"{p.reference.sd_sul_g_per_ml:.3f} g/mL"),
        (tr("Coefficient of variation"), lambda p: f"{100 * p.reference.cv:.0f} %"),
        (
            tr("Range"),
            lambda p: f"{p.reference.min_sul_g_per_ml:.2f}–{p.reference.max_sul_g_per_ml:.2f} g/mL",
        ),
        (tr("Voxels"), lambda p: f"{p.reference.voxels} ({p.reference.volume_ml:.2f} mL)"),
        (tr("Threshold"), lambda p: f"{p.threshold_g_per_ml:.3f} g/mL"),
        (tr("Flags"), lambda p: "; ".join(flag_text(f) for f in p.reference.flags) or tr("none")),
    )
    return _by_visit(read, rows)


def provenance_table(read: DraftRead) -> Table:
    """Which images the numbers come from."""
    rows: tuple[tuple[str, Cell], ...] = (
        (tr("Study"), lambda p: p.scan.pet.study_uid),
        (tr("PET series"), lambda p: p.scan.pet.series_uid),
        (tr("CT series"), lambda p: "–" if p.scan.ct is None else p.scan.ct.series_uid),
        (tr("Frame of reference"), lambda p: p.scan.pet.frame_of_reference_uid or tr(UNKNOWN)),
        (tr("Quantification key"), lambda p: _recipe(p).content_key),
        (
            tr("Adaptations"),
            lambda p: (
                "; ".join(
                    f"{a.rule} {a.tag}: {a.stored} → {a.used}" for a in _recipe(p).adaptations
                )
                or tr("none")
            ),
        ),
    )
    return Table(
        (tr("Visit"), tr("Item"), tr("Value")),
        tuple(
            (visit_name(point.number), label, cell(point))
            for point in read.time_points
            for label, cell in rows
        ),
    )


def _by_visit(read: DraftRead, rows: tuple[tuple[str, Cell], ...]) -> Table:
    columns = ("", *(visit_name(point.number) for point in read.time_points))
    return Table(
        columns,
        tuple((label, *(cell(point) for point in read.time_points)) for label, cell in rows),
    )


def _recipe(point: TimePoint) -> Quantification:
    return point.scan.quantification


def _moment(moment: datetime | None) -> str:
    return tr(UNKNOWN) if moment is None else moment.strftime("%Y-%m-%d %H:%M:%S")


def _number(value: float | None, scale: float, unit: str, decimals: int) -> str:
    return tr(UNKNOWN) if value is None else f"{value * scale:.{decimals}f} {unit}"


def _factor(value: float | None) -> str:
    return tr("refused or varies by slice") if value is None else f"{value:.4e}"


def _units(point: TimePoint) -> str:
    recipe = _recipe(point)
    words = sentences("comparability_values")
    unit, decay = recipe.calibrated_unit, recipe.decay_correction
    return f"{words.get(unit, unit)}, {words.get(decay, decay) or tr(UNKNOWN)}"


def _reference_time(point: TimePoint) -> str:
    recipe = _recipe(point)
    rule = "" if recipe.reference_rule is None else f" ({recipe.reference_rule.value})"
    return f"{_moment(recipe.reference_time)}{rule}"


def _voxels(point: TimePoint) -> str:
    nz, ny, nx = point.scan.pet_shape_zyx
    dz, dy, dx = point.scan.pet_spacing_zyx_mm
    return f"{nx} × {ny} × {nz}, {dx:.2f} × {dy:.2f} × {dz:.2f} mm"


def _alignment(point: TimePoint) -> str:
    if point.number == 0:
        return "–"
    correlation = point.registration_correlation
    return tr(UNKNOWN) if correlation is None else f"{correlation:.3f}"
