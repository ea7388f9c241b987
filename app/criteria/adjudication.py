"""When do two reads of a case go to an adjudicator? (spec 5.4)"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.domain.exact import at_least, at_most, exact
from app.domain.response import Reason, reason
from app.domain.trial import AdjudicationTrigger


@dataclass(frozen=True, slots=True)
class CaseRead:
    """What one reader's complete read says, as far as triggers look at it.

    `pd_visit` None is "no progression found", unless `pd_known` is False. The mappings go by
    visit number; changes of the target sum are fractions. What a reader did not state (None, or
    a visit that is not listed) cannot be compared.
    """

    bor: str | None = None
    pd_visit: int | None = None
    pd_date: date | None = None
    pd: bool | None = None
    pd_known: bool = True
    measurable: bool | None = None
    responses: Mapping[int, str] = field(default_factory=dict)
    new_lesions: Mapping[int, bool] = field(default_factory=dict)
    target_changes: Mapping[int, float] = field(default_factory=dict)
    percist_categories: Mapping[int, str] = field(default_factory=dict)

    def progressed(self) -> bool | None:
        """Whether the reader found progression at all; None where that is not known."""
        if self.pd is not None:
            return self.pd
        found = self.pd_visit is not None or self.pd_date is not None
        return found or (False if self.pd_known else None)


@dataclass(frozen=True, slots=True)
class Adjudication:
    """Whether the case goes to an adjudicator: the triggers that fired, in the order of the list
    of spec 5.4, and those for which a value was missing."""

    required: bool
    triggers: tuple[AdjudicationTrigger, ...]
    not_compared: tuple[AdjudicationTrigger, ...]
    reasons: tuple[Reason, ...]


def adjudicate(
    one: CaseRead,
    other: CaseRead,
    triggers: Sequence[AdjudicationTrigger],
    change_limits: tuple[float, float] = (-0.30, 0.20),
) -> Adjudication:
    """Compares two reads by the chosen triggers; swapping the readers changes nothing.

    `change_limits` are the fall and the rise of the target sum, as fractions, inclusive. A visit
    that one reader did not reach is no difference by itself (spec 5.3: reading stops after PD).
    """
    fired, missing, trace = [], [], []
    for trigger in AdjudicationTrigger:
        if trigger not in triggers:
            continue
        differs = _differs(trigger, one, other, change_limits)
        if differs is None:
            missing.append(trigger)
            trace.append(reason("ADJ-5.4", "ADJUDICATION_NOT_COMPARED", trigger=trigger.value))
        elif differs:
            fired.append(trigger)
            trace.append(reason("ADJ-5.4", "ADJUDICATION_DIFFERS", trigger=trigger.value))
    if not trace:
        trace.append(reason("ADJ-5.4", "ADJUDICATION_AGREES"))
    return Adjudication(bool(fired), tuple(fired), tuple(missing), tuple(trace))


def _differs(
    trigger: AdjudicationTrigger, one: CaseRead, other: CaseRead, limits: tuple[float, float]
) -> bool | None:
    """Whether the readers differ; None where one of them did not say."""
    if trigger is AdjudicationTrigger.PD_VISIT:
        return _unequal(_when(one, one.pd_visit), _when(other, other.pd_visit))
    if trigger is AdjudicationTrigger.PD_DATE:
        return _unequal(_when(one, one.pd_date), _when(other, other.pd_date))
    if trigger is AdjudicationTrigger.PD_YES_NO:
        return _unequal(one.progressed(), other.progressed())
    if trigger is AdjudicationTrigger.BOR:
        return _unequal(one.bor, other.bor)
    if trigger is AdjudicationTrigger.BASELINE_MEASURABILITY:
        return _unequal(one.measurable, other.measurable)
    if trigger is AdjudicationTrigger.VISIT_RESPONSE:
        return _unequal_visits(one.responses, other.responses)
    if trigger is AdjudicationTrigger.NEW_LESION:
        return _unequal_visits(one.new_lesions, other.new_lesions)
    if trigger is AdjudicationTrigger.PERCIST_CATEGORY:
        return _unequal_visits(one.percist_categories, other.percist_categories)
    return _unequal_visits(
        {visit: _side(change, limits) for visit, change in one.target_changes.items()},
        {visit: _side(change, limits) for visit, change in other.target_changes.items()},
    )


def _when(read: CaseRead, stated: int | date | None) -> int | date | str | None:
    """When a reader found progression, "never", or None where that is not known."""
    return "never" if read.progressed() is False else stated


def _unequal(one: object, other: object) -> bool | None:
    return None if one is None or other is None else one != other


def _unequal_visits(one: Mapping[int, object], other: Mapping[int, object]) -> bool | None:
    both = one.keys() & other.keys()
    return any(one[visit] != other[visit] for visit in both) if both else None


def _side(change: float, limits: tuple[float, float]) -> int:
    fall, rise = limits
    if at_most(exact(change), exact(fall)):
        return -1
    return 1 if at_least(exact(change), exact(rise)) else 0
