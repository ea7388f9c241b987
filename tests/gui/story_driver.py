"""A reader's hands inside the program: `python -m tests.gui.story_driver PLAY ARGUMENTS...`.

Starts `main.py ARGUMENTS` unchanged and, once its window stands, moves mouse and keys there. What
was seen is printed as one line of JSON each, for the test that started the process.
"""

import gc
import json
import os
import random
import runpy
import sys
import time
import traceback

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QListWidget, QPushButton

LONGEST_WAIT_S = 45.0
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
PLAIN, CONTROL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier


def say(**facts):
    """One line for the test."""
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def until(ready):
    """Lets the window work until something is so; returns it."""
    began = time.perf_counter()
    while not (found := ready()):
        QApplication.processEvents()
        time.sleep(0.02)  # asking more often would hold up the imports of the program
        if time.perf_counter() - began > LONGEST_WAIT_S:
            raise TimeoutError(f"never so: line {ready.__code__.co_firstlineno} of the driver")
    return found


class Reader:
    """Finds what is on screen and uses it as hands would."""

    def __init__(self):
        from viewers.shell.main_window import MainWindow

        self.window = until(
            lambda: next(
                (w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow)), None
            )
        )
        # A window manager would do this; a bare X server gives the keys to nobody.
        QTest.qWaitForWindowExposed(self.window)
        self.window.activateWindow()

    def find(self, kind, name=None):
        """A visible widget of the window, or None."""
        for widget in self.window.findChildren(kind, name):
            if widget.isVisible():
                return widget
        return None

    def push(self, name):
        """Pushes a button once it can be."""
        button = until(
            lambda: (b := self.find(QPushButton, name)) is not None and b.isEnabled() and b
        )
        QTest.mouseClick(button, LEFT)

    def open_recent(self):
        """Clicks the first reading of the list."""
        readings = until(lambda: (w := self.find(QListWidget)) and w.count() and w)
        place = readings.visualItemRect(readings.item(0)).center()
        QTest.mouseClick(readings.viewport(), LEFT, PLAIN, place)

    def settle(self):
        """Waits for a reading with all its numbers."""
        from viewers.canvas.grid import CanvasGrid
        from viewers.panels.reading_column import ReadingColumn

        self.column = until(lambda: self.find(ReadingColumn))
        self.canvas = until(lambda: self.find(CanvasGrid))
        # The lesion list has a dock of its own.
        self.lesions = self.column.lesions
        until(lambda: self.rows() and self.canvas.frames)
        QTest.qWait(50)
        until(self._complete)

    def _complete(self):
        numbers = [cell.number for row in self.rows() for cell in row.cells]
        return all(number.state.value != "computing" for number in numbers)

    def rows(self):
        """The rows of the lesion list."""
        return self.lesions.table.model().rows

    def click_row(self, lesion_id):
        """Clicks the name of a lesion in the list."""
        from viewers.panels.lesion_model import LESION

        table = self.lesions.table
        place = next(i for i, row in enumerate(self.rows()) if row.lesion_id == lesion_id)
        index = table.model().index(place, LESION)
        table.scrollTo(index)
        QTest.mouseClick(table.viewport(), LEFT, PLAIN, table.visualRect(index).center())
        QTest.qWait(20)
        self.canvas.refresh()

    def row(self, lesion_id):
        """A row of the list as shown."""
        return next(row for row in self.rows() if row.lesion_id == lesion_id)

    def card(self):
        """The numbers of the lesion card by name, at the baseline; as printed."""
        shown = self.column.card._card  # what the labels were made from
        return {m.label: m.numbers[0].text for m in shown.measures} | {"id": shown.lesion_id}

    def settled_card(self, lesion_id):
        """The card of a lesion once its numbers are there."""
        QTest.qWait(30)
        until(lambda: (c := self.card())["id"] == lesion_id and "computing" not in c.values())
        return self.card()

    def pet(self):
        """The key of the axial PET of the baseline, once it is drawn."""
        return until(self._pet)

    def _pet(self):
        for key, frame in self.canvas.frames.items():
            axial = frame.orientation is not None and frame.orientation.value == "axial"
            if axial and frame.visit == 0 and "pet" in key:
                return key
        return None

    def edited(self):
        """The sphere of the baseline that hands can take hold of, or None."""
        return self.canvas._dressing.overlays.of(0).edited

    def pixel(self, key, lps):
        """Where a position is drawn."""
        row, column = self.canvas.frames[key].plane.pixel_from_lps(lps)
        return QPoint(round(column), round(row))

    def drag(self, key, start, *way):
        """A drag with the left button over pixels of a viewport."""
        target = self.canvas.viewport(key).viewport()
        QTest.mousePress(target, LEFT, PLAIN, start)
        for point in way:
            where = QPointF(point), QPointF(target.mapToGlobal(point))
            moved = QMouseEvent(QEvent.Type.MouseMove, *where, NONE, LEFT, PLAIN)
            QApplication.sendEvent(target, moved)
        QTest.mouseRelease(target, LEFT, PLAIN, (start, *way)[-1])

    def key(self, key, modifier=PLAIN, on=None):
        """A key on the pictures, or another widget."""
        QTest.keyClick(on or self.canvas, key, modifier)

    def list_key(self, key):
        """A key on the lesion list."""
        self.lesions.table.setFocus()
        QTest.keyClick(self.lesions.table, key)

    def panels(self):
        """All the list shows."""
        return [
            [r.lesion_id, r.role_letter, r.site, r.change.text, *(c.number.text for c in r.cells)]
            for r in self.rows()
        ]


