"""What decides progression beside the target, as the response's records tell it."""

from collections.abc import Iterable

from app.criteria.percist.report_string import told_change
from app.domain.draft_read import DraftRead, TimePoint
from app.domain.percist_response import PercistResponse
from app.domain.response import MetabolicCategory
from app.reporting.change_text import whole_change
from app.reporting.content import Field
from app.reporting.phrases import site_text, visit_name
from app.reporting.recist_phrases import recist_headline
from app.translation import tr


def progression_facts(point: TimePoint, draft: bool = False) -> tuple[Field, ...]:
    """New lesions and unequivocal progression at a follow-up; nothing at baseline.

    Of a draft "none" only means that no reader has marked any yet.
    """
    response = point.percist
    if response is None:
        return ()
    new, unequivocal = _new_lesions(point, response), _unequivocal(response)
    if draft and not response.new_lesions.unequivocal:
        new = tr("{found} (draft)").format(found=new)
    if draft and not _progressed_by(response):
        unequivocal = tr("none ticked (draft)")
    return (
        Field(tr("New lesions"), new),
        Field(tr("Unequivocal progression"), unequivocal),
    )


def course_facts(read: DraftRead) -> tuple[Field, ...]:
    """Best response and first progression of the whole course; nothing without a follow-up."""
    if read.best is None:
        return ()
    first = read.first_progression
    text = tr("none")
    if first is not None:
        text = f"{first.on.isoformat()} ({visit_name(first.visit)})"
        if first.shown_at != first.visit:
            text = tr("{place}, shown at {visit}").format(
                place=text, visit=visit_name(first.shown_at)
            )
    best = read.best.value.replace("_", " ")
    course = tr("best response {best}, first progression {first}").format(best=best, first=text)
    beside = () if read.recist is None else read.recist.course.responses[-1:]
    return (
        Field(tr("Course"), course),
        *(Field(tr("RECIST 1.1 from the calipers"), recist_headline(item)) for item in beside),
    )


def _new_lesions(point: TimePoint, response: PercistResponse) -> str:
    found = response.new_lesions
    parts = [_places(point, found.unequivocal)] if found.unequivocal else []
    if found.equivocal:
        parts.append(
            tr("equivocal: {lesions}").format(lesions=_places(point, found.equivocal)),
        )
    if found.open:
        parts.append(tr("not yet decided: {lesions}").format(lesions=_places(point, found.open)))
    if found.unequivocal or not parts:
        return "; ".join(parts) or tr("none")
    return "; ".join((tr("none unequivocal"), *parts))


def _unequivocal(response: PercistResponse) -> str:
    """Whether lesions beside the target progressed, with those that did."""
    by = _progressed_by(response)
    if by:
        return tr("yes ({by})").format(by="; ".join(by))
    if response.non_target.category is None:
        return tr("no (no non-target lesion)")
    if response.non_target.category is MetabolicCategory.NE:
        return tr("not evaluable (non-target NE)")
    return tr("no (non-target {category})").format(category=response.non_target.category.value)


def _progressed_by(response: PercistResponse) -> list[str]:
    by = []
    if response.non_target.category is MetabolicCategory.PMD:
        items = [str(step.values()["items"]) for step in response.non_target.reasons]
        by.append(tr("non-target {items}").format(items=", ".join(items)))
    if response.extent is not None and response.extent.progression:
        by.append(tr("extent, by TLG"))
    return by


def _places(point: TimePoint, lesion_ids: Iterable[str]) -> str:
    """`U1 (liver), U2 (axilla, left)`."""
    found = {item.lesion_id: item for item in point.lesions}
    return ", ".join(
        f"{name} ({site_text(found[name].site, found[name].side)})" if name in found else name
        for name in lesion_ids
    )


def headline(response: PercistResponse) -> str:
    """`PMR −63 %`, the category alone where the report string tells no change."""
    category, target = response.overall.value.replace("_", " "), response.target
    fraction = told_change(response.overall, target)
    if fraction is None:
        return category
    return f"{category} {whole_change(fraction, target.reasons)}"


def response_line(response: PercistResponse) -> str:
    """The report string of spec 2.11 for readers: `PMD +35 %, week 4, new: 5`."""
    parts = [headline(response)]
    if response.weeks is not None:
        parts.append(tr("week {week}").format(week=response.weeks))
    if response.new_lesions.unequivocal:
        parts.append(tr("new: {count}").format(count=len(response.new_lesions.unequivocal)))
    return ", ".join(parts)
