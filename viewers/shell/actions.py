"""Every action of the window in one table: menus, toolbar, tooltips, F1 sheet draw from it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.translation import mark


class Menu(StrEnum):
    """The menus in their order; the value is the title."""

    FILE = mark("&File")
    EDIT = mark("&Edit")
    VIEW = mark("&View")
    WINDOW_LEVEL = mark("Win&dow")
    TOOLS = mark("&Tools")
    READING = mark("&Reading")
    HELP = mark("&Help")


class Scope(StrEnum):
    """Where the keys of an action work."""

    WINDOW = "window"
    VIEWPORTS = "viewports"  # arrows and paging belong to lists elsewhere
    LESION_LIST = "lesion_list"


class When(StrEnum):
    """Facts an action may need before it can be used."""

    READING_OPEN = "reading_open"
    PET_SHOWN = "pet_shown"
    CT_SHOWN = "ct_shown"
    TWO_VISITS = "two_visits"
    LESION_SELECTED = "lesion_selected"
    REGION_SELECTED = "region_selected"
    FOLLOW_UP_SHOWN = "follow_up_shown"
    CAN_UNDO = "can_undo"
    CAN_REDO = "can_redo"


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One action. `group` names a set of which one is on; `checkable` alone is a switch.

    `keys` are in portable notation, the first is shown. `rule` draws a line above it in the menu.
    """

    id: str
    text: str
    menu: Menu
    keys: tuple[str, ...] = ()
    when: frozenset[When] = field(default_factory=frozenset)
    icon: str = ""
    toolbar: bool = False
    group: str = ""
    checkable: bool = False
    scope: Scope = Scope.WINDOW
    rule: bool = False
    hint: str = ""


OPEN = frozenset({When.READING_OPEN})
PET = OPEN | {When.PET_SHOWN}
CT = OPEN | {When.CT_SHOWN}
BOTH = PET | CT
PAIR = OPEN | {When.TWO_VISITS}
LESION = OPEN | {When.LESION_SELECTED}
FOLLOW_UP = LESION | {When.FOLLOW_UP_SHOWN}

