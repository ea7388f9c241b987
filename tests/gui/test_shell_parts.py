"""The parts of the shell: action table, theme, icons, sheets, messages, probes."""

import re
import socket
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QFontDatabase, QFontMetrics, QKeySequence
from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from app.errors import ReaderError
from app.imaging.window import PRESETS
from app.settings import DEFAULT_MOUSE, Settings, SettingsFile
from viewers.panels.cursor_chip import CursorChip
from viewers.panels.jobs_bar import JobsBar
from viewers.scene.state import LayoutId, ToolId
from viewers.shell.action_set import ActionSet
from viewers.shell.action_spec import Scope, When, usable
from viewers.shell.actions import ACTIONS, conflicts, keys_in_use
from viewers.shell.colours import BACKGROUNDS, LEAST_CONTRAST, TEXTS, contrast, names
from viewers.shell.icons import ICON_FOLDER, line_icon
from viewers.shell.key_editor import KeyEditor
from viewers.shell.live_settings import LiveSettings
from viewers.shell.main_window import MainWindow, WindowParts
from viewers.shell.message_bar import MessageBar
from viewers.shell.mouse_mapping import ACTS, GESTURES, mouse_map
from viewers.shell.platform_probe import missing_library, probe_display
from viewers.shell.settings_sheet import SettingsSheet
from viewers.shell.shortcut_sheet import ShortcutSheet
from viewers.shell.theme import FAMILY, load_fonts, style_sheet
from viewers.shell.vtk_probe import VtkProbe, probe_key
from viewers.shell.welcome_page import RecentReading
from viewers.shell.worded_toolbar import ICONS, WORDS
from viewers.tools.mouse_map import MouseMap

NATIVE = QKeySequence.SequenceFormat.NativeText
BY_ID = {spec.id: spec for spec in ACTIONS}
# Design 6: what readers were promised.
PROMISED = {
    "F": "fusion", "I": "invert", "X": "crosshair", "V": "tool_sphere", "T": "tool_threshold",
    "R": "tool_ruler", "B": "tool_caliper", "N": "next_lesion", "L": "role_tumour",
    "P": "role_physiological", "U": "role_unsure", "Ctrl+Z": "undo", "Ctrl+Y": "redo",
    "F1": "shortcuts", "Up": "slice_up", "Down": "slice_down", "PgUp": "slice_up_10",
    "PgDown": "slice_down_10", "1": "preset_ct_soft_tissue", "2": "preset_ct_lung",
    "3": "preset_ct_bone", "4": "preset_ct_liver", "5": "preset_ct_brain", "6": "preset_pet_0_5",
    "7": "preset_pet_0_7", "8": "preset_pet_0_10", "9": "preset_standard",
}  # fmt: skip


@pytest.fixture
def settings(tmp_path):
    return LiveSettings(SettingsFile(tmp_path / "settings.json"), Settings())


@pytest.fixture
def window(qtbot):
    made = MainWindow(Settings())
    qtbot.addWidget(made)
    return made


def parts():
    return WindowParts(*(QLabel(name) for name in WindowParts.__slots__))


def test_every_promised_key_does_what_was_promised():
    keys = {key: spec.id for spec in ACTIONS for key in spec.keys}
    assert {key: keys.get(key) for key in PROMISED} == PROMISED


def test_ids_are_unique_and_no_key_is_claimed_twice():
    assert len(BY_ID) == len(ACTIONS)
    assert conflicts({}) == []


def test_every_key_is_one_qt_knows():
    for spec in ACTIONS:
        for key in spec.keys:
            sequence = QKeySequence(key)
            assert sequence.toString(QKeySequence.SequenceFormat.PortableText) == key


def test_every_layout_tool_and_preset_of_the_scene_has_an_action():
    for layout in LayoutId:
        assert f"layout_{layout}" in BY_ID
    for tool in set(ToolId) - {ToolId.PICK}:
        assert f"tool_{tool}" in BY_ID
    for preset in PRESETS:
        assert f"preset_{preset}" in BY_ID


def test_a_conflict_is_found_only_where_both_keys_work():
    assert [(c.first, c.second) for c in conflicts({"fusion": ("i",)})] == [("fusion", "invert")]
    assert conflicts({"fit": ("L",)}) == []  # viewports and lesion list never have the focus both
    assert conflicts({"undo": ("L",)}) != []  # the window's keys work everywhere


