"""A PERCIST response: components, overall, course (spec 2.7-2.11)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.response import Margin, MetabolicCategory, Reason, TargetResponse


class NonTargetStatus(StrEnum):
    """What a reader finds of one non-target item at a follow-up (spec 2.9)."""

    CMR = "CMR"
    NON_CMR_NON_PMD = "NON-CMR/NON-PMD"
    PMD = "PMD"
    NE = "NE"


@dataclass(frozen=True, slots=True)
class NonTargetResponse:
    """The non-target component; the category is None where there is no item."""

    category: MetabolicCategory | None
    reasons: tuple[Reason, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewLesionResponse:
    """The new lesions of one follow-up by verdict, lesion ids in order.

    `open` are those no verdict counts of yet: not classified, or the ILD question unanswered.
    `visceral` are those of `unequivocal` in an inner organ.
    """

    unequivocal: tuple[str, ...] = ()
    equivocal: tuple[str, ...] = ()
    not_malignant: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    visceral: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExtentChange:
    """Change of TLG against the progression reference's scan, as a fraction (spec 2.7 Extent)."""

    change_fraction: float | None
    alert: bool
    progression: bool
    reasons: tuple[Reason, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PercistResponse:
    """Everything PERCIST says of one follow-up.

    `target` is the primary form (one or five lesions as the rule set says), `secondary` the
    other form and `secondary_overall` the category it would give; both None where not derived.
    `visual` is the reader's visual category, kept apart from the arithmetic. `margins` are those
    of the overall category. `excluded` tells which baseline lesions are no targets, and why.
    """

    visit: int
    on: date
    rule_set: str
    overall: MetabolicCategory
    target: TargetResponse
    secondary: TargetResponse | None
    secondary_overall: MetabolicCategory | None
    non_target: NonTargetResponse
    new_lesions: NewLesionResponse
    extent: ExtentChange | None
    visual: MetabolicCategory | None
    weeks: int | None
    report_string: str
    margins: tuple[Margin, ...] = ()
    reasons: tuple[Reason, ...] = ()
    flags: tuple[str, ...] = ()
    excluded: tuple[Reason, ...] = ()

    @property
    def trace(self) -> tuple[Reason, ...]:
        """All steps in their order: target, beside it, and how they make the overall response."""
        extent = () if self.extent is None else self.extent.reasons
        return (
            *self.target.reasons,
            *extent,
            *self.non_target.reasons,
            *self.new_lesions.reasons,
            *self.reasons,
        )


@dataclass(frozen=True, slots=True)
class SensitivityRow:
    """The categories of all follow-ups, and the best, under other settings (spec 10).

    `progression_reference` is the code of what a rise is measured from.
    """

    lbm_formula: str
    peak_method: str
    lesions: int
    progression_reference: str
    categories: tuple[MetabolicCategory, ...]
    best: MetabolicCategory


@dataclass(frozen=True, slots=True)
class FirstProgression:
    """The first progression of a course.

    It is dated by the scan of `visit`; `shown_at` is the visit that proved it, later than
    `visit` where an equivocal focus was confirmed or a second scan was asked for.
    """

    visit: int
    on: date
    shown_at: int


@dataclass(frozen=True, slots=True)
class ResponseDurations:
    """Days; None where it did not begin. `ended` is False while no progression closes them."""

    complete_days: int | None
    response_days: int | None
    stable_days: int | None
    ended: bool


@dataclass(frozen=True, slots=True)
class CourseResponse:
    """A patient's follow-ups under one rule set, with best response and first progression.

    `flags` are those of the choice of targets at baseline.
    """

    rule_set: str
    responses: tuple[PercistResponse, ...]
    best: MetabolicCategory
    first_progression: FirstProgression | None
    durations: ResponseDurations
    flags: tuple[str, ...] = ()
