"""Where the project's own files lie."""

from pathlib import Path

PROJECT = Path(__file__).parents[2]
FLOORS = ("app", "segmentation", "viewers")
QT_ROOMS = ("canvas", "dialogs", "panels", "shell")


def python_files(*folders: str) -> list[Path]:
    """The Python files of these folders of the project, sorted."""
    return sorted(file for folder in folders for file in (PROJECT / folder).rglob("*.py"))


def modules_without_qt() -> list[str]:
    """Dotted names of all modules that must import without Qt, pyqtgraph and VTK."""
    names = ["main"]
    for file in python_files(*FLOORS):
        parts = file.relative_to(PROJECT).with_suffix("").parts
        if parts[0] == "viewers" and parts[1] in QT_ROOMS:
            continue
        names.append(".".join(part for part in parts if part != "__init__"))
    return names
