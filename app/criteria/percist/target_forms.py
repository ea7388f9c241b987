"""The target component of one follow-up within its course, in both forms (spec 2.5-2.8)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.criteria.percist.course import PercistCourse, VisitRecord
from app.criteria.percist.five_lesions import FiveCase, judge_five_against, nadir_visit_of_five
from app.criteria.percist.recurrence import RecurrenceCase, judge_recurrence
from app.criteria.percist.rules import ONE_LESION, ComparabilityFailureAction, PercistRules
from app.criteria.percist.selection import Selection
from app.criteria.percist.target import JudgedTarget, TargetCase, judge_against, nadir_visit
from app.domain.response import MetabolicCategory

Peaks = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the follow-ups before this one leave: SULpeaks of evaluable ones per form, overall.

    None among the peaks is a follow-up whose quantitative component was not evaluable.
    """

    one_lesion: tuple[Peaks | None, ...] = ()
    five_lesions: tuple[Peaks | None, ...] = ()
    overall: tuple[MetabolicCategory, ...] = ()

    @property
    def is_after_complete_response(self) -> bool:
        """Whether there was an overall CMR, and no progression since.

        Non-target disease that is back lowers the overall, but the target has not recurred.
        """
        ends = (MetabolicCategory.CMR, MetabolicCategory.PMD)
        known = [category for category in self.overall if category in ends]
        return bool(known) and known[-1] is MetabolicCategory.CMR


@dataclass(frozen=True, slots=True)
class Form:
    """One form of the target component, and the follow-up a rise is measured from.

    `unsound` says that it was judged although the scans must not be compared (WARN).
    """

    judged: JudgedTarget
    nadir: int | None
    unsound: bool = False


@dataclass(frozen=True, slots=True)
class TargetForms:
    """What the target of one follow-up is judged by; `place` counts the follow-ups from 0."""

    course: PercistCourse
    place: int
    earlier: Earlier
    selection: Selection
    rules: PercistRules
    explain: bool

    @property
    def visit(self) -> VisitRecord:
        """The record of this follow-up."""
        return self.course.visits[self.place + 1]

    @property
    def is_recurrence_watched(self) -> bool:
        """Whether, after an overall CMR, recurrence is looked for instead of a change.

        A target that was not measurable at baseline stays so.
        """
        return self.earlier.is_after_complete_response and bool(self.selection.five)

    def primary_and_other(self) -> tuple[Form, Form | None]:
        """The form of the rule set and, where all is explained, the other one beside it."""
        one = self.rules.percist_lesions == ONE_LESION
        if self.is_recurrence_watched:
            return self._recurrence(one), None
        if not self.explain:
            return (self._one() if one else self._five()), None
        return (self._one(), self._five()) if one else (self._five(), self._one())

    def _one_case(self) -> TargetCase:
        visit, eligible = self.visit, self.selection.eligible
        return TargetCase(
            baseline=self.selection.peaks,
            current=visit.sul_peaks,
            earlier=self.earlier.one_lesion,
            liver_mean=visit.reference_mean,
            baseline_threshold=self.course.baseline.threshold,
            comparable=self._is_sound(None) or self._warns,
            resolved=bool(eligible) and visit.resolved.issuperset(eligible),
            missing=[name for name in visit.missing if name in eligible],
            reference_kind=visit.reference_kind,
        )

    def _one(self) -> Form:
        case = self._one_case()
        nadir = nadir_visit(case, self.rules) if case.baseline else None
        if not (self._is_sound(nadir) or self._warns):
            case = replace(case, nadir_comparable=False)
        return Form(
            judge_against(case, nadir, self.rules, self.explain), nadir, self._is_warned(nadir)
        )

    def _five(self) -> Form:
        visit = self.visit
        case = FiveCase(
            five=self.selection.five,
            baseline=self.selection.peaks,
            current=visit.sul_peaks,
            earlier=self.earlier.five_lesions,
            liver_mean=visit.reference_mean,
            comparable=self._is_sound(None) or self._warns,
            resolved=visit.resolved,
            missing=visit.missing,
            sites=self.selection.sites,
        )
        nadir = nadir_visit_of_five(case, self.rules)
        if not (self._is_sound(nadir) or self._warns):
            case = replace(case, nadir_comparable=False)
        return Form(
            judge_five_against(case, nadir, self.rules, self.explain), nadir, self._is_warned(nadir)
        )

    def _recurrence(self, one: bool) -> Form:
        case = self._one_case()
        nadir = nadir_visit(case, self.rules)
        reference = None
        if one:
            lowest = case.baseline if nadir is None else case.earlier[nadir] or {}
            reference = max(peak for name, peak in lowest.items() if name in case.baseline)
        found = RecurrenceCase(
            baseline=case.baseline,
            current=case.current,
            threshold=self.visit.threshold,
            typical=self.visit.typical,
            comparable=case.comparable,
            missing=case.missing,
            reference_sul_peak=reference,
        )
        return Form(judge_recurrence(found, self.rules), nadir)

    @property
    def _warns(self) -> bool:
        return self.rules.comparability_failure_action is ComparabilityFailureAction.WARN

    def _is_sound(self, nadir: int | None) -> bool:
        """Whether this scan may be compared with the nadir's; None is the baseline."""
        against = self.course.visits[0 if nadir is None else nadir + 1]
        return against.number not in self.visit.blocked_against

    def _is_warned(self, nadir: int | None) -> bool:
        return self._warns and not (self._is_sound(None) and self._is_sound(nadir))
