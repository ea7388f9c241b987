"""From the calipers of a reading, and what its reader states, to the RECIST 1.1 read."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from app.criteria.recist.course import recist_course
from app.criteria.recist.lesion_order import lesion_order
from app.criteria.recist.rules import RecistRules
from app.domain.caliper import Caliper
from app.domain.lesion import NewLesionClass
from app.domain.recist import (
    Modality,
    NewLesionCertainty,
    NewLesionFinding,
    NonTargetFinding,
    NonTargetItem,
    NonTargetStatus,
    RecistBaseline,
    RecistVisit,
    TargetLesion,
    TargetState,
    TargetValue,
)
from app.domain.recist_read import (
    RecistFinding,
    RecistLesion,
    RecistRead,
    RecistRole,
    follow_up_id,
)
from app.domain.response import Reason, reason
from app.domain.rule_content import rules_sha256
from app.reading.recist_marks import mark_of
from app.reading.state import Lesion, LesionRole, ReadingState, VisitEntry
from app.services.load_visit import Visit
from app.services.recist_roles import (
    Calipers,
    CtSlices,
    RoleOf,
    baseline_roles,
    counted_mm,
    is_node,
)
from app.services.rule_sets import load_rules

RULE_SET = "recist-1.1"
CERTAINTY = {
    NewLesionClass.UNEQUIVOCAL: NewLesionCertainty.UNEQUIVOCAL,
    NewLesionClass.EQUIVOCAL: NewLesionCertainty.EQUIVOCAL,
    NewLesionClass.NOT_MALIGNANT: NewLesionCertainty.NOT_MALIGNANT,
}
ORDER = {RecistRole.TARGET: 0, RecistRole.NON_TARGET: 1, RecistRole.NONE: 2}


@cache
def recist_rules() -> RecistRules:
    """The rule set that calipers are read by."""
    return load_rules(RULE_SET, RecistRules)


def ct_slices(visit: Visit) -> CtSlices:
    """The slices of a visit's CT: the thickness of its header, the step of its geometry."""
    if visit.ct_series is None:
        return CtSlices()
    geometry = visit.ct_series.geometry
    spacing = None if geometry is None else geometry.slice_step_mm
    return CtSlices(visit.ct_series.facts.slice_thickness_mm, spacing)


def recist_read(
    state: ReadingState, slices: Mapping[int, CtSlices], rules: RecistRules
) -> RecistRead | None:
    """The read by RECIST 1.1; None while there is no caliper. `slices` by number of the visit.

    A target without a caliper and without a stated state is not assessed, never 0. A non-target
    with a caliper and no status is present. All tumour foci of the baseline have a role, also
    those without a caliper: what was not measured cannot be gone.
    """
    if not state.calipers:
        return None
    first = state.visits[0].number
    usable, strangers = _calipers(state)
    roles, selection = baseline_roles(state, usable, slices.get(first, CtSlices()), rules)
    work = _Work(state, usable)
    lesions = [work.baseline_lesion(state.lesion(name), role) for name, role in roles.items()]
    lesions += [
        work.later_lesion(item) for item in state.present_lesions() if item.first_visit != first
    ]
    lesions = [item for item in lesions if not work.is_silent(item)]
    ordered = sorted(
        (*lesions, *strangers),
        key=lambda i: (ORDER[i.role], i.new_class is None, lesion_order(i.lesion_id)),
    )
    baseline = RecistBaseline(
        state.visits[0].scanned_at.date(),
        tuple(
            TargetLesion(item.lesion_id, item.site, item.nodal, size)
            for item in ordered
            if item.role is RecistRole.TARGET and (size := item.findings[0].size_mm) is not None
        ),
        tuple(
            NonTargetItem(item.lesion_id, item.site, item.nodal)
            for item in ordered
            if item.role is RecistRole.NON_TARGET
        ),
    )
    visits = tuple(work.visit(entry, ordered) for entry in state.visits[1:])
    return RecistRead(
        lesions=tuple(ordered),
        visit_numbers=tuple(entry.number for entry in state.visits),
        baseline=baseline,
        visits=visits,
        course=recist_course(baseline, visits, rules),
        problems=selection.problems,
        hints=selection.hints,
        rule_set=rules.name,
        rules_sha256=rules_sha256(rules),
    )


def _calipers(state: ReadingState) -> tuple[Calipers, list[RecistLesion]]:
    """The calipers that count, by lesion and visit, and those that do not, as rows with why.

    Of several at one place the one drawn last stands.
    """
    present = {item.lesion_id for item in state.present_lesions()}
    usable: dict[tuple[str, int], Caliper] = {}
    strangers = []
    for caliper in state.calipers:
        on_pet = caliper.series_uid == state.visit(caliper.visit).pet_series_uid
        if caliper.lesion_id in present and caliper.lesion_id is not None and not on_pet:
            usable[caliper.lesion_id, caliper.visit] = caliper
            continue
        if on_pet:
            why = reason("REC-3.2", "CALIPER_ON_PET", lesion=caliper.lesion_id or "-")
        elif caliper.lesion_id is None:
            why = reason("REC-3.3-LESION", "CALIPER_OF_NO_LESION")
        else:
            why = reason("REC-3.3-LESION", "CALIPER_OF_REMOVED_LESION", lesion=caliper.lesion_id)
        strangers.append(_stranger(state, caliper, why))
    return usable, strangers


def _stranger(state: ReadingState, caliper: Caliper, why: Reason) -> RecistLesion:
    findings = tuple(
        _measured(entry.number, caliper if entry.number == caliper.visit else None, False)
        for entry in state.visits
    )
    return RecistLesion(caliper.caliper_id, "", "", False, RecistRole.NONE, False, (why,), findings)