A = ActionSpec
M = Menu
_FILE = (
    A("open_folder", mark("Open folder…"), M.FILE, ("Ctrl+O",), icon="open-folder", toolbar=True),
    A("patient_list", mark("Patients…"), M.FILE, ("Ctrl+L",), icon="patients", toolbar=True),
    A("open_demo", mark("Demo patient"), M.FILE, icon="demo"),
    A("close_reading", mark("Close reading"), M.FILE, ("Ctrl+W",), OPEN),
    A("export_report", mark("Export report…"), M.FILE, ("Ctrl+E",), OPEN, "report", rule=True),
    A("settings", mark("Settings…"), M.FILE, ("Ctrl+,",), icon="settings", rule=True),
    A("quit", mark("Quit"), M.FILE, ("Ctrl+Q",), rule=True),
)
_EDIT = (
    A("undo", mark("Undo"), M.EDIT, ("Ctrl+Z",), OPEN | {When.CAN_UNDO}, "undo", toolbar=True),
    A(
        "redo",
        mark("Redo"),
        M.EDIT,
        ("Ctrl+Y", "Ctrl+Shift+Z"),
        OPEN | {When.CAN_REDO},
        "redo",
        toolbar=True,
    ),
    A(
        "delete",
        mark("Delete selected"),
        M.EDIT,
        ("Del", "Backspace"),
        OPEN | {When.REGION_SELECTED},
    ),
)
_TOOLS = (
    A(
        "tool_navigate",
        mark("Navigate"),
        M.TOOLS,
        ("Esc",),
        OPEN,
        "crosshair",
        True,
        "tool",
        hint=mark("Click or drag sets the linked crosshair in all views"),
    ),
    A("tool_sphere", mark("Sphere VOI"), M.TOOLS, ("V",), PET, "sphere", True, "tool"),
    A(
        "tool_threshold",
        mark("Threshold VOI"),
        M.TOOLS,
        ("T",),
        PET,
        "threshold",
        True,
        "tool",
        hint=mark("Click a focus: its voxels above the threshold become the region"),
    ),
    A("tool_ruler", mark("Ruler"), M.TOOLS, ("R",), OPEN, "ruler", True, "tool"),
    A(
        "tool_bidirectional",
        mark("Bidirectional caliper"),
        M.TOOLS,
        ("B",),
        CT,
        "bidirectional",
        True,
        "tool",
        hint=mark("Longest diameter and the short axis perpendicular to it"),
    ),
    A("tool_reference", mark("Reference sphere"), M.TOOLS, ("G",), PET, "reference", True, "tool"),
)
_VIEW = (
    A(
        "layout_one",
        mark("One time point"),
        M.VIEW,
        ("Ctrl+1",),
        OPEN,
        "layout-one",
        True,
        "layout",
    ),
    A(
        "layout_two",
        mark("Two time points"),
        M.VIEW,
        ("Ctrl+2",),
        PAIR,
        "layout-two",
        True,
        "layout",
    ),
    A(
        "layout_ct",
        mark("CT compared"),
        M.VIEW,
        ("Ctrl+3",),
        PAIR | CT,
        "layout-ct",
        True,
        "layout",
    ),
    A("maximise", mark("Maximise view"), M.VIEW, ("Return",), OPEN, scope=Scope.VIEWPORTS),
    A("fit", mark("Fit and centre"), M.VIEW, ("Home",), OPEN, "fit", True, scope=Scope.VIEWPORTS),
    A("next_visit", mark("Next time point"), M.VIEW, ("Ctrl+Right",), OPEN, rule=True),
    A("previous_visit", mark("Previous time point"), M.VIEW, ("Ctrl+Left",), OPEN),
    A(
        "slice_up",
        mark("Next slice"),
        M.VIEW,
        ("Up", "Right"),
        OPEN,
        scope=Scope.VIEWPORTS,
        rule=True,
    ),
    A("slice_down", mark("Previous slice"), M.VIEW, ("Down", "Left"), OPEN, scope=Scope.VIEWPORTS),
    A("slice_up_10", mark("Ten slices on"), M.VIEW, ("PgUp",), OPEN, scope=Scope.VIEWPORTS),
    A("slice_down_10", mark("Ten slices back"), M.VIEW, ("PgDown",), OPEN, scope=Scope.VIEWPORTS),
    A(
        "fusion",
        mark("Fusion"),
        M.VIEW,
        ("F",),
        BOTH,
        "fusion",
        True,
        checkable=True,
        rule=True,
        hint=mark("PET in colour over the CT"),
    ),
    A("fusion_more", mark("More PET in the fusion"), M.VIEW, ("+", "="), BOTH),
    A("fusion_less", mark("Less PET in the fusion"), M.VIEW, ("-",), BOTH),
    A("invert", mark("Invert grey scale"), M.VIEW, ("I",), OPEN, "invert", True, checkable=True),
    A("crosshair", mark("Crosshair"), M.VIEW, ("X",), OPEN, "cross", True, checkable=True),
    A(
        "suv_quantity",
        mark("SUVbw instead of SUL"),
        M.VIEW,
        ("S",),
        PET,
        "suv",
        True,
        checkable=True,
        hint=mark("Shows body weight SUV; the response stays on SUL"),
    ),
    A(
        "scale_lock",
        mark("Same PET scale at all time points"),
        M.VIEW,
        ("K",),
        PAIR,
        "scale-lock",
        True,
        checkable=True,
    ),
    A(
        "full_screen",
        mark("Full screen"),
        M.VIEW,
        ("F11",),
        icon="full-screen",
        checkable=True,
        rule=True,
    ),
)
_WINDOWS = (
    A("window_1", mark("CT soft tissue 400 / 40"), M.WINDOW_LEVEL, ("1",), CT),
    A("window_2", mark("CT lung 1500 / −600"), M.WINDOW_LEVEL, ("2",), CT),
    A("window_3", mark("CT bone 2000 / 350"), M.WINDOW_LEVEL, ("3",), CT),
    A("window_4", mark("CT liver 150 / 90"), M.WINDOW_LEVEL, ("4",), CT),
    A("window_5", mark("CT brain 80 / 40"), M.WINDOW_LEVEL, ("5",), CT),
    A("window_6", mark("PET 0 to 5"), M.WINDOW_LEVEL, ("6",), PET, rule=True),
    A("window_7", mark("PET 0 to 7"), M.WINDOW_LEVEL, ("7",), PET),
    A("window_8", mark("PET 0 to 10"), M.WINDOW_LEVEL, ("8",), PET),
    A("window_9", mark("PET 0 to 15"), M.WINDOW_LEVEL, ("9",), PET),
    A("window_reset", mark("Standard windows"), M.WINDOW_LEVEL, ("0",), OPEN, rule=True),
)
_READING = (
    A("next_lesion", mark("Next lesion"), M.READING, ("N",), OPEN, "next-lesion", True),
    A("previous_lesion", mark("Previous lesion"), M.READING, ("Shift+N",), OPEN),
    A(
        "role_tumour",
        mark("Lesion"),
        M.READING,
        ("L",),
        LESION,
        scope=Scope.LESION_LIST,
        rule=True,
        hint=mark("The focus is tumour and counts"),
    ),
    A(
        "role_physiological",
        mark("Physiological"),
        M.READING,
        ("P",),
        LESION,
        scope=Scope.LESION_LIST,
    ),
    A("role_unsure", mark("Unsure"), M.READING, ("U",), LESION, scope=Scope.LESION_LIST),
    A(
        "lesion_resolved",
        mark("Resolved at this visit"),
        M.READING,
        ("Ctrl+R",),
        FOLLOW_UP,
        rule=True,
    ),
    A("lesion_new", mark("New lesion…"), M.READING, ("Ctrl+N",), FOLLOW_UP),
    A("confirm_lesion", mark("Confirm lesion"), M.READING, ("C",), LESION, scope=Scope.LESION_LIST),
    A("provenance", mark("Where this number comes from"), M.READING, ("Ctrl+I",), LESION),
    A("cancel_jobs", mark("Cancel computations"), M.READING, ("Ctrl+.",), OPEN, rule=True),
)
_HELP = (
    A("shortcuts", mark("Keys and mouse"), M.HELP, ("F1", "?"), icon="keyboard"),
    A("about", mark("About OncoRead"), M.HELP),
)
ACTIONS: tuple[ActionSpec, ...] = _FILE + _EDIT + _VIEW + _WINDOWS + _TOOLS + _READING + _HELP


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two actions that answer to one key at the same place."""

    keys: str
    first: str
    second: str


def usable(spec: ActionSpec, facts: Collection[When]) -> bool:
    """Whether the action can be used while these facts hold."""
    return spec.when <= frozenset(facts)


def keys_in_use(chosen: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The keys of every action: what the user chose, else what the table says."""
    return {spec.id: chosen.get(spec.id, spec.keys) for spec in ACTIONS}


def conflicts(chosen: Mapping[str, tuple[str, ...]]) -> list[Conflict]:
    """Keys claimed twice where both would work."""
    found: list[Conflict] = []
    claimed: list[tuple[str, Scope, str]] = []
    for spec in ACTIONS:
        for keys in keys_in_use(chosen)[spec.id]:
            found += [
                Conflict(keys, other, spec.id)
                for taken, scope, other in claimed
                if taken.lower() == keys.lower() and overlap(scope, spec.scope)
            ]
            claimed.append((keys, spec.scope, spec.id))
    return found


def overlap(first: Scope, second: Scope) -> bool:
    """Whether keys of both scopes could work at one place; the window's work everywhere."""
    return first == second or Scope.WINDOW in (first, second)
