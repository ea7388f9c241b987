"""What an action of the window is: text, keys, place, and when it can be used. Qt-free."""

from collections.abc import Collection
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
    CT_LOADED = "ct_loaded"
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
    `word` stands under the icon of the tool bar where the text is too long for that.
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
    word: str = ""


def usable(spec: ActionSpec, facts: Collection[When]) -> bool:
    """Whether the action can be used while these facts hold."""
    return spec.when <= frozenset(facts)


def overlap(first: Scope, second: Scope) -> bool:
    """Whether keys of both scopes could work at one place; the window's work everywhere."""
    return first == second or Scope.WINDOW in (first, second)