@pytest.mark.parametrize(
    ("facts", "action", "can"),
    [
        ((), "open_folder", True),
        ((), "undo", False),
        ((When.READING_OPEN,), "undo", False),
        ((When.READING_OPEN, When.CAN_UNDO), "undo", True),
        ((When.CAN_UNDO,), "undo", False),
        ((When.READING_OPEN, When.CT_SHOWN), "fusion", False),
        ((When.READING_OPEN, When.CT_SHOWN, When.PET_SHOWN), "fusion", True),
    ],
)
def test_facts_decide_what_can_be_used(qtbot, facts, action, can):
    assert usable(BY_ID[action], facts) is can
    owner = QWidget()
    qtbot.addWidget(owner)
    actions = ActionSet(owner, {})
    actions.show_facts(facts)
    assert actions.action(action).isEnabled() is can


def test_a_key_press_triggers_its_action_and_a_chosen_key_replaces_it(qtbot, window):
    window.actions_of_table.show_facts(set(When))
    with qtbot.waitActive(window):
        window.show()
    with qtbot.waitSignal(window.actions_of_table.triggered) as caught:
        qtbot.keyClick(window, Qt.Key.Key_I)
    assert caught.args == ["invert", True]
    window.actions_of_table.show_keys({"invert": ("J",)})
    with qtbot.assertNotEmitted(window.actions_of_table.triggered):
        qtbot.keyClick(window, Qt.Key.Key_I)
    with qtbot.waitSignal(window.actions_of_table.triggered) as caught:
        qtbot.keyClick(window, Qt.Key.Key_J)
    assert caught.args == ["invert", False]
    assert "(J)" in window.actions_of_table.action("invert").toolTip()


def test_triage_keys_work_in_the_lesion_list_only(qtbot, window):
    placed = parts()
    for label in (placed.lesions, placed.viewports):
        label.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    window.place(placed)
    window.actions_of_table.show_facts(set(When))
    with qtbot.waitActive(window):
        window.show()
    placed.viewports.setFocus()
    with qtbot.assertNotEmitted(window.actions_of_table.triggered):
        qtbot.keyClick(placed.viewports, Qt.Key.Key_L)
    placed.lesions.setFocus()
    with qtbot.waitSignal(window.actions_of_table.triggered) as caught:
        qtbot.keyClick(placed.lesions, Qt.Key.Key_L)
    assert caught.args == ["role_tumour", False]


def test_menus_and_toolbar_hold_the_table(window):
    bar = window.menuBar()
    shown = {item.objectName() for top in bar.actions() for item in top.menu().actions()} - {""}
    assert shown == set(BY_ID)
    buttons = {item.objectName() for item in window._toolbar.actions()} - {""}
    assert buttons == {spec.id for spec in ACTIONS if spec.toolbar}


def test_the_toolbar_says_words_where_they_fit_and_keys_always(qtbot, window):
    with qtbot.waitActive(window):
        window.show()
    bar = window._toolbar
    window.resize(1366, 768)
    qtbot.waitUntil(lambda: bar.width() == 1366)
    assert bar.toolButtonStyle() == WORDS and bar.sizeHint().width() <= 1366
    window.resize(900, 700)
    qtbot.waitUntil(lambda: bar.toolButtonStyle() == ICONS)
    window.resize(1366, 768)
    qtbot.waitUntil(lambda: bar.toolButtonStyle() == WORDS)
    for spec in ACTIONS:
        if spec.toolbar:
            action = window.actions_of_table.action(spec.id)
            assert action.iconText() and "…" not in action.iconText()
            assert action.shortcut().toString(NATIVE) in action.toolTip()


def test_undo_says_what_it_undoes(window):
    window.actions_of_table.show_name("undo", "move sphere")
    assert window.actions_of_table.action("undo").text() == "Undo: move sphere"
    window.actions_of_table.show_name("undo", "")
    assert window.actions_of_table.action("undo").text() == "Undo"


def test_text_is_legible_on_every_ground():
    colours = names()
    for text in TEXTS:
        for ground in BACKGROUNDS:
            assert contrast(colours[text], colours[ground]) >= LEAST_CONTRAST, (text, ground)
    assert contrast(colours["on_selected"], colours["selected"]) >= LEAST_CONTRAST
    assert contrast(colours["accent"], colours["selected"]) >= 3.0  # WCAG 1.4.11: icons


def test_contrast_is_that_of_the_standard():
    assert contrast("#ffffff", "#000000") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#123456", "#123456") == 1.0


