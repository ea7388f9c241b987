"""Area `stats`: reader agreement (spec 5.6)."""

import math
from collections.abc import Mapping
from typing import Any

from app.agreement.bland_altman import Limits, bland_altman
from app.agreement.disagreement import disagreement_index
from app.agreement.icc import icc
from app.agreement.kappa import Kappa, kappa_of_calls, kappa_of_table
from tests.vectors.vector_file import Vector

PAIRS = (("reader1", "reader2"), ("r1", "r2"), ("test", "retest"), ("x", "y"))


def evaluate(vector: Vector) -> Mapping[str, Any]:
    """The answers to one vector by the shape of its inputs."""
    inputs = vector.inputs
    if "table" in inputs:
        order = inputs.get("order", ())
        return _kappas(*(kappa_of_table(inputs["table"], order, w) for w in (False, True)))
    if "ratings" in inputs:
        found = icc(inputs["ratings"])
        return {"icc11": found.icc11, "icc21": found.icc21, "icc31": found.icc31,
                "icc": found.icc21, "n": found.n, "missing": found.missing}  # fmt: skip
    if "cases_read" in inputs:
        share = disagreement_index(inputs["cases_read"], inputs["adjudicator_disagreed"])
        return {"rdi_pct": None if share is None else 100.0 * share}
    pair = next((names for names in PAIRS if inputs.keys() >= set(names)), None)
    if pair is None:
        raise AssertionError(f"unknown input shape of area stats: {sorted(inputs)}")
    one, other = (inputs[name] for name in pair)
    if any(isinstance(value, str) for value in (*one, *other)):
        order = inputs.get("order") or sorted({*one, *other} - {None, "NE"})
        return _kappas(*(kappa_of_calls(one, other, order, w) for w in (False, True)))
    return _differences(one, other)


def _kappas(plain: Kappa, weighted: Kappa) -> Mapping[str, Any]:
    return {
        "po": plain.observed,
        "pe": plain.expected,
        "kappa": plain.kappa,
        "kappa_unweighted": plain.kappa,
        "kappa_quadratic": weighted.kappa,
        "kappa_weighted": weighted.kappa,
        "n": plain.n,
        "missing": plain.missing,
        "ne": plain.not_evaluable,
        "n_ne": plain.not_evaluable,
        "ne_excluded": plain.not_evaluable,
        "prevalence": dict(zip(plain.categories, plain.prevalence, strict=True)),
    }


def _differences(one: list[float], other: list[float]) -> Mapping[str, Any]:
    found = bland_altman(one, other)
    repeatability = found.repeatability
    return {
        "n": found.absolute.n if found.absolute else 0,
        "missing": found.missing,
        "repeatability_coefficient": repeatability,
        "rc": repeatability,
        "wsd": None if repeatability is None else repeatability / (1.96 * math.sqrt(2.0)),
        **_limits(found.absolute, "", 1.0),
        **_limits(found.relative, "pct_", 100.0),
    }


def _limits(found: Limits | None, prefix: str, scale: float) -> Mapping[str, Any]:
    if found is None:
        return {}
    ends = [None if end is None else scale * end for end in (found.low, found.high)]
    return {
        f"{prefix}bias": scale * found.bias,
        f"{prefix}sd": None if found.sd is None else scale * found.sd,
        f"{prefix}loa": ends,
    }
