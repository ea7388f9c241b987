"""The change of a target's SULpeak in words."""

from collections.abc import Sequence

from app.criteria.percist.report_string import whole_percent
from app.domain.response import Reason, TargetResponse
from app.reporting.numbers import MINUS, decimals_apart, rounded
from app.reporting.phrases import SUL_DECIMALS, percent
from app.translation import tr


def change_text(response: TargetResponse) -> str:
    """`−35.0 % from baseline (−3.50 g/mL)`, with the change from the nadir where it is another.

    Empty where nothing was compared. No number looks as if it met or passed a limit of its rule
    set that it did not.
    """
    absolute = response.change_from_baseline_abs
    if absolute is None:
        return ""
    reasons = response.reasons
    shares, steps = _limits(reasons, "limit_fraction"), _limits(reasons, "limit_abs")
    text = tr("{percent} from baseline ({absolute} g/mL)").format(
        percent=percent(response.change_from_baseline_fraction, 1, *shares),
        absolute=rounded(absolute, decimals_apart(absolute, steps, SUL_DECIMALS), signed=True),
    )
    if response.change_from_reference_abs not in (None, absolute):
        nadir = percent(response.change_from_reference_fraction, 1, *shares)
        text += tr(", {percent} from nadir").format(percent=nadir)
    return text


def whole_change(fraction: float, reasons: Sequence[Reason]) -> str:
    """`−63 %` for a headline; with decimals where it would look like a limit it does not meet."""
    text = percent(fraction, 0, *_limits(reasons, "limit_fraction"))
    if "." in text:
        return text
    return f"{whole_percent(fraction).replace('-', MINUS)} %"


def _limits(reasons: Sequence[Reason], name: str) -> tuple[float, ...]:
    """The limits of a kind that the trace compared with."""
    found = (item.values().get(name) for item in reasons)
    return tuple(limit for limit in found if isinstance(limit, float))
