"""Where a number on screen comes from: region, method, quantification, source."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.domain.caliper import Caliper
from app.domain.lesion import LesionMeasurement
from app.domain.numbers import METHOD_VERSION
from app.domain.quantification import LbmFormula, Quantification
from app.domain.region import RegionSpec, SphereRegion, ThresholdRegion
from app.reporting.phrases import flag_text, visit_name
from app.translation import tr
from app.wording import sentence
from viewers.presenters.derived import DerivedReading, VisitImages
from viewers.presenters.lesion_card import measure_name
from viewers.presenters.numbers import NumberKind, NumberRef, signed
from viewers.presenters.response import response_view

LESION_KINDS = frozenset(
    {
        NumberKind.SUL_PEAK,
        NumberKind.SUL_MAX,
        NumberKind.SUL_MEAN,
        NumberKind.VOLUME,
        NumberKind.GLYCOLYSIS,
        NumberKind.DIAMETER,
        NumberKind.LESION_CHANGE,
    }
)
REFERENCE_KINDS = frozenset(
    {NumberKind.REFERENCE_MEAN, NumberKind.REFERENCE_SD, NumberKind.THRESHOLD}
)
Pair = tuple[str, str]
Lps = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class ProvenanceSection:
    """Some lines that belong together."""

    title: str
    lines: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class ProvenanceView:
    """Everything a number rests on."""

    title: str
    value: str
    sections: tuple[ProvenanceSection, ...]


def provenance(
    ref: NumberRef, derived: DerivedReading, images: Mapping[int, VisitImages]
) -> ProvenanceView:
    """What a number rests on, as far as it is known now."""
    at = visit_name(ref.visit)
    scanned = images.get(ref.visit)
    if ref.kind in LESION_KINDS:
        title, value, own = _lesion(ref, derived)
    elif ref.kind in REFERENCE_KINDS:
        title, value, own = _reference(ref, derived)
    elif ref.kind is NumberKind.RESPONSE:
        title, value, own = _response(ref, derived)
    elif ref.kind is NumberKind.UPTAKE_TIME:
        title, value, own = _uptake(scanned)
    else:
        return _axes(ref, derived, at)
    sections = [*own]
    if scanned is not None:
        sections += quantification_sections(scanned.scan.quantification)
        sections.append(_source(scanned, derived))
    return ProvenanceView(f"{title} · {at}", value, tuple(s for s in sections if s.lines))


def quantification_sections(recipe: Quantification) -> tuple[ProvenanceSection, ...]:
    """Formula, times, factors and adaptations of a PET series."""
    times = (
        (tr("Injection"), _moment(recipe.injection_time)),
        (tr("Scan start"), _moment(recipe.first_emission_time)),
        (tr("Decay reference time"), _reference_time(recipe)),
        (tr("Uptake time"), _amount(recipe.uptake_time_s, 1 / 60, "min", 1)),
        (tr("Decay interval"), _amount(recipe.decay_interval_s, 1 / 60, "min", 1)),
        (tr("Half-life"), _amount(recipe.half_life_s, 1, "s", 1)),
    )
    janma = recipe.lbm_formula is LbmFormula.JANMA
    factor = recipe.sul_janma_factor if janma else recipe.sul_james128_factor
    factors = (
        (tr("SUL"), tr("value × lean body mass / dose at the decay reference time")),
        (tr("Stored unit"), f"{recipe.calibrated_unit}, {recipe.decay_correction}".strip(", ")),
        (tr("Dose at injection"), _amount(recipe.dose_bq, 1e-6, "MBq", 2)),
        (tr("Dose at reference time"), _amount(recipe.reference_dose_bq, 1e-6, "MBq", 2)),
        (tr("Weight, height, sex"), _body(recipe)),
        (tr("Lean body mass"), _lean_mass(recipe)),
        (tr("SUVbw factor"), _factor(recipe.suvbw_factor)),
        (tr("SUL factor"), _factor(factor)),
    )
    adapted = tuple(
        (f"{item.rule} {item.tag}", f"{item.stored or '–'} → {item.used}")
        for item in recipe.adaptations
    )
    return (
        ProvenanceSection(tr("Times (scanner clock)"), times),
        ProvenanceSection(tr("From stored value to SUL"), factors),
        ProvenanceSection(tr("Adaptations"), adapted or ((tr("none"), ""),)),
    )


def region_text(region: RegionSpec | None) -> str:
    """A region as the reader or the draft defined it."""
    if region is None:
        return tr("no region")
    if isinstance(region, SphereRegion):
        return tr("sphere {diameter} mm at {place}").format(
            diameter=f"{region.diameter_mm:.1f}", place=_place(region.center_lps_mm)
        )
    if isinstance(region, ThresholdRegion):
        return tr("SUL ≥ {level} g/mL joined to {seed}, within {diameter} mm").format(
            level=f"{region.above_sul_g_per_ml:.2f}",
            seed=_place(region.seed_lps_mm),
            diameter=f"{region.within_diameter_mm:.0f}",
        )
    return tr("voxel mask {key}").format(key=region.blob_key[:12])


def _lesion(
    ref: NumberRef, derived: DerivedReading
) -> tuple[str, str, tuple[ProvenanceSection, ...]]:
    lesion = derived.state.lesion(ref.subject)
    found = derived.measurements.get((ref.subject, ref.visit))
    name = (
        tr("Change of SULpeak") if ref.kind is NumberKind.LESION_CHANGE else measure_name(ref.kind)
    )
    region = [
        (tr("VOI"), region_text(lesion.region_at(ref.visit))),
        (tr("Defined by"), tr("reader") if lesion.confirmed else tr("draft, not confirmed")),
    ]
    if found is None:
        return f"{ref.subject} {name}", tr("computing"), (ProvenanceSection(tr("VOI"), (*region,)),)
    sections = (
        ProvenanceSection(tr("Method"), _method(ref.kind, found)),
        ProvenanceSection(tr("VOI"), tuple(region)),
    )
    return f"{ref.subject} {name}", _lesion_value(ref, found, derived), sections


def _lesion_value(ref: NumberRef, found: LesionMeasurement, derived: DerivedReading) -> str:
    if ref.kind is NumberKind.LESION_CHANGE:
        first = derived.state.lesion(ref.subject).first_visit
        before = derived.measurements.get((ref.subject, first))
        if before is None or not before.sul_peak:
            return tr("computing")
        change = 100.0 * (found.sul_peak / before.sul_peak - 1.0)
        now, then = f"{found.sul_peak:.3f}", f"{before.sul_peak:.3f}"
        return f"({now} − {then}) / {then} = {signed(change, 1)} %"
    value, unit, decimals = {
        NumberKind.SUL_PEAK: (found.sul_peak, "g/mL", 3),
        NumberKind.SUL_MAX: (found.sul_max, "g/mL", 3),
        NumberKind.SUL_MEAN: (found.sul_mean, "g/mL", 3),
        NumberKind.VOLUME: (found.volume_ml, "mL", 3),
        NumberKind.GLYCOLYSIS: (found.tlg_g, "g", 2),
        NumberKind.DIAMETER: (found.longest_diameter_mm, "mm", 1),
    }[ref.kind]
    return _amount(value, 1, unit, decimals)


def _method(kind: NumberKind, found: LesionMeasurement) -> tuple[Pair, ...]:
    flags = tuple((tr("Caution"), flag_text(flag)) for flag in found.flags)
    if kind in (NumberKind.SUL_PEAK, NumberKind.LESION_CHANGE):
        return (
            (tr("SULpeak"), tr("highest mean of a 1 mL ball (12.4 mm), centre in the VOI")),
            (tr("Ball centre (LPS, mm)"), _place(found.peak_lps_mm)),
            (tr("Ball volume in the scan"), f"{found.peak_volume_ml:.3f} mL"),
            (tr("Fractional voxels"), f"{found.sul_peak_fractional:.3f} g/mL"),
            (tr("IBSI, whole voxels"), f"{found.sul_peak_ibsi_binary:.3f} g/mL"),
            *flags,
        )
    text = {
        NumberKind.SUL_MAX: tr("hottest voxel of the VOI"),
        NumberKind.SUL_MEAN: tr("mean of the voxels at or above the scan's threshold"),
        NumberKind.VOLUME: tr("voxels at or above the scan's threshold"),
        NumberKind.GLYCOLYSIS: tr("SULmean × volume"),
        NumberKind.DIAMETER: tr("longest in-plane, voxels at or above half of SULmax"),
    }[kind]
    return ((measure_name(kind), text), *flags)


def _reference(
    ref: NumberRef, derived: DerivedReading
) -> tuple[str, str, tuple[ProvenanceSection, ...]]:
    entry = derived.state.visit(ref.visit)
    region = derived.references.get(ref.visit)
    threshold = derived.thresholds.get(ref.visit)
    name = {
        NumberKind.REFERENCE_MEAN: tr("Reference SULmean"),
        NumberKind.REFERENCE_SD: tr("Reference SD"),
        NumberKind.THRESHOLD: tr("Threshold"),
    }[ref.kind]
    lines = [
        (tr("VOI"), region_text(entry.reference)),
        (tr("Placement"), sentence("reference", entry.reference_method.value, {})),
    ]
    if region is None:
        return name, tr("computing"), (ProvenanceSection(tr("VOI"), tuple(lines)),)
    mean, sd = region.mean_sul_g_per_ml, region.sd_sul_g_per_ml
    lines += [
        (tr("Region"), sentence("reference", region.kind.value, {})),
        (tr("Voxels"), f"{region.voxels} ({region.volume_ml:.2f} mL)"),
        (tr("Mean, SD (n−1)"), f"{mean:.3f} ± {sd:.3f} g/mL"),
        (tr("Coefficient of variation"), f"{100 * region.cv:.0f} %"),
        (tr("Range"), f"{region.min_sul_g_per_ml:.2f}–{region.max_sul_g_per_ml:.2f} g/mL"),
        *((tr("Caution"), flag_text(flag)) for flag in region.flags),
    ]
    values = {
        NumberKind.REFERENCE_MEAN: f"{mean:.3f} g/mL",
        NumberKind.REFERENCE_SD: f"{sd:.3f} g/mL",
        NumberKind.THRESHOLD: tr("computing")
        if threshold is None
        else f"1.5 × {mean:.3f} + 2 × {sd:.3f} = {threshold:.3f} g/mL",
    }
    return name, values[ref.kind], (ProvenanceSection(tr("VOI"), tuple(lines)),)


def _response(
    ref: NumberRef, derived: DerivedReading
) -> tuple[str, str, tuple[ProvenanceSection, ...]]:
    view = response_view(derived, ref.visit)
    lines = (
        (tr("Target"), view.target),
        (tr("Change"), view.change),
        (tr("Rule set"), view.rule_set),
        (tr("Other rule set"), view.other_rule_set),
        *((item.rule, item.text) for item in view.reasons),
    )
    shown = tuple((label, text) for label, text in lines if text)
    value = view.headline or view.category_text
    return tr("Response"), value, (ProvenanceSection(tr("Why"), shown),)


def _uptake(scanned: VisitImages | None) -> tuple[str, str, tuple[ProvenanceSection, ...]]:
    if scanned is None:
        return tr("Uptake time"), tr("computing"), ()
    seconds = scanned.scan.quantification.uptake_time_s
    return tr("Uptake time"), _amount(seconds, 1 / 60, "min", 1), ()


def _axes(ref: NumberRef, derived: DerivedReading, at: str) -> ProvenanceView:
    calipers = [item for item in derived.state.calipers if item.visit == ref.visit]
    if ref.kind is NumberKind.AXIS:
        calipers = [item for item in calipers if item.caliper_id == ref.subject]
    elif derived.read is not None and derived.read.recist is not None:
        targets = {item.lesion_id for item in derived.read.recist.baseline.targets}
        calipers = [item for item in calipers if item.lesion_id in targets]
    name = tr("Diameter") if ref.kind is NumberKind.AXIS else tr("Sum of diameters")
    sections = tuple(
        ProvenanceSection(f"{item.caliper_id} {item.lesion_id or ''}".strip(), _caliper(item))
        for item in calipers
    )
    value = "" if len(calipers) != 1 else f"{calipers[0].long_axis_mm:.1f} mm"
    return ProvenanceView(f"{name} · {at}", value, sections)


def _caliper(item: Caliper) -> tuple[Pair, ...]:
    lines = [
        (tr("Longest"), f"{item.long_axis_mm:.1f} mm"),
        (tr("Endpoints (LPS, mm)"), " – ".join(_place(end) for end in item.long_axis_lps_mm)),
    ]
    if item.short_axis_lps_mm is not None:
        ends = " – ".join(_place(end) for end in item.short_axis_lps_mm)
        lines += [(tr("Short axis"), f"{item.short_axis_mm:.1f} mm"), (tr("Its endpoints"), ends)]
    return (*lines, (tr("Series"), item.series_uid))


def _source(scanned: VisitImages, derived: DerivedReading) -> ProvenanceSection:
    recipe, program = scanned.scan.quantification, derived.read
    version = METHOD_VERSION
    if program is not None:
        version = f"{version} ({program.peak_kernel}, OncoRead {program.program_version})"
    return ProvenanceSection(
        tr("Source"),
        (
            (tr("PET series"), scanned.scan.pet.series_uid),
            (tr("Quantification key"), recipe.content_key[:16]),
            (tr("Method version"), version),
        ),
    )


def _moment(moment: datetime | None) -> str:
    return tr("not stated") if moment is None else moment.strftime("%Y-%m-%d %H:%M:%S")


def _reference_time(recipe: Quantification) -> str:
    rule = "" if recipe.reference_rule is None else f" ({recipe.reference_rule.value})"
    return f"{_moment(recipe.reference_time)}{rule}"


def _amount(value: float | None, scale: float, unit: str, decimals: int) -> str:
    return tr("not stated") if value is None else f"{value * scale:.{decimals}f} {unit}"


def _factor(value: float | None) -> str:
    return tr("refused or varies by slice") if value is None else f"× {value:.4e}"


def _body(recipe: Quantification) -> str:
    weight = _amount(recipe.weight_kg, 1, "kg", 1)
    return f"{weight}, {_amount(recipe.size_m, 1, 'm', 2)}, {recipe.sex or tr('not stated')}"


def _lean_mass(recipe: Quantification) -> str:
    janma = recipe.lbm_formula is LbmFormula.JANMA
    mass = recipe.lbm_janma_kg if janma else recipe.lbm_james128_kg
    name = "Janmahasatian" if janma else "James (128)"
    return f"{_amount(mass, 1, 'kg', 2)} ({name})"


def _place(position: Lps) -> str:
    return ", ".join(f"{value:.1f}" for value in position)
