"""Whether VTK can draw here: tried once in a process of its own, because it may crash."""

import os
import sys
from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import QObject, QProcess, Signal

VTK_SCRIPT = """
from vtkmodules.vtkRenderingCore import vtkRenderer, vtkRenderWindow
import vtkmodules.vtkRenderingOpenGL2
window = vtkRenderWindow()
window.SetOffScreenRendering(1)
window.AddRenderer(vtkRenderer())
window.SetSize(16, 16)
window.Render()
print("drawn by", window.GetClassName())
"""
DRAWN = "drawn by"
ENDING_MS = 2000


class VtkProbe(QObject):
    """Runs the script and tells the answer: `drawn by ...` or why it failed."""

    answered = Signal(str)

    def __init__(self, parent: QObject | None = None, script: str = VTK_SCRIPT) -> None:
        super().__init__(parent)
        self._script = script
        self._process = QProcess(self)
        self._process.finished.connect(self._finished)

    def start(self) -> None:
        """Starts the process; the answer comes later."""
        self._process.start(sys.executable, ["-c", self._script])

    def close(self) -> None:
        """Ends the process without an answer."""
        self._process.finished.disconnect(self._finished)
        if self._process.state() is not QProcess.ProcessState.NotRunning:
            self._process.kill()
            self._process.waitForFinished(ENDING_MS)

    def _finished(self, code: int, status: QProcess.ExitStatus) -> None:
        said = bytes(self._process.readAllStandardOutput().data()).decode(errors="replace").strip()
        if status is QProcess.ExitStatus.CrashExit:
            self.answered.emit("crashed")
        elif code or not said.startswith(DRAWN):
            self.answered.emit(f"failed with {code}")
        else:
            self.answered.emit(said.splitlines()[0])


def probe_key() -> str:
    """What the answer depends on: another key asks for another probe; empty without VTK."""
    try:
        release = version("vtk")
    except PackageNotFoundError:
        return ""
    drivers = os.environ.get("LIBGL_DRIVERS_PATH", "")
    return " ".join(f"vtk {release} {sys.platform} {drivers}".split())
