"""The F1 sheet: every key and gesture as it is set now."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.settings import Settings
from app.translation import tr
from viewers.shell.action_spec import Menu, Scope
from viewers.shell.actions import ACTIONS, keys_in_use
from viewers.shell.mouse_mapping import ACTS, GESTURES

COLUMNS = (
    (Menu.FILE, Menu.EDIT, Menu.READING, Menu.HELP),
    (Menu.VIEW,),
    (Menu.TOOLS, Menu.WINDOW_LEVEL),
)
WIDTH_PX, HEIGHT_PX = 1120, 728
MARGIN_PX = 64


class ShortcutSheet(QDialog):
    """A window beside the reading; it deletes itself when closed."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Keys and mouse"))
        sheet = QWidget()
        row = QHBoxLayout(sheet)
        row.setSpacing(28)
        keys = keys_in_use(settings.shortcuts)
        for menus in COLUMNS:
            column = QVBoxLayout()
            column.setSpacing(3)
            for menu in menus:
                column.addWidget(_heading(tr(menu.value).replace("&", "")))
                column.addLayout(_menu_grid(menu, keys))
            if menus is COLUMNS[-1]:
                column.addWidget(_heading(tr("Mouse in the images")))
                column.addLayout(_mouse_grid(settings.mouse))
            column.addStretch(1)
            row.addLayout(column, 1)
        scroll = QScrollArea()
        scroll.setWidget(sheet)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        outer = QVBoxLayout(self)
        outer.addWidget(scroll)
        # As wide as its columns, which are wider in some languages; it may scroll upwards only.
        room = QGuiApplication.primaryScreen().availableGeometry().width()
        bar = scroll.verticalScrollBar().sizeHint().width()
        self.resize(max(WIDTH_PX, min(sheet.sizeHint().width() + bar + MARGIN_PX, room)), HEIGHT_PX)
        note = QLabel(tr("All keys and gestures can be changed in the settings."))
        note.setProperty("role", "muted")
        outer.addWidget(note)


def _menu_grid(menu: Menu, keys: Mapping[str, tuple[str, ...]]) -> QGridLayout:
    rows = []
    for spec in ACTIONS:
        if spec.menu is menu and keys[spec.id]:
            text = tr(spec.text).rstrip("…")
            if spec.scope is Scope.LESION_LIST:
                text = tr("{action} (in the lesion list)").format(action=text)
            rows.append((_shown(keys[spec.id]), text))
    return _grid(rows)


def _mouse_grid(mouse: Mapping[str, str]) -> QGridLayout:
    return _grid([(tr(GESTURES[gesture]), tr(ACTS[act])) for gesture, act in mouse.items()])


def _grid(rows: list[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setColumnStretch(1, 1)
    grid.setHorizontalSpacing(10)
    grid.setVerticalSpacing(1)
    for number, (keys, text) in enumerate(rows):
        label = QLabel(keys)
        label.setProperty("role", "key")
        grid.addWidget(label, number, 0, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(QLabel(text), number, 1)
    return grid


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "heading")
    label.setContentsMargins(0, 6, 0, 2)
    return label


def _shown(keys: tuple[str, ...]) -> str:
    native = QKeySequence.SequenceFormat.NativeText
    return "   ".join(QKeySequence(item).toString(native) for item in keys)
