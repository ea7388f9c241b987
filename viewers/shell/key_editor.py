"""The table in which keys are changed; a key that is taken is refused with who has it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QGridLayout,
    QKeySequenceEdit,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.translation import tr
from viewers.shell.action_spec import ActionSpec, Menu
from viewers.shell.actions import ACTIONS, conflicts, keys_in_use

Keys = dict[str, tuple[str, ...]]


class KeyEditor(QWidget):
    """Edits the first key of every action; `chosen` carries all keys that differ from the table."""

    chosen = Signal(dict)

    def __init__(self, keys: Keys) -> None:
        super().__init__()
        self._keys = dict(keys)
        self._edits: dict[str, QKeySequenceEdit] = {}
        self._message = QLabel()
        self._message.setProperty("role", "refused")
        self._message.setWordWrap(True)
        table = QWidget()
        grid = QGridLayout(table)
        grid.setColumnStretch(0, 1)
        grid.setVerticalSpacing(3)
        row = 0
        for menu in Menu:
            heading = QLabel(tr(menu.value).replace("&", ""))
            heading.setProperty("role", "heading")
            grid.addWidget(heading, row, 0)
            row += 1
            for spec in (item for item in ACTIONS if item.menu is menu):
                grid.addWidget(QLabel(tr(spec.text).rstrip("…")), row, 0)
                grid.addWidget(self._edit(spec), row, 1)
                row += 1
        scroll = QScrollArea()
        scroll.setWidget(table)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        standard = QPushButton(tr("All keys as delivered"))
        standard.clicked.connect(self._reset)
        column = QVBoxLayout(self)
        column.addWidget(scroll, 1)
        column.addWidget(self._message)
        column.addWidget(standard, 0, Qt.AlignmentFlag.AlignLeft)

    @property
    def message(self) -> str:
        """Why the last key was refused; empty where it was not."""
        return self._message.text()

    def set_key(self, action_id: str, key: str) -> bool:
        """Gives an action another first key, or none; False where another action has it."""
        spec = next(item for item in ACTIONS if item.id == action_id)
        others = keys_in_use(self._keys)[action_id][1:]
        asked = ((key, *others) if key else others) if key not in others else (key,)
        wanted = self._keys | {action_id: asked}
        if asked == spec.keys:
            del wanted[action_id]
        taken = [found for found in conflicts(wanted) if action_id in (found.first, found.second)]
        if taken:
            other = taken[0].second if taken[0].first == action_id else taken[0].first
            name = next(tr(item.text) for item in ACTIONS if item.id == other).rstrip("…")
            shown = QKeySequence(taken[0].keys).toString(QKeySequence.SequenceFormat.NativeText)
            text = tr("{keys} already belongs to “{action}”.")
            self._message.setText(text.format(keys=shown, action=name))
            self._show(action_id)
            return False
        self._message.clear()
        self._keys = wanted
        self._show(action_id)
        self.chosen.emit(dict(self._keys))
        return True

    def _edit(self, spec: ActionSpec) -> QKeySequenceEdit:
        edit = QKeySequenceEdit()
        edit.setMaximumSequenceLength(1)
        edit.setClearButtonEnabled(True)
        edit.setAccessibleName(tr(spec.text))
        self._edits[spec.id] = edit
        self._show(spec.id)
        portable = QKeySequence.SequenceFormat.PortableText
        edit.editingFinished.connect(
            lambda: self._edited(spec.id, edit.keySequence().toString(portable))
        )
        return edit

    def _edited(self, action_id: str, key: str) -> None:
        if key != next(iter(keys_in_use(self._keys)[action_id]), ""):
            self.set_key(action_id, key)

    def _show(self, action_id: str) -> None:
        first = next(iter(keys_in_use(self._keys)[action_id]), "")
        self._edits[action_id].setKeySequence(QKeySequence(first))

    def _reset(self) -> None:
        self._keys = {}
        self._message.clear()
        for action_id in self._edits:
            self._show(action_id)
        self.chosen.emit({})
