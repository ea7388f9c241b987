"""Radioactive decay: factors, average count rate time, net injected activity (spec 1.1, 1.4)."""

import math

F18_HALF_LIFE_S = 6586.2  # 109.77 min, spec 1.1


def decay_factor(interval_s: float, half_life_s: float) -> float:
    """The share of activity left after an interval in s: 2^(-interval / half-life)."""
    return math.exp2(-interval_s / half_life_s)


def decay_constant(half_life_s: float) -> float:
    """The decay constant lambda in 1/s."""
    return math.log(2.0) / half_life_s


def mean_decay_correction(duration_s: float, half_life_s: float) -> float:
    """lambda*T / (1 - exp(-lambda*T)): the frame's mean activity brought to its start."""
    x = decay_constant(half_life_s) * duration_s
    return 1.0 if x == 0 else x / -math.expm1(-x)


def average_count_rate_time_s(duration_s: float, half_life_s: float) -> float:
    """T_ave in s after frame start when activity equals the frame's mean (spec 1.4, SUV-C03)."""
    return math.log(mean_decay_correction(duration_s, half_life_s)) / decay_constant(half_life_s)


def net_injected_activity_bq(
    pre_bq: float,
    pre_s_before_injection: float,
    residual_bq: float,
    residual_s_after_injection: float,
    half_life_s: float = F18_HALF_LIFE_S,
) -> float:
    """Net activity in Bq at injection from syringe assays before and after it (SUV-C06)."""
    drawn = pre_bq * decay_factor(pre_s_before_injection, half_life_s)
    return drawn - residual_bq * decay_factor(-residual_s_after_injection, half_life_s)


def suv_error_of_late_reference(error_s: float, half_life_s: float) -> float:
    """Relative SUV error when the reference time is taken too late by `error_s` (SUV-C04)."""
    return math.expm1(math.log(2.0) * error_s / half_life_s)
