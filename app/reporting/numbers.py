"""Numbers for print: rounded, but never so that a number and its limit look alike unless equal."""

from app.domain.exact import TIE, exact

MOST_DECIMALS = 12


def rounded(value: float, decimals: int, signed: bool = False) -> str:
    """A number with a fixed count of decimals; zero has no minus sign."""
    text = f"{value:+.{decimals}f}" if signed else f"{value:.{decimals}f}"
    return text.replace("-", "+" if signed else "") if float(text) == 0.0 else text


def decimals_apart(value: float, limits: tuple[float, ...], decimals: int) -> int:
    """The fewest decimals, at least `decimals`, that tell a value from limits it does not equal.

    29.996 against 30 needs three; 30 against 30, or a tie within 1e-9, needs no more than asked.
    """
    for limit in limits:
        if abs(exact(value) - exact(limit)) <= TIE:
            continue
        while decimals < MOST_DECIMALS and rounded(value, decimals) == rounded(limit, decimals):
            decimals += 1
    return decimals


def plain(value: float) -> str:
    """A limit as the rule states it: 30, 0.8, 4.5."""
    return f"{value:g}"
