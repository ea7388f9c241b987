"""What the bone rules carry from scan to scan."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from app.criteria.bone.foci import FociJudged
from app.criteria.bone.two_plus_two import NewFociSeen
from app.domain.bone import BoneFocus, BoneProgression, BoneScan, FocusClass


@dataclass(frozen=True, slots=True)
class OpenFlare:
    """A suspicion that the next scan closes: the scan it began at and what appeared there."""

    scan_date: date
    new_foci: bool


@dataclass(frozen=True, slots=True)
class Memory:
    """After a scan: each focus as last seen, what is followed, what is not explained yet.

    `items` are the metastatic foci that make up the non-target item (B1); `unexplained` maps the
    foci that appeared later to the date of the scan that first showed them; `follow_ups` serve
    the 2+2 rule. `started` tells whether a scan was read at all, `from_baseline` whether the
    first one was that of the baseline.
    """

    started: bool = False
    from_baseline: bool = False
    last: Mapping[str, BoneFocus] = field(default_factory=dict)
    items: frozenset[str] = frozenset()
    unexplained: Mapping[str, date] = field(default_factory=dict)
    follow_ups: tuple[NewFociSeen, ...] = ()
    flare: OpenFlare | None = None
    progression: BoneProgression | None = None


def start_from(memory: Memory, scan: BoneScan, from_baseline: bool) -> Memory:
    """The memory after the scan that later ones are compared with (B1)."""
    return replace(
        memory,
        started=True,
        from_baseline=from_baseline,
        last={focus.focus_id: focus for focus in scan.foci},
        items=frozenset(
            focus.focus_id
            for focus in scan.foci
            if focus.focus_class is FocusClass.METASTATIC and not focus.resolved
        ),
    )


def remember(memory: Memory, scan: BoneScan, judged: FociJudged) -> Memory:
    """The memory with the foci of a follow-up; flare and progression are the caller's."""
    seen = NewFociSeen(
        scan.scan_date,
        frozenset(judged.appeared),
        frozenset(focus.focus_id for focus in scan.foci if not focus.resolved),
    )
    gone = {focus.focus_id for focus in scan.foci if focus.resolved}
    first_seen = {
        name: memory.unexplained.get(name, scan.scan_date)
        for name in (*memory.unexplained, *judged.unexplained)
        if name not in gone  # one that returns is dated anew
    }
    return replace(
        memory,
        started=True,
        last={**memory.last, **{focus.focus_id: focus for focus in scan.foci}},
        unexplained=first_seen,
        follow_ups=(*memory.follow_ups, seen),
    )


def explained_by_flare(memory: Memory) -> Memory:
    """The memory after a confirmed flare: what appeared is healing bone, followed from now on.

    Foci on which the reader could not decide stay unexplained.
    """
    healed = frozenset(
        name
        for name in memory.unexplained
        if memory.last[name].focus_class is FocusClass.METASTATIC
    )
    left = {name: seen for name, seen in memory.unexplained.items() if name not in healed}
    return replace(memory, items=memory.items | healed, unexplained=left, flare=None)
