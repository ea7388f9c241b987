"""The change of a target's SULpeak in words."""

from app.domain.response import TargetResponse
from app.reporting.numbers import decimals_apart, rounded
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
    shares, steps = _limits(response, "limit_fraction"), _limits(response, "limit_abs")
    text = tr("{percent} from baseline ({absolute} g/mL)").format(
        percent=percent(response.change_from_baseline_fraction, 1, *shares),
        absolute=rounded(absolute, decimals_apart(absolute, steps, SUL_DECIMALS), signed=True),
    )
    if response.change_from_reference_abs not in (None, absolute):
        nadir = percent(response.change_from_reference_fraction, 1, *shares)
        text += tr(", {percent} from nadir").format(percent=nadir)
    return text


def _limits(response: TargetResponse, name: str) -> tuple[float, ...]:
    """The limits of a kind that the trace compared with."""
    found = (item.values().get(name) for item in response.reasons)
    return tuple(limit for limit in found if isinstance(limit, float))
