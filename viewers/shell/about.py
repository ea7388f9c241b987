"""What the program is, and what it is not."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from app.translation import tr
from app.version import VERSION


def about_window(parent: QWidget) -> QMessageBox:
    """A small window that deletes itself when closed and blocks nothing."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setModal(False)
    box.setWindowTitle(tr("About OncoRead"))
    box.setText(f"OncoRead {VERSION}")
    box.setInformativeText(
        tr("PET-CT response reading for oncology trials")
        + "\n"
        + tr("Investigational use in trials; not a medical device.")
    )
    return box
