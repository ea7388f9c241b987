"""One follow-up of a course: its components and overall response (spec 2.5-2.11)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.criteria.percist.beside_target import extent_of, non_target_of
from app.criteria.percist.course import PercistCourse, VisitRecord
from app.criteria.percist.margin import margins
from app.criteria.percist.new_lesions import first_appearance, new_lesion_response
from app.criteria.percist.overall import (
    Components,
    overall_category,
    overall_flags,
    overall_reasons,
)
from app.criteria.percist.report_string import report_string, told_change, weeks_of_therapy
from app.criteria.percist.rules import (
    ONE_LESION,
    ComparabilityFailureAction,
    PercistRules,
)
from app.criteria.percist.selection import Selection
from app.criteria.percist.target import JudgedTarget
from app.criteria.percist.target_forms import Earlier, Form, Peaks, TargetForms
from app.domain.percist_response import (
    ExtentChange,
    PercistResponse,
)
from app.domain.response import (
    Margin,
    MetabolicCategory,
    Reason,
    reason,
)

CMR, PMD = MetabolicCategory.CMR, MetabolicCategory.PMD


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The judgement of one follow-up; `place` counts the follow-ups from 0.

    Without `explain` only the primary form is judged, with no margins and a short trace.
    """

    course: PercistCourse
    place: int
    earlier: Earlier
    selection: Selection
    rules: PercistRules
    explain: bool = True

    def response(self) -> tuple[PercistResponse, Earlier]:
        """The response, and what this follow-up adds to `earlier` for the next."""
        rules, visit = self.rules, self.visit
        forms = TargetForms(
            self.course, self.place, self.earlier, self.selection, rules, self.explain
        )
        primary, other = forms.primary_and_other()
        non_target = non_target_of(self.course, self.place, rules)
        new = new_lesion_response(visit.new_foci)
        # After a CMR the arithmetic is not used, that of the extent neither.
        eligible = self.selection.eligible
        extent = (
            None
            if forms.is_recurrence_watched
            else extent_of(self.course, self.place, primary, eligible, rules)
        )
        target, target_flags = self._table_target(primary, extent)
        policy = rules.nonmeasurable_policy
        parts = Components(target, non_target.category, new, visit.recist_pd)
        is_new = bool(new.unequivocal)
        overall = overall_category(target, non_target.category, is_new, policy)
        dated, dated_flags = self._backdated(new.unequivocal)
        flags = (
            *primary.judged.response.flags,
            *target_flags,
            *non_target.flags,
            *new.flags,
            *(() if extent is None else extent.flags),
            *overall_flags(parts, overall, policy, rules.pmd_confirmation),
            *dated_flags,
            *self._standing_flags(non_target.category),
        )
        weeks = None
        if self.course.therapy_start is not None:
            weeks = weeks_of_therapy(self.course.therapy_start, visit.on)
        secondary = None if other is None else other.judged.response
        response = PercistResponse(
            visit=visit.number,
            on=visit.on,
            rule_set=rules.name,
            overall=overall,
            target=primary.judged.response,
            secondary=secondary,
            secondary_overall=None
            if secondary is None
            else overall_category(secondary.category, non_target.category, is_new, policy),
            non_target=non_target,
            new_lesions=new,
            extent=extent,
            visual=visit.visual_category,
            weeks=weeks,
            report_string=report_string(
                overall.value, told_change(overall, primary.judged.response), weeks,
                len(new.unequivocal),
            ),
            margins=self._margins(primary.judged, target, parts),
            reasons=(*overall_reasons(parts, policy), *dated),
            flags=tuple(dict.fromkeys(flags)),
            excluded=self.selection.excluded,
        )  # fmt: skip
        return response, self._passed_on(primary, other, overall)

    @property
    def visit(self) -> VisitRecord:
        """The record of this follow-up."""
        return self.course.visits[self.place + 1]

    def _table_target(
        self, form: Form, extent: ExtentChange | None
    ) -> tuple[MetabolicCategory, tuple[str, ...]]:
        """What enters the table as target, and the flags of what changed it."""
        target, visual = form.judged.response, self.visit.visual_category
        flags = ("COMPARISON_NOT_SOUND",) if form.unsound else ()
        if extent is not None and extent.progression:
            return PMD, flags
        acts = self.rules.comparability_failure_action is ComparabilityFailureAction.VISUAL
        if acts and "NOT_COMPARABLE" in target.flags and visual is not None:
            return visual, ("VISUAL_CATEGORY_USED",)
        return target.category, flags

    def _margins(
        self, judged: JudgedTarget, target: MetabolicCategory, parts: Components
    ) -> tuple[Margin, ...]:
        """At which SULpeak the overall category would change; none where no number decides."""
        if target is not judged.response.category:
            return ()

        def overall(category: MetabolicCategory) -> MetabolicCategory:
            policy = self.rules.nonmeasurable_policy
            return overall_category(category, parts.non_target, bool(parts.new.unequivocal), policy)

        found = judged.response.margins
        near = (target, *(margin.category for margin in found))
        if all(overall(category) is category for category in near):
            return found  # the overall category changes wherever that of the target does
        if judged.around is not None:
            return margins(judged.around, overall)
        known = [replace(margin, category=overall(margin.category)) for margin in found]
        return tuple(margin for margin in known if margin.category is not overall(target))

    def _backdated(self, unequivocal: Sequence[str]) -> tuple[tuple[Reason, ...], tuple[str, ...]]:
        """Foci that were equivocal at an earlier visit: progression is dated there (spec 2.8)."""
        visits = [visit.new_foci for visit in self.course.follow_ups[: self.place + 1]]
        steps, flags = [], []
        for name in unequivocal:
            place = first_appearance(visits, name)
            if place is not None and place < self.place:
                number = self.course.follow_ups[place].number
                steps.append(
                    reason("PER-2.8-DATE", "DATED_AT_FIRST_APPEARANCE", lesion=name, visit=number)
                )
                flags.append(f"PMD_BACKDATED {name}")
        return tuple(steps), tuple(flags)

    def _standing_flags(self, non_target: MetabolicCategory | None) -> tuple[str, ...]:
        flags = []
        if PMD in self.earlier.overall:
            flags.append("AFTER_PMD")
        lowered = non_target is MetabolicCategory.NON_CMR_NON_PMD
        if lowered and self.earlier.is_after_complete_response:
            flags.append("NON_TARGET_BACK_AFTER_CMR")
        return tuple(flags)

    def _passed_on(self, primary: Form, other: Form | None, overall: MetabolicCategory) -> Earlier:
        one = self.rules.percist_lesions == ONE_LESION
        first, second = (
            self._evaluable(primary),
            self._evaluable(primary if other is None else other),
        )
        return Earlier(
            (*self.earlier.one_lesion, first if one else second),
            (*self.earlier.five_lesions, second if one else first),
            (*self.earlier.overall, overall),
        )

    def _evaluable(self, form: Form) -> Peaks | None:
        judged = form.judged.response.sul_peak_g_per_ml is not None
        return self.visit.sul_peaks if judged else None
