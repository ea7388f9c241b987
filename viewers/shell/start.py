"""From the command line to the window, or to what can be done without one. Qt-free until sure."""

import argparse
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from app.settings import Settings, SettingsFile, SettingsProblem
from app.translation import set_language, system_language, tr
from viewers.shell.platform_probe import Display, probe_display, require_qt

if TYPE_CHECKING:
    from viewers.shell.desk import Desk, Shell

DEMO_FOLDER = Path("build") / "demo"
PICTURE_NAME = "window.png"
PICTURE_SIZE_PX = (1920, 1080)


def desktop(arguments: argparse.Namespace) -> int:
    """The exit code of the window once it is closed.

    Without a display the demo patient is read instead, and a picture of the window is left with
    its report. Raises ReaderError where Qt cannot be loaded.
    """
    _end_on_signals()
    file = SettingsFile()
    settings, problem = file.load()
    set_language(settings.language or system_language())
    display = probe_display()
    if display.offscreen and display.reason:
        return _without_display(arguments, display, settings)
    if display.platform:
        os.environ["QT_QPA_PLATFORM"] = display.platform
    require_qt()
    return _show(arguments, file, settings, problem, arguments.picture)


def _end_on_signals() -> None:
    """Qt's loop would not see Python's handlers; every accepted edit is on disk already."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)


def _without_display(arguments: argparse.Namespace, display: Display, settings: Settings) -> int:
    """The demo read with its report, then a picture of the window; nothing outside `build`."""
    from app.cli.demo_command import demo_command

    _say(tr("No window can be shown: {reason}.").format(reason=display.reason), sys.stderr)
    _say(tr("Reading the demo patient without one."), sys.stderr)
    wanted = argparse.Namespace(out=DEMO_FOLDER, rules="percist-nadir", json=False)
    _say(demo_command(wanted).rstrip(), sys.stdout)
    os.environ["QT_QPA_PLATFORM"] = display.platform
    require_qt()
    picture = arguments.picture or DEMO_FOLDER / PICTURE_NAME
    own = replace(settings, archive_folder=str(DEMO_FOLDER), window_geometry="", window_docks="")
    file = SettingsFile(DEMO_FOLDER / "settings.json")
    code = _show(arguments, file, own, None, picture)
    _say(tr("Picture of the window: {file}").format(file=picture), sys.stdout)
    return code


def _show(
    arguments: argparse.Namespace,
    file: SettingsFile,
    settings: Settings,
    problem: SettingsProblem | None,
    picture: Path | None,
) -> int:
    from viewers.shell.application import Application, Request, make_qt
    from viewers.shell.live_settings import LiveSettings

    request = Request(
        folders=tuple(arguments.folders),
        demo=arguments.demo or picture is not None,
        picture=picture,
        size_px=PICTURE_SIZE_PX if picture is not None else None,
        until_first_frame=arguments.until_first_frame,
    )
    qt = make_qt()
    application = Application(LiveSettings(file, settings, problem), _reading_desk, request)
    application.show()
    code = qt.exec()
    application.close()
    return code


def _reading_desk(shell: "Shell") -> "Desk":
    from viewers.shell.reading_desk import ReadingDesk

    return ReadingDesk(shell)


def _say(line: str, stream: TextIO) -> None:
    stream.write(f"{line}\n")
    stream.flush()
