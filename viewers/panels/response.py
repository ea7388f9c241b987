"""The response: category large, change, margin, why rule by rule, comparability, doubts."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QTabBar, QVBoxLayout, QWidget

from app.translation import tr
from viewers.panels.number_label import NumberLabel
from viewers.panels.rows_grid import GridRow, RowsGrid
from viewers.panels.styled_label import (
    ElidedLabel,
    enlarge,
    plain_label,
    scrolled,
    unbroken,
    wrapped_label,
)
from viewers.panels.tones import OF_COMPARABILITY, ROLE_OF_CATEGORY, Tone
from viewers.presenters.numbers import NumberState
from viewers.presenters.response import ResponseView


class ResponseStrip(QWidget):
    """The answer on one line, always in sight."""

    number_picked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("response_strip")
        self._headline = NumberLabel()
        self._headline.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._headline.picked.connect(self.number_picked)
        enlarge(self._headline)
        self._detail = ElidedLabel()
        self._reserve = wrapped_label("", "warning")
        self._note = ElidedLabel("", "warning")
        lines = QVBoxLayout()
        lines.setSpacing(0)
        lines.addWidget(self._detail)
        lines.addWidget(self._reserve)
        lines.addWidget(self._note)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 3, 8, 3)
        layout.setSpacing(10)
        layout.addWidget(self._headline)
        layout.addLayout(lines, 1)

    def show_response(self, view: ResponseView) -> None:
        """Shows the response of a visit."""
        self._headline.setText(view.headline or view.category_text)
        self._headline.show_state(view.state, view.ref)
        if view.state is NumberState.READY:
            role = ROLE_OF_CATEGORY.get(view.category, "")
            self._headline.show_category(role, bool(view.draft_note))
        self._detail.show_text(" · ".join(part for part in (view.visit_label, view.brief) if part))
        told = (view.visit_label, view.category_text, view.target, view.change)
        self._detail.setToolTip("\n".join(part for part in told if part))
        self._reserve.setText(unbroken(view.reserve))
        self._reserve.setVisible(bool(view.reserve))
        self._note.show_text(view.draft_note)
        self._note.setVisible(bool(view.draft_note))


class ResponsePanel(QWidget):
    """The response of one visit in full; tabs choose the visit where there are several.

    Without `scrolls` it is as high as what it shows, for a place that scrolls already.
    """

    visit_picked = Signal(int)
    number_picked = Signal(object)

    def __init__(self, parent: QWidget | None = None, scrolls: bool = True) -> None:
        super().__init__(parent)
        self.setObjectName("response_panel")
        self._views: tuple[ResponseView, ...] = ()
        self._tabs = QTabBar()
        self._tabs.setObjectName("response_visits")
        self._tabs.setExpanding(False)
        self._tabs.setDrawBase(False)
        self._tabs.currentChanged.connect(self._show_tab)
        self._category = NumberLabel()
        self._category.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._category.picked.connect(self.number_picked)
        enlarge(self._category)
        self._name = wrapped_label("", "heading")
        self._reserve = wrapped_label("", "warning")
        self._lines = {
            name: wrapped_label() for name in ("change", "target", "facts", "margin", "other")
        }
        self._rule_set = wrapped_label("", "muted")
        self._draft = wrapped_label("", "warning")
        self._cautions, self._why, self._card = RowsGrid(), RowsGrid(0), RowsGrid()
        self._heads = {
            "cautions": plain_label(tr("To be judged"), "heading"),
            "why": plain_label(tr("Why"), "heading"),
            "card": plain_label(tr("Comparability"), "heading"),
        }
        self._arrange(scrolls)

    def show_responses(self, views: Sequence[ResponseView], visit: int | None = None) -> None:
        """Shows the responses of all visits; `visit` (else the one shown, else the latest)."""
        wanted = self._chosen() if visit is None else visit
        self._views = tuple(views)
        with QSignalBlocker(self._tabs):
            while self._tabs.count() > len(views):
                self._tabs.removeTab(self._tabs.count() - 1)
            while self._tabs.count() < len(views):
                self._tabs.addTab("")
            for place, view in enumerate(views):
                self._tabs.setTabText(place, view.visit_label)
            numbers = [view.visit for view in views]
            latest = len(views) - 1
            self._tabs.setCurrentIndex(numbers.index(wanted) if wanted in numbers else latest)
        self._tabs.setVisible(len(views) > 1)
        if views:
            self._show(self._views[self._tabs.currentIndex()])

    def _chosen(self) -> int | None:
        place = self._tabs.currentIndex()
        return self._views[place].visit if 0 <= place < len(self._views) else None

    def _show_tab(self, place: int) -> None:
        if 0 <= place < len(self._views):
            self._show(self._views[place])
            self.visit_picked.emit(self._views[place].visit)

    def _show(self, view: ResponseView) -> None:
        self._category.setText(view.headline or view.category_text)
        self._category.show_state(view.state, view.ref)
        if view.state is NumberState.READY:
            role = ROLE_OF_CATEGORY.get(view.category, "")
            self._category.show_category(role, bool(view.draft_note))
        named = view.category_text if view.headline else ""
        other = view.other_rule_set and tr("Other rule set: {text}").format(
            text=view.other_rule_set
        )
        for label, text in (
            (self._name, named),
            (self._reserve, view.reserve),
            (self._lines["change"], view.change),
            (self._lines["target"], view.target),
            (self._lines["facts"], view.facts),
            (self._lines["margin"], "\n".join(view.margins)),
            (self._lines["other"], other),
            (self._rule_set, view.rule_set),
            (self._draft, view.draft_note),
        ):
            label.setText(unbroken(text))
            label.setVisible(bool(text))
        self._cautions.show_rows([GridRow("", text, Tone.WARNING) for text in view.cautions])
        self._why.show_rows([GridRow(row.rule, row.text) for row in view.reasons])
        self._card.show_rows(
            [GridRow(r.label, r.text, OF_COMPARABILITY[r.severity]) for r in view.comparability]
        )
        self._heads["cautions"].setVisible(bool(view.cautions))
        self._heads["why"].setVisible(bool(view.reasons))
        self._heads["card"].setVisible(bool(view.comparability))

    def _arrange(self, scrolls: bool) -> None:
        content = QWidget()
        body = QVBoxLayout(content)
        body.setContentsMargins(8, 4, 8, 8)
        body.setSpacing(4)
        body.addWidget(self._category, 0, Qt.AlignmentFlag.AlignLeft)
        for label in (self._name, self._reserve, *self._lines.values()):
            body.addWidget(label)
        for widget in (
            self._rule_set,
            self._draft,
            self._heads["cautions"],
            self._cautions,
            self._heads["why"],
            self._why,
            self._heads["card"],
            self._card,
        ):
            body.addWidget(widget)
        body.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._tabs)
        layout.addWidget(scrolled(content) if scrolls else content, 1)
