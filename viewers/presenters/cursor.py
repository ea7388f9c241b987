"""What lies under the cursor, on one line."""

from dataclasses import dataclass

from app.domain.numbers import PreviewNumbers, ReferenceNumbers
from app.translation import tr
from viewers.presenters.numbers import MINUS

SEPARATOR = " · "


@dataclass(frozen=True, slots=True)
class CursorValues:
    """Values at one place; None where a volume does not reach or a quantity does not exist.

    `refusal_tag` is the tag that SUV is refused for; "" where it is not refused.
    """

    suvbw_g_per_ml: float | None = None
    sul_g_per_ml: float | None = None
    hounsfield: float | None = None
    activity_bq_per_ml: float | None = None
    liver_mean_sul_g_per_ml: float | None = None
    refusal_tag: str = ""
    visit: str = ""  # which visit the pointer is at, where there are several


def cursor_text(values: CursorValues | None) -> str:
    """`BL · SUVbw 4.31 · SUL 3.24 · HU 41 · 812 Bq/mL · × liver 1.9`; empty outside the images."""
    if values is None:
        return ""
    parts = [values.visit] if values.visit else []
    if values.refusal_tag:
        parts.append(tr("SUV refused {tag}").format(tag=values.refusal_tag))
    else:
        if values.suvbw_g_per_ml is not None:
            parts.append(f"SUVbw {_decimal(values.suvbw_g_per_ml, 2)}")
        if values.sul_g_per_ml is not None:
            parts.append(f"SUL {_decimal(values.sul_g_per_ml, 2)}")
    if values.hounsfield is not None:
        parts.append(f"HU {_decimal(values.hounsfield, 0)}")
    if values.activity_bq_per_ml is not None:
        grouped = f"{values.activity_bq_per_ml:,.0f}".replace(",", "\N{NARROW NO-BREAK SPACE}")
        parts.append(f"{grouped.replace('-', MINUS)} Bq/mL")
    liver = values.liver_mean_sul_g_per_ml
    if liver and values.sul_g_per_ml is not None and not values.refusal_tag:
        parts.append(tr("× liver {ratio}").format(ratio=_decimal(values.sul_g_per_ml / liver, 1)))
    return SEPARATOR.join(parts)


def preview_text(number: PreviewNumbers | ReferenceNumbers) -> str:
    """The numbers of a sphere that is being dragged, on one line."""
    if isinstance(number, ReferenceNumbers):
        mean, sd = number.mean_sul_g_per_ml, number.sd_sul_g_per_ml
        return tr("Mean {mean} ± {sd} g/mL SUL").format(mean=_decimal(mean, 2), sd=_decimal(sd, 2))
    parts = (
        f"SULpeak {_decimal(number.sul_peak_continuous, 2)} g/mL",
        f"SULmax {_decimal(number.sul_max, 2)} g/mL",
        f"{_decimal(number.volume_ml, 2)} mL",
    )
    return SEPARATOR.join(parts)


def _decimal(value: float, decimals: int) -> str:
    text = f"{value:.{decimals}f}"
    if float(text) == 0.0:
        text = text.removeprefix("-")
    return text.replace("-", MINUS)
