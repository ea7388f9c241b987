"""Every action of the window in one table: menus, toolbar, tooltips, F1 sheet draw from it."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.translation import mark
from viewers.shell.action_spec import ActionSpec, Menu, Scope, When, overlap

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
    A(
        "open_folder",
        mark("Open folder…"),
        M.FILE,
        ("Ctrl+O",),
        icon="open-folder",
        toolbar=True,
        word=mark("Open"),
    ),
    A(
        "patient_list",
        mark("Patients…"),
        M.FILE,
        ("Ctrl+L",),
        icon="patients",
        toolbar=True,
        word=mark("Patients"),
    ),
    A("open_demo", mark("Demo patient"), M.FILE, icon="demo"),
    A("close_reading", mark("Close reading"), M.FILE, ("Ctrl+W",), OPEN),
    A(
        "export_report",
        mark("Export report…"),
        M.FILE,
        ("Ctrl+E",),
        OPEN,
        "report",
        True,
        rule=True,
        word=mark("Report"),
    ),
    A("settings", mark("Settings…"), M.FILE, ("Ctrl+,",), icon="settings", rule=True),
    A("quit", mark("Quit"), M.FILE, ("Ctrl+Q",), rule=True),
)
_EDIT = (
    A(
        "undo",
        mark("Undo"),
        M.EDIT,
        ("Ctrl+Z",),
        OPEN | {When.CAN_UNDO},
        "undo",
        toolbar=True,
        word=mark("Undo"),
    ),
    A(
        "redo",
        mark("Redo"),
        M.EDIT,
        ("Ctrl+Y", "Ctrl+Shift+Z"),
        OPEN | {When.CAN_REDO},
        "redo",
        toolbar=True,
        word=mark("Redo"),
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
        word=mark("Navigate"),
    ),
    A("tool_window", mark("Window"), M.TOOLS, ("W",), OPEN, "window", group="tool"),
    A("tool_pan", mark("Move the picture"), M.TOOLS, ("M",), OPEN, group="tool"),
    A("tool_zoom", mark("Zoom"), M.TOOLS, ("Z",), OPEN, group="tool"),
    A(
        "tool_sphere",
        mark("Sphere VOI"),
        M.TOOLS,
        ("V",),
        PET,
        "sphere",
        True,
        "tool",
        word=mark("Sphere"),
    ),
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
        word=mark("Threshold"),
    ),
    A(
        "tool_ruler",
        mark("Ruler"),
        M.TOOLS,
        ("R",),
        OPEN,
        "ruler",
        True,
        "tool",
        word=mark("Ruler"),
    ),
    A(
        "tool_caliper",
        mark("Bidirectional caliper"),
        M.TOOLS,
        ("B",),
        CT,
        "bidirectional",
        True,
        "tool",
        hint=mark("Longest diameter and the short axis perpendicular to it"),
        word=mark("Caliper"),
    ),
    A(
        "tool_reference",
        mark("Reference sphere"),
        M.TOOLS,
        ("G",),
        PET,
        "reference",
        True,
        "tool",
        word=mark("Reference"),
    ),
)
_VIEW = (
    A(
        "layout_one_visit",
        mark("One time point"),
        M.VIEW,
        ("Ctrl+1",),
        OPEN,
        "layout-one",
        True,
        "layout",
        word=mark("1 visit"),
    ),
    A(
        "layout_two_visits",
        mark("Two time points"),
        M.VIEW,
        ("Ctrl+2",),
        PAIR,
        "layout-two",
        True,
        "layout",
        word=mark("2 visits"),
    ),
    A(
        "layout_ct_compare",
        mark("CT compared"),
        M.VIEW,
        ("Ctrl+3",),
        PAIR | {When.CT_LOADED},
        "layout-ct",
        True,
        "layout",
        word=mark("CT pair"),
    ),
    A(
        "layout_mip_pair",
        mark("MIPs side by side"),
        M.VIEW,
        ("Ctrl+4",),
        PAIR,
        "layout-mip",
        True,
        "layout",
        word=mark("MIP pair"),
    ),
    A("plane_axial", mark("Axial rows"), M.VIEW, ("Alt+1",), PAIR, group="plane", rule=True),
    A("plane_coronal", mark("Coronal rows"), M.VIEW, ("Alt+2",), PAIR, group="plane"),
    A("plane_sagittal", mark("Sagittal rows"), M.VIEW, ("Alt+3",), PAIR, group="plane"),
    A(
        "maximise",
        mark("Maximise view"),
        M.VIEW,
        ("Return",),
        OPEN,
        scope=Scope.VIEWPORTS,
        rule=True,
    ),
    A(
        "fit",
        mark("Fit and centre"),
        M.VIEW,
        ("Home",),
        OPEN,
        "fit",
        True,
        scope=Scope.VIEWPORTS,
        word=mark("Fit"),
    ),
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
        word=mark("Fusion"),
    ),
    A("fusion_more", mark("More PET in the fusion"), M.VIEW, ("+", "="), BOTH),
    A("fusion_less", mark("Less PET in the fusion"), M.VIEW, ("-",), BOTH),
    A(
        "invert",
        mark("Invert grey scale"),
        M.VIEW,
        ("I",),
        PET,
        "invert",
        True,
        checkable=True,
        word=mark("Invert"),
    ),
    A(
        "crosshair",
        mark("Crosshair"),
        M.VIEW,
        ("X",),
        OPEN,
        "cross",
        True,
        checkable=True,
        word=mark("Cross"),
    ),
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
        word=mark("SUVbw"),
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
        word=mark("Scale"),
    ),
    A("linked", mark("Time points linked"), M.VIEW, ("Ctrl+K",), PAIR, checkable=True),
    A(
        "mip_turning",
        mark("Turn the MIP"),
        M.VIEW,
        ("Shift+M",),
        PET,
        checkable=True,
        scope=Scope.VIEWPORTS,
    ),
    A("dock_time_points", mark("Time points panel"), M.VIEW, ("F2",), checkable=True, rule=True),
    A("dock_lesions", mark("Lesions panel"), M.VIEW, ("F3",), checkable=True),
    A("dock_response", mark("Response panel"), M.VIEW, ("F4",), checkable=True),
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
    A("preset_ct_soft_tissue", mark("CT soft tissue 400 / 40"), M.WINDOW_LEVEL, ("1",), CT),
    A("preset_ct_lung", mark("CT lung 1500 / −600"), M.WINDOW_LEVEL, ("2",), CT),
    A("preset_ct_bone", mark("CT bone 2000 / 350"), M.WINDOW_LEVEL, ("3",), CT),
    A("preset_ct_liver", mark("CT liver 150 / 90"), M.WINDOW_LEVEL, ("4",), CT),
    A("preset_ct_brain", mark("CT brain 80 / 40"), M.WINDOW_LEVEL, ("5",), CT),
    A("preset_pet_0_5", mark("PET 0 to 5"), M.WINDOW_LEVEL, ("6",), PET, rule=True),
    A("preset_pet_0_7", mark("PET 0 to 7"), M.WINDOW_LEVEL, ("7",), PET),
    A("preset_pet_0_10", mark("PET 0 to 10"), M.WINDOW_LEVEL, ("8",), PET),
    A("preset_standard", mark("Standard windows"), M.WINDOW_LEVEL, ("9", "0"), OPEN, rule=True),
)
_READING = (
    A(
        "next_lesion",
        mark("Next lesion"),
        M.READING,
        ("N",),
        OPEN,
        "next-lesion",
        True,
        word=mark("Next"),
    ),
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
    A(
        "confirm_physiological",
        mark("Confirm all physiological foci"),
        M.READING,
        ("Shift+C",),
        LESION,
        scope=Scope.LESION_LIST,
    ),
    A("provenance", mark("Where this number comes from"), M.READING, ("Ctrl+I",), LESION),
    A("cancel_jobs", mark("Cancel computations"), M.READING, ("Ctrl+.",), rule=True),
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
