"""What a user set up on this workstation, in one small file; never anything about a patient."""

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any

from app.translation import LANGUAGES, mark

# What the mouse does where the user chose nothing else (design 6; the gestures of most viewers).
DEFAULT_MOUSE: Mapping[str, str] = MappingProxyType(
    {
        "left_drag": "tool",
        "shift_left_drag": "crosshair",
        "middle_drag": "pan",
        "space_drag": "pan",
        "right_drag": "window",
        "ctrl_right_drag": "zoom",
        "wheel": "scroll",
        "ctrl_wheel": "zoom",
    }
)
DRAG_ACTS = ("tool", "window", "pan", "zoom", "crosshair")
WHEEL_ACTS = ("scroll", "zoom")

UNREADABLE = mark(
    "The settings file could not be read; the defaults are used. It was kept as {file}."
)
UNSAVED = mark("The settings could not be saved ({cause}). They hold until the program is closed.")


@dataclass(frozen=True, slots=True)
class Settings:
    """One user's settings. Empty text stands for "as the program thinks best"."""

    language: str = ""
    archive_folder: str = ""
    layout: str = ""
    mouse: Mapping[str, str] = field(default_factory=lambda: dict(DEFAULT_MOUSE))
    shortcuts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # only what differs
    window_geometry: str = ""  # base64, as the window system wrote it
    window_docks: str = ""
    probes: Mapping[str, str] = field(default_factory=dict)  # what was tried on this machine


@dataclass(frozen=True, slots=True)
class SettingsProblem:
    """A message for the user with its parameters; the program goes on."""

    message: str
    params: Mapping[str, str]


class SettingsFile:
    """The settings on disk."""

    def __init__(self, file: Path | None = None) -> None:
        self.file = file if file is not None else default_settings_file()

    def load(self) -> tuple[Settings, SettingsProblem | None]:
        """The settings, and what was wrong with the file if it had to be put aside."""
        try:
            return _settings(json.loads(self.file.read_text(encoding="utf-8"))), None
        except FileNotFoundError:
            return Settings(), None
        except (OSError, ValueError, TypeError):
            kept = self.file.with_suffix(".unreadable.json")
            try:
                self.file.replace(kept)
            except OSError:
                kept = self.file
            return Settings(), SettingsProblem(UNREADABLE, {"file": str(kept)})

    def save(self, settings: Settings) -> SettingsProblem | None:
        """Writes the whole file at once: after a crash either the old or the new one is there."""
        text = json.dumps(asdict(settings), indent=1, ensure_ascii=False, sort_keys=True)
        temporary: Path | None = None
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.file.parent, prefix=".settings-")
            temporary = Path(name)
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                out.write(text + "\n")
                out.flush()
                os.fsync(out.fileno())
            temporary.replace(self.file)
        except OSError as fault:
            if temporary is not None:
                temporary.unlink(missing_ok=True)
            return SettingsProblem(UNSAVED, {"cause": fault.strerror or type(fault).__name__})
        return None


def default_settings_file() -> Path:
    """Where this user's settings lie."""
    import platformdirs

    return Path(platformdirs.user_config_dir("oncoread", appauthor=False)) / "settings.json"


def archive_file(settings: Settings) -> Path:
    """The database of readings: in the chosen folder, else in the user's own data folder."""
    if settings.archive_folder:
        return Path(settings.archive_folder) / "readings.sqlite"
    import platformdirs

    return Path(platformdirs.user_data_dir("oncoread", appauthor=False)) / "readings.sqlite"


def mouse_acts(gesture: str) -> tuple[str, ...]:
    """What a gesture can be set to."""
    return WHEEL_ACTS if gesture.endswith("wheel") else DRAG_ACTS


def _settings(document: Any) -> Settings:
    """The settings of a parsed file; unknown keys are left out. Raises TypeError, ValueError."""
    if not isinstance(document, dict):
        raise TypeError("not an object")
    known = {item.name for item in fields(Settings)}
    values = {name: value for name, value in document.items() if name in known}
    texts = known - {"mouse", "shortcuts", "probes"}
    if not all(isinstance(value, str) for name, value in values.items() if name in texts):
        raise TypeError("text expected")
    if values.get("language") not in (None, "", *LANGUAGES):
        raise ValueError("language")
    values["mouse"] = _mouse(values.get("mouse", {}))
    values["shortcuts"] = {
        str(name): tuple(str(key) for key in _list(keys))
        for name, keys in dict(values.get("shortcuts", {})).items()
    }
    values["probes"] = {str(k): str(v) for k, v in dict(values.get("probes", {})).items()}
    return Settings(**values)


def _mouse(chosen: Any) -> dict[str, str]:
    mapping = dict(DEFAULT_MOUSE)
    for gesture, act in dict(chosen).items():
        if gesture in mapping and act in mouse_acts(gesture):
            mapping[gesture] = act
    return mapping


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("list expected")
    return value
