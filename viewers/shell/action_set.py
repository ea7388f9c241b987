"""The QActions of the action table: enabled by facts, with the user's keys, in the menus."""

from collections.abc import Collection, Mapping

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenuBar, QToolBar, QWidget

from app.translation import tr
from viewers.shell.action_spec import ActionSpec, Menu, Scope, When, usable
from viewers.shell.actions import ACTIONS, keys_in_use
from viewers.shell.icons import line_icon


class ActionSet(QObject):
    """One QAction for every entry of the table.

    `triggered` carries the id and whether the action is now on (False for plain ones). Which
    action is on is shown with `show_checked`, without `triggered`.
    """

    triggered = Signal(str, bool)

    def __init__(self, window: QWidget, chosen_keys: Mapping[str, tuple[str, ...]]) -> None:
        super().__init__(window)
        self._actions: dict[str, QAction] = {}
        self._groups: dict[str, QActionGroup] = {}
        for spec in ACTIONS:
            self._actions[spec.id] = self._made(spec)
        self.show_keys(chosen_keys)
        self.show_facts(())
        self.attach(Scope.WINDOW, window)

    def action(self, action_id: str) -> QAction:
        """The QAction of an id. Raises KeyError."""
        return self._actions[action_id]

    def attach(self, scope: Scope, widget: QWidget) -> None:
        """Lets the keys of a scope work while the widget or one of its children has the focus."""
        widget.addActions([self._actions[spec.id] for spec in ACTIONS if spec.scope is scope])

    def show_facts(self, facts: Collection[When]) -> None:
        """Enables what can be used while these facts hold, and only that."""
        for spec in ACTIONS:
            self._actions[spec.id].setEnabled(usable(spec, facts))

    def show_keys(self, chosen: Mapping[str, tuple[str, ...]]) -> None:
        """Sets the keys the user chose, the table's for all others, and says them in tooltips."""
        in_use = keys_in_use(chosen)
        for spec in ACTIONS:
            action = self._actions[spec.id]
            action.setShortcuts([QKeySequence(keys) for keys in in_use[spec.id]])
            action.setToolTip(_tooltip(spec, action.shortcut()))

    def show_checked(self, action_id: str, on: bool) -> None:
        """Shows an action of a group, or a switch, as on or off."""
        self._actions[action_id].setChecked(on)

    def show_name(self, action_id: str, text: str) -> None:
        """Shows a fuller text in the menu, such as what would be undone; empty for the table's."""
        spec = next(spec for spec in ACTIONS if spec.id == action_id)
        shown = tr(spec.text)
        if text:
            shown = tr("{label}: {value}").format(label=shown, value=text)
        action = self._actions[action_id]
        action.setText(shown)
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{shown}  ({keys})" if keys else shown)

    def fill_menus(self, bar: QMenuBar) -> None:
        """Draws the menus of the table."""
        for place in Menu:
            menu = bar.addMenu(tr(place.value))
            menu.setObjectName(f"menu_{place.name.lower()}")
            for spec in ACTIONS:
                if spec.menu is place:
                    if spec.rule and menu.actions():
                        menu.addSeparator()
                    menu.addAction(self._actions[spec.id])

    def fill_toolbar(self, toolbar: QToolBar) -> None:
        """Draws the buttons of the table, a line between the menus they come from."""
        place: Menu | None = None
        for spec in ACTIONS:
            if spec.toolbar:
                if place is not None and spec.menu is not place:
                    toolbar.addSeparator()
                place = spec.menu
                toolbar.addAction(self._actions[spec.id])

    def _made(self, spec: ActionSpec) -> QAction:
        action = QAction(tr(spec.text), self)
        action.setObjectName(spec.id)
        action.setCheckable(spec.checkable or bool(spec.group))
        action.setAutoRepeat(spec.id.startswith("slice_") or spec.id in {"undo", "redo"})
        # Roles by text would move "Settings" and "About" about in a translated macOS menu.
        action.setMenuRole(QAction.MenuRole.NoRole)
        if spec.scope is not Scope.WINDOW:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        if spec.word:
            action.setIconText(tr(spec.word))
        if spec.icon:
            action.setIcon(line_icon(spec.icon))
        if spec.group:
            if spec.group not in self._groups:
                self._groups[spec.group] = QActionGroup(self)
            self._groups[spec.group].addAction(action)
        action.triggered.connect(lambda on, name=spec.id: self.triggered.emit(name, on))
        return action


def _tooltip(spec: ActionSpec, keys: QKeySequence) -> str:
    shown = keys.toString(QKeySequence.SequenceFormat.NativeText)
    title = tr(spec.text).rstrip("…")
    first = f"{title}  ({shown})" if shown else title
    return f"{first}\n{tr(spec.hint)}" if spec.hint else first
