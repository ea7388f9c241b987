"""What each target adds to the sum at a follow-up (spec 3.4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from app.criteria.recist.length import exact_sum, mm
from app.criteria.recist.lesion_order import lesion_order
from app.criteria.recist.rules import RecistRules
from app.domain.exact import nearest
from app.domain.recist import TargetLesion, TargetState, TargetValue
from app.domain.response import Reason, reason

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Booked:
    """One target at one visit; `value` in mm is None where it was not assessed.

    `booked_on` names the lesion that carries a merged mass; on the others the value is 0.
    """

    lesion_id: str
    nodal: bool
    state: TargetState
    value: Fraction | None
    booked_on: str | None = None
    scan_date: date | None = None


def book_targets(
    targets: Sequence[TargetLesion], values: Sequence[TargetValue], rules: RecistRules
) -> tuple[tuple[Booked, ...], tuple[Reason, ...]]:
    """The targets of the baseline with their values now, by id, and the steps worth telling.

    Gone 0, too small 5 mm unless measured, split the sum of all fragments, merged one diameter
    on the lowest id; what was not assessed is missing, never 0 and never carried forward. A
    value of a lesion that is no target of the baseline is left out with its reason.
    """
    known = {target.lesion_id: target for target in targets}
    given = {value.lesion_id: value for value in values if value.lesion_id in known}
    strangers = sorted((v.lesion_id for v in values if v.lesion_id not in known), key=lesion_order)
    steps = [reason("REC-3.3-FROZEN", "NO_TARGET_OF_BASELINE", lesion=name) for name in strangers]
    merged: dict[str, Booked] = {}
    if any(value.state is TargetState.MERGED for value in given.values()):
        merged = _book_merged(known, given, steps)
    booked = []
    for name in sorted(known, key=lesion_order):
        if name in merged:
            booked.append(merged[name])
        else:
            booked.append(_book_one(known[name], given.get(name), rules, steps))
    return tuple(booked), tuple(steps)


def _book_one(
    target: TargetLesion, value: TargetValue | None, rules: RecistRules, steps: list[Reason]
) -> Booked:
    name, nodal = target.lesion_id, target.nodal
    if value is None or value.state is TargetState.NOT_ASSESSED:
        return Booked(name, nodal, TargetState.NOT_ASSESSED, None)
    length = ZERO
    if value.state is TargetState.TOO_SMALL:
        stated = value.diameter_mm is not None
        length = mm(rules.too_small_default_mm if value.diameter_mm is None else value.diameter_mm)
        code = "TOO_SMALL_BUT_MEASURED" if stated else "TOO_SMALL_DEFAULT"
        steps.append(reason("REC-3.4-SMALL", code, lesion=name, value=nearest(length)))
    elif value.state is TargetState.SPLIT:
        length = exact_sum(mm(part) for part in value.fragments_mm)
        count = len(value.fragments_mm)
        steps.append(
            reason(
                "REC-3.4-SPLIT", "FRAGMENTS_ADDED", lesion=name, count=count, value=nearest(length)
            )
        )
    elif value.diameter_mm is not None:
        length = mm(value.diameter_mm)
    return Booked(name, nodal, value.state, length, scan_date=value.scan_date)


def _book_merged(
    known: Mapping[str, TargetLesion], given: Mapping[str, TargetValue], steps: list[Reason]
) -> dict[str, Booked]:
    """The merged lesions: the mass on the lowest id of its group, 0 on the others."""
    booked: dict[str, Booked] = {}
    for group in _groups(known, given):
        lowest = group[0]
        # The reader drew one diameter, on any of the lesions; should there be several, the largest
        # is the longest diameter of the mass.
        drawn = [
            (mm(value.diameter_mm), value.scan_date)
            for name in group
            if (value := given.get(name)) is not None and value.diameter_mm is not None
        ]
        mass, day = max(drawn, key=lambda item: item[0]) if drawn else (None, None)
        # A mass is a node only where every part of it was one.
        nodal = all(known[name].nodal for name in group)
        for name in group:
            rest = None if mass is None else ZERO
            share = mass if name == lowest else rest
            booked[name] = Booked(name, nodal, TargetState.MERGED, share, lowest, day)
        names = ", ".join(group)
        if mass is None:
            steps.append(reason("REC-3.4-MERGED", "MERGED_NOT_MEASURED", lesions=names))
        else:
            steps.append(
                reason(
                    "REC-3.4-MERGED",
                    "MERGED_ON_LOWEST",
                    lesions=names,
                    lesion=lowest,
                    value=nearest(mass),
                )
            )
    return booked


def _groups(
    known: Mapping[str, TargetLesion], given: Mapping[str, TargetValue]
) -> list[tuple[str, ...]]:
    """Lesions that are named together, directly or through others; each group by id."""
    groups: list[set[str]] = []
    for name in sorted(given, key=lesion_order):
        value = given[name]
        if value.state is TargetState.MERGED:
            group = {name, *(other for other in value.merged_with if other in known)}
            apart = [item for item in groups if not item & group]
            groups = [*apart, group.union(*(item for item in groups if item & group))]
    ordered = [tuple(sorted(group, key=lesion_order)) for group in groups]
    return sorted(ordered, key=lambda group: lesion_order(group[0]))