def test_the_style_sheet_names_only_colours_of_the_theme():
    rules = style_sheet()
    assert "$" not in rules
    used = set(re.findall(r"#[0-9a-f]{6}\b", rules))
    assert used <= set(names().values())
    assert used


def test_the_fonts_of_the_program_are_loaded_and_draw_no_boxes(qapp):
    assert FAMILY in load_fonts()
    metrics = QFontMetrics(QFontDatabase.font(FAMILY, "Regular", 10))
    assert all(metrics.inFontUcs4(ord(letter)) for letter in "aé€µ×±≥≤−–·…°→²³«»\u00a0\u202f")


def test_every_icon_of_the_table_is_drawn(qapp):
    for name in {spec.icon for spec in ACTIONS if spec.icon} | {"close"}:
        image = line_icon(name).pixmap(20, 20).toImage()
        drawn = sum(image.pixelColor(x, y).alpha() > 60 for x in range(20) for y in range(20))
        assert 15 < drawn < 250, name


def test_the_style_sheet_finds_its_pictures():
    names_of_files = re.findall(r'url\("(.*?)"\)', style_sheet())
    assert names_of_files and all(Path(name).is_file() for name in names_of_files)


def test_no_icon_lies_about_unused():
    used = {spec.icon for spec in ACTIONS} | {"close"}
    used |= {Path(name).stem for name in re.findall(r'url\("(.*?)"\)', style_sheet())}
    assert {file.stem for file in ICON_FOLDER.glob("*.svg")} - used == set()


def test_settings_are_saved_at_once_and_told(qtbot, settings):
    with qtbot.waitSignal(settings.changed) as caught:
        settings.change(language="fr", layout="")
    assert caught.args == [frozenset({"language"})]
    assert settings._file.load()[0].language == "fr"
    with qtbot.assertNotEmitted(settings.changed):
        settings.change(language="fr")


def test_a_key_that_is_taken_is_refused_with_who_has_it(qtbot):
    editor = KeyEditor({})
    qtbot.addWidget(editor)
    with qtbot.assertNotEmitted(editor.chosen):
        assert not editor.set_key("fusion", "I")
    assert "Invert grey scale" in editor.message
    with qtbot.waitSignal(editor.chosen) as caught:
        assert editor.set_key("fusion", "J")
    assert caught.args == [{"fusion": ("J",)}]
    assert editor.message == ""
    with qtbot.waitSignal(editor.chosen) as caught:
        assert editor.set_key("fusion", "F")
    assert caught.args == [{}]


def test_redo_keeps_its_second_key_when_the_first_changes(qtbot):
    editor = KeyEditor({})
    qtbot.addWidget(editor)
    assert editor.set_key("redo", "Ctrl+Shift+Z")
    assert keys_in_use(editor._keys)["redo"] == ("Ctrl+Shift+Z",)


def test_the_mouse_is_set_on_the_sheet(qtbot, settings):
    sheet = SettingsSheet(settings)
    qtbot.addWidget(sheet)
    acts = sheet._acts["left_drag"]
    assert isinstance(acts, QComboBox)
    acts.setCurrentIndex(acts.findData("window"))
    assert settings.current.mouse == {**DEFAULT_MOUSE, "left_drag": "window"}
    sheet._mouse_reset()
    assert settings.current.mouse == DEFAULT_MOUSE


def test_the_mouse_as_delivered_is_the_viewports_own():
    assert mouse_map(DEFAULT_MOUSE) == MouseMap()
    assert set(GESTURES) == set(DEFAULT_MOUSE)
    assert set(ACTS) >= set(DEFAULT_MOUSE.values())


def test_the_key_sheet_shows_chosen_keys(qtbot):
    sheet = ShortcutSheet(Settings(shortcuts={"fusion": ("J",)}))
    qtbot.addWidget(sheet)
    shown = [label.text() for label in sheet.findChildren(QLabel)]
    assert shown[shown.index("Fusion") - 1] == "J"
    assert "Reference sphere" in shown


def test_a_refusal_is_a_message_with_advice(qtbot):
    bar = MessageBar()
    qtbot.addWidget(bar)
    assert bar.isHidden()
    bar.show_refusal(ReaderError("X", "It is so.", "Do this."))
    assert (bar.text, bar.isHidden()) == ("It is so. Do this.", False)


