"""Which rule decides a bone scan: flare, new lesions, progression, or none of them."""

from dataclasses import dataclass
from datetime import date

from app.criteria.bone.foci import FociJudged, ids_text, new_lesion
from app.criteria.bone.memory import Memory, OpenFlare
from app.criteria.bone.rules import BoneRules, NewBoneLesionRule
from app.criteria.bone.two_plus_two import DAYS_PER_WEEK, two_plus_two
from app.domain.bone import (
    BoneCategory,
    BoneScan,
    CtFinding,
    Flare,
    FocusClass,
    NewBoneLesion,
    ProgressionEvidence,
)
from app.domain.response import Reason, reason


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say of a scan; `dated` is set where they say progression."""

    new_lesion: NewBoneLesion
    flare: Flare = Flare.NONE
    dated: date | None = None
    evidence: ProgressionEvidence = ProgressionEvidence.NON_TARGET
    rule: str = ""
    reasons: tuple[Reason, ...] = ()
    flags: tuple[str, ...] = ()


def in_flare_window(scan_date: date, therapy_start: date, rules: BoneRules) -> bool:
    """Whether a scan lies within the flare window: from therapy start to 26 weeks (inclusive)."""
    days = (scan_date - therapy_start).days
    return 0 <= days <= rules.flare_window_weeks * DAYS_PER_WEEK


def verdict(
    memory: Memory,
    scan: BoneScan,
    judged: FociJudged,
    ct: CtFinding | None,
    therapy_start: date,
    rules: BoneRules,
) -> Verdict:
    """The verdict on a follow-up scan, in the order F2, F3, F1, 2+2, B2, reader's progression.

    `memory` already holds this scan's foci (`remember`), `memory.flare` still the suspicion of
    the scan before. Source: spec 3.8 B2, B3 and 4.3.
    """
    amount, proof = new_lesion(scan, judged, rules)
    reader = scan.reader_status is BoneCategory.PD
    by_foci = rules.bone_new_lesion_rule is not NewBoneLesionRule.TWO_PLUS_TWO
    appeared = judged.appeared if by_foci else ()
    undecided = judged.appeared_equivocal if by_foci else ()
    flare = memory.flare
    if flare is not None and (judged.worse or appeared or reader):
        return _flare_refuted(flare, judged, appeared)
    if judged.destructive:
        return _progression(
            "BON-F3", "BONE_NEW_DESTRUCTION", memory, judged.destructive, scan.scan_date
        )
    if flare is not None:
        return _flare_ends(memory, flare, judged, undecided)
    days = (scan.scan_date - therapy_start).days
    worsened = bool(judged.worse or appeared or undecided or reader)
    protected = in_flare_window(scan.scan_date, therapy_start, rules)
    if worsened and protected and not (ct is not None and ct.progression):
        return _flare_begins(judged, ct, days, rules)
    if not by_foci:
        found = two_plus_two(memory.follow_ups, rules)
        if found is not None:
            first = memory.follow_ups[found.first]
            return _progression(
                "BON-4.5", "BONE_TWO_PLUS_TWO", memory, (), first.scan_date, first.scan_date
            )
    if amount is NewBoneLesion.UNEQUIVOCAL:
        return _progression("BON-B2", "BONE_NEW_LESION", memory, proof, scan.scan_date)
    if reader:
        return Verdict(
            amount,
            dated=scan.scan_date,
            rule="BON-B1",
            reasons=(reason("BON-B1", "BONE_READER_PROGRESSION"),),
        )
    return _no_progression(amount, judged)


def _flare_refuted(flare: OpenFlare, judged: FociJudged, appeared: tuple[str, ...]) -> Verdict:
    fresh = flare.new_foci or bool(appeared)
    why = reason(
        "BON-F2",
        "BONE_FLARE_REFUTED",
        first=flare.scan_date.isoformat(),
        worse=ids_text(judged.worse),
        new=ids_text(appeared),
    )
    return Verdict(
        NewBoneLesion.UNEQUIVOCAL if fresh else NewBoneLesion.NONE,
        Flare.REFUTED,
        flare.scan_date,
        ProgressionEvidence.NEW_LESION if fresh else ProgressionEvidence.NON_TARGET,
        "BON-F2",
        (why,),
        (Flare.REFUTED.value,),
    )


def _flare_ends(
    memory: Memory, flare: OpenFlare, judged: FociJudged, fresh: tuple[str, ...]
) -> Verdict:
    """Not worse: the suspicion ends, unless foci appeared that the reader cannot judge."""
    first = flare.scan_date.isoformat()
    if fresh:
        why = reason("BON-F2", "BONE_FLARE_OPEN", first=first, new=ids_text(fresh))
        flags = ("BONE_NEW_FOCUS_EQUIVOCAL", Flare.SUSPECTED.value)
        return Verdict(NewBoneLesion.EQUIVOCAL, Flare.SUSPECTED, reasons=(why,), flags=flags)
    why = reason("BON-F2", "BONE_FLARE_CONFIRMED", first=first)
    undecided = sorted(
        name for name in judged.unexplained if memory.last[name].focus_class is FocusClass.EQUIVOCAL
    )
    if undecided:
        foci = ids_text(undecided)
        return Verdict(
            NewBoneLesion.EQUIVOCAL,
            Flare.CONFIRMED,
            reasons=(why, reason("BON-B2", "BONE_NEW_FOCUS_EQUIVOCAL", foci=foci)),
            flags=("BONE_NEW_FOCUS_EQUIVOCAL", Flare.CONFIRMED.value),
        )
    return Verdict(
        NewBoneLesion.NONE, Flare.CONFIRMED, reasons=(why,), flags=(Flare.CONFIRMED.value,)
    )


def _flare_begins(judged: FociJudged, ct: CtFinding | None, days: int, rules: BoneRules) -> Verdict:
    new = sorted((*judged.appeared, *judged.appeared_equivocal))
    why = reason(
        "BON-F1",
        "BONE_FLARE_SUSPECTED",
        days=days,
        weeks=rules.flare_window_weeks,
        worse=ids_text(judged.worse),
        new=ids_text(new),
    )
    flags = [Flare.SUSPECTED.value]
    reasons = [why]
    if ct is None or ct.progression is None:
        flags.append("BONE_FLARE_WITHOUT_CT")
        reasons.append(reason("BON-F1", "BONE_FLARE_WITHOUT_CT"))
    return Verdict(
        NewBoneLesion.EQUIVOCAL if new else NewBoneLesion.NONE,
        Flare.SUSPECTED,
        reasons=tuple(reasons),
        flags=tuple(flags),
    )


def _progression(
    rule: str,
    code: str,
    memory: Memory,
    foci: tuple[str, ...],
    seen_on: date,
    dated: date | None = None,
) -> Verdict:
    """A new lesion, dated at the scan that first showed one of its foci (spec 3.7)."""
    first = dated or min(memory.unexplained[name] for name in foci)
    params = {"foci": ids_text(foci), "dated": first.isoformat()}
    reasons = [reason(rule, code, **params)]
    if first < seen_on:
        reasons.append(reason("BON-B2", "BONE_DATED_BACK", dated=first.isoformat()))
    return Verdict(
        NewBoneLesion.UNEQUIVOCAL,
        dated=first,
        evidence=ProgressionEvidence.NEW_LESION,
        rule=rule,
        reasons=tuple(reasons),
    )


def _no_progression(amount: NewBoneLesion, judged: FociJudged) -> Verdict:
    reasons, flags = [], []
    if amount is NewBoneLesion.EQUIVOCAL:
        foci = ids_text(judged.unexplained)
        reasons.append(reason("BON-B2", "BONE_NEW_FOCUS_EQUIVOCAL", foci=foci))
        flags.append("BONE_NEW_FOCUS_EQUIVOCAL")
    if judged.worse:
        worse = ids_text(judged.worse)
        reasons.append(reason("BON-B1", "BONE_WORSE_NOT_UNEQUIVOCAL", foci=worse))
        flags.append("BONE_WORSE_NOT_UNEQUIVOCAL")
    return Verdict(amount, reasons=tuple(reasons), flags=tuple(flags))
