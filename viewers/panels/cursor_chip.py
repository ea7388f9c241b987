"""The values under the cursor, on one line."""

from PySide6.QtWidgets import QSizePolicy, QWidget

from viewers.panels.styled_label import ElidedLabel
from viewers.presenters.cursor import CursorValues, cursor_text

WIDEST = "Suivi 10 · SUVbw 44.44 · SUL 44.44 · HU −4444 · 444 444 Bq/mL · × liver 44.4"


class CursorChip(ElidedLabel):
    """Wide enough for the longest line, so that nothing jumps as the mouse moves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self.setObjectName("cursor_chip")
        # A layout gives nothing to an Ignored width beside a widget that stretches.
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedWidth(self.fontMetrics().horizontalAdvance(WIDEST) + 12)

    def show_values(self, values: CursorValues | None) -> None:
        """Shows the values; nothing outside the images."""
        self.setText(cursor_text(values))
