"""Sentences of a RECIST read: margins, headline, roles and states in words."""

from app.criteria.recist.report_string import told_change
from app.domain.exact import TIE
from app.domain.recist import RecistCategory
from app.domain.recist_read import RecistFinding, RecistLesion
from app.domain.recist_response import RecistMargin, RecistResponse
from app.reporting.change_text import whole_change
from app.reporting.lengths import length_text
from app.wording import sentence


def category_text(category: RecistCategory) -> str:
    """A category in words."""
    return sentence("recist_categories", category.value, {})


def recist_margin_texts(response: RecistResponse) -> tuple[str, ...]:
    """How far other categories are: `PR would become SD if the sum were 1.2 mm larger (...)`."""
    name = response.overall.value
    return tuple(f"{name} {recist_margin_clause(response, item)}" for item in response.margins)


def recist_margin_clause(response: RecistResponse, margin: RecistMargin) -> str:
    """The same of one margin, without the category the response has now."""
    distance = abs(margin.difference_mm)
    if margin.lesion_id is not None:
        code = "NODE"
    elif response.target is not None and response.target.category is RecistCategory.CR:
        code = "ANY_RETURN"
    else:
        code = "LARGER" if _is_larger(response.overall, margin) else "SMALLER"
        if distance <= TIE:
            code += "_THAN_LIMIT"
        elif margin.inclusive:
            code += "_OR_EQUAL"
    return sentence(
        "recist_margins",
        code,
        {
            "category": margin.category.value,
            "difference": length_text(distance, limit=0.0),
            "at": length_text(margin.at_mm),
            "lesion": margin.lesion_id or "",
        },
    )


def _is_larger(category: RecistCategory, margin: RecistMargin) -> bool:
    if abs(margin.difference_mm) > TIE:
        return margin.difference_mm > 0
    # On the limit the side is told by the limit: what lies below progression is anything else,
    # what lies above response is SD or PD.
    if RecistCategory.PD in (category, margin.category):
        return margin.category is RecistCategory.PD
    return category is RecistCategory.PR


def recist_headline(response: RecistResponse) -> str:
    """`PR −42 %`: the category, and the change that `told_change` gives."""
    name, fraction = response.overall.value, told_change(response)
    if fraction is None or response.target is None:
        return name
    return f"{name} {whole_change(fraction, response.target.reasons)}"


def role_text(item: RecistLesion) -> str:
    """The role of a lesion in words; of a new focus that it is one."""
    if item.new_class is not None:
        return sentence("recist_roles", "new", {})
    return sentence("recist_roles", item.role.value, {})


def state_text(found: RecistFinding) -> str:
    """What is known of a lesion at a visit beside its diameters; empty where nothing is."""
    if found.status is not None:
        return sentence("recist_statuses", found.status.value, {})
    return "" if found.state is None else sentence("recist_target_states", found.state.value, {})
