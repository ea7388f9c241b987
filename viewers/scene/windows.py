"""Which window a PET is shown with, in its stored unit and in the unit the reader sees."""

from dataclasses import dataclass, replace

from app.imaging.window import Window
from segmentation.volume import Unit
from viewers.scene.images import VisitScene
from viewers.scene.state import SceneState, ShownQuantity

_SMALLEST_UPPER = 0.1
_PIXELS_PER_DOUBLING = 200.0


@dataclass(frozen=True, slots=True)
class PetScale:
    """The PET's window as stored and as shown; `quantity` is None for a refused series."""

    stored: Window
    shown: Window
    quantity: ShownQuantity | None
    unit: Unit


def pet_scale(state: SceneState, visit: VisitScene) -> PetScale:
    """The window of a visit's PET: an SUV window only where SUV is known.

    A visit without SUVbw stays in SUL, and says so.
    """
    if not visit.is_quantified:
        own = dict(state.own_pet_windows).get(visit.number, Window(0.0, visit.stored_upper))
        return PetScale(own, own, None, visit.sul.unit)
    shown = state.pet_window_of(visit.number)
    if state.quantity is ShownQuantity.SUVBW and visit.suvbw_over_sul is not None:
        factor = visit.suvbw_over_sul
        stored = Window(shown.lower / factor, shown.upper / factor)
        return PetScale(stored, shown, ShownQuantity.SUVBW, Unit.SUVBW_G_PER_ML)
    return PetScale(shown, shown, ShownQuantity.SUL, Unit.SUL_G_PER_ML)


def pet_window_dragged(
    state: SceneState, visit: VisitScene, right_px: float, down_px: float
) -> SceneState:
    """The state after a window drag on PET: only the upper end moves, right or down raises it."""
    shown = pet_scale(state, visit).shown
    upper = shown.upper * 2.0 ** ((right_px + down_px) / _PIXELS_PER_DOUBLING)
    if visit.is_quantified:
        return state.with_pet_upper(visit.number, round(max(upper, _SMALLEST_UPPER), 2))
    return _with_own(state, visit.number, Window(0.0, max(upper, 1e-6)))


def ct_window_dragged(window: Window, right_px: float, down_px: float) -> Window:
    """The window after a drag on CT: right widens it, down raises its level (darker)."""
    width = max(1.0, window.width * 2.0 ** (right_px / _PIXELS_PER_DOUBLING))
    level = window.level + down_px * max(window.width, 40.0) / 400.0
    return Window.around(float(round(width)), float(round(level)))


def _with_own(state: SceneState, visit: int, window: Window) -> SceneState:
    own = dict(state.own_pet_windows) | {visit: window}
    return replace(state, own_pet_windows=tuple(sorted(own.items(), key=lambda item: item[0])))
