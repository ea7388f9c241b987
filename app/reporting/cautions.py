"""What a reader has to judge, and what lies outside the protocol, with the visits it belongs to."""

from collections.abc import Iterable, Iterator, Sequence

from app.domain.draft_read import DraftRead, TimePoint
from app.domain.response import ComparabilityItem, ComparabilitySeverity
from app.reporting.phrases import (
    comparability_label,
    comparability_text,
    flag_text,
    visit_flags,
    visit_name,
)
from app.translation import mark, tr

# Facts that nobody stated: they warn, but no limit is passed.
UNSTATED_CODES = frozenset({"FACT_UNKNOWN", "ACTIVITY_UNKNOWN"})
UNSTATED = {
    "GLUCOSE": mark("blood glucose not stated"),
    "FASTING": mark("fasting not stated"),
    "THERAPY_INTERVAL": mark("time since last therapy not stated"),
}
# Lines of a card that tell of the earlier scan, which has them as its own prerequisites.
OF_EARLIER = "_EARLIER"
ALL_FROM = 3  # visits from which on a list of all of them is no longer spelled out


def cautions(read: DraftRead) -> tuple[str, ...]:
    """Everything not in order, once each: `Baseline and Follow-up 1: fasting not stated.`"""
    latest = read.latest.number
    told: dict[str, list[int]] = {}
    for point in read.time_points:
        flags = (*(visit_flags(point) if point.number == latest else ()), *point.reference.flags)
        for flag in flags:
            told.setdefault(flag_text(flag), []).append(point.number)
        for item in _not_in_order(point):
            told.setdefault(f"{_clause(item)}.", []).append(point.number)
    return tuple(
        tr("{visits}: {text}").format(visits=_visits(numbers, read), text=text)
        for text, numbers in told.items()
    )


def outside_protocol(read: DraftRead) -> str:
    """What lies beyond its limit or forbids the comparison, with its visits; empty if nothing."""
    told: dict[str, list[int]] = {}
    for point in read.time_points:
        for item in _not_in_order(point):
            if item.code not in UNSTATED_CODES:
                told.setdefault(_clause(item), []).append(point.number)
    return "; ".join(f"{text} ({_visits(numbers, read)})" for text, numbers in told.items())


def _not_in_order(point: TimePoint) -> Iterator[ComparabilityItem]:
    """The lines of a scan alone, then those of its comparison, that are not in order."""
    alone = {item.rule for item in point.prerequisites}
    compared = (
        item
        for item in point.comparability
        if item.rule not in alone and not (alone and item.rule.endswith(OF_EARLIER))
    )
    for item in (*point.prerequisites, *compared):
        if item.severity is not ComparabilitySeverity.OK:
            yield item


def _clause(item: ComparabilityItem) -> str:
    """`uptake time 158.8 min, beyond 70 min`."""
    if item.code in UNSTATED_CODES and item.rule in UNSTATED:
        return tr(UNSTATED[item.rule])
    label = comparability_label(item)
    if label[1:2].islower():  # not SULmean
        label = label[0].lower() + label[1:]
    return f"{label} {comparability_text(item)}"


def _visits(numbers: Sequence[int], read: DraftRead) -> str:
    numbers = tuple(dict.fromkeys(numbers))
    if len(numbers) == len(read.time_points) >= ALL_FROM:
        return tr("All visits")
    return listed(visit_name(number) for number in numbers)


def listed(names: Iterable[str]) -> str:
    """`A, B and C`."""
    *first, last = names
    return tr("{first} and {last}").format(first=", ".join(first), last=last) if first else last
