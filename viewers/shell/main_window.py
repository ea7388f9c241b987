"""The window: menus, docks and a place for each ready-made widget; nothing else."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import (
    QDockWidget,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.settings import Settings
from app.translation import tr
from viewers.shell.action_set import ActionSet
from viewers.shell.action_spec import Scope
from viewers.shell.message_bar import MessageBar
from viewers.shell.welcome_page import WelcomePage
from viewers.shell.worded_toolbar import WordedToolBar

DOCK_LAYOUT_VERSION = 1
SIDE_WIDTHS_PX = (215, 395)  # time points, reading
READING_SHARES = (9, 11)  # lesions, response


@dataclass(frozen=True, slots=True)
class WindowParts:
    """The widgets of an open reading, each for its place."""

    time_points: QWidget
    viewports: QWidget
    lesions: QWidget
    response: QWidget
    jobs: QWidget
    cursor: QWidget


class MainWindow(QMainWindow):
    """The reading window; widgets placed in it become its own."""

    first_frame_painted = Signal()
    folders_dropped = Signal(list)
    closing = Signal()

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._painted = False
        self._placed: list[QWidget] = []
        self._sheet: QWidget | None = None
        self.setAcceptDrops(True)
        self.actions_of_table = ActionSet(self, settings.shortcuts)
        self.messages = MessageBar()
        self.welcome = WelcomePage(
            *(
                self.actions_of_table.action(name)
                for name in ("open_folder", "open_demo", "patient_list")
            )
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(self.welcome)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.messages)
        column.addWidget(self._stack, 1)
        self.setCentralWidget(centre)
        left, right = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
        self._docks = {
            "time_points": self._dock("time_points", tr("Time points"), left),
            "lesions": self._dock("lesions", tr("Lesions"), right),
            "response": self._dock("response", tr("Response"), right),
        }
        self.setCorner(Qt.Corner.BottomRightCorner, right)
        self.setCorner(Qt.Corner.BottomLeftCorner, left)
        self.actions_of_table.fill_menus(self.menuBar())
        self._toolbar = WordedToolBar(tr("Tools"))
        self._toolbar.setObjectName("toolbar")
        self._toolbar.setMovable(False)
        self._toolbar.toggleViewAction().setVisible(False)
        self.actions_of_table.fill_toolbar(self._toolbar)
        self.addToolBar(self._toolbar)
        self.statusBar().setSizeGripEnabled(False)
        self._first_size(settings)
        self.show_welcome()

    def place(self, parts: WindowParts) -> None:
        """Puts the widgets of a reading in their places and shows them."""
        self.clear()
        self._stack.addWidget(parts.viewports)
        for name in self._docks:
            self._docks[name].setWidget(getattr(parts, name))
        self.statusBar().addWidget(parts.jobs, 1)
        self.statusBar().addPermanentWidget(parts.cursor)
        self.actions_of_table.attach(Scope.VIEWPORTS, parts.viewports)
        self.actions_of_table.attach(Scope.LESION_LIST, parts.lesions)
        self._placed = [getattr(parts, name) for name in WindowParts.__slots__]
        for widget in self._placed:
            widget.show()
        self._stack.setCurrentWidget(parts.viewports)
        self._show_docks(True)
        parts.viewports.setFocus()

    def clear(self) -> None:
        """Takes the widgets of a reading out and deletes them."""
        for dock in self._docks.values():
            dock.setWidget(None)  # type: ignore[arg-type]
        for widget in self._placed:
            self.statusBar().removeWidget(widget)
            self._stack.removeWidget(widget)
            widget.setParent(None)
            widget.deleteLater()
        self._placed = []
        self.show_welcome()

    def show_sheet(self, sheet: QWidget) -> None:
        """Shows a sheet in the place of the pictures until it is closed."""
        self.close_sheet()
        self._sheet = sheet
        self._stack.addWidget(sheet)
        self._stack.setCurrentWidget(sheet)
        sheet.setFocus()

    def close_sheet(self) -> None:
        """Takes the sheet away; what was there before shows again."""
        if self._sheet is not None:
            sheet, self._sheet = self._sheet, None
            self._stack.removeWidget(sheet)
            sheet.deleteLater()

    def show_welcome(self) -> None:
        """Shows the welcome page, without the panels of a reading."""
        self._stack.setCurrentWidget(self.welcome)
        self._show_docks(False)
        self.show_title("")

    def show_title(self, reading: str) -> None:
        """Names the open reading in the title; empty for none."""
        self.setWindowTitle(f"{reading} — OncoRead" if reading else "OncoRead")

    def show_dock(self, name: str, on: bool) -> None:
        """Shows or hides one of the panels."""
        self._docks[name].setVisible(on)

    def layout_texts(self) -> dict[str, str]:
        """Geometry and docks as they are, for the settings."""
        texts = {"window_geometry": _text(self.saveGeometry())}
        if self._placed:
            texts["window_docks"] = _text(self.saveState(DOCK_LAYOUT_VERSION))
        return texts

    def event(self, event: QEvent) -> bool:
        """Tells of the first frame once it is painted."""
        done = super().event(event)
        if not self._painted and event.type() == QEvent.Type.Paint:
            self._painted = True
            self.first_frame_painted.emit()
        return done

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Lets the desk save and end its work first."""
        self.closing.emit()
        super().closeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Takes folders and files."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Opens what was dropped."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.folders_dropped.emit(sorted({p if p.is_dir() else p.parent for p in paths}))

    def _dock(self, name: str, title: str, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title)
        dock.setObjectName(name)
        dock.setFeatures(
            QDockWidget.DockWidgetFeature.DockWidgetMovable
            | QDockWidget.DockWidgetFeature.DockWidgetClosable
        )
        self.addDockWidget(area, dock)
        shown = dock.toggleViewAction()
        shown.toggled.connect(lambda on: self.actions_of_table.show_checked(f"dock_{name}", on))
        return dock

    def _show_docks(self, on: bool) -> None:
        for dock in self._docks.values():
            dock.setVisible(on)
        if on and self._dock_state:
            self.restoreState(QByteArray.fromBase64(self._dock_state.encode()), DOCK_LAYOUT_VERSION)
        elif on:
            sides = [self._docks["time_points"], self._docks["lesions"]]
            self.resizeDocks(sides, list(SIDE_WIDTHS_PX), Qt.Orientation.Horizontal)
            reading = [self._docks["lesions"], self._docks["response"]]
            self.resizeDocks(reading, list(READING_SHARES), Qt.Orientation.Vertical)

    def _first_size(self, settings: Settings) -> None:
        self._dock_state = settings.window_docks
        geometry = QByteArray.fromBase64(settings.window_geometry.encode())
        if geometry.isEmpty() or not self.restoreGeometry(geometry):
            room = QGuiApplication.primaryScreen().availableGeometry()
            self.setGeometry(room)
            self.setWindowState(Qt.WindowState.WindowMaximized)


def _text(data: QByteArray) -> str:
    return bytes(data.toBase64().data()).decode("ascii")
