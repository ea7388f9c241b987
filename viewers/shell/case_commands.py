"""The actions of the table done on an open case."""

from collections.abc import Callable
from dataclasses import replace

from app.imaging.window import PRESETS, WindowPreset
from app.reading.state import LesionRole
from viewers.scene.hanging import Content, cells_of
from viewers.scene.state import LayoutId, SceneState, ShownQuantity, ToolId
from viewers.shell.action_set import ActionSet
from viewers.shell.action_spec import When
from viewers.shell.open_case import OpenCase

Change = Callable[[SceneState], SceneState]

TOOLS = {
    "tool_navigate": ToolId.NAVIGATE,
    "tool_window": ToolId.WINDOW,
    "tool_pan": ToolId.PAN,
    "tool_zoom": ToolId.ZOOM,
    "tool_sphere": ToolId.SPHERE,
    "tool_threshold": ToolId.THRESHOLD,
    "tool_ruler": ToolId.RULER,
    "tool_caliper": ToolId.CALIPER,
    "tool_reference": ToolId.REFERENCE,
}
LAYOUTS = {f"layout_{layout.value}": layout for layout in LayoutId}
STEPS = {"slice_up": 1, "slice_down": -1, "slice_up_10": 10, "slice_down_10": -10}
OPACITY_STEP = 0.1
DEFAULT_OPACITY = 0.5


class CaseCommands:
    """Does what an action says on the case, and shows on the actions how the case stands."""

    def __init__(self, case: OpenCase, actions: ActionSet) -> None:
        self._case = case
        self._actions = actions
        self._commands: dict[str, Callable[[], None]] = {
            "undo": case.undo,
            "redo": case.redo,
            "delete": case.delete_selected,
            "maximise": case.canvas.toggle_maximised,
            "fit": case.canvas.fit,
            "next_lesion": lambda: case.column.lesions.go_to_next(),
            "previous_lesion": lambda: case.column.lesions.go_to_next(False),
            "role_tumour": lambda: case.column.lesions.request_role(LesionRole.TUMOUR),
            "role_physiological": lambda: case.column.lesions.request_role(
                LesionRole.PHYSIOLOGICAL
            ),
            "role_unsure": lambda: case.column.lesions.request_role(LesionRole.UNSURE),
            "confirm_physiological": lambda: case.column.lesions.request_confirm_physiological(),
            "confirm_lesion": lambda: case.column.lesions.request_confirm(),
            "lesion_resolved": lambda: case.column.lesions.request_resolved(case.shown_visit),
            "lesion_new": case.show_card,
            "provenance": case.show_source_of_selected,
            "next_visit": lambda: case.step_visit(1),
            "previous_visit": lambda: case.step_visit(-1),
        }
        self._scene_changes: dict[str, Change] = {
            "fusion": lambda s: replace(s, opacity=0.0 if s.opacity > 0 else DEFAULT_OPACITY),
            "fusion_more": lambda s: replace(s, opacity=min(1.0, s.opacity + OPACITY_STEP)),
            "fusion_less": lambda s: replace(s, opacity=max(0.0, s.opacity - OPACITY_STEP)),
            "invert": lambda s: replace(s, inverted=not s.inverted),
            "crosshair": lambda s: replace(s, crosshair_shown=not s.crosshair_shown),
            "suv_quantity": _other_quantity,
            "scale_lock": lambda s: replace(s, scale_locked=not s.scale_locked),
            "linked": lambda s: replace(s, linked=not s.linked),
            "preset_standard": lambda s: replace(
                s,
                ct_window=PRESETS[WindowPreset.CT_SOFT_TISSUE],
                pet_window=PRESETS[WindowPreset.PET_0_5],
            ),
        }
        self._scene_changes |= {
            name: lambda s, tool=tool: replace(s, tool=tool)  # type: ignore[misc]
            for name, tool in TOOLS.items()
        }
        self._scene_changes |= {
            f"preset_{preset.value}": lambda s, preset=preset: _with_preset(s, preset)  # type: ignore[misc]
            for preset in WindowPreset
        }

    def perform(self, action_id: str, on: bool) -> None:
        """Does an action; unknown ids belong to the window and are left to it."""
        case = self._case
        if action_id in STEPS:
            case.canvas.step(STEPS[action_id])
        elif action_id in LAYOUTS:
            case.show_layout(LAYOUTS[action_id])
        elif action_id in self._scene_changes:
            case.canvas.set_scene(self._scene_changes[action_id](case.canvas.state))
        elif action_id == "mip_turning":
            case.canvas.set_mip_turning(on)
        elif action_id in self._commands:
            self._commands[action_id]()
        self.show()

    def show(self) -> None:
        """Enables what can be done now and ticks what is on."""
        case, state = self._case, self._case.canvas.state
        facts = {When.READING_OPEN, *self._shown_facts(state)}
        history = case.session.store.history
        if len(case.visits) > 1:
            facts.add(When.TWO_VISITS)
        if case.selected is not None:
            facts |= {When.LESION_SELECTED, When.REGION_SELECTED}
        if case.shown_visit > 0:
            facts.add(When.FOLLOW_UP_SHOWN)
        if history.undoable is not None:
            facts.add(When.CAN_UNDO)
        if history.redoable is not None:
            facts.add(When.CAN_REDO)
        self._actions.show_facts(facts)
        for name, tool in TOOLS.items():
            self._actions.show_checked(name, state.tool is tool)
        for name, layout in LAYOUTS.items():
            self._actions.show_checked(name, state.layout is layout)
        for name, on in (
            ("fusion", state.opacity > 0),
            ("invert", state.inverted),
            ("crosshair", state.crosshair_shown),
            ("suv_quantity", state.quantity is ShownQuantity.SUVBW),
            ("scale_lock", state.scale_locked),
            ("linked", state.linked),
        ):
            self._actions.show_checked(name, on)
        self._actions.show_name("undo", case.edit_name(history.undoable))
        self._actions.show_name("redo", case.edit_name(history.redoable))

    def _shown_facts(self, state: SceneState) -> set[When]:
        """What of PET and CT can be seen: what would change no picture is not on offer."""
        facts = set()
        with_ct = {n for n in state.visits if self._case.visits[n].ct is not None}
        if with_ct:
            facts.add(When.CT_LOADED)
        for cell in cells_of(state):
            if cell.content is not Content.CT:
                facts.add(When.PET_SHOWN)
            if cell.content in (Content.CT, Content.FUSION) and state.visits[cell.slot] in with_ct:
                facts.add(When.CT_SHOWN)
        return facts


def _other_quantity(state: SceneState) -> SceneState:
    shown = state.quantity is ShownQuantity.SUL
    return replace(state, quantity=ShownQuantity.SUVBW if shown else ShownQuantity.SUL)


def _with_preset(state: SceneState, preset: WindowPreset) -> SceneState:
    window = PRESETS[preset]
    if preset.value.startswith("ct_"):
        return replace(state, ct_window=window)
    return replace(state, pet_window=window, own_pet_windows=())
