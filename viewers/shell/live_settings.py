"""The settings while the program runs: every change is saved at once."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.settings import Settings, SettingsFile, SettingsProblem
from app.translation import tr


class LiveSettings(QObject):
    """Holds the settings; `changed` tells the names of what changed, `failed` a SettingsProblem."""

    changed = Signal(frozenset)
    failed = Signal(object)

    def __init__(
        self, file: SettingsFile, current: Settings, problem: SettingsProblem | None = None
    ) -> None:
        super().__init__()
        self._file = file
        self.current = current
        self.problem = problem

    def change(self, **changes: Any) -> None:
        """Changes fields of the settings by name and saves them."""
        former: Settings = self.current
        self.current = replace(former, **changes)
        different = frozenset(
            name for name in changes if getattr(former, name) != getattr(self.current, name)
        )
        if different:
            self.problem = self._file.save(self.current)
            if self.problem is not None:
                self.failed.emit(self.problem)
            self.changed.emit(different)


def problem_text(problem: SettingsProblem) -> str:
    """The sentence of a problem in the chosen language."""
    return tr(problem.message).format(**problem.params)