def story(reader):
    """From the intake sheet to a sphere that was drawn, moved, undone and redone."""
    reader.push("accept_intake")
    reader.settle()
    mass = next(r for r in reader.rows() if (r.site, r.side) == ("hilum", "right"))
    before = {row.lesion_id for row in reader.rows()}
    reader.click_row(mass.lesion_id)
    key = reader.pet()
    at = reader.canvas.state.crosshair(0)
    reader.key(Qt.Key.Key_V)
    until(lambda: reader.canvas.state.tool.value == "sphere")
    middle = reader.pixel(key, at)
    reader.drag(key, middle, middle + QPoint(5, 0), middle + QPoint(3, 0))
    until(lambda: {row.lesion_id for row in reader.rows()} - before)
    (name,) = {row.lesion_id for row in reader.rows()} - before
    reader.click_row(name)
    edited = until(reader.edited)
    say(
        step="placed",
        lesion=name,
        card=reader.settled_card(name),
        sphere=[edited.center_lps_mm, edited.diameter_mm],
        threshold=float(reader.column.references._lines[0]._threshold.text()),
    )
    start = reader.pixel(key, edited.center_lps_mm)
    reader.drag(key, start, start + QPoint(5, 3), start + QPoint(9, 6))
    until(lambda: reader.edited() != edited)
    say(step="dragged", lesion=name, card=reader.settled_card(name))
    reader.key(Qt.Key.Key_Z, CONTROL)
    until(lambda: reader.edited() == edited)
    say(step="undone", lesion=name, card=reader.settled_card(name))
    reader.key(Qt.Key.Key_Y, CONTROL)
    until(lambda: reader.edited() != edited)
    say(step="redone", lesion=name, card=reader.settled_card(name))
    reader.settle()
    say(step="ready", panels=reader.panels(), card=reader.card())
    until(lambda: False)


def finish(reader):
    """Reopens a reading, confirms what is left by keys and exports it."""
    reader.open_recent()
    reader.settle()
    say(step="reopened", panels=reader.panels())
    first = reader.rows()[0].lesion_id
    reader.click_row(first)
    reader.list_key(Qt.Key.Key_L)
    keys = {"tumour": Qt.Key.Key_C, "physiological": Qt.Key.Key_P, "unsure": Qt.Key.Key_L}
    for _ in reader.rows():
        if all(row.confirmed for row in reader.rows()):
            break
        reader.list_key(Qt.Key.Key_N)
        current = reader.lesions.current_lesion()
        reader.list_key(keys[current.role.value])
        until(lambda name=current.lesion_id: reader.row(name).confirmed)
    reader.settle()
    say(step="confirmed", panels=reader.panels())
    reader.key(Qt.Key.Key_E, CONTROL, reader.window)
    dialog = until(lambda: reader.find(QFileDialog))
    line = dialog.findChild(QLineEdit)
    line.setText(os.environ["STORY_OUT"])
    QTest.keyClick(line, Qt.Key.Key_Return)
    until(lambda: reader.window.messages.isVisible())
    say(step="exported", message=reader.window.messages.text)
    # By its button: without a window manager no window is active after the dialog.
    reader.window.close()


