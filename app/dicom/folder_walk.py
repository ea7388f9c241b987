"""The files below a folder, whatever links, pipes and forbidden folders it holds."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from app.domain.findings import Finding, Severity, finding


def printable_name(path: Path, folder: Path) -> str:
    """The path relative to the folder, safe to print whatever bytes the file system holds."""
    return os.fsencode(path.relative_to(folder).as_posix()).decode("utf-8", "replace")


def walk_files(folder: Path) -> Iterator[Path | Finding]:
    """Every regular file below the folder in a fixed order; a Finding where one is not reached.

    Links to folders are followed once: a folder already seen (by device and inode) is skipped,
    so that a loop of links ends.
    """
    seen: set[tuple[int, int]] = set()
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        try:
            place = here.stat()
            if (place.st_dev, place.st_ino) in seen:
                continue
            seen.add((place.st_dev, place.st_ino))
            entries = sorted(here.iterdir())
        except OSError as error:
            yield _unreachable(here, folder, error)
            continue
        below: list[Path] = []
        for entry in entries:
            try:
                mode = entry.stat().st_mode
            except OSError as error:
                yield _unreachable(entry, folder, error)
                continue
            if stat.S_ISDIR(mode):
                below.append(entry)
            elif stat.S_ISREG(mode):
                yield entry
        waiting.extend(reversed(below))


def _unreachable(path: Path, folder: Path, error: OSError) -> Finding:
    name = printable_name(path, folder)
    return finding("FILE_UNREADABLE", Severity.WARNING, file=name, cause=type(error).__name__)