def _measured(visit: int, caliper: Caliper | None, nodal: bool) -> RecistFinding:
    if caliper is None:
        return RecistFinding(visit)
    return RecistFinding(
        visit,
        caliper.caliper_id,
        caliper.long_axis_mm,
        caliper.short_axis_mm,
        counted_mm(caliper, nodal),
    )


@dataclass(frozen=True, eq=False)
class _Work:
    state: ReadingState
    calipers: Calipers

    def baseline_lesion(self, lesion: Lesion, role: RoleOf) -> RecistLesion:
        findings = tuple(
            self._finding(lesion, entry.number, role.role) for entry in self.state.visits
        )
        return RecistLesion(
            lesion.lesion_id,
            lesion.site,
            lesion.side,
            is_node(lesion),
            role.role,
            role.chosen,
            role.reasons,
            findings,
        )

    def later_lesion(self, lesion: Lesion) -> RecistLesion:
        """A focus first seen at a follow-up: new by the reader's class, else left out."""
        why: tuple[Reason, ...] = ()
        new_class = lesion.new_class
        if lesion.role is not LesionRole.TUMOUR:
            unsure = lesion.role is LesionRole.UNSURE
            code = "LESION_UNSURE" if unsure else "LESION_PHYSIOLOGICAL"
            why, new_class = (reason("REC-3.7-TUMOUR", code),), None
        elif new_class is None:
            why = (reason("REC-3.7-CLASS", "NEW_FOCUS_NOT_CLASSIFIED"),)
        found = tuple(
            self._finding(lesion, entry.number, RecistRole.NONE) for entry in self.state.visits
        )
        return RecistLesion(
            lesion.lesion_id,
            lesion.site,
            lesion.side,
            is_node(lesion),
            RecistRole.NONE,
            False,
            why,
            found,
            new_class,
        )

    def is_silent(self, item: RecistLesion) -> bool:
        """Normal uptake that nobody measured is not worth a row."""
        lesion = self.state.lesion(item.lesion_id)
        measured = any(finding.caliper_id is not None for finding in item.findings)
        return lesion.role is LesionRole.PHYSIOLOGICAL and not measured

    def visit(self, entry: VisitEntry, lesions: list[RecistLesion]) -> RecistVisit:
        place = self.state.visits.index(entry)
        here = [(item, item.findings[place]) for item in lesions]
        return RecistVisit(
            follow_up_id(entry.number),
            entry.scanned_at.date(),
            targets=tuple(
                TargetValue(item.lesion_id, found.state, _stated_mm(found))
                for item, found in here
                if item.role is RecistRole.TARGET and found.state is not None
            ),
            non_targets=tuple(
                NonTargetFinding(
                    item.lesion_id,
                    found.status,
                    short_axis_mm=found.size_mm if item.nodal else None,
                    why=found.why,
                )
                for item, found in here
                if item.role is RecistRole.NON_TARGET and found.status is not None
            ),
            new_lesions=tuple(
                self._new(item, found)
                for item, found in here
                if item.new_class is not None and self._is_seen(item.lesion_id, entry.number)
            ),
        )

    def _finding(self, lesion: Lesion, visit: int, role: RecistRole) -> RecistFinding:
        caliper = self.calipers.get((lesion.lesion_id, visit))
        found = _measured(visit, caliper, is_node(lesion))
        if visit == self.state.visits[0].number or role is RecistRole.NONE:
            return found
        stated = mark_of(self.state.recist, lesion.lesion_id).at(visit)
        if role is RecistRole.NON_TARGET:
            status = stated.status
            if caliper is not None and status is not NonTargetStatus.UNEQUIVOCAL_PROGRESSION:
                status = NonTargetStatus.PRESENT  # of a node the engine looks at its short axis
            return _with(found, None, status, stated.why)
        state = stated.state or TargetState.NOT_ASSESSED
        if caliper is not None and state is not TargetState.TOO_SMALL:
            drawn = found.size_mm is not None
            state = TargetState.MEASURED if drawn else TargetState.NOT_ASSESSED
        return _with(found, state, None, "")

    def _new(self, item: RecistLesion, found: RecistFinding) -> NewLesionFinding:
        assert item.new_class is not None
        return NewLesionFinding(
            item.lesion_id,
            CERTAINTY[item.new_class],
            modality=Modality.PET if found.caliper_id is None else Modality.CT,
            nodal=item.nodal,
            short_axis_mm=found.size_mm if item.nodal else None,
        )

    def _is_seen(self, lesion_id: str, visit: int) -> bool:
        """Whether a new focus is seen at a visit: where it was first, has a region or a caliper."""
        lesion = self.state.lesion(lesion_id)
        if visit in lesion.resolved_visits or visit < lesion.first_visit:
            return False
        placed = lesion.region_at(visit) is not None or (lesion_id, visit) in self.calipers
        return visit == lesion.first_visit or placed


def _stated_mm(found: RecistFinding) -> float | None:
    """The diameter that goes with a state; an absent lesion has none."""
    given = found.state in (TargetState.MEASURED, TargetState.TOO_SMALL)
    return found.size_mm if given else None


def _with(
    found: RecistFinding, state: TargetState | None, status: NonTargetStatus | None, why: str
) -> RecistFinding:
    return RecistFinding(
        found.visit,
        found.caliper_id,
        found.long_mm,
        found.short_mm,
        found.size_mm,
        state,
        status,
        why,
    )
