"""What the foci of one scan amount to: new, worse, healing, unequivocal (B2, F3, F4)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from app.criteria.bone.rules import BoneRules, NewBoneLesionRule
from app.domain.bone import (
    BoneFocus,
    BoneScan,
    CtCorrelate,
    FocusChange,
    FocusClass,
    NewBoneLesion,
)

CORRELATES = frozenset(
    {CtCorrelate.LYTIC, CtCorrelate.BLASTIC, CtCorrelate.MIXED, CtCorrelate.SOFT_TISSUE}
)
# A new blastic correlate can be healing bone; a mixed one holds lysis (F3).
DESTRUCTIVE = CORRELATES - {CtCorrelate.BLASTIC}


@dataclass(frozen=True, slots=True)
class FociJudged:
    """The ids of the foci of a scan by what they are; each tuple is sorted.

    `appeared`: metastatic foci new since the last scan; `appeared_equivocal`: the same for foci
    the reader could not decide on; `unexplained`: all active metastatic or equivocal foci that
    are neither known nor benign; `destructive`: metastatic ones of these with new lysis or soft
    tissue on CT.
    """

    appeared: tuple[str, ...]
    appeared_equivocal: tuple[str, ...]
    unexplained: tuple[str, ...]
    worse: tuple[str, ...]
    healing: tuple[str, ...]
    benign: tuple[str, ...]
    destructive: tuple[str, ...]


def judge_foci(
    scan: BoneScan,
    last: Mapping[str, BoneFocus],
    items: Collection[str],
    unexplained: Collection[str],
) -> FociJudged:
    """Sorts the foci of a follow-up; `last` is each focus as last seen, `items` are those that
    are followed, `unexplained` those that appeared after baseline and that no flare explains.

    The reader's comparison with the previous scan decides, where there is none the one with the
    baseline. Benign and resolved foci are never new or worse; a followed focus that returns after
    it was gone is worse, not new (spec 3.5). Source: spec 3.8 B2, 4.3 F3, F4.
    """
    active = [
        focus
        for focus in scan.foci
        if focus.focus_class is not FocusClass.BENIGN and not focus.resolved
    ]
    back = [focus for focus in active if _appeared(focus, last.get(focus.focus_id))]
    new = [focus for focus in back if focus.focus_id not in items]
    metastatic = [focus for focus in new if focus.focus_class is FocusClass.METASTATIC]
    open_ids = {*unexplained, *(focus.focus_id for focus in new)}
    worse = [
        focus
        for focus in active
        if focus.focus_class is FocusClass.METASTATIC
        and focus not in new
        and (focus in back or (focus.versus_previous or focus.versus_baseline) is FocusChange.WORSE)
    ]
    healing = [focus for focus in worse if focus.sclerosis_on_ct and scan.clinical_improvement]
    return FociJudged(
        appeared=_ids(metastatic),
        appeared_equivocal=_ids([focus for focus in new if focus not in metastatic]),
        unexplained=_ids([focus for focus in active if focus.focus_id in open_ids]),
        worse=_ids([focus for focus in worse if focus not in healing]),
        healing=_ids(healing),
        benign=_ids([f for f in scan.foci if f.focus_class is FocusClass.BENIGN]),
        destructive=_ids(
            [
                focus
                for focus in active
                if focus.focus_id in open_ids
                and focus.focus_class is FocusClass.METASTATIC
                and focus.correlate_is_new
                and focus.ct_correlate in DESTRUCTIVE
            ]
        ),
    )


def new_lesion(
    scan: BoneScan, judged: FociJudged, rules: BoneRules
) -> tuple[NewBoneLesion, tuple[str, ...]]:
    """Rule B2: what the unexplained foci amount to, and which of them make it unequivocal.

    Unequivocal needs the reader's class METASTATIC and a correlate on CT, MRI or radiograph, or
    two typical foci (metastatic, not where trauma or degeneration explains uptake). Under "any"
    the class is enough; under "2plus2" foci alone never are (`two_plus_two` decides).
    """
    foci = [focus for focus in scan.foci if focus.focus_id in judged.unexplained]
    if not foci:
        return NewBoneLesion.NONE, ()
    metastatic = [focus for focus in foci if focus.focus_class is FocusClass.METASTATIC]
    rule = rules.bone_new_lesion_rule
    if rule is NewBoneLesionRule.ANY:
        proof = metastatic
    elif rule is NewBoneLesionRule.TWO_PLUS_TWO:
        proof = []
    else:
        typical = [focus for focus in metastatic if not focus.trauma_or_degeneration]
        proof = [f for f in metastatic if f.ct_correlate in CORRELATES or f.other_correlate]
        if len(typical) >= rules.typical_foci_min:
            proof = [focus for focus in metastatic if focus in proof or focus in typical]
    return (NewBoneLesion.UNEQUIVOCAL if proof else NewBoneLesion.EQUIVOCAL), _ids(proof)


def count_of(scan: BoneScan, rules: BoneRules) -> tuple[int | None, str]:
    """The number of metastatic foci and how it is reported: exact up to 20, ">20", "diffuse"."""
    if scan.diffuse:
        return None, "diffuse"
    count = sum(
        focus.focus_class is FocusClass.METASTATIC and not focus.resolved for focus in scan.foci
    )
    return count, str(count) if count <= rules.exact_count_max else f">{rules.exact_count_max}"


def ids_text(foci: Collection[str]) -> str:
    """Ids as a trace gives them; a dash where there are none."""
    return ", ".join(sorted(foci)) or "-"


def _appeared(focus: BoneFocus, before: BoneFocus | None) -> bool:
    """Whether a focus is new since the last scan; one that returns after it was gone is."""
    if focus.versus_previous is not None:
        return focus.versus_previous is FocusChange.NEW
    if before is not None and not before.resolved:
        return False
    return focus.versus_baseline in (None, FocusChange.NEW)


def _ids(foci: list[BoneFocus]) -> tuple[str, ...]:
    return tuple(sorted(focus.focus_id for focus in foci))
