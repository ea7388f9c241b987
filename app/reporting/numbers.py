"""Numbers for print: rounded, but never so that a number and its limit look alike unless equal."""

from app.domain.exact import TIE, exact

MOST_DECIMALS = 12
MINUS = "\N{MINUS SIGN}"


def rounded(value: float, decimals: int, signed: bool = False) -> str:
    """A number with a fixed count of decimals and a true minus sign; zero has none."""
    text = f"{value:+.{decimals}f}" if signed else f"{value:.{decimals}f}"
    if float(text) == 0.0:
        return text.replace("-", "+" if signed else "")
    return text.replace("-", MINUS)


def beside(value: float, limit: float, decimals: int, signed: bool = False) -> str:
    """A number that does not look as if it met or passed a limit that it did not.

    Equal text means equal, or a tie. Against a limit that is printed in full, too.
    """
    return rounded(value, decimals_apart(value, (limit,), decimals), signed)


def decimals_apart(value: float, limits: tuple[float, ...], decimals: int) -> int:
    """The fewest decimals, at least `decimals`, at which a value keeps to its side of its limits.

    29.996 against 30 needs three, 30 against 30 (or a tie within 1e-9) no more than asked, 0.805
    against 0.805 three: with two it would pass the limit.
    """
    for limit in limits:
        tied = abs(exact(value) - exact(limit)) <= TIE
        while decimals < MOST_DECIMALS and (
            not _holds(limit, decimals)
            if tied
            else rounded(value, decimals) == rounded(limit, decimals)
        ):
            decimals += 1
    return decimals


def _holds(limit: float, decimals: int) -> bool:
    """Whether that many decimals tell all of a limit."""
    return abs(exact(round(limit, decimals)) - exact(limit)) <= TIE


def plain(value: float, signed: bool = False) -> str:
    """A limit as the rule states it: 30, 0.8, 4.5."""
    return (f"{value:+g}" if signed else f"{value:g}").replace("-", MINUS)
