"""The RECIST panel at work: table, menu, reason of a progression, response."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu

from app.services.recist_read import recist_read, recist_rules
from tests.builders.recist_reading import reading, responding
from tests.gui.test_panels import LEFT, heard, shown
from viewers.panels.reading_column import LEAST_WIDTH
from viewers.panels.recist import RecistPanel
from viewers.presenters.numbers import NumberKind, NumberRef
from viewers.presenters.recist import recist_summary
from viewers.presenters.recist_choices import take_proposals
from viewers.presenters.recist_response import recist_views

WHY = "many more lesions of the whole spine"


class Case:
    """A panel whose edits are taken in, as the window does."""

    def __init__(self, qtbot, state):
        self.state = state
        self.panel = shown(qtbot, RecistPanel(), LEAST_WIDTH, 620)
        self.panel.edit_requested.connect(self.accept)
        self.show()

    def accept(self, edit):
        self.state = edit.apply(self.state)
        self.show()

    def show(self):
        read = recist_read(self.state, {}, recist_rules())
        self.panel.show_recist(
            recist_summary(self.state, read), recist_views(read, self.state), take_proposals(read)
        )

    def column(self, number):
        table = self.panel.table
        return [table.item(line, number).text() for line in range(table.rowCount())]

    def state_it(self, line, group, label):
        """Chooses an entry of a row's menu."""
        menu = self.panel.table.menu_of(line)
        part = next(a.menu() for a in menu.actions() if a.menu() and a.text() == group)
        next(action for action in part.actions() if action.text() == label).trigger()

    def headline(self):
        return self.panel.response._category.text()


@pytest.fixture
def case(qtbot):
    return Case(qtbot, responding())


def test_without_a_caliper_there_is_a_quiet_hint(qtbot):
    panel = Case(qtbot, reading()).panel
    assert panel._empty.isVisible() and not panel.table.isVisible()
    assert not panel.response.isVisible()


def test_the_diameters_are_listed_summed_picked_and_traced(qtbot, case):
    assert case.column(0) == ["L1", "L2", "L4", "Sum"]
    assert case.column(1) == ["T?", "T?", "NT?", ""]
    assert case.column(4) == ["40.0 × 31.0", "33.0 × 20.0", "–", "60.0"]
    assert case.headline() == "PR −50 %" and case.panel.response.isVisible()
    table = case.panel.table
    picked, traced = heard(case.panel.lesion_picked), heard(case.panel.number_picked)
    table.horizontalScrollBar().setValue(0)
    place = table.visualItemRect(table.item(0, 4)).center()
    table.scrollToItem(table.item(0, 4))
    place = table.visualItemRect(table.item(0, 4)).center()
    qtbot.mouseClick(table.viewport(), LEFT, pos=place)
    assert picked == ["L1"] and traced == [NumberRef(NumberKind.AXIS, 0, "C1")]


def test_a_role_changed_in_the_menu_changes_the_response(case):
    case.state_it(0, "Role", "non-target")
    assert case.column(1) == ["T?", "NT", "NT?", ""]
    assert case.column(0)[0] == "L2" and case.column(4)[-1] == "20.0"
    case.panel.table.menu_of(0).actions()[-1].trigger()  # take all proposed roles
    assert case.column(1) == ["T", "NT", "NT", ""]
    assert not case.panel.response._draft.isVisible()


def test_a_progression_is_taken_with_its_reason_only(qtbot, case):
    case.state_it(2, "Follow-up 2", "unequivocal progression…")
    reason = case.panel.reason
    assert reason.isVisible() and case.headline() == "PR −50 %"
    qtbot.keyClicks(reason.line, "grown")
    qtbot.keyClick(reason.line, Qt.Key.Key_Return)
    assert reason.isVisible() and reason.question().startswith("15 more characters")
    reason.line.setText(WHY)
    qtbot.keyClick(reason.line, Qt.Key.Key_Return)
    assert not reason.isVisible() and case.headline() == "PD"
    assert case.column(6)[2] == "unequivocal progression"
    case.state_it(2, "Follow-up 1", "unequivocal progression…")
    qtbot.keyClick(reason.line, Qt.Key.Key_Escape)
    assert not reason.isVisible() and case.column(5)[2] == "?"


@pytest.mark.parametrize("by", ["enter", "menu key", "right click"])
def test_the_menu_opens_from_keyboard_and_mouse(qtbot, case, by):
    table = case.panel.table
    table.selectRow(1)
    table.setFocus()
    place = table.visualItemRect(table.item(1, 0)).center()
    if by == "enter":
        qtbot.keyClick(table, Qt.Key.Key_Return)
    else:
        keyed = by == "menu key"
        reason = QContextMenuEvent.Reason.Keyboard if keyed else QContextMenuEvent.Reason.Mouse
        at = QPoint(0, 0) if keyed else place
        event = QContextMenuEvent(reason, at, table.viewport().mapToGlobal(place))
        QApplication.sendEvent(table.viewport(), event)
    menus = [menu for menu in table.findChildren(QMenu) if menu.isVisible()]
    assert [menu.actions()[0].text() for menu in menus] == ["Role"]
    menus[0].close()


def test_the_tabs_show_each_visit_and_its_margin(qtbot, case):
    asked = heard(case.panel.visit_picked)
    case.panel.response._tabs.setCurrentIndex(1)
    assert asked == [1] and case.headline() == "PR −33 %"
    margin = case.panel.response._lines["margin"].text()
    assert "would become SD if the sum were more than 1.8 mm larger" in margin
