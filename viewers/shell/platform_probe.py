"""What this machine can show: found out without a crash, before Qt is asked. Qt-free."""

import ctypes
import os
import re
import socket
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from app.errors import ReaderError
from app.translation import tr


@dataclass(frozen=True, slots=True)
class Display:
    """How the window can be shown: the value for QT_QPA_PLATFORM, and why not otherwise.

    `platform` is empty where Qt knows best (not Linux). `offscreen` says that nobody sees it.
    """

    platform: str
    offscreen: bool
    reason: str = ""


def probe_display() -> Display:
    """The display to use. An explicit QT_QPA_PLATFORM is obeyed."""
    if asked := os.environ.get("QT_QPA_PLATFORM"):
        return Display(asked, asked.partition(":")[0] in {"offscreen", "minimal"})
    if not sys.platform.startswith("linux"):
        return Display("", offscreen=False)
    usable, reasons = [], []
    for name, answers in (("wayland", _wayland_answers), ("xcb", _x_server_answers)):
        fault = answers()
        missing = missing_library(name) if not fault else ""
        if missing:
            fault = tr("{library} is missing").format(library=missing)
        if fault:
            reasons.append(fault)
        else:
            usable.append(name)
    if usable:
        return Display(";".join(usable), offscreen=False)
    return Display("offscreen", offscreen=True, reason="; ".join(reasons))


def require_qt() -> None:
    """Returns where Qt loads. Raises ReaderError that names the library in the way."""
    try:
        import PySide6.QtGui
        import PySide6.QtSvg
        import PySide6.QtWidgets  # noqa: F401
    except ImportError as fault:
        library = _library_named(str(fault)) or str(fault)
        raise ReaderError(
            "WINDOW_LIBRARY_MISSING",
            tr("The window needs {library}, which this system does not have.").format(
                library=library
            ),
            tr("Run `make setup`, or use the commands without a window (see --help)."),
        ) from fault


def missing_library(plugin: str) -> str:
    """The shared library a platform plugin of Qt lacks, or nothing."""
    package = find_spec("PySide6")
    if package is None or package.origin is None:
        return "PySide6"
    file = Path(package.origin).parent / "Qt" / "plugins" / "platforms" / f"libq{plugin}.so"
    try:
        ctypes.CDLL(str(file))
    except OSError as fault:
        return _library_named(str(fault)) or str(fault)
    return ""


def _wayland_answers() -> str:
    name = os.environ.get("WAYLAND_DISPLAY")
    if not name:
        return tr("WAYLAND_DISPLAY is not set")
    path = Path(os.environ.get("XDG_RUNTIME_DIR", "/nonexistent")) / name
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
            link.connect(str(path))
    except OSError:
        return tr("the Wayland display {name} does not answer").format(name=name)
    return ""


def _x_server_answers() -> str:
    name = os.environ.get("DISPLAY")
    if not name:
        return tr("DISPLAY is not set")
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return tr("{library} is missing").format(library="libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    link = xcb.xcb_connect(None, None)
    fault = xcb.xcb_connection_has_error(link)
    xcb.xcb_disconnect(link)
    if fault:
        return tr("the X display {name} does not answer").format(name=name)
    return ""


def _library_named(message: str) -> str:
    found = re.search(r"[\w.+-]+\.so[\w.]*(?=: cannot open)", message)
    return found[0] if found else ""
