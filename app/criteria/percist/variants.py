"""The categories a course would have under other settings, from one read (spec 10)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from app.criteria.percist.course import PercistCourse
from app.criteria.percist.derive_course import derive_course
from app.criteria.percist.rules import (
    FIVE_LESIONS,
    ONE_LESION,
    PercistRules,
    ProgressionReference,
)
from app.domain.percist_response import CourseResponse, FirstProgression
from app.domain.response import MetabolicCategory


@dataclass(frozen=True, slots=True, order=True)
class Quantity:
    """How SULpeak was made: lean-mass formula and peak method, by the codes of the spec."""

    lbm_formula: str
    peak_method: str


@dataclass(frozen=True, slots=True)
class MeasuredVisit:
    """What another quantity changes of a visit: numbers in g/mL, and who may be compared."""

    sul_peaks: Mapping[str, float]
    reference_mean: float | None
    threshold: float | None
    blocked_against: frozenset[int] = frozenset()
    tlg_g: float | None = None


@dataclass(frozen=True, slots=True)
class Variant:
    """One row of the sensitivity table: what was set, and the categories of the follow-ups."""

    quantity: Quantity
    lesions: int
    reference: ProgressionReference
    categories: tuple[MetabolicCategory, ...]
    best: MetabolicCategory
    first_progression: FirstProgression | None


def course_in(course: PercistCourse, measured: Iterable[MeasuredVisit]) -> PercistCourse:
    """The course with the numbers of another quantity, a record for each visit.

    Raises ValueError where their number differs.
    """
    visits = tuple(
        replace(
            visit,
            sul_peaks=other.sul_peaks,
            reference_mean=other.reference_mean,
            threshold=other.threshold,
            blocked_against=other.blocked_against,
            tlg_g=other.tlg_g,
        )
        for visit, other in zip(course.visits, measured, strict=True)
    )
    return replace(course, visits=visits)


def derive_variants(
    courses: Mapping[Quantity, PercistCourse], rules: PercistRules
) -> tuple[Variant, ...]:
    """Both references and both forms for the course of each quantity, in a fixed order.

    `courses` are the same read in different numbers (`course_in`). All other settings are those
    of `rules`.
    """
    found = []
    for quantity in sorted(courses):
        for lesions in (ONE_LESION, FIVE_LESIONS):
            for reference in ProgressionReference:
                changed = replace(rules, percist_lesions=lesions, progression_reference=reference)
                response = derive_course(courses[quantity], changed, explain=False)
                found.append(_row(quantity, changed, response))
    return tuple(found)


def _row(quantity: Quantity, rules: PercistRules, response: CourseResponse) -> Variant:
    return Variant(
        quantity,
        rules.percist_lesions,
        rules.progression_reference,
        tuple(item.overall for item in response.responses),
        response.best,
        response.first_progression,
    )
