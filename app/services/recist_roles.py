"""Which lesions of the baseline are targets: the reader's choice, else a proposal by size."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.criteria.recist.lesion_order import lesion_order
from app.criteria.recist.measurability import (
    BaselineLesion,
    LesionKind,
    Measurability,
    MeasurabilityVerdict,
    measurability,
)
from app.criteria.recist.rules import RecistRules
from app.criteria.recist.selection import Candidate, SelectionCheck, check_selection, counted_organ
from app.domain.caliper import Caliper
from app.domain.recist_read import RecistRole
from app.domain.response import Reason, reason
from app.reading.recist_marks import NODE_SITES, mark_of
from app.reading.state import Lesion, LesionRole, ReadingState

BONE = "bone"
Calipers = Mapping[tuple[str, int], Caliper]


@dataclass(frozen=True, slots=True)
class CtSlices:
    """The CT slices of a visit in mm; None where unknown or without a CT."""

    thickness_mm: float | None = None
    spacing_mm: float | None = None


@dataclass(frozen=True, slots=True)
class RoleOf:
    """The role of a lesion, whether a reader chose it, and why it is so."""

    role: RecistRole
    chosen: bool
    reasons: tuple[Reason, ...]


def is_node(lesion: Lesion | None) -> bool:
    """Whether a lesion is taken for a lymph node, by its site."""
    return lesion is not None and lesion.site in NODE_SITES


def counted_mm(caliper: Caliper | None, nodal: bool) -> float | None:
    """The diameter that counts: longest, of a node the short axis; None where there is none."""
    if caliper is None:
        return None
    length = caliper.short_axis_mm if nodal else caliper.long_axis_mm
    return length if length is not None and length > 0 else None


def baseline_roles(
    state: ReadingState, calipers: Calipers, slices: CtSlices, rules: RecistRules
) -> tuple[Mapping[str, RoleOf], SelectionCheck]:
    """The role of each lesion of the baseline, by id, and whether the targets may be chosen so.

    What a reader chose stands. Of the others the measurable ones fill the seats that are left,
    largest first; all else is non-target. A focus that is no tumour has no role; a normal node
    is not recorded. Bone becomes a target only by choice: its soft tissue has to be seen.
    """
    first = state.visits[0].number
    lesions = [item for item in state.present_lesions() if item.first_visit == first]
    sizes = {
        item.lesion_id: counted_mm(calipers.get((item.lesion_id, first)), is_node(item))
        for item in lesions
    }
    verdicts = {
        item.lesion_id: _verdict(item, sizes[item.lesion_id], _chosen(state, item), slices, rules)
        for item in lesions
    }
    roles: dict[str, RoleOf] = {}
    open_seats: list[Lesion] = []
    for item in lesions:
        settled = _settled(state, item, sizes[item.lesion_id], verdicts[item.lesion_id])
        if settled is None:
            open_seats.append(item)
        else:
            roles[item.lesion_id] = settled
    open_seats.sort(key=lambda i: (-(sizes[i.lesion_id] or 0.0), lesion_order(i.lesion_id)))
    seated = [item for item in lesions if _is_target(roles, item)]
    for item in open_seats:
        taken = _seats_taken(item, seated, rules)
        trace = verdicts[item.lesion_id].reasons
        if taken is None:
            seated.append(item)
            why = reason("REC-3.3-PROPOSED", "PROPOSED_TARGET", size=sizes[item.lesion_id])
            roles[item.lesion_id] = RoleOf(RecistRole.TARGET, False, (*trace, why))
        else:
            roles[item.lesion_id] = RoleOf(RecistRole.NON_TARGET, False, (*trace, taken))
    return roles, _selection(lesions, roles, verdicts, rules)


def _chosen(state: ReadingState, lesion: Lesion) -> RecistRole | None:
    return mark_of(state.recist, lesion.lesion_id).role


def _is_target(roles: Mapping[str, RoleOf], lesion: Lesion) -> bool:
    found = roles.get(lesion.lesion_id)
    return found is not None and found.role is RecistRole.TARGET


def _verdict(
    lesion: Lesion,
    size_mm: float | None,
    chosen: RecistRole | None,
    slices: CtSlices,
    rules: RecistRules,
) -> MeasurabilityVerdict:
    kind = LesionKind.NODE if is_node(lesion) else LesionKind.NON_NODAL
    if lesion.site == BONE and chosen is RecistRole.TARGET:
        kind = LesionKind.BONE_LYTIC_SOFT_TISSUE
    found = BaselineLesion(kind, size_mm, slices.thickness_mm, slices.spacing_mm)
    return measurability(found, rules)


def _settled(
    state: ReadingState, lesion: Lesion, size_mm: float | None, verdict: MeasurabilityVerdict
) -> RoleOf | None:
    """The role where it does not depend on the other lesions; None of a possible target."""
    if lesion.role is not LesionRole.TUMOUR:
        unsure = lesion.role is LesionRole.UNSURE
        code = "LESION_UNSURE" if unsure else "LESION_PHYSIOLOGICAL"
        return RoleOf(RecistRole.NONE, False, (reason("REC-3.3-TUMOUR", code),))
    chosen = _chosen(state, lesion)
    if chosen is RecistRole.NONE:
        return RoleOf(chosen, True, (reason("REC-3.3-CHOSEN", "LEFT_OUT_BY_READER"),))
    if chosen is RecistRole.TARGET and size_mm is None:
        why = reason("REC-3.3-MEASURABLE", "CHOSEN_TARGET_WITHOUT_SIZE")
        return RoleOf(RecistRole.NON_TARGET, True, (*verdict.reasons, why))
    if chosen is not None:
        why = reason("REC-3.3-CHOSEN", "ROLE_BY_READER")
        return RoleOf(chosen, True, (*verdict.reasons, why))
    if verdict.verdict is Measurability.NORMAL:
        return RoleOf(RecistRole.NONE, False, verdict.reasons)
    if lesion.site == BONE:
        why = reason("REC-3.1-BONE", "BONE_BY_CHOICE_ONLY")
        return RoleOf(RecistRole.NON_TARGET, False, (why,))
    if verdict.verdict is not Measurability.MEASURABLE:
        return RoleOf(RecistRole.NON_TARGET, False, verdict.reasons)
    return None


def _seats_taken(lesion: Lesion, seated: Sequence[Lesion], rules: RecistRules) -> Reason | None:
    """Why no seat is left for one more target, or None where one is."""
    organs = Counter(counted_organ(item.site, is_node(item)) for item in seated)
    organ = counted_organ(lesion.site, is_node(lesion))
    if len(seated) >= rules.max_targets:
        return reason("REC-3.3-MAX", "SEATS_TAKEN", limit=rules.max_targets)
    if organs[organ] >= rules.max_targets_per_organ:
        return reason("REC-3.3-ORGAN", "SEATS_OF_ORGAN_TAKEN", limit=rules.max_targets_per_organ)
    return None


def _selection(
    lesions: Sequence[Lesion],
    roles: Mapping[str, RoleOf],
    verdicts: Mapping[str, MeasurabilityVerdict],
    rules: RecistRules,
) -> SelectionCheck:
    def candidate(item: Lesion) -> Candidate:
        fits = verdicts[item.lesion_id].verdict is Measurability.MEASURABLE
        return Candidate(item.lesion_id, item.site, is_node(item), fits, f"{item.site} {item.side}")

    targets = [candidate(item) for item in lesions if _is_target(roles, item)]
    others = [
        candidate(item)
        for item in lesions
        if roles[item.lesion_id].role is RecistRole.NON_TARGET and item.site != BONE
    ]
    return check_selection(targets, rules, others)
