"""Work under way: what, how far, and how to stop it."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from app.translation import tr
from viewers.panels.styled_label import ElidedLabel
from viewers.presenters.jobs import JobRow

BAR_WIDTH = 140
UNITS = 1000


class JobsBar(QWidget):
    """The first job in words; the others are counted and listed in the tooltip."""

    cancel_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("jobs_bar")
        self._slot = ""
        self._title = ElidedLabel()
        self._title.setMinimumWidth(160)
        self._bar = QProgressBar()
        self._bar.setFixedWidth(BAR_WIDTH)
        self._cancel = QPushButton(tr("Cancel"))
        self._cancel.setObjectName("cancel_job")
        self._cancel.setProperty("flat", True)
        self._cancel.clicked.connect(lambda: self.cancel_requested.emit(self._slot))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(6, 0, 6, 0)
        layout.addWidget(self._title, 1)
        layout.addWidget(self._bar)
        layout.addWidget(self._cancel)
        self.show_jobs(())

    def show_jobs(self, rows: Sequence[JobRow]) -> None:
        """Shows the jobs under way; nothing where there are none."""
        busy = bool(rows)
        self._bar.setVisible(busy)
        self._cancel.setVisible(busy)
        if not rows:
            self._slot = ""
            self._title.show_text("")
            return
        first = rows[0]
        self._slot = first.slot
        more = tr(" (+{count} more)").format(count=len(rows) - 1) if len(rows) > 1 else ""
        self._title.show_text(first.title + more)
        self._title.setToolTip("\n".join(f"{row.title} {row.share_text}".strip() for row in rows))
        if first.share is None:
            self._bar.setRange(0, 0)
            return
        self._bar.setRange(0, UNITS)
        self._bar.setValue(round(first.share * UNITS))
        self._bar.setFormat(first.share_text)
