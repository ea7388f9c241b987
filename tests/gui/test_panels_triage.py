"""The lesion list and card: keys, ticks, verdicts; every wish leaves as the right record."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPushButton, QRadioButton

from app.reading.edits import (
    ClassifyNew,
    ConfirmPhysiological,
    EditRefusedError,
    RemoveLesion,
    SetLesionComment,
    SetPlace,
    SetRole,
    TickResolved,
)
from app.reading.state import LesionRole, NewLesionClass
from tests.unit.viewers.presenters.sample_reading import complete, computing, state
from viewers.panels.lesion_card import LesionCardPanel
from viewers.panels.lesions import LesionsPanel
from viewers.presenters.lesion_card import lesion_card
from viewers.presenters.lesions import lesion_rows, progress_text
from viewers.presenters.numbers import NumberKind, NumberRef

BASELINE, FOLLOW_UP = 3, 4


class Reader:
    """A panel wired as the window wires it: edits change the state, the state is shown again."""

    def __init__(self, qtbot):
        self.state, self.selected = state(), "L1"
        self.edits, self.picked, self.numbers = [], [], []
        self.panel = LesionsPanel()
        qtbot.addWidget(self.panel)
        self.panel.resize(420, 300)
        self.panel.lesion_picked.connect(self.pick)
        self.panel.edit_requested.connect(self.accept)
        self.panel.number_picked.connect(self.numbers.append)
        self.show()
        self.panel.show()
        qtbot.waitExposed(self.panel)

    def accept(self, edit):
        self.edits.append(edit)
        self.state = edit.apply(self.state)
        self.show()

    def pick(self, lesion_id):
        self.picked.append(lesion_id)
        self.selected = lesion_id
        self.show()

    def show(self):
        rows = lesion_rows(complete(self.state), self.selected)
        self.panel.show_lesions(rows, progress_text(self.state.lesions))


def test_all_physiological_foci_are_confirmed_by_one_edit(qtbot):
    reader = Reader(qtbot)
    before = {i.lesion_id: i for i in reader.state.lesions}
    reader.panel.request_confirm_physiological()
    (edit,) = reader.edits
    assert edit == ConfirmPhysiological(("P1",))
    for lesion in reader.state.lesions:
        agreed = lesion.role is LesionRole.PHYSIOLOGICAL
        assert lesion.confirmed == (agreed or before[lesion.lesion_id].confirmed)
    reader.panel.request_confirm_physiological()  # nothing is left to confirm
    assert reader.edits == [edit]


@pytest.fixture
def reader(qtbot):
    return Reader(qtbot)


def cell(panel, row, column):
    return panel.table.visualRect(panel.table.model().index(row, column))


def test_the_keyboard_alone_goes_through_the_whole_triage(reader, qtbot):
    table = reader.panel.table
    table.setFocus()
    for key in "NPNLNUNL":
        qtbot.keyClick(table, key)
    assert reader.picked == ["P1", "L2", "L3", "U1"]
    assert reader.edits == [
        SetRole("P1", LesionRole.PHYSIOLOGICAL),
        SetRole("L2", LesionRole.TUMOUR),
        SetRole("L3", LesionRole.UNSURE),
        SetRole("U1", LesionRole.TUMOUR),
    ]
    assert all(item.confirmed for item in reader.state.lesions)
    assert reader.panel._progress.text() == "5 of 5 confirmed"


def test_c_confirms_as_it_is_and_shift_n_goes_back(reader, qtbot):
    table = reader.panel.table
    qtbot.keyClick(table, Qt.Key.Key_N)
    qtbot.keyClick(table, Qt.Key.Key_C)
    qtbot.keyClick(table, Qt.Key.Key_C)
    assert reader.edits == [SetRole("P1", LesionRole.PHYSIOLOGICAL)]
    qtbot.keyClick(table, Qt.Key.Key_N, Qt.KeyboardModifier.ShiftModifier)
    assert reader.picked[-1] == "U1"


def test_moving_with_the_arrows_picks_each_row_once(reader, qtbot):
    for _ in range(3):
        qtbot.keyClick(reader.panel.table, Qt.Key.Key_Down)
    assert reader.picked == ["P1", "L2", "L3"]


def test_showing_a_selection_tells_nobody(reader):
    reader.selected = "L3"
    reader.show()
    assert reader.picked == [] and reader.panel.current_lesion().lesion_id == "L3"


def test_a_click_on_a_row_picks_it_once_and_again_when_it_is_current(reader, qtbot):
    viewport = reader.panel.table.viewport()
    place = cell(reader.panel, 2, 2).center()
    for _ in range(2):
        qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    assert reader.picked == ["L2", "L2"] and reader.numbers == []


def test_a_click_on_a_number_asks_where_it_comes_from(reader, qtbot):
    place = cell(reader.panel, 0, BASELINE).center()
    qtbot.mouseClick(reader.panel.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert reader.numbers == [NumberRef(NumberKind.SUL_PEAK, 0, "L1")]


def test_a_click_on_a_tick_asks_for_it_and_for_nothing_else(reader, qtbot):
    table = reader.panel.table
    place = table._tick_area(table.model().index(0, FOLLOW_UP)).center()
    viewport = table.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    assert reader.edits == [TickResolved("L1", 1, True)] and reader.numbers == []
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    assert reader.edits[1:] == [TickResolved("L1", 1, False)]


def test_the_box_stands_with_the_number_of_its_visit_and_names_it(reader):
    table = reader.panel.table
    index = table.model().index(0, FOLLOW_UP)
    before, own = cell(reader.panel, 0, BASELINE), cell(reader.panel, 0, FOLLOW_UP)
    box = table._tick_area(index)
    number = table.fontMetrics().horizontalAdvance(table.model().data(index))
    assert own.contains(box)
    assert own.right() - number - box.right() < box.left() - before.right()
    assert "Follow-up 1" in table.model().data(index, Qt.ItemDataRole.ToolTipRole)
    legend = reader.panel._hint.text().replace("\N{NO-BREAK SPACE}", " ")
    assert "box at FU1: resolved there" in legend


def test_space_ticks_from_the_keyboard_and_enter_traces(reader, qtbot):
    table = reader.panel.table
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert reader.edits == [TickResolved("L1", 1, True)]
    table.setCurrentIndex(table.model().index(0, BASELINE))
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert reader.numbers == [NumberRef(NumberKind.SUL_PEAK, 0, "L1")]


def test_a_refused_wish_leaves_the_tick_as_it_was(qtbot):
    panel = LesionsPanel()
    qtbot.addWidget(panel)
    panel.show_lesions(lesion_rows(complete(), "L1"))
    index = panel.table.model().index(0, FOLLOW_UP)
    role = Qt.ItemDataRole.CheckStateRole
    with qtbot.waitSignal(panel.edit_requested):
        panel.table.model().setData(index, Qt.CheckState.Checked, role)
    assert panel.table.model().data(index, role) == Qt.CheckState.Unchecked


def test_the_buttons_do_what_the_keys_do(reader, qtbot):
    for name in "NP":
        button = reader.panel.findChild(QPushButton, f"triage_{name}")
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert reader.edits == [SetRole("P1", LesionRole.PHYSIOLOGICAL)]


def test_hiding_physiological_foci_keeps_the_selected_one(reader, qtbot):
    reader.panel.findChild(QCheckBox, "hide_physiological").setChecked(True)
    assert reader.panel.table.isRowHidden(1)
    reader.selected = "P1"
    reader.show()
    assert not reader.panel.table.isRowHidden(1)


def test_what_is_computing_says_so_and_keeps_its_column(reader):
    widths = [reader.panel.table.columnWidth(column) for column in (BASELINE, FOLLOW_UP)]
    reader.panel.show_lesions(lesion_rows(computing(), "L1"))
    model = reader.panel.table.model()
    index = model.index(0, BASELINE)
    assert model.data(index) == "…" and "computing" in reader.panel._hint.text()
    assert model.data(index, Qt.ItemDataRole.ToolTipRole) == "computing"
    assert [reader.panel.table.columnWidth(c) for c in (BASELINE, FOLLOW_UP)] == widths


def test_no_column_is_cut_off_in_a_narrow_panel(reader, qtbot):
    for width in (340, 400, 460, 700):
        reader.panel.resize(width, 300)
        table = reader.panel.table
        qtbot.waitUntil(lambda table=table: not table.horizontalScrollBar().isVisible())


@pytest.fixture
def card(qtbot):
    panel = LesionCardPanel()
    qtbot.addWidget(panel)
    panel.resize(380, 420)
    panel.edits = []
    panel.edit_requested.connect(panel.edits.append)
    panel.show()
    return panel


def test_site_and_side_leave_as_one_edit(card):
    card.show_card(lesion_card(complete(), "L2"))
    box = card.findChild(QComboBox, "lesion_site")
    box.setCurrentIndex(box.findData("bone"))
    box.activated.emit(box.currentIndex())
    assert card.edits == [SetPlace("L2", "bone", "right")]


def test_a_comment_is_handed_in_once(card, qtbot):
    card.show_card(lesion_card(complete(), "L2"))
    field = card.findChild(QLineEdit, "lesion_comment")
    qtbot.keyClicks(field, "biopsied")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    card.commit()
    card.show_card(lesion_card(complete(), "L3"))
    assert card.edits == [SetLesionComment("L2", "biopsied")] and field.text() == ""


def test_a_comment_left_half_typed_goes_to_the_lesion_it_was_typed_for(card, qtbot):
    card.show_card(lesion_card(complete(), "L2"))
    qtbot.keyClicks(card.findChild(QLineEdit, "lesion_comment"), "half")
    card.show_card(lesion_card(complete(), "L3"))
    assert card.edits == [SetLesionComment("L2", "half")]


def test_numbers_of_the_card_are_traced_by_click_and_by_key(card, qtbot):
    asked = []
    card.number_picked.connect(asked.append)
    card.show_card(lesion_card(complete(), "L1"))
    number = next(cell for cell in card._cells if cell.text() == "12.00")
    qtbot.mouseClick(number, Qt.MouseButton.LeftButton)
    qtbot.keyClick(number, Qt.Key.Key_Return)
    assert asked == [NumberRef(NumberKind.SUL_MAX, 0, "L1")] * 2


def test_removal_is_a_wish(card, qtbot):
    card.show_card(lesion_card(complete(), "L2"))
    button = card.findChild(QPushButton, "remove_lesion")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert card.edits == [RemoveLesion("L2")]


def test_a_lesion_of_the_baseline_is_not_asked_about(card):
    card.show_card(lesion_card(complete(), "L1"))
    assert card._verdict.isHidden()


def test_a_new_focus_in_the_lung_waits_for_the_answer_on_ild(card, qtbot):
    card.show_card(lesion_card(complete(), "U1"))
    verdict = card._verdict
    verdict.findChild(QRadioButton, "class_unequivocal").click()
    assert card.edits == [] and "ILD" in verdict.question()
    verdict.findChild(QCheckBox, "ild_considered").click()
    assert card.edits == [ClassifyNew("U1", NewLesionClass.UNEQUIVOCAL, "", True)]
    assert verdict.question() == ""


def test_a_reason_is_asked_of_what_is_not_malignant(card):
    card.show_card(lesion_card(complete(), "U1"))
    card._verdict.findChild(QRadioButton, "class_not_malignant").click()
    assert card.edits == [] and card._verdict.question()
    box = card._verdict.findChild(QComboBox, "new_lesion_reason")
    box.setCurrentIndex(box.findData("brown_fat"))
    box.activated.emit(box.currentIndex())
    assert card.edits == [ClassifyNew("U1", NewLesionClass.NOT_MALIGNANT, "brown_fat", False)]


def test_a_half_given_verdict_outlives_a_refresh_but_not_another_lesion(card):
    shown = lesion_card(complete(), "U1")
    card.show_card(shown)
    button = card._verdict.findChild(QRadioButton, "class_equivocal")
    button.click()
    card.show_card(replace(shown, comment="x"))
    assert button.isChecked()
    card.show_card(lesion_card(complete(), "L1"))
    card.show_card(shown)
    assert button.isChecked() or card.edits == []


def test_the_reading_would_refuse_what_the_card_does_not_let_out(card):
    with pytest.raises(EditRefusedError):
        ClassifyNew("U1", NewLesionClass.UNEQUIVOCAL).apply(state())
