"""A number as it is shown: its text, its unit, whether it is there yet, and what it is."""

from dataclasses import dataclass
from enum import StrEnum

from app.translation import tr

SUL_UNIT = "g/mL"
MINUS = "\N{MINUS SIGN}"
NONE_TEXT = "–"


class NumberState(StrEnum):
    """Whether a number can be shown."""

    READY = "ready"
    COMPUTING = "computing"
    ABSENT = "absent"  # there is nothing to measure
    REFUSED = "refused"  # the text says why


class NumberKind(StrEnum):
    """What a number on screen is."""

    SUL_PEAK = "sul_peak"
    SUL_MAX = "sul_max"
    SUL_MEAN = "sul_mean"
    VOLUME = "volume"
    GLYCOLYSIS = "glycolysis"
    DIAMETER = "diameter"
    LESION_CHANGE = "lesion_change"
    REFERENCE_MEAN = "reference_mean"
    REFERENCE_SD = "reference_sd"
    THRESHOLD = "threshold"
    RESPONSE = "response"
    UPTAKE_TIME = "uptake_time"
    AXIS = "axis"
    AXIS_SUM = "axis_sum"


@dataclass(frozen=True, slots=True)
class NumberRef:
    """Names a number so that its provenance can be asked for.

    `subject` is a lesion id, a caliper id, or "" where the visit alone names it.
    """

    kind: NumberKind
    visit: int
    subject: str = ""


@dataclass(frozen=True, slots=True)
class NumberView:
    """A number ready for the screen; `text` never holds the unit, `labelled` does."""

    text: str
    unit: str = ""
    state: NumberState = NumberState.READY
    ref: NumberRef | None = None

    @property
    def labelled(self) -> str:
        """The number with its unit."""
        if self.state is NumberState.READY and self.unit:
            return f"{self.text} {self.unit}"
        return self.text


def ready(
    value: float | None, decimals: int, unit: str, ref: NumberRef | None = None
) -> NumberView:
    """A number that is there, or a dash where it does not exist."""
    if value is None:
        return absent(unit)
    return NumberView(_plain(value, decimals), unit, NumberState.READY, ref)


def computing(unit: str = "") -> NumberView:
    """A number that is being computed."""
    return NumberView(tr("computing"), unit, NumberState.COMPUTING)


def impossible(unit: str = "") -> NumberView:
    """A number that cannot be computed."""
    return NumberView(tr("cannot be computed"), unit, NumberState.REFUSED)


def absent(unit: str = "") -> NumberView:
    """A number that does not exist."""
    return NumberView(NONE_TEXT, unit, NumberState.ABSENT)


def refused(text: str) -> NumberView:
    """A number that is refused; the text names the tag."""
    return NumberView(text, "", NumberState.REFUSED)


def percent_change(
    now: float | None, before: float | None, ref: NumberRef | None = None
) -> NumberView:
    """The signed change in percent, one decimal; absent with nothing to compare with (N4)."""
    if now is None or before is None or before == 0.0:
        return absent("%")
    return NumberView(signed(100.0 * (now / before - 1.0), 1), "%", NumberState.READY, ref)


def signed(value: float, decimals: int) -> str:
    """A number with its sign, rounded half away from zero; zero prints +0."""
    scale = 10**decimals
    whole = int(abs(value) * scale + 0.5)
    sign = MINUS if value < 0 and whole else "+"
    return f"{sign}{whole / scale:.{decimals}f}"


def _plain(value: float, decimals: int) -> str:
    return f"{value:.{decimals}f}".replace("-", MINUS)
