"""What this machine can show: found out without a crash, before Qt is asked. Qt-free."""

import ctypes
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from app.errors import ReaderError
from app.translation import tr

VTK_PROBE = (
    "from vtkmodules.vtkRenderingCore import vtkRenderer, vtkRenderWindow\n"
    "import vtkmodules.vtkRenderingOpenGL2\n"
    "window = vtkRenderWindow()\n"
    "window.SetOffScreenRendering(1)\n"
    "window.AddRenderer(vtkRenderer())\n"
    "window.SetSize(16, 16)\n"
    "window.Render()\n"
    "print('GL', window.ReportCapabilities().splitlines()[0])\n"
)
VTK_PROBE_TIMEOUT_S = 60.0


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


def probe_vtk(cancelled: Callable[[], bool] = lambda: False) -> str:
    """`ok ...` or why VTK cannot draw here; tried in a process of its own, since it may crash."""
    process = subprocess.Popen(
        [sys.executable, "-c", VTK_PROBE],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    waited_s = 0.0
    while True:
        try:
            out, err = process.communicate(timeout=0.1)
            break
        except subprocess.TimeoutExpired:
            waited_s += 0.1
            if cancelled() or waited_s > VTK_PROBE_TIMEOUT_S:
                process.kill()
                process.communicate()
                return "cancelled" if cancelled() else "timed out"
    if process.returncode == 0 and out.startswith("GL "):
        return f"ok {out[3:].strip()}"
    lines = err.strip().splitlines()
    return f"exit {process.returncode} {lines[-1] if lines else ''}".strip()


def vtk_probe_key() -> str:
    """What the probe's answer depends on; another key asks for another probe."""
    gl = os.environ.get("LIBGL_DRIVERS_PATH", "")
    return f"vtk {version('vtk')} {sys.platform} {os.environ.get('DISPLAY', '')} {gl}".strip()


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
