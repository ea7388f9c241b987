"""The settings sheet: language, archive folder, mouse, keys; saved at every change."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.settings import DEFAULT_MOUSE, archive_file, mouse_acts
from app.translation import LANGUAGES, tr
from viewers.shell.key_editor import KeyEditor
from viewers.shell.live_settings import LiveSettings
from viewers.shell.mouse_mapping import ACTS, GESTURES

WIDTH_PX, HEIGHT_PX = 620, 600


class SettingsSheet(QDialog):
    """A window beside the reading; it deletes itself when closed."""

    def __init__(self, settings: LiveSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Settings"))
        self.resize(WIDTH_PX, HEIGHT_PX)
        self._settings = settings
        keys = KeyEditor(dict(settings.current.shortcuts))
        keys.chosen.connect(lambda chosen: settings.change(shortcuts=chosen))
        tabs = QTabWidget()
        tabs.addTab(self._general(), tr("General"))
        tabs.addTab(self._mouse(), tr("Mouse"))
        tabs.addTab(keys, tr("Keys"))
        close = QPushButton(tr("Close"))
        close.clicked.connect(self.close)
        note = QLabel(tr("Every change is saved at once."))
        note.setProperty("role", "muted")
        foot = QHBoxLayout()
        foot.addWidget(note, 1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.addWidget(tabs, 1)
        column.addLayout(foot)

    def _general(self) -> QWidget:
        page = QWidget()
        form = QFormLayout(page)
        languages = QComboBox()
        languages.addItem(tr("As the system"), "")
        for code, name in LANGUAGES.items():
            languages.addItem(name, code)
        languages.setCurrentIndex(languages.findData(self._settings.current.language))
        languages.currentIndexChanged.connect(
            lambda: self._settings.change(language=languages.currentData())
        )
        form.addRow(tr("Language"), languages)
        self._folder = QLabel(str(archive_file(self._settings.current).parent))
        self._folder.setWordWrap(True)
        self._folder.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        choose = QPushButton(tr("Choose…"))
        choose.clicked.connect(self._choose_folder)
        form.addRow(tr("Archive of readings"), self._folder)
        form.addRow("", choose)
        note = QLabel(tr("Another archive folder is used from the next start on."))
        note.setProperty("role", "muted")
        form.addRow("", note)
        return page

    def _mouse(self) -> QWidget:
        page = QWidget()
        form = QFormLayout(page)
        self._acts: dict[str, QComboBox] = {}
        for gesture, act in self._settings.current.mouse.items():
            acts = QComboBox()
            for name in mouse_acts(gesture):
                acts.addItem(tr(ACTS[name]), name)
            acts.setCurrentIndex(acts.findData(act))
            acts.currentIndexChanged.connect(self._mouse_changed)
            self._acts[gesture] = acts
            form.addRow(tr(GESTURES[gesture]), acts)
        standard = QPushButton(tr("Mouse as delivered"))
        standard.clicked.connect(self._mouse_reset)
        form.addRow("", standard)
        return page

    def _mouse_changed(self) -> None:
        chosen = {gesture: acts.currentData() for gesture, acts in self._acts.items()}
        self._settings.change(mouse=chosen)

    def _mouse_reset(self) -> None:
        for gesture, act in DEFAULT_MOUSE.items():
            self._acts[gesture].setCurrentIndex(self._acts[gesture].findData(act))

    def _choose_folder(self) -> None:
        dialog = QFileDialog(self, tr("Archive of readings"), self._folder.text())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self._folder_chosen)
        dialog.open()

    def _folder_chosen(self, folder: str) -> None:
        self._settings.change(archive_folder=folder)
        self._folder.setText(folder)
