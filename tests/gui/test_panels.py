"""The other panels: what is shown, what leaves, what is left alone while being typed."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QScrollArea

from app.domain.findings import Severity
from app.reading.edits import SetTexts
from tests.unit.viewers.presenters.sample_reading import complete, computing, state
from viewers.panels.cursor_chip import WIDEST, CursorChip
from viewers.panels.facts import FactsPanel
from viewers.panels.jobs_bar import JobsBar
from viewers.panels.number_label import NumberLabel
from viewers.panels.provenance import ProvenancePanel
from viewers.panels.reading_column import LEAST_WIDTH, ReadingColumn
from viewers.panels.references import ReferencePanel
from viewers.panels.response import ResponsePanel, ResponseStrip
from viewers.panels.rows_grid import GridRow, RowsGrid
from viewers.panels.styled_label import ElidedLabel
from viewers.panels.texts import TextsPanel
from viewers.panels.time_points import TimePointsPanel
from viewers.panels.tones import Tone, sign
from viewers.presenters.cursor import CursorValues
from viewers.presenters.derived import images_of
from viewers.presenters.facts import facts_rows
from viewers.presenters.jobs import JobRow
from viewers.presenters.lesion_card import lesion_card
from viewers.presenters.lesions import lesion_rows
from viewers.presenters.numbers import NumberKind, NumberRef
from viewers.presenters.provenance import provenance
from viewers.presenters.references import reference_rows
from viewers.presenters.response import response_view, response_views
from viewers.presenters.time_points import UPTAKE_RULE, DoubtRow, time_point_rows

LEFT = Qt.MouseButton.LeftButton


def shown(qtbot, widget, width=380, height=500):
    qtbot.addWidget(widget)
    widget.resize(width, height)
    widget.show()
    return widget


def heard(signal):
    received = []
    signal.connect(lambda *values: received.append(values[0] if len(values) == 1 else values))
    return received


def test_a_long_text_is_shortened_and_told_in_full_by_its_tooltip(qtbot):
    label = shown(qtbot, ElidedLabel("a very long description of a series " * 5), 120, 20)
    assert label.shown_text().endswith("…") and len(label.shown_text()) < 40
    assert label.toolTip() == label.text()
    assert label.minimumSizeHint().width() < 60


def test_reference_rows_are_confirmed_visited_and_traced(qtbot):
    panel = shown(qtbot, ReferencePanel())
    panel.show_references(reference_rows(complete()))
    confirmed, visited = heard(panel.confirm_requested), heard(panel.reference_picked)
    traced = heard(panel.number_picked)
    qtbot.mouseClick(panel.findChild(QPushButton, "confirm_reference_1"), LEFT)
    qtbot.mouseClick(panel.findChild(QPushButton, "go_to_reference_0"), LEFT)
    threshold = next(n for n in panel.findChildren(NumberLabel) if n.text() == "2.67")
    qtbot.mouseClick(threshold, LEFT)
    assert (confirmed, visited) == ([1], [0])
    assert traced == [NumberRef(NumberKind.THRESHOLD, 0)]


def test_fewer_visits_leave_no_line_behind(qtbot):
    panel = shown(qtbot, ReferencePanel())
    rows = reference_rows(complete())
    panel.show_references(rows)
    panel.show_references(rows[:1])
    qtbot.waitUntil(lambda: sum(b.isVisible() for b in panel.findChildren(QPushButton)) == 2)


def test_a_number_being_computed_cannot_be_traced(qtbot):
    panel = shown(qtbot, ReferencePanel())
    traced = heard(panel.number_picked)
    panel.show_references(reference_rows(computing()))
    for number in panel.findChildren(NumberLabel):
        assert number.text() == "computing" and number.font().italic()
        qtbot.mouseClick(number, LEFT)
    assert traced == []


def test_the_response_shows_category_reasons_and_card(qtbot):
    panel = shown(qtbot, ResponsePanel(), 380, 900)
    panel.show_responses(response_views(complete()))
    assert panel._category.text() == "PMR −40 %"
    assert panel._category.property("role") == "draft" and panel._category.font().italic()
    confirmed = replace(response_view(complete(), 1), draft_note="")
    panel.show_responses((confirmed,))
    assert panel._category.property("role") == "agreed" and not panel._category.font().italic()
    panel.show_responses(response_views(complete()))
    assert (
        panel._why.texts()[1][0],
        panel._why.texts()[1][1][:30],
    ) == ("PER-2.4", "Measurable: SULpeak 10.00 g/mL")
    assert len(panel._card.texts()) > 10


def test_another_visit_is_chosen_by_its_tab_and_kept_on_refresh(qtbot):
    panel = shown(qtbot, ResponsePanel())
    panel.show_responses(response_views(complete()))
    picked = heard(panel.visit_picked)
    panel._tabs.setCurrentIndex(0)
    panel.show_responses(response_views(complete()))
    assert picked == [0] and panel._category.text() == "Baseline: no response yet"


def test_a_response_being_computed_shows_no_former_category(qtbot):
    strip, panel = shown(qtbot, ResponseStrip()), shown(qtbot, ResponsePanel())
    for derived in (complete(), computing()):
        strip.show_response(response_view(derived, 1))
        panel.show_responses(response_views(derived))
    for widget in (strip, panel):
        texts = [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]
        assert "computing" in texts and not any("PMR" in text for text in texts)


def test_provenance_shows_short_identifiers_and_copies_full_ones(qtbot):
    derived = complete()
    images = images_of(derived.read)
    uid = "1.2.840.113619.2.55.3.604688119.868.1234567890.447"
    pet = replace(images[0].scan.pet, series_uid=uid)
    scanned = {0: replace(images[0], scan=replace(images[0].scan, pet=pet))}
    panel = shown(qtbot, ProvenancePanel(), 340)
    panel.show_provenance(provenance(NumberRef(NumberKind.SUL_PEAK, 0, "L1"), derived, scanned))
    texts = [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]
    assert not any(uid in text for text in texts)
    qtbot.mouseClick(panel.findChild(QPushButton, "copy_provenance"), LEFT)
    assert uid in QGuiApplication.clipboard().text()
    area = panel.findChild(QScrollArea)
    assert area.widget().width() <= area.viewport().width()


def test_a_visit_is_picked_from_anywhere_below_it(qtbot):
    derived = complete()
    panel = shown(qtbot, TimePointsPanel(), 220)
    panel.show_time_points("SUBJECT-7", time_point_rows(state().visits, images_of(derived.read)))
    picked = heard(panel.visit_picked)
    follow_up = panel.tree.topLevelItem(1)
    texts = [follow_up.child(i).text(0) for i in range(follow_up.childCount())]
    assert texts[:2] == ["uptake 60 min", "SUV and SUL ready"]
    assert texts[2:] == ["PET  PT whole body", "CT  CT whole body", "data checks: 2 notes"]
    panel.tree.itemClicked.emit(follow_up.child(2), 0)
    assert picked == [1]
    panel.show_current((0,))
    assert panel.tree.topLevelItem(0).font(0).bold() and not follow_up.font(0).bold()


def test_a_visit_that_warns_is_marked_on_its_line_and_says_why(qtbot):
    derived = complete()
    images = images_of(derived.read)
    quiet, loud = time_point_rows(derived.state.visits, images, derived.read)
    quiet = replace(quiet, findings=())
    late = DoubtRow(UPTAKE_RULE, Severity.WARNING, "Uptake time", "159 min")
    panel = shown(qtbot, TimePointsPanel(), 220)
    panel.show_time_points("SUBJECT-7", (quiet, replace(loud, findings=(), doubts=(late,))))
    first, second = (panel.tree.topLevelItem(place) for place in (0, 1))
    assert first.icon(0).isNull() and not second.icon(0).isNull()
    assert "Uptake time: 159 min" in second.toolTip(0)
    assert first.child(0).icon(0).isNull() and not second.child(0).icon(0).isNull()


def test_texts_leave_together_on_ctrl_enter_and_on_leaving(qtbot):
    panel = shown(qtbot, TextsPanel())
    panel.show_texts("", "")
    edits = heard(panel.edit_requested)
    qtbot.keyClicks(panel.impression, "Response.")
    qtbot.keyClick(panel.impression, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(panel.comment, "Cold hands")
    panel.comment.finished.emit()
    panel.commit()
    assert edits == [SetTexts("", "Response."), SetTexts("Cold hands", "Response.")]


def test_what_is_being_typed_is_not_overwritten_and_undo_is_shown(qtbot):
    panel = shown(qtbot, TextsPanel())
    panel.show_texts("old", "")
    panel.activateWindow()
    panel.comment.setFocus()
    qtbot.waitUntil(panel.comment.hasFocus)
    panel.comment.selectAll()
    qtbot.keyClicks(panel.comment, "typing")
    panel.show_texts("old", "")
    assert panel.comment.toPlainText() == "typing"
    panel.commit()
    panel.show_texts("typing", "")
    panel.show_texts("old", "")
    assert panel.comment.toPlainText() == "old"


def test_facts_leave_as_typed_and_once(qtbot):
    panel = shown(qtbot, FactsPanel())
    panel.show_facts(facts_rows(state()))
    entered = heard(panel.fact_entered)
    field = panel.findChild(QLineEdit, "glucose_mmol_per_l_1")
    qtbot.keyClicks(field, "110 mg/dL")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    field.editingFinished.emit()
    assert entered == [(1, "glucose_mmol_per_l", "110 mg/dL")]
    panel.show_problem("A number is expected.")
    assert panel._problem.isVisible()


def test_the_jobs_bar_counts_the_others_and_cancels_the_one_it_names(qtbot):
    bar = shown(qtbot, JobsBar(), 400, 24)
    bar.show_jobs((JobRow("measure", "Measuring L3", 0.62), JobRow("mip", "Preparing", None)))
    cancelled = heard(bar.cancel_requested)
    qtbot.mouseClick(bar.findChild(QPushButton, "cancel_job"), LEFT)
    assert cancelled == ["measure"]
    assert bar._title.text() == "Measuring L3 (+1 more)" and bar._bar.text() == "62 %"
    bar.show_jobs(())
    assert bar._bar.isHidden() and bar._title.text() == ""


def test_the_chip_keeps_its_width(qtbot):
    chip = shown(qtbot, CursorChip(), 400, 24)
    width = chip.minimumWidth()
    chip.show_values(CursorValues(4.31, 3.24, 41.0, 812.0, 1.7))
    assert chip.minimumWidth() == width >= chip.fontMetrics().horizontalAdvance(WIDEST)
    chip.show_values(None)
    assert chip.text() == ""


@pytest.mark.parametrize("tone", list(Tone))
def test_signs_differ_in_shape_and_not_only_in_colour(qtbot, tone):
    def shape(of):
        image = sign(of).toImage()
        return [
            image.pixelColor(x, y).alpha() > 127
            for x in range(image.width())
            for y in range(image.height())
        ]

    twins = {Tone.NOTE, Tone.OPEN}  # both a ring: neither asks for anything
    for other in set(Tone) - {tone}:
        assert shape(tone) != shape(other) or {tone, other} == twins


def test_rows_are_reused_and_none_is_left_over(qtbot):
    grid = shown(qtbot, RowsGrid())
    grid.show_rows([GridRow("a", "b"), GridRow("", "c", Tone.WARNING)])
    before = len(grid.findChildren(QLabel))
    grid.show_rows([GridRow("d", "e")])
    assert grid.texts() == [("d", "e")] and len(grid.findChildren(QLabel)) == before


def test_the_column_fits_a_small_screen_and_gathers_the_wishes(qtbot):
    column = shown(qtbot, ReadingColumn(), LEAST_WIDTH, 700)
    derived = complete()
    column.lesions.show_lesions(lesion_rows(derived, "U1"))
    column.card.show_card(lesion_card(derived, "U1"))
    column.references.show_references(reference_rows(derived))
    column.response.show_responses(response_views(derived))
    column.strip.show_response(response_view(derived, 1))
    assert column.minimumSizeHint().width() <= LEAST_WIDTH
    assert column.minimumSizeHint().height() <= 600
    picked, numbers, edits = (
        heard(column.lesion_picked),
        heard(column.number_picked),
        heard(column.edit_requested),
    )
    qtbot.keyClick(column.lesions.table, Qt.Key.Key_P)
    qtbot.keyClick(column.lesions.table, Qt.Key.Key_Up)
    qtbot.mouseClick(column.strip.findChild(NumberLabel), LEFT)
    assert len(edits) == 1 and picked == ["L3"]
    assert numbers == [NumberRef(NumberKind.RESPONSE, 1)]
