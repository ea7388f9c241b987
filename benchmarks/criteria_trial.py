"""A made-up trial of two readers, always the same one: PERCIST and RECIST courses."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.criteria.percist.course import PercistCourse, VisitRecord
from app.criteria.percist.new_lesions import NewFocus
from app.criteria.percist.non_target import NonTargetItem
from app.criteria.percist.selection import BaselineLesion
from app.criteria.percist.variants import MeasuredVisit, Quantity, course_in
from app.domain import recist
from app.domain.lesion import NewLesionClass
from app.domain.percist_response import NonTargetStatus
from app.domain.recist import (
    NewLesionCertainty,
    NewLesionFinding,
    NonTargetFinding,
    RecistBaseline,
    RecistVisit,
    TargetLesion,
    TargetState,
    TargetValue,
)
from app.services.criteria_input import (
    REPORTED,
    CriteriaInput,
    OtherQuantity,
    PercistInput,
    RecistInput,
)

PARTICIPANTS, VISITS, READERS = 262, 9, 2
FIRST_DAY = date(2026, 1, 5)
INTERVAL_DAYS = 91
SITES = ("liver", "lung", "bone", "axilla", "mediastinum", "chest")
FORMULAS = {"LBMJANMA": 1.0, "LBMJAMES128": 1.12}
METHODS = {"continuous": 1.0, "fractional": 0.96, "ibsi_binary": 0.93}
CHANGES = (0.6, 0.8, 0.95, 1.0, 1.05, 1.2, 1.4)


@dataclass(frozen=True, slots=True)
class MadeUpRead:
    """One reader's records of one participant."""

    percist: PercistCourse
    quantities: Mapping[Quantity, PercistCourse]
    baseline: RecistBaseline
    visits: tuple[RecistVisit, ...]


def made_up_trial(
    participants: int = PARTICIPANTS, visits: int = VISITS, readers: int = READERS, seed: int = 1
) -> tuple[MadeUpRead, ...]:
    """The reads of all readers; lesions respond, progress, are missed, and new ones appear."""
    chance = random.Random(seed)
    return tuple(_read(chance, visits) for _ in range(participants * readers))


def made_up_inputs(
    participants: int = PARTICIPANTS,
    visits: int = VISITS,
    readers: int = READERS,
    seed: int = 1,
    variants: bool = False,
) -> tuple[CriteriaInput, ...]:
    """The same reads as the input of the service, under percist-nadir and RECIST 1.1."""
    reads = made_up_trial(participants, visits, readers, seed)
    return tuple(_input(read, variants) for read in reads)


def _input(read: MadeUpRead, variants: bool) -> CriteriaInput:
    course = read.percist
    others = [
        OtherQuantity(
            quantity.lbm_formula,
            quantity.peak_method,
            tuple(_measured(visit, 1.0) for visit in found.visits),
        )
        for quantity, found in read.quantities.items()
        if variants and quantity != REPORTED
    ]
    percist = PercistInput(
        ("percist-nadir",),
        course.visits,
        tuple(course.lesions.values()),
        course.therapy_start,
        variants,
        other_quantities=tuple(others),
    )
    recist = RecistInput(("recist-1.1",), read.baseline, read.visits)
    return CriteriaInput(percist=percist, recist=recist)


def _read(chance: random.Random, visits: int) -> MadeUpRead:
    percist = _percist(chance, visits)
    quantities = {
        Quantity(formula, method): course_in(
            percist, [_measured(visit, mass * share) for visit in percist.visits]
        )
        for formula, mass in FORMULAS.items()
        for method, share in METHODS.items()
    }
    return MadeUpRead(percist, quantities, *_recist(chance, visits))


def _day(number: int) -> date:
    return FIRST_DAY + timedelta(days=number * INTERVAL_DAYS)


def _percist(chance: random.Random, visits: int) -> PercistCourse:
    peaks = {f"L{number}": chance.uniform(2.5, 15.0) for number in range(chance.randint(1, 8))}
    lesions = {name: BaselineLesion(name, chance.choice(SITES)) for name in peaks}
    records = [_percist_visit(chance, 0, peaks)]
    for number in range(1, visits):
        change = chance.choice(CHANGES)
        peaks = {name: peak * change * chance.uniform(0.9, 1.1) for name, peak in peaks.items()}
        records.append(_percist_visit(chance, number, peaks))
    return PercistCourse(tuple(records), lesions, FIRST_DAY + timedelta(days=7))


def _percist_visit(chance: random.Random, number: int, peaks: Mapping[str, float]) -> VisitRecord:
    mean = chance.uniform(1.4, 1.9)
    blocked = number > 0 and chance.random() < 0.05
    new = number > 0 and chance.random() < 0.05
    return VisitRecord(
        number,
        _day(number),
        dict(peaks),
        reference_mean=mean,
        threshold=1.5 * mean + 0.3,
        blocked_against=frozenset({number - 1}) if blocked else frozenset(),
        resolved=frozenset(peaks) if chance.random() < 0.5 else frozenset(),
        non_targets=(NonTargetItem("N1", chance.choice(tuple(NonTargetStatus)[:2])),),
        new_foci=(NewFocus("U1", chance.choice(tuple(NewLesionClass)[:2]), "bone"),) if new else (),
        recist_pd=False,
        tlg_g=chance.uniform(10.0, 200.0),
    )


def _measured(visit: VisitRecord, factor: float) -> MeasuredVisit:
    return MeasuredVisit(
        {name: peak * factor for name, peak in visit.sul_peaks.items()},
        None if visit.reference_mean is None else visit.reference_mean * factor,
        None if visit.threshold is None else visit.threshold * factor,
        visit.blocked_against,
        visit.tlg_g,
    )


def _recist(chance: random.Random, visits: int) -> tuple[RecistBaseline, tuple[RecistVisit, ...]]:
    targets = tuple(
        TargetLesion(f"T{n}", SITES[n], SITES[n] == "axilla", round(chance.uniform(15.0, 80.0), 1))
        for n in range(chance.randint(1, 5))
    )
    baseline = RecistBaseline(FIRST_DAY, targets, (recist.NonTargetItem("N1", "lung"),))
    sizes = {target.lesion_id: target.baseline_mm for target in targets}
    found = []
    for number in range(1, visits):
        change = chance.choice(CHANGES)
        sizes = {
            name: round(size * change * chance.uniform(0.95, 1.05), 1)
            for name, size in sizes.items()
        }
        found.append(_recist_visit(chance, number, sizes))
    return baseline, tuple(found)


def _recist_visit(chance: random.Random, number: int, sizes: Mapping[str, float]) -> RecistVisit:
    new = NewLesionFinding("U1", chance.choice(tuple(NewLesionCertainty)))
    return RecistVisit(
        f"V{number}",
        _day(number),
        tuple(
            TargetValue(name, TargetState.MEASURED, size)
            for name, size in sizes.items()
            if chance.random() > 0.02
        ),
        (NonTargetFinding("N1", chance.choice(tuple(recist.NonTargetStatus)[:2])),),
        (new,) if chance.random() < 0.05 else (),
    )
