"""Sentences of a RECIST read: reasons, margins, headline, roles and states in words."""

from fractions import Fraction

from app.criteria.recist.selection import LYMPH_NODES
from app.domain.exact import TIE, exact
from app.domain.findings import ParamValue
from app.domain.recist import RecistCategory
from app.domain.recist_read import FOLLOW_UP, RecistFinding, RecistLesion
from app.domain.recist_response import RecistMargin, RecistResponse
from app.domain.response import Reason
from app.reporting.numbers import decimals_apart, plain, rounded
from app.reporting.phrases import percent, visit_name
from app.wording import sentence, sentences

MM_DECIMALS = 1  # as diameters are stored
MOST_DECIMALS = 3
LIMITS = ("limit", "limit_mm")  # printed as the rule states them


def length_text(value: float, signed: bool = False) -> str:
    """A length in mm: tenths, more decimals only where it has them."""
    for decimals in range(MM_DECIMALS, MOST_DECIMALS):
        if abs(exact(round(value, decimals)) - exact(value)) <= TIE:
            return rounded(value, decimals, signed)
    return rounded(value, MOST_DECIMALS, signed)


def recist_reason_text(item: Reason) -> str:
    """The sentence of one step of the trace, each number told apart from its limit."""
    values = item.values()
    texts: dict[str, ParamValue] = {
        name: plain(value) if name in LIMITS else length_text(value, name == "change_mm")
        for name, value in values.items()
        if isinstance(value, float)
    }
    share, limit = values.get("change_fraction"), values.get("limit_fraction")
    if isinstance(limit, float):
        texts["limit_percent"] = f"{100.0 * limit:+g} %"
        texts["change_percent"] = percent(None)
        if isinstance(share, float):
            decimals = decimals_apart(100.0 * share, (100.0 * limit,), 1)
            texts["change_percent"] = percent(share, decimals)
    for name, value in values.items():
        if isinstance(value, str):
            texts[name] = _coded(name, value)
    return sentence("reasons", item.code, {**values, **texts})


def _coded(name: str, value: str) -> str:
    """A code among the values of a reason in words; lesion ids and categories stay."""
    if name == "kind":
        return sentence("recist_kinds", value, {})
    if name == "organ" and value == LYMPH_NODES:
        return sentence("recist_kinds", "node", {})
    if name == "organ":
        return sentences("sites").get(value, value)
    if name == "chain":
        site, _, side = value.partition(" ")
        place = sentences("sites").get(site, site)
        return f"{place}, {sentences('sides').get(side, side)}" if side else place
    return visit_text(value) if name == "visit" else value


def visit_text(visit_id: str) -> str:
    """The name of a follow-up by its id in a trace."""
    number = visit_id.removeprefix(FOLLOW_UP)
    return visit_name(int(number)) if number.isdecimal() else visit_id


def category_text(category: RecistCategory) -> str:
    """A category in words."""
    return sentence("recist_categories", category.value, {})


def recist_margin_texts(response: RecistResponse) -> tuple[str, ...]:
    """How far other categories are: `PR would become SD if the sum were 1.2 mm larger (...)`."""
    if response.target is None:
        return ()
    complete = response.target.category is RecistCategory.CR
    return tuple(_margin_text(response.overall, item, complete) for item in response.margins)


def _margin_text(category: RecistCategory, margin: RecistMargin, complete: bool) -> str:
    distance = abs(margin.difference_mm)
    if margin.lesion_id is not None:
        code = "NODE"
    elif complete:
        code = "ANY_RETURN"
    else:
        code = "LARGER" if _is_larger(category, margin) else "SMALLER"
        if distance <= TIE:
            code += "_THAN_LIMIT"
        elif margin.inclusive:
            code += "_OR_EQUAL"
    text = sentence(
        "recist_margins",
        code,
        {
            "category": margin.category.value,
            "difference": length_text(distance),
            "at": length_text(margin.at_mm),
            "lesion": margin.lesion_id or "",
        },
    )
    return f"{category.value} {text}"


def _is_larger(category: RecistCategory, margin: RecistMargin) -> bool:
    if abs(margin.difference_mm) > TIE:
        return margin.difference_mm > 0
    # On the limit the side is told by the limit: what lies below progression is anything else,
    # what lies above response is SD or PD.
    if RecistCategory.PD in (category, margin.category):
        return margin.category is RecistCategory.PD
    return category is RecistCategory.PR


def recist_headline(response: RecistResponse) -> str:
    """`PR -42 %`: category and change of the sum, rounded half away from zero.

    From the nadir for PD, else from the baseline (spec 3.5); the category alone where there is
    no such change, or where PD does not come from the sum.
    """
    name, target = response.overall.value, response.target
    if target is None or response.overall is RecistCategory.ND:
        return name
    progression = response.overall is RecistCategory.PD
    if progression and target.category is not RecistCategory.PD:
        return name
    fraction = (
        target.change_from_nadir_fraction if progression else target.change_from_baseline_fraction
    )
    if fraction is None:
        return name
    whole = int(abs(100 * exact(fraction)) + Fraction(1, 2))
    sign = "-" if fraction < 0 and whole else "+"
    return f"{name} {sign}{whole} %"


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