def edits(reader):
    """Edits without end; a line after each that the window took."""
    import sqlite3

    from viewers.shell.open_case import OpenCase

    reader.open_recent()
    reader.settle()
    case = next(item for item in gc.get_objects() if isinstance(item, OpenCase))
    chance = random.Random(int(os.environ["STORY_SEED"]))
    journal = sqlite3.connect(f"file:{os.environ['STORY_ARCHIVE']}?mode=ro", uri=True)
    reader.key(Qt.Key.Key_V)
    until(lambda: reader.canvas.state.tool.value == "sphere")

    def recorded():
        return journal.execute("SELECT count(*) FROM journal").fetchone()[0]

    done = recorded()
    say(step="reopened", done=done, panels=[p[:3] for p in reader.panels()])
    while True:
        act = chance.choice((place, move, role, comment, undo, redo))
        act(reader, chance)
        done = recorded()
        until(lambda: not case.showing)  # changes are gathered before they are shown
        say(step="edit", act=act.__name__, done=done, panels=[p[:3] for p in reader.panels()])


def place(reader, chance):
    """Draws a sphere."""
    key = reader.pet()
    size = reader.canvas.viewport(key).viewport().size()
    middle = QPoint(size.width() // 2, size.height() // 2)
    at = middle + QPoint(chance.randint(-40, 40), chance.randint(-40, 40))
    reader.drag(key, at, at + QPoint(chance.randint(4, 15), 3))


def move(reader, chance):
    """Moves the edited sphere, where one is in sight."""
    edited = reader.edited()
    if edited is None:
        reader.click_row(chance.choice(reader.rows()).lesion_id)
        return
    start = reader.pixel(reader.pet(), edited.center_lps_mm)
    way = QPoint(chance.randint(-9, 9), chance.randint(-9, 9))
    reader.drag(reader.pet(), start, start + way)


def role(reader, chance):
    """Decides on the current row."""
    reader.list_key(chance.choice((Qt.Key.Key_L, Qt.Key.Key_P, Qt.Key.Key_U, Qt.Key.Key_N)))


def comment(reader, chance):
    """Types a comment on the whole read."""
    line = reader.window.findChild(QLineEdit, "lesion_comment")
    line.setText(f"seen {chance.randint(0, 999)}")
    line.editingFinished.emit()


def undo(reader, chance):
    """Takes back."""
    reader.key(Qt.Key.Key_Z, CONTROL)


def redo(reader, chance):
    """Brings back."""
    reader.key(Qt.Key.Key_Y, CONTROL)


def play(name):
    """Plays once the window stands; anything unforeseen ends the process."""
    try:
        globals()[name](Reader())
    except BaseException:  # noqa: BLE001 - the test hears of it by the exit code
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)


def serve():
    """Forks a program for each line of input, its imports done; says its process number.

    Nothing of Qt is made before the fork, so that each process is one of its own.
    """
    import importlib

    for name in ("SimpleITK", "scipy.ndimage", "app.services.draft_read"):
        importlib.import_module(name)
    importlib.import_module("viewers.shell.reading_desk")
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os.environ.update(json.loads(line))
            sys.argv = ["story_driver", os.environ["STORY_PLAY"], "desktop"]
            main()
            os._exit(0)
        say(process=child)
        _, ended = os.waitpid(child, 0)
        say(process=0, ended=os.waitstatus_to_exitcode(ended))


def main():
    """The program with a reader before it."""
    from viewers.shell.application import make_qt

    _, name, *arguments = sys.argv
    make_qt()
    QTimer.singleShot(0, lambda: play(name))
    sys.argv = ["main.py", *arguments]
    runpy.run_path("main.py", run_name="__main__")


if __name__ == "__main__":
    serve() if sys.argv[1] == "serve" else main()