def test_dropped_folders_are_told_files_by_their_folder(qtbot, window, tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "1.dcm").touch()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / p)) for p in ("a", "b/1.dcm", "b")])
    drop = QDropEvent(
        QPointF(QPoint(5, 5)),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    with qtbot.waitSignal(window.folders_dropped) as caught:
        window.dropEvent(drop)
    assert caught.args == [[tmp_path / "a", tmp_path / "b"]]


def test_a_reading_chosen_on_the_welcome_page_is_told(qtbot, window):
    page = window.welcome
    page.show_recent([RecentReading("r1", "A", "x"), RecentReading("r2", "B", "y")])
    with qtbot.waitSignal(page.reading_chosen) as caught:
        page._recent.itemActivated.emit(page._recent.item(1))
    assert caught.args == ["r2"]


def test_layout_is_kept_and_widgets_are_let_go(qtbot, window):
    window.showNormal()
    window.resize(1200, 700)
    window.show()
    first = parts()
    window.place(first)
    window.show_dock("response", False)
    texts = window.layout_texts()
    gone = []
    first.viewports.destroyed.connect(lambda: gone.append(True))
    window.clear()
    qtbot.waitUntil(lambda: bool(gone))
    assert not window._docks["lesions"].isVisible()

    other = MainWindow(Settings(**texts))
    qtbot.addWidget(other)
    other.show()
    other.place(parts())
    assert other._docks["lesions"].isVisible()
    assert not other._docks["response"].isVisible()


def test_every_part_lies_inside_the_window(qtbot, window):
    window.showNormal()
    window.resize(1366, 768)
    window.show()
    placed = replace(parts(), jobs=JobsBar(), cursor=CursorChip())
    window.place(placed)
    qtbot.wait(50)
    for widget in (placed.jobs, placed.cursor, placed.viewports, placed.time_points):
        corner = widget.mapTo(window, widget.rect().bottomRight())
        assert window.rect().contains(corner), widget.objectName()
        assert widget.isVisible() and widget.width() > 100


def test_keys_of_a_scope_belong_to_the_widget_it_was_attached_to(window):
    placed = parts()
    window.place(placed)
    assert {item.objectName() for item in placed.lesions.actions()} == {
        spec.id for spec in ACTIONS if spec.scope is Scope.LESION_LIST
    }


@pytest.mark.skipif(sys.platform != "linux", reason="displays are probed on Linux")
class TestDisplay:
    @pytest.fixture(autouse=True)
    def no_display(self, monkeypatch):
        for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
            monkeypatch.delenv(name, raising=False)

    def test_none_is_told_with_its_reason(self):
        found = probe_display()
        assert (found.platform, found.offscreen) == ("offscreen", True)
        assert "DISPLAY is not set" in found.reason

    def test_one_that_does_not_answer_is_not_used(self, monkeypatch, tmp_path):
        monkeypatch.setenv("DISPLAY", ":4077")
        monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-9")
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
        found = probe_display()
        assert found.offscreen
        assert ":4077 does not answer" in found.reason
        assert "wayland-9 does not answer" in found.reason

    def test_wayland_is_used_where_it_answers(self, monkeypatch, tmp_path):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
            server.bind(str(tmp_path / "wayland-9"))
            server.listen()
            monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-9")
            monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
            found = probe_display()
        usable = missing_library("wayland") == ""
        assert found.platform == ("wayland" if usable else "offscreen")

    def test_what_was_asked_for_is_obeyed(self, monkeypatch):
        monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
        assert probe_display().reason == ""
        assert probe_display().offscreen

    def test_a_missing_plugin_is_named(self):
        assert missing_library("no-such-plugin") != ""


@pytest.mark.parametrize(
    ("script", "answer"),
    [
        ("print('drawn by something')", "drawn by something"),
        ("import os; os.abort()", "crashed"),
        ("raise SystemExit(3)", "failed with 3"),
        ("pass", "failed with 0"),
    ],
)
def test_vtk_is_tried_in_a_process_that_may_crash(qtbot, script, answer):
    probe = VtkProbe(script=script)
    with qtbot.waitSignal(probe.answered, timeout=10_000) as caught:
        probe.start()
    assert caught.args == [answer]


def test_a_probe_under_way_is_ended_without_an_answer(qtbot):
    probe = VtkProbe(script="import time; time.sleep(60)")
    probe.start()
    with qtbot.assertNotEmitted(probe.answered):
        probe.close()
    assert "vtk" in probe_key()
