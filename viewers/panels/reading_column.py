"""The column beside the pictures: lesions, reference and response in sight, the rest in tabs."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QTabWidget, QVBoxLayout, QWidget

from app.translation import tr
from viewers.panels.facts import FactsPanel
from viewers.panels.lesion_card import LesionCardPanel
from viewers.panels.lesions import LesionsPanel
from viewers.panels.provenance import ProvenancePanel
from viewers.panels.recist import RecistPanel
from viewers.panels.references import ReferencePanel
from viewers.panels.response import ResponsePanel, ResponseStrip
from viewers.panels.styled_label import scrolled
from viewers.panels.texts import TextsPanel

LEAST_WIDTH = 340


class ReadingColumn(QWidget):
    """All panels of a reading; their wishes leave by one signal of each kind."""

    lesion_picked = Signal(str)
    number_picked = Signal(object)
    edit_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("reading_column")
        self.setMinimumWidth(LEAST_WIDTH)
        # From the outside in: a widget that changes its parent is styled again with all within.
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.splitter = QSplitter(Qt.Orientation.Vertical, self)
        self.splitter.setObjectName("reading_splitter")
        self.splitter.setChildrenCollapsible(False)
        layout.addWidget(self.splitter)
        self.lesions = LesionsPanel(self.splitter)
        below = QWidget(self.splitter)
        lower = QVBoxLayout(below)
        lower.setContentsMargins(0, 0, 0, 0)
        lower.setSpacing(2)
        self.references = ReferencePanel(below)
        self.strip = ResponseStrip(below)
        self.tabs = QTabWidget(below)
        self.tabs.setObjectName("reading_tabs")
        self.tabs.setDocumentMode(True)
        self.tabs.setUsesScrollButtons(True)
        self.tabs.tabBar().setDrawBase(False)
        lower.addWidget(self.references)
        lower.addWidget(self.strip)
        lower.addWidget(self.tabs, 1)
        self.card = LesionCardPanel()
        self.response = ResponsePanel()
        self.recist = RecistPanel()
        self.facts = FactsPanel()
        self.texts = TextsPanel()
        self.provenance = ProvenancePanel()
        notes = QWidget()
        noted = QVBoxLayout(notes)
        noted.setContentsMargins(0, 0, 0, 0)
        noted.setSpacing(0)
        noted.addWidget(self.facts)
        noted.addWidget(self.texts, 1)
        for panel, title in (
            (scrolled(self.card), tr("Lesion")),
            (self.response, tr("Response")),
            (self.recist, tr("RECIST")),
            (scrolled(notes), tr("Notes")),
            (self.provenance, tr("Source")),
        ):
            self.tabs.addTab(panel, title)
        self.splitter.setSizes([430, 570])
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 1)
        self._gather()

    def show_source(self) -> None:
        """Brings the provenance to the front."""
        self.tabs.setCurrentWidget(self.provenance)

    def commit(self) -> None:
        """Hands in texts that are still being typed."""
        self.card.commit()
        self.texts.commit()

    def _gather(self) -> None:
        for picking in (self.lesions, self.recist):
            picking.lesion_picked.connect(self.lesion_picked)
        for numbered in (
            self.lesions,
            self.card,
            self.references,
            self.strip,
            self.response,
            self.recist,
        ):
            numbered.number_picked.connect(self.number_picked)
        for editing in (self.lesions, self.card, self.recist, self.texts):
            editing.edit_requested.connect(self.edit_requested)
