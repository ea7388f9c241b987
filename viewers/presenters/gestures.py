"""From what a gesture meant to the edit it asks for."""

from dataclasses import replace

from app.domain.caliper import Caliper
from app.domain.region import RegionSpec, SphereRegion, ThresholdRegion
from app.reading import edits
from app.reading.edits import AnyEdit
from app.reading.state import ReadingState
from app.services.propose_reading import tracking_uid
from viewers.presenters.derived import DerivedReading
from viewers.tools.intents import (
    DrawCaliper,
    Intent,
    MoveCaliperEnd,
    MoveReference,
    MoveRegion,
    PlaceSphere,
    SeedThreshold,
)

# A threshold region never grows further from its seed than this (diameter, mm).
GROWTH_LIMIT_MM = 120.0
UNKNOWN = "unknown"


def edit_of(intent: Intent, derived: DerivedReading, selected: str | None) -> AnyEdit | None:
    """The edit of a finished gesture; None where it asks for none.

    A region drawn at a visit belongs to the selected lesion if that has none there yet, and is
    a new lesion otherwise.
    """
    state = derived.state
    match intent:
        case PlaceSphere(visit, center, diameter):
            return _region(state, visit, SphereRegion(center, diameter), selected)
        case MoveRegion(visit, lesion_id, sphere):
            return edits.SetRegion(lesion_id, visit, sphere)
        case SeedThreshold(visit, seed):
            threshold = derived.thresholds.get(visit)
            if threshold is None:
                return None
            region = ThresholdRegion(seed, round(threshold, 4), GROWTH_LIMIT_MM)
            return _region(state, visit, region, selected)
        case DrawCaliper(visit, long_axis, short_axis):
            entry = state.visit(visit)
            caliper = Caliper(
                state.next_id("C"),
                selected if _is_lesion(state, selected) else None,
                visit,
                entry.ct_series_uid or entry.pet_series_uid,
                long_axis,
                short_axis,
            )
            return edits.PlaceCaliper(caliper)
        case MoveCaliperEnd(_, caliper_id, long_axis, short_axis):
            former = next(c for c in state.calipers if c.caliper_id == caliper_id)
            moved = replace(former, long_axis_lps_mm=long_axis, short_axis_lps_mm=short_axis)
            return edits.PlaceCaliper(moved)
        case MoveReference(visit, center):
            diameter = state.visit(visit).reference.diameter_mm
            return edits.MoveReference(visit, SphereRegion(center, diameter))
        case _:
            return None


def deletion_of(state: ReadingState, selected: str | None, visit: int) -> AnyEdit | None:
    """What "delete" means: the selected caliper, or the selected lesion's region at a visit.

    A lesion that was placed by hand and has no other region goes with its last one.
    """
    if any(c.caliper_id == selected for c in state.calipers) and selected is not None:
        return edits.DeleteCaliper(selected)
    if not _is_lesion(state, selected) or selected is None:
        return None
    lesion = state.lesion(selected)
    if len(lesion.regions) <= 1:
        return edits.RemoveLesion(selected)
    if lesion.region_at(visit) is None:
        return None
    return edits.SetRegion(selected, visit, None)


def _region(state: ReadingState, visit: int, region: RegionSpec, selected: str | None) -> AnyEdit:
    if _is_lesion(state, selected) and selected is not None:
        lesion = state.lesion(selected)
        if not lesion.removed and lesion.region_at(visit) is None:
            return edits.SetRegion(selected, visit, region)
    lesion_id = state.next_id("L" if visit == state.visits[0].number else "U")
    key = state.visits[0].pet_series_uid
    return edits.AddLesion(lesion_id, tracking_uid(key, lesion_id), visit, region, UNKNOWN, UNKNOWN)


def _is_lesion(state: ReadingState, name: str | None) -> bool:
    return any(item.lesion_id == name for item in state.lesions)
