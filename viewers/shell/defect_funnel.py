"""Where everything ends that nobody expected: the log, one dialog, and the program goes on."""

import sys
import threading
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from app.errors import ReaderError
from app.log import record_defect
from app.translation import tr


class DefectFunnel(QObject):
    """Takes exceptions of slots, threads and jobs.

    What is expected (ReaderError) goes out as `refused` for the message bar. A defect is logged
    and told in one window that is reused while it is open; nothing blocks.
    """

    refused = Signal(object)
    _from_thread = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._dialog: QMessageBox | None = None
        self._count = 0
        self._former_hooks = (sys.excepthook, threading.excepthook)
        self._from_thread.connect(self.take, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Catches what is raised in slots and threads from now on."""
        sys.excepthook = self._excepthook
        threading.excepthook = self._thread_hook

    def uninstall(self) -> None:
        """Gives the former hooks back."""
        sys.excepthook, threading.excepthook = self._former_hooks

    def take(self, fault: BaseException) -> None:
        """Shows what is expected, logs and tells what is not. Home thread only."""
        if isinstance(fault, ReaderError):
            self.refused.emit(fault)
        elif not isinstance(fault, KeyboardInterrupt | SystemExit):
            self._tell(record_defect(fault))

    def show_over(self, window: QWidget | None) -> None:
        """The window the dialog stands over."""
        self.setParent(window)

    def _tell(self, entry: str) -> None:
        self._count += 1
        if self._dialog is None:
            parent = self.parent()
            dialog = QMessageBox(parent if isinstance(parent, QWidget) else None)
            dialog.setIcon(QMessageBox.Icon.Warning)
            dialog.setWindowTitle(tr("Something went wrong"))
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.setModal(False)
            dialog.finished.connect(self._closed)
            self._dialog = dialog
        told = tr(
            "The program made a mistake and went on. Your reading is saved up to the last step."
        )
        if self._count > 1:
            told += "\n" + tr("This is mistake number {count}.").format(count=self._count)
        self._dialog.setText(told)
        self._dialog.setInformativeText(
            tr("Please report it with log {entry}.").format(entry=entry)
        )
        self._dialog.show()

    def _closed(self) -> None:
        self._dialog = None

    def _excepthook(
        self, kind: type[BaseException], fault: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._former_hooks[0](kind, fault, trace)
        elif threading.current_thread() is threading.main_thread():
            self.take(fault)
        else:
            self._from_thread.emit(fault)

    def _thread_hook(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None and not isinstance(arguments.exc_value, SystemExit):
            self._from_thread.emit(arguments.exc_value)
