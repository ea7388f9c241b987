"""Which baseline lesions become targets, and why the others do not (spec 2.4, 2.6)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.criteria.percist.organs import organ_of
from app.criteria.percist.rules import FIVE_LESIONS, PercistRules
from app.domain.exact import at_least, at_most, exact
from app.domain.findings import ParamValue
from app.domain.response import Reason, reason

PER_ORGAN = 2
SMALL_LESION_MM = 20.0


class Unsuitable(StrEnum):
    """Why a lesion can be no target, however hot (spec 2.6)."""

    PHYSIOLOGIC = "physiologic"  # inside or touching brain, heart, urinary tract, active bowel
    IRRADIATED = "irradiated"  # before baseline, without growth since
    INFECTION_LIKE = "infection_like"


UNSUITABLE_CODES = {
    Unsuitable.PHYSIOLOGIC: "EXCLUDED_PHYSIOLOGIC",
    Unsuitable.IRRADIATED: "EXCLUDED_IRRADIATED",
    Unsuitable.INFECTION_LIKE: "EXCLUDED_INFECTION_LIKE",
}


@dataclass(frozen=True, slots=True)
class BaselineLesion:
    """What is known of a lesion of the baseline scan beside its SULpeak; an unknown site is ""."""

    lesion_id: str
    site: str = ""
    unsuitable: Unsuitable | None = None
    diameter_mm: float | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """`eligible` may be the hottest of a scan; `five` are summed. Hottest first, by id where equal.

    `excluded` names the lesions that are not among the five, with the reason of each. `peaks` are
    the SULpeaks of the eligible ones at baseline, g/mL; `sites` those that are known.
    """

    eligible: tuple[str, ...]
    five: tuple[str, ...]
    excluded: tuple[Reason, ...] = ()
    flags: tuple[str, ...] = ()
    peaks: Mapping[str, float] = field(default_factory=dict)
    sites: Mapping[str, str] = field(default_factory=dict)


def select_targets(
    peaks: Mapping[str, float],
    lesions: Mapping[str, BaselineLesion],
    threshold: float | None,
    rules: PercistRules,
) -> Selection:
    """Targets at baseline: up to five, hottest first, at most two of an organ (spec 2.6).

    `peaks` are the SULpeaks of the tumour lesions, g/mL; `lesions` may say more of them by id.
    A lesion below the threshold (g/mL) is not summed; where no threshold is known, none is left
    out for it. Lesions of unknown site are not limited by organ. Small lesions are flagged
    SMALL_LESION_PVE, not left out (2.4).
    """
    eligible, measurable, excluded = [], [], []
    for name in sorted(peaks, key=lambda key: (-peaks[key], key)):
        lesion = lesions.get(name)
        if lesion is not None and lesion.unsuitable is not None:
            excluded.append(_why(UNSUITABLE_CODES[lesion.unsuitable], lesion=name))
            continue
        eligible.append(name)
        if threshold is None or at_least(
            exact(peaks[name]), exact(threshold), rules.threshold_inclusive
        ):
            measurable.append(name)
        else:
            values = {"sul_peak": peaks[name], "threshold": threshold}
            excluded.append(_why("EXCLUDED_BELOW_THRESHOLD", lesion=name, **values))
    sites = {name: lesion.site for name, lesion in lesions.items()}
    five, full = hottest_five({name: peaks[name] for name in measurable}, sites)
    for name in measurable:
        if name in full:
            organ = organ_of(sites[name])
            excluded.append(_why("EXCLUDED_ORGAN_FULL", lesion=name, organ=organ))
        elif name not in five:
            excluded.append(_why("EXCLUDED_FIVE_HOTTER", lesion=name))
    small = tuple(f"SMALL_LESION_PVE {name}" for name in sorted(eligible) if _small(lesions, name))
    chosen = {name: peaks[name] for name in eligible}
    return Selection(tuple(eligible), five, tuple(excluded), small, chosen, sites)


def _why(code: str, **values: ParamValue) -> Reason:
    return reason("PER-2.6-SELECT", code, **values)


def _small(lesions: Mapping[str, BaselineLesion], name: str) -> bool:
    lesion = lesions.get(name)
    if lesion is None or lesion.diameter_mm is None:
        return False
    return at_most(exact(lesion.diameter_mm), exact(SMALL_LESION_MM), inclusive=False)


def hottest_five(
    peaks: Mapping[str, float], sites: Mapping[str, str]
) -> tuple[tuple[str, ...], frozenset[str]]:
    """The five hottest with at most two of an organ, and those an organ was full for."""
    taken: list[str] = []
    full = set()
    organs: Counter[str] = Counter()
    for name in sorted(peaks, key=lambda key: (-peaks[key], key)):
        if len(taken) == FIVE_LESIONS:
            break
        organ = organ_of(sites.get(name, ""))
        if organ and organs[organ] == PER_ORGAN:
            full.add(name)
            continue
        organs[organ] += 1
        taken.append(name)
    return tuple(taken), frozenset(full)
