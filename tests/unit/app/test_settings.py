"""The settings file: round trip, damage, disks that refuse."""

import json
import os

import pytest

from app.settings import DEFAULT_MOUSE, Settings, SettingsFile, archive_file, mouse_acts

CHOSEN = Settings(
    language="fr",
    archive_folder="/somewhere",
    layout="two_visits",
    mouse={**DEFAULT_MOUSE, "left_drag": "window"},
    shortcuts={"undo": ("Ctrl+U",), "redo": ()},
    window_geometry="AAAA",
    window_docks="BBBB",
    probes={"vtk 9.7": "drawn by vtkEGLRenderWindow"},
)


@pytest.fixture
def file(tmp_path):
    return SettingsFile(tmp_path / "deep" / "settings.json")


def test_without_a_file_the_defaults_hold(file):
    assert file.load() == (Settings(), None)


def test_what_is_saved_is_loaded(file):
    assert file.save(CHOSEN) is None
    assert file.load() == (CHOSEN, None)
    assert [item.name for item in file.file.parent.iterdir()] == ["settings.json"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"language": 3}',
        '{"language": "xx"}',
        '{"shortcuts": {"undo": "Ctrl+Z"}}',
        '{"shortcuts": 5}',
        '{"mouse": ["left"]}',
        "\x00\x01",
    ],
)
def test_a_bad_file_gives_the_defaults_a_message_and_is_kept(file, text):
    file.file.parent.mkdir()
    file.file.write_text(text, encoding="utf-8")
    settings, problem = file.load()
    assert settings == Settings()
    kept = file.file.with_suffix(".unreadable.json")
    assert kept.read_text(encoding="utf-8") == text
    assert str(kept) in problem.message.format(**problem.params)
    assert file.load() == (Settings(), None)


def test_unknown_keys_gestures_and_acts_are_left_out(file):
    file.file.parent.mkdir()
    mouse = {"left_drag": "explode", "third_hand": "pan", "wheel": "zoom"}
    file.file.write_text(json.dumps({"of_tomorrow": 1, "mouse": mouse}), encoding="utf-8")
    settings, problem = file.load()
    assert problem is None
    assert settings == Settings(mouse={**DEFAULT_MOUSE, "wheel": "zoom"})


def test_a_failed_save_leaves_the_old_file(file, monkeypatch):
    file.save(CHOSEN)

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    problem = file.save(Settings())
    assert "No space left on device" in problem.message.format(**problem.params)
    assert file.load() == (CHOSEN, None)
    assert [item.name for item in file.file.parent.iterdir()] == ["settings.json"]


def test_every_default_of_the_mouse_is_one_of_its_acts():
    assert all(act in mouse_acts(gesture) for gesture, act in DEFAULT_MOUSE.items())


def test_the_archive_lies_where_it_was_put():
    assert archive_file(CHOSEN).parts[-2:] == ("somewhere", "readings.sqlite")
    assert archive_file(Settings()).name == "readings.sqlite"
