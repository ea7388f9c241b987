"""Made-up courses of a whole trial, always the same ones: for speed and for properties."""

import random
from datetime import date, timedelta

from app.criteria.percist.course import PercistCourse, VisitRecord
from app.criteria.percist.new_lesions import NewFocus
from app.criteria.percist.non_target import NonTargetItem
from app.criteria.percist.selection import BaselineLesion
from app.criteria.percist.variants import MeasuredVisit, Quantity, course_in
from app.domain.lesion import NewLesionClass
from app.domain.percist_response import NonTargetStatus
from app.domain.response import MetabolicCategory

FIRST_DAY = date(2026, 1, 5)
INTERVAL_DAYS = 91
SITES = ("liver", "lung", "bone", "axilla", "mediastinum", "", "chest")
FORMULAS = {"LBMJANMA": 1.0, "LBMJAMES128": 1.12}
METHODS = {"continuous": 1.0, "fractional": 0.96, "ibsi_binary": 0.93}


def trial(participants=262, visits=9, seed=1):
    """One course a participant, with everything that a reader may record now and then."""
    chance = random.Random(seed)
    return [made_up_course(chance, visits) for _ in range(participants)]


def made_up_course(chance, visits=9):
    """A course that may respond, progress, be blocked, lose lesions, or show new ones."""
    names = [f"L{number}" for number in range(1, chance.randint(1, 8) + 1)]
    peaks = {name: round(chance.uniform(2.5, 15.0), 4) for name in names}
    lesions = {
        name: BaselineLesion(name, site=chance.choice(SITES), diameter_mm=chance.uniform(8, 60))
        for name in names
    }
    records = [_record(chance, 0, peaks)]
    for number in range(1, visits):
        factor = chance.choice((0.3, 0.6, 0.9, 1.0, 1.1, 1.4))
        peaks = {
            name: round(max(0.2, peak * factor * chance.uniform(0.8, 1.2)), 4)
            for name, peak in peaks.items()
        }
        records.append(_record(chance, number, peaks))
    return PercistCourse(tuple(records), lesions, FIRST_DAY + timedelta(days=10))


def in_all_quantities(course):
    """The course in both lean-mass formulas and all three peak methods."""
    return {
        Quantity(formula, method): course_in(
            course,
            [
                MeasuredVisit(
                    {n: p * mass * share for n, p in visit.sul_peaks.items()},
                    visit.reference_mean * mass,
                    visit.threshold * mass,
                    visit.blocked_against,
                )
                for visit in course.visits
            ],
        )
        for formula, mass in FORMULAS.items()
        for method, share in METHODS.items()
    }


def _record(chance, number, peaks):
    mean = round(chance.uniform(1.5, 1.9), 4)
    names = sorted(peaks)
    now = dict(peaks)
    if number and chance.random() < 0.05:
        now.pop(chance.choice(names))
    later = number > 0
    return VisitRecord(
        number,
        FIRST_DAY + timedelta(days=number * INTERVAL_DAYS),
        now,
        reference_mean=mean,
        threshold=round(1.5 * mean + 0.4, 4),
        blocked_against=frozenset({chance.randrange(number)})
        if later and chance.random() < 0.1
        else frozenset(),
        resolved=frozenset(names) if later and chance.random() < 0.6 else frozenset(),
        missing=tuple(name for name in names if name not in now),
        typical={name: chance.random() < 0.6 for name in names if chance.random() < 0.5},
        non_targets=tuple(
            NonTargetItem(
                f"N{item}", chance.choice(tuple(NonTargetStatus)), round(chance.uniform(1, 5), 3)
            )
            for item in range(2)
            if chance.random() < 0.4
        ),
        new_foci=tuple(
            NewFocus(
                f"U{item}",
                chance.choice((*NewLesionClass, None)),
                site=chance.choice(SITES),
                not_malignant_reason="inflammation",
                ild_considered=chance.random() < 0.7,
            )
            for item in range(2)
            if later and chance.random() < 0.1
        ),
        visual_category=MetabolicCategory.SMD if chance.random() < 0.3 else None,
        recist_pd=chance.choice((None, True, False)) if later else None,
        tlg_g=round(chance.uniform(10, 200), 2) if chance.random() < 0.5 else None,
    )
