"""Checks that the lock files are complete, hashed, free of addresses, and match pyproject.toml.

Prints one line per fault and exits with 1, or one line that all is well. Runs in .venv: reading
requirements needs `packaging`, which pytest brings.
"""

import re
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parent.parent
ADDRESS = re.compile(r"://|@|--(?:extra-)?index|--find-links|\bfile:", re.IGNORECASE)
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}(?=\s|$)")
GPL_ONLY = {"pylibjpeg-libjpeg"}


def main() -> int:
    """0 where all is well."""
    run, run_faults = read_lock(PROJECT / "requirements.lock")
    dev, dev_faults = read_lock(PROJECT / "requirements-dev.lock")
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    table = project["project"]
    needed = [*table["dependencies"], *table["optional-dependencies"]["desktop"]]
    faults = [*run_faults, *dev_faults]
    faults += unmet(needed, run, "requirements.lock")
    faults += unmet(project["dependency-groups"]["dev"], dev, "requirements-dev.lock")
    faults += [
        f"requirements-dev.lock does not hold {name} as requirements.lock does"
        for name, entry in run.items()
        if dev.get(name) != entry
    ]
    for fault in faults:
        print(fault)
    if not faults:
        print(f"Lock files match pyproject.toml: {len(run)} packages, {len(dev)} with the tests.")
    return 1 if faults else 0


def read_lock(path: Path) -> tuple[dict[str, str], list[str]]:
    """Normalized package name -> its whole entry, and what is wrong with the file."""
    faults = []
    entries: dict[str, str] = {}
    for entry in path.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        if not entry.strip() or entry.startswith("#"):
            continue
        pinned = re.match(r"([A-Za-z0-9._-]+)==([0-9A-Za-z.!+]+)(\s|$)", entry)
        if pinned is None:
            faults.append(f"{path.name}: not pinned to one version: {entry[:60]}")
            continue
        name = canonicalize_name(pinned[1])
        if name in entries:
            faults.append(f"{path.name}: {name} stands there twice")
        if name in GPL_ONLY:
            faults.append(f"{path.name}: {name} is GPL and may not be a dependency")
        if not HASH.search(entry):
            faults.append(f"{path.name}: {name} has no hash")
        if ADDRESS.search(entry):
            faults.append(f"{path.name}: {name} names an address")
        entries[name] = " ".join(entry.split())
    return entries, faults


def unmet(needed: list[str], locked: dict[str, str], file: str) -> list[str]:
    """One fault per requirement of pyproject.toml that the lock file does not satisfy."""
    faults = []
    for text in needed:
        requirement = Requirement(text)
        entry = locked.get(canonicalize_name(requirement.name))
        version = entry.split()[0].split("==")[1] if entry else None
        if version is None or not requirement.specifier.contains(version, prereleases=True):
            faults.append(f"{file}: {version or 'nothing'} for {text} (run make lock)")
    return faults


if __name__ == "__main__":
    sys.exit(main())
