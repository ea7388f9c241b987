"""Whether a lesion is measurable at baseline (spec 3.1)."""

from dataclasses import dataclass
from enum import StrEnum

from app.criteria.recist.length import mm
from app.criteria.recist.rules import RecistRules
from app.domain.exact import at_least
from app.domain.response import Reason, reason


class LesionKind(StrEnum):
    """Kinds of lesions that RECIST tells apart when it comes to measuring."""

    NON_NODAL = "non_nodal"
    NODE = "node"
    CYSTIC = "cystic"
    BONE_LYTIC_SOFT_TISSUE = "bone_lytic_soft_tissue"  # lytic or mixed, with soft tissue
    BONE_LYTIC = "bone_lytic"  # without a soft-tissue component
    BONE_BLASTIC = "bone_blastic"
    LEPTOMENINGEAL = "leptomeningeal"
    ASCITES = "ascites"
    EFFUSION = "effusion"
    INFLAMMATORY_BREAST = "inflammatory_breast"
    LYMPHANGITIS = "lymphangitis"
    ORGANOMEGALY = "organomegaly"


class Measured(StrEnum):
    """How the diameter was obtained."""

    CT_OR_MR = "ct_or_mr"
    CHEST_XRAY = "chest_xray"
    CALLIPER = "calliper"  # a skin lesion, by hand
    ULTRASOUND = "ultrasound"


class Measurability(StrEnum):
    """The verdict on a lesion at baseline."""

    MEASURABLE = "MEASURABLE"
    NON_MEASURABLE = "NON_MEASURABLE"
    NON_TARGET_PATHOLOGICAL = "NON_TARGET_PATHOLOGICAL"
    NORMAL = "NORMAL"


NEVER_MEASURABLE = frozenset(
    {
        LesionKind.BONE_BLASTIC,
        LesionKind.BONE_LYTIC,
        LesionKind.LEPTOMENINGEAL,
        LesionKind.ASCITES,
        LesionKind.EFFUSION,
        LesionKind.INFLAMMATORY_BREAST,
        LesionKind.LYMPHANGITIS,
        LesionKind.ORGANOMEGALY,
    }
)
CHEST_XRAY_MIN_MM = 20.0
CALLIPER_MIN_MM = 10.0


@dataclass(frozen=True, slots=True)
class BaselineLesion:
    """A lesion at baseline, mm: the longest diameter, of a node the short axis.

    Of a lytic bone lesion `diameter_mm` is that of its soft-tissue component. The slice is
    given by thickness and spacing, of which the larger counts; None where unknown.
    """

    kind: LesionKind
    diameter_mm: float | None
    slice_thickness_mm: float | None = None
    slice_spacing_mm: float | None = None
    treated_locally: bool = False
    progressed_since_treatment: bool = False
    measured_by: Measured = Measured.CT_OR_MR


@dataclass(frozen=True, slots=True)
class MeasurabilityVerdict:
    """The verdict, the least measurable diameter (mm, None where there is none), the trace."""

    verdict: Measurability
    least_mm: float | None
    reasons: tuple[Reason, ...]


def measurability(lesion: BaselineLesion, rules: RecistRules) -> MeasurabilityVerdict:
    """Whether a lesion may be a target (spec 3.1); limits are inclusive.

    A node that is no target but not normal either is NON_TARGET_PATHOLOGICAL; below 10 mm it is
    NORMAL and not recorded.
    """
    if lesion.kind in NEVER_MEASURABLE:
        why = reason("REC-3.1-NEVER", "KIND_NEVER_MEASURABLE", kind=lesion.kind.value)
        return MeasurabilityVerdict(Measurability.NON_MEASURABLE, None, (why,))
    least = _least_mm(lesion, rules)
    size = lesion.diameter_mm
    node = lesion.kind is LesionKind.NODE
    normal = mm(rules.node_normal_below_mm)
    if node and size is not None and not at_least(mm(size), normal):
        why = reason(
            "REC-3.1-NODE", "NODE_NORMAL", short_axis=size, limit=rules.node_normal_below_mm
        )
        return MeasurabilityVerdict(Measurability.NORMAL, least, (why,))
    trace: list[Reason] = []
    if lesion.measured_by is Measured.CT_OR_MR and _slice_mm(lesion) is None:
        trace.append(reason("REC-3.1-SLICE", "SLICE_UNKNOWN"))
    fits = False
    if least is None:
        trace.append(reason("REC-3.1-METHOD", "ULTRASOUND_NEVER_MEASURES"))
    elif size is None:
        trace.append(reason("REC-3.1-SIZE", "SIZE_UNKNOWN"))
    else:
        fits = at_least(mm(size), mm(least))
        code = "SIZE_REACHES_LEAST" if fits else "SIZE_BELOW_LEAST"
        trace.append(reason("REC-3.1-SIZE", code, size=size, limit=least))
    if lesion.treated_locally:
        allowed = lesion.progressed_since_treatment and rules.irradiated_allowed
        code = "TREATED_BUT_PROGRESSED" if allowed else "TREATED_LOCALLY"
        trace.append(reason("REC-3.1-TREATED", code))
        fits = fits and allowed
    if lesion.kind is LesionKind.CYSTIC:
        trace.append(reason("REC-3.1-CYSTIC", "CYSTIC_SECOND_CHOICE"))
    if fits:
        return MeasurabilityVerdict(Measurability.MEASURABLE, least, tuple(trace))
    pathological = node and size is not None
    verdict = (
        Measurability.NON_TARGET_PATHOLOGICAL if pathological else Measurability.NON_MEASURABLE
    )
    return MeasurabilityVerdict(verdict, least, tuple(trace))


def _slice_mm(lesion: BaselineLesion) -> float | None:
    known = [x for x in (lesion.slice_thickness_mm, lesion.slice_spacing_mm) if x is not None]
    return max(known) if known else None


def _least_mm(lesion: BaselineLesion, rules: RecistRules) -> float | None:
    if lesion.measured_by is Measured.ULTRASOUND:
        return None
    if lesion.measured_by is Measured.CHEST_XRAY:
        return CHEST_XRAY_MIN_MM
    if lesion.measured_by is Measured.CALLIPER:
        return CALLIPER_MIN_MM
    node = lesion.kind is LesionKind.NODE
    least = mm(rules.node_target_min_mm if node else rules.non_nodal_min_mm)
    # Twice a slice of 5 mm is the 10 mm of thin slices: one formula serves both rows.
    return float(max(least, mm(rules.slice_factor) * mm(_slice_mm(lesion) or 0.0)))
