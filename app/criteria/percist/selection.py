"""Which baseline lesions become targets, and why the others do not (spec 2.4, 2.6)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.criteria.percist.organs import organ_of
from app.criteria.percist.rules import FIVE_LESIONS, PercistRules
from app.domain.exact import at_least, at_most, exact
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
    """A lesion of the baseline scan as far as it matters for its choice; an unknown site is ""."""

    lesion_id: str
    sul_peak_g_per_ml: float
    site: str = ""
    unsuitable: Unsuitable | None = None
    diameter_mm: float | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """`eligible` may be the hottest of a scan; `five` are summed. Hottest first, by id where equal.

    `excluded` names the lesions that are not among the five, with the reason of each.
    """

    eligible: tuple[str, ...]
    five: tuple[str, ...]
    excluded: tuple[Reason, ...] = ()
    flags: tuple[str, ...] = ()


def select_targets(
    lesions: Sequence[BaselineLesion], threshold: float | None, rules: PercistRules
) -> Selection:
    """Targets at baseline: up to five, hottest first, at most two of an organ (spec 2.6).

    A lesion below the threshold (g/mL) is not summed; where no threshold is known, none is
    left out for it. Lesions of unknown site are not limited by organ. Small lesions are flagged
    SMALL_LESION_PVE, not left out (2.4).
    """
    by_heat = sorted(lesions, key=lambda item: (-item.sul_peak_g_per_ml, item.lesion_id))
    eligible = [item for item in by_heat if item.unsuitable is None]
    excluded = [
        reason("PER-2.6-SELECT", UNSUITABLE_CODES[item.unsuitable], lesion=item.lesion_id)
        for item in by_heat
        if item.unsuitable is not None
    ]
    measurable = []
    for item in eligible:
        peak = item.sul_peak_g_per_ml
        if threshold is None or at_least(
            exact(peak), exact(threshold), rules.threshold_inclusive
        ):
            measurable.append(item)
        else:
            excluded.append(
                reason(
                    "PER-2.6-SELECT",
                    "EXCLUDED_BELOW_THRESHOLD",
                    lesion=item.lesion_id,
                    sul_peak=peak,
                    threshold=threshold,
                )
            )
    sites = {item.lesion_id: item.site for item in measurable}
    five, full = hottest_five({i.lesion_id: i.sul_peak_g_per_ml for i in measurable}, sites)
    for item in measurable:
        if item.lesion_id in full:
            excluded.append(
                reason(
                    "PER-2.6-SELECT",
                    "EXCLUDED_ORGAN_FULL",
                    lesion=item.lesion_id,
                    organ=organ_of(item.site),
                )
            )
        elif item.lesion_id not in five:
            excluded.append(reason("PER-2.6-SELECT", "EXCLUDED_FIVE_HOTTER", lesion=item.lesion_id))
    small = [
        f"SMALL_LESION_PVE {item.lesion_id}"
        for item in sorted(eligible, key=lambda item: item.lesion_id)
        if item.diameter_mm is not None
        and at_most(exact(item.diameter_mm), exact(SMALL_LESION_MM), inclusive=False)
    ]
    return Selection(tuple(i.lesion_id for i in eligible), five, tuple(excluded), tuple(small))


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
