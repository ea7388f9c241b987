"""The new lesions of one follow-up, and since when they count (spec 3.7)."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.criteria.recist.length import mm
from app.criteria.recist.lesion_order import lesion_order
from app.criteria.recist.pet import pet_evidence
from app.criteria.recist.rules import RecistRules
from app.domain.exact import at_least
from app.domain.recist import BaselinePet, NewLesionCertainty, NewLesionFinding, RecistVisit
from app.domain.recist_response import NewLesionComponent, NewLesionState, Sighting
from app.domain.response import Reason, reason


@dataclass(frozen=True, slots=True)
class NewLesionStep:
    """The component of a visit, and the first sightings to take to the next one."""

    component: NewLesionComponent
    sightings: Mapping[str, Sighting]


def new_lesion_step(
    visit: RecistVisit,
    baseline_pet: BaselinePet,
    earlier: Mapping[str, Sighting],
    rules: RecistRules,
) -> NewLesionStep:
    """What is new at a visit, given where each focus was first seen at earlier ones.

    Only unequivocal lesions count, from the scan on which they were first seen, also where
    they were equivocal then. A focus judged not malignant loses its earlier sightings.
    """
    trace: list[Reason] = []
    flags: list[str] = []
    findings = _findings(visit, baseline_pet, trace)
    judged = {
        name: _certainty(findings[name], rules, name in earlier, trace, flags)
        for name in sorted(findings, key=lesion_order)
    }
    _wait_for_lone_node(findings, judged, earlier, rules, trace, flags)
    sightings = dict(earlier)
    counted: list[Sighting] = []
    waiting: list[str] = []
    for name, certainty in judged.items():
        if certainty is None or certainty is NewLesionCertainty.NOT_MALIGNANT:
            sightings.pop(name, None)
            continue
        finding = findings[name]
        here = Sighting(
            name, visit.visit_id, finding.scan_date or visit.scan_date, finding.modality
        )
        first = sightings.setdefault(name, here)
        if certainty is NewLesionCertainty.EQUIVOCAL:
            waiting.append(name)
            flags.append(f"EQUIVOCAL_NEW_LESION {name}")
            trace.append(reason("REC-3.7-EQUIVOCAL", "NEW_FOCUS_EQUIVOCAL", lesion=name))
        else:
            counted.append(first)
            trace += _counted_reasons(finding, first, visit)
    state = NewLesionState.EQUIVOCAL if waiting else NewLesionState.NONE
    state = NewLesionState.UNEQUIVOCAL if counted else state
    component = NewLesionComponent(
        state, tuple(counted), tuple(waiting), tuple(trace), tuple(flags)
    )
    return NewLesionStep(component, sightings)


def _findings(
    visit: RecistVisit, baseline_pet: BaselinePet, trace: list[Reason]
) -> dict[str, NewLesionFinding]:
    """One finding per focus: the reader's, unless only PET tells that it is unequivocal."""
    findings: dict[str, NewLesionFinding] = {}
    for site in sorted(visit.pet, key=lambda item: lesion_order(item.lesion_id)):
        finding, why = pet_evidence(site, baseline_pet)
        trace.append(why)
        if finding is not None:
            findings[site.lesion_id] = finding
    for finding in visit.new_lesions:
        on_pet = findings.get(finding.lesion_id)
        equivocal = finding.certainty is NewLesionCertainty.EQUIVOCAL
        if on_pet is None or not (equivocal and on_pet.certainty is NewLesionCertainty.UNEQUIVOCAL):
            findings[finding.lesion_id] = finding
    return findings


def _certainty(
    finding: NewLesionFinding,
    rules: RecistRules,
    seen_before: bool,
    trace: list[Reason],
    flags: list[str],
) -> NewLesionCertainty | None:
    """The reader's verdict, of a node held against its short axis; None is no lesion at all."""
    name, axis = finding.lesion_id, finding.short_axis_mm
    if not finding.nodal or finding.certainty is NewLesionCertainty.NOT_MALIGNANT:
        return finding.certainty
    if axis is None:
        trace.append(reason("REC-3.7-NODE", "NEW_NODE_NOT_MEASURED", lesion=name))
        flags.append(f"NEW_NODE_NOT_MEASURED {name}")
        return NewLesionCertainty.EQUIVOCAL
    if not at_least(mm(axis), mm(rules.node_normal_below_mm)):
        values = {"short_axis": axis, "limit": rules.node_normal_below_mm}
        trace.append(reason("REC-3.7-NODE", "NEW_NODE_STILL_NORMAL", lesion=name, **values))
        return None
    return finding.certainty


def _wait_for_lone_node(
    findings: Mapping[str, NewLesionFinding],
    judged: dict[str, NewLesionCertainty | None],
    earlier: Mapping[str, Sighting],
    rules: RecistRules,
    trace: list[Reason],
    flags: list[str],
) -> None:
    """A node that grew out of the normal to less than 15 mm, alone, waits for the next scan."""
    counting = [name for name, item in judged.items() if item is NewLesionCertainty.UNEQUIVOCAL]
    if len(counting) != 1 or counting[0] in earlier:
        return
    finding = findings[counting[0]]
    axis, before = finding.short_axis_mm, finding.earlier_short_axis_mm
    if not finding.nodal or axis is None or before is None:
        return
    if at_least(mm(axis), mm(rules.node_target_min_mm)):
        return
    name = finding.lesion_id
    judged[name] = NewLesionCertainty.EQUIVOCAL
    flags.append(f"NEW_NODE_WAITS {name}")
    trace.append(
        reason(
            "REC-3.7-WAIT",
            "NEW_NODE_WAITS",
            lesion=name,
            before=before,
            short_axis=axis,
            limit=rules.node_target_min_mm,
        )
    )


def _counted_reasons(
    finding: NewLesionFinding, first: Sighting, visit: RecistVisit
) -> list[Reason]:
    name = finding.lesion_id
    steps = [reason("REC-3.7", "NEW_FOCUS_UNEQUIVOCAL", lesion=name)]
    if finding.outside_baseline_scan:
        steps.append(reason("REC-3.7-OUTSIDE", "NEW_OUTSIDE_BASELINE_SCAN", lesion=name))
    if first.visit_id != visit.visit_id:
        steps.append(
            reason(
                "REC-3.7-BACKDATE",
                "NEW_FOCUS_FIRST_SEEN_EARLIER",
                lesion=name,
                visit=first.visit_id,
                date=first.scan_date.isoformat(),
            )
        )
    return steps
