"""What is left of the metastatic foci at a scan: the non-target item and its category (B1)."""

from app.criteria.bone.foci import ids_text
from app.criteria.bone.memory import Memory
from app.domain.bone import BoneCategory, BoneItemState, BoneScan, FocusClass
from app.domain.response import Reason, reason

ITEM_STATES = {
    BoneCategory.CR: BoneItemState.ABSENT,
    BoneCategory.NON_CR_NON_PD: BoneItemState.PRESENT,
    BoneCategory.PD: BoneItemState.UNEQUIVOCAL_PROGRESSION,
    BoneCategory.NE: BoneItemState.NE,
}


def present_category(
    memory: Memory, scan: BoneScan
) -> tuple[BoneCategory, tuple[Reason, ...], tuple[str, ...]]:
    """CR, NON-CR/NON-PD, NE or NED by what persists, with trace and flags; never PD.

    A followed focus that is not listed makes the item NE; one that is now called benign still
    counts as present (the list is frozen at baseline). Foci that are not explained yet are the
    matter of the new-lesion rules. Without a scan at baseline only progression can be shown.
    """
    if scan.reader_status is BoneCategory.NE:
        return BoneCategory.NE, (reason("BON-4.2", "BONE_READER_NE"),), ()
    if not memory.from_baseline:
        why = reason("BON-B1", "BONE_BASELINE_MISSING")
        return BoneCategory.NE, (why,), ("BONE_BASELINE_MISSING",)
    listed = {focus.focus_id: focus for focus in scan.foci}
    renamed = sorted(
        name
        for name in memory.items & listed.keys()
        if listed[name].focus_class is not FocusClass.METASTATIC and not listed[name].resolved
    )
    flags = ("BONE_FOCUS_RECLASSIFIED",) if renamed else ()
    trace = [reason("BON-B1", "BONE_FOCUS_RECLASSIFIED", foci=ids_text(renamed))] if renamed else []
    absent = sorted(memory.items - listed.keys())
    if absent and not scan.diffuse:
        trace.append(reason("BON-B1", "BONE_FOCUS_NOT_ASSESSED", foci=ids_text(absent)))
        return BoneCategory.NE, tuple(trace), (*flags, "BONE_FOCUS_NOT_ASSESSED")
    left = sorted(
        name
        for name, focus in listed.items()
        if not focus.resolved
        and name not in memory.unexplained
        and (name in memory.items or focus.focus_class is FocusClass.METASTATIC)
    )
    if left or scan.diffuse:
        trace.append(reason("BON-B1", "BONE_PERSISTS", foci=ids_text(left), count=len(left)))
        return BoneCategory.NON_CR_NON_PD, tuple(trace), flags
    if not memory.items:
        trace.append(reason("BON-B1", "BONE_NO_DISEASE"))
        return BoneCategory.NED, tuple(trace), flags
    trace.append(reason("BON-B1", "BONE_ALL_RESOLVED", count=len(memory.items)))
    return BoneCategory.CR, tuple(trace), flags
