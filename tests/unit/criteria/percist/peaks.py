"""Hypothesis strategies for SULpeaks, many of them on or beside the borders of PERCIST."""

from hypothesis import strategies as st

# Ten-thousandths of a g/mL: whole numbers, so that an oracle needs no rounding.
SCALE = 10_000
ABSOLUTE = 8_000  # 0.8 SUL

any_peak = st.integers(1, 200_000)
tens = st.integers(1, 20_000).map(lambda n: 10 * n)  # 30 % of it is whole too


@st.composite
def start_and_current(draw):
    """A start (baseline or nadir) and a current peak on, beside, or anywhere around its borders."""
    start = draw(tens)
    share = 3 * start // 10
    border = draw(
        st.sampled_from([start - share, start + share, start - ABSOLUTE, start + ABSOLUTE, start])
    )
    beside = border + draw(st.sampled_from([-1, 0, 1]))
    current = draw(st.one_of(st.just(beside), any_peak))
    return start, max(current, 0)


def sul(ten_thousandths):
    """The SULpeak as it would be stored."""
    return ten_thousandths / SCALE
