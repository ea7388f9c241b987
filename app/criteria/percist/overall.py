"""The overall metabolic response of one follow-up from its components (spec 2.10)."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.criteria.percist.rules import NonmeasurablePolicy, PmdConfirmation
from app.domain.percist_response import NewLesionResponse
from app.domain.response import MetabolicCategory, Reason, reason

CMR, PMR, SMD, PMD, NE, NOT_MEASURABLE = (
    MetabolicCategory.CMR,
    MetabolicCategory.PMR,
    MetabolicCategory.SMD,
    MetabolicCategory.PMD,
    MetabolicCategory.NE,
    MetabolicCategory.NOT_MEASURABLE,
)


@dataclass(frozen=True, slots=True)
class Components:
    """What the table looks at; `non_target` None is no item.

    `recist_pd` is RECIST 1.1 PD on CT at the same visit, None where CT was not judged.
    """

    target: MetabolicCategory
    non_target: MetabolicCategory | None
    new: NewLesionResponse
    recist_pd: bool | None = None


def overall_category(
    target: MetabolicCategory,
    non_target: MetabolicCategory | None,
    new_lesion: bool,
    policy: NonmeasurablePolicy = NonmeasurablePolicy.VISUAL,
) -> MetabolicCategory:
    """The table of spec 2.10; `new_lesion` is an unequivocal one."""
    return _row(target, non_target, new_lesion, policy)[0]


def overall_reasons(parts: Components, policy: NonmeasurablePolicy) -> tuple[Reason, ...]:
    """The row of the table that decided."""
    _, rule, code = _row(parts.target, parts.non_target, bool(parts.new.unequivocal), policy)
    non_target = "-" if parts.non_target is None else parts.non_target.value
    target = parts.target.value
    lesions = ", ".join(parts.new.unequivocal)
    return (reason(rule, code, target=target, non_target=non_target, lesions=lesions),)


def overall_flags(
    parts: Components,
    overall: MetabolicCategory,
    policy: NonmeasurablePolicy,
    confirmation: PmdConfirmation,
) -> tuple[str, ...]:
    """What a reader or the sponsor must see beside the category."""
    flags = []
    if parts.target is NOT_MEASURABLE:
        if overall is not PMD and policy is NonmeasurablePolicy.DEFER_RECIST:
            flags.append("DEFERRED_TO_RECIST")
        elif policy is NonmeasurablePolicy.EXCLUDE:
            flags.append("EXCLUDED_NOT_MEASURABLE")
        elif policy is NonmeasurablePolicy.VISUAL:
            flags.append("VISUAL_PATHWAY")
            if parts.non_target is None and overall is not PMD:
                flags.append("NO_DISEASE_FOLLOWED")
    if parts.recist_pd and overall in (CMR, PMR):
        flags.append("ANATOMIC_CONFLICT")
    if needs_confirmation(parts, overall, confirmation):
        flags.append("PMD_UNCONFIRMED")
    return tuple(flags)


def needs_confirmation(
    parts: Components, overall: MetabolicCategory, confirmation: PmdConfirmation
) -> bool:
    """Whether the progression of this visit alone is not firm (spec 2.8).

    A new visceral lesion or RECIST PD makes it firm. Per Wahl any other progression waits for a
    second scan; without that rule only a single new non-visceral focus is marked.
    """
    if overall is not PMD or parts.new.visceral or parts.recist_pd:
        return False
    if confirmation is PmdConfirmation.PER_WAHL:
        return True
    single = len(parts.new.unequivocal) == 1
    return single and parts.target is not PMD and parts.non_target is not PMD


def best_response(categories: Sequence[MetabolicCategory]) -> MetabolicCategory:
    """The best category up to and including the first PMD; NE where there is none (spec 2.10)."""
    until = list(categories)
    if PMD in until:
        until = until[: until.index(PMD) + 1]
    return min(until, key=BEST_FIRST.index, default=NE)


# NON-CMR/NON-PMD is what SMD is to a patient without a measurable lesion.
BEST_FIRST = (CMR, PMR, SMD, MetabolicCategory.NON_CMR_NON_PMD, PMD, NE, NOT_MEASURABLE)


def _row(
    target: MetabolicCategory,
    non_target: MetabolicCategory | None,
    new_lesion: bool,
    policy: NonmeasurablePolicy,
) -> tuple[MetabolicCategory, str, str]:
    """The category, the rule and the code of the row."""
    if new_lesion:
        return PMD, "PER-2.10-NEW", "OVERALL_NEW_LESION"
    if target is PMD:
        return PMD, "PER-2.10-TARGET", "OVERALL_TARGET_PROGRESSED"
    if non_target is PMD:
        return PMD, "PER-2.10-NONTARGET", "OVERALL_NON_TARGET_PROGRESSED"
    if target is NOT_MEASURABLE:
        if policy is NonmeasurablePolicy.DEFER_RECIST:
            return NE, "PER-2.10-NOTMEASURABLE", "OVERALL_DEFERRED_TO_RECIST"
        if policy is NonmeasurablePolicy.EXCLUDE:
            return NE, "PER-2.10-NOTMEASURABLE", "OVERALL_EXCLUDED"
        if non_target is None:
            return NE, "PER-2.10-NOTMEASURABLE", "OVERALL_NO_DISEASE_FOLLOWED"
        return non_target, "PER-2.10-NOTMEASURABLE", "OVERALL_FROM_NON_TARGET"
    if target is CMR and non_target not in (None, CMR):
        return PMR, "PER-2.10-LOWERED", "OVERALL_LOWERED_BY_NON_TARGET"
    return target, "PER-2.10-TARGET", "OVERALL_FROM_TARGET"
