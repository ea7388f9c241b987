"""The bone component of one visit from its scan, or from the lack of one (B1, B4)."""

from dataclasses import replace
from datetime import date

from app.criteria.bone.foci import FociJudged, count_of, ids_text, judge_foci
from app.criteria.bone.memory import Memory, OpenFlare, explained_by_flare, remember
from app.criteria.bone.presence import ITEM_STATES, present_category
from app.criteria.bone.rules import BoneRules
from app.criteria.bone.verdict import Verdict, verdict
from app.domain.bone import (
    BoneCategory,
    BoneItemState,
    BoneProgression,
    BoneResponse,
    BoneScan,
    BoneVisit,
    Flare,
    NewBoneLesion,
    ProgressionEvidence,
)
from app.domain.response import Reason, reason
from app.domain.rule_content import rules_sha256


def baseline_response(visit: BoneVisit, scan: BoneScan, rules: BoneRules) -> BoneResponse:
    """The record of the baseline scan: what is followed from now on (B1)."""
    start = _read(visit, scan, rules)
    found = bool(start.metastatic_count) or scan.diffuse
    return replace(
        start,
        category=BoneCategory.NON_CR_NON_PD if found else BoneCategory.NED,
        item=BoneItemState.PRESENT if found else None,
        reasons=(reason("BON-B1", "BONE_BASELINE", count=start.count_text),),
    )


def late_response(
    visit: BoneVisit, scan: BoneScan, memory: Memory, rules: BoneRules
) -> BoneResponse:
    """The first readable scan where the baseline had none: NE (B1)."""
    why = reason("BON-B1", "BONE_BASELINE_MISSING")
    start = replace(_read(visit, scan, rules), progression=memory.progression)
    return replace(start, reasons=(why,), flags=("BONE_BASELINE_MISSING",))


def missing_scan(visit: BoneVisit, memory: Memory, rules: BoneRules) -> tuple[BoneResponse, Memory]:
    """B4: no readable scan. NE unless the CT of the visit shows the bones; a suspicion stays."""
    code = "BONE_SCAN_MISSING" if visit.scan is None else "BONE_SCAN_NOT_READABLE"
    trace = [reason("BON-B4", code)]
    flare = Flare.NONE if memory.flare is None else Flare.SUSPECTED
    start = replace(
        _unread(visit, rules),
        flare=flare,
        progression=memory.progression,
        flags=(code,) if flare is Flare.NONE else (code, flare.value),
    )
    status = None if visit.ct is None else visit.ct.bone_status
    if visit.ct is None or status is None:
        return replace(start, reasons=tuple(trace)), memory
    trace.append(reason("BON-B4", "BONE_SHOWN_BY_CT", category=status.value))
    if status is BoneCategory.PD and memory.progression is None:
        seen = visit.ct.scan_date
        found = BoneProgression(seen, seen, visit.visit, ProgressionEvidence.CT, "BON-B4")
        memory = replace(memory, progression=found, flare=None)
    response = replace(
        start,
        category=status,
        item=ITEM_STATES.get(status),
        progression=memory.progression,
        reasons=tuple(trace),
    )
    return response, memory


def follow_up(
    visit: BoneVisit, scan: BoneScan, memory: Memory, therapy_start: date, rules: BoneRules
) -> tuple[BoneResponse, Memory]:
    """The response of a readable follow-up scan, and the memory for the next one."""
    judged = judge_foci(scan, memory.last, memory.items, memory.unexplained)
    after = remember(memory, scan, judged)
    start = replace(
        _read(visit, scan, rules),
        new_foci=judged.unexplained,
        worse_foci=judged.worse,
        healing_foci=judged.healing,
        benign_foci=judged.benign,
    )
    if memory.progression is not None:
        return _standing(start, after, scan, memory.progression), after
    found = verdict(after, scan, judged, visit.ct, therapy_start, rules)
    after = _carried(after, scan, found, visit.visit, bool(judged.unexplained))
    return _response(start, after, scan, found, judged), after


def _carried(memory: Memory, scan: BoneScan, found: Verdict, visit: int, new_foci: bool) -> Memory:
    """The memory with the flare begun, kept or ended, and the progression found."""
    if found.dated is not None:
        progression = BoneProgression(
            found.dated, scan.scan_date, visit, found.evidence, found.rule
        )
        return replace(memory, progression=progression, flare=None)
    if found.flare is Flare.CONFIRMED:
        return explained_by_flare(memory)
    if found.flare is Flare.SUSPECTED and memory.flare is None:
        return replace(memory, flare=OpenFlare(scan.scan_date, new_foci))
    return memory


def _response(
    start: BoneResponse, memory: Memory, scan: BoneScan, found: Verdict, judged: FociJudged
) -> BoneResponse:
    category, why, flags = present_category(memory, scan)
    item = ITEM_STATES.get(category)
    if found.dated is not None:
        category = BoneCategory.PD
        if found.evidence is ProgressionEvidence.NON_TARGET:
            item = BoneItemState.UNEQUIVOCAL_PROGRESSION
    elif found.flare is Flare.SUSPECTED:
        category, item = BoneCategory.NON_CR_NON_PD, BoneItemState.PRESENT
    trace = [*found.reasons, *why]
    if judged.healing:
        trace.insert(0, reason("BON-F4", "BONE_HEALING", foci=ids_text(judged.healing)))
    raised = [*found.flags, *flags]
    if scan.reader_status not in (None, category):
        raised.append("BONE_READER_DIFFERS")
        trace.append(_differs(scan, category))
    return replace(
        start,
        category=category,
        item=item,
        new_lesion=found.new_lesion,
        flare=found.flare,
        progression=memory.progression,
        reasons=tuple(trace),
        flags=tuple(sorted(raised)),
    )


def _standing(
    start: BoneResponse, memory: Memory, scan: BoneScan, progression: BoneProgression
) -> BoneResponse:
    """A visit after progression: it stays PD."""
    by_new = progression.evidence is ProgressionEvidence.NEW_LESION
    item = ITEM_STATES.get(present_category(memory, scan)[0])
    why = reason("BON-B1", "BONE_PROGRESSION_STANDS", since=progression.dated.isoformat())
    return replace(
        start,
        category=BoneCategory.PD,
        item=item if by_new else BoneItemState.UNEQUIVOCAL_PROGRESSION,
        new_lesion=NewBoneLesion.UNEQUIVOCAL if by_new else NewBoneLesion.NONE,
        progression=progression,
        reasons=(why,),
    )


def _differs(scan: BoneScan, category: BoneCategory) -> Reason:
    stated = scan.reader_status.value if scan.reader_status else ""
    return reason("BON-4.2", "BONE_READER_DIFFERS", stated=stated, category=category.value)


def _unread(visit: BoneVisit, rules: BoneRules) -> BoneResponse:
    return BoneResponse(
        visit=visit.visit,
        scan_date=None if visit.scan is None else visit.scan.scan_date,
        category=BoneCategory.NE,
        item=BoneItemState.NE,
        new_lesion=NewBoneLesion.NONE,
        flare=Flare.NONE,
        rule_set=rules.name,
        rules_sha256=rules_sha256(rules),
    )


def _read(visit: BoneVisit, scan: BoneScan, rules: BoneRules) -> BoneResponse:
    count, text = count_of(scan, rules)
    return replace(_unread(visit, rules), metastatic_count=count, count_text=text)
