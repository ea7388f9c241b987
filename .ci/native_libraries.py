"""The native libraries and programs that Qt, VTK and the tests need, and how to get them.

Root (or sudo without a password) installs the Debian packages. Without either, apt still
downloads them and they are unpacked below .venv, where `.ci/python` lets them be found. What
remains missing is named with the command that installs it: the headless program does without.
"""

import ctypes
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

# Found by `ldd` over every file of PySide6-Essentials and by the names that VTK loads at run time.
WINDOW_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libXcursor.so.1": "libxcursor1",
    "libbrotlidec.so.1": "libbrotli1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}
TEST_PROGRAMS = {
    "pdftotext": "poppler-utils",
    "pdftoppm": "poppler-utils",
    "Xvfb": "xvfb",
    "xauth": "xauth",
}
# Xvfb has paths of the system built in and does not run from another folder.
NOT_UNPACKABLE = {"xvfb"}
LIBRARY_FOLDERS = [f"{top}/{platform.machine()}-linux-gnu" for top in ("usr/lib", "lib")]


def provide(unpacked: Path, *, for_tests: bool, already_tried: object) -> list[str]:
    """Install what is missing and return the packages that still are, having named them.

    Nothing is attempted when exactly these packages were missing after an earlier attempt.
    """
    if not sys.platform.startswith("linux"):
        return []
    missing = missing_packages(unpacked, for_tests)
    if missing and missing != already_tried:
        say(f"Installing {len(missing)} native packages: {' '.join(missing)}")
        if not install(missing):
            unpack([name for name in missing if name not in NOT_UNPACKABLE], unpacked)
        missing = missing_packages(unpacked, for_tests)
    if missing:
        say("Missing for the window or for tests (the headless commands do without). To install:")
        say(f"  sudo apt-get install -y --no-install-recommends {' '.join(missing)}")
    return missing


def missing_packages(unpacked: Path, for_tests: bool) -> list[str]:
    """The Debian packages, sorted, whose library or program is not found."""
    packages = {
        package
        for soname, package in WINDOW_LIBRARIES.items()
        if not any((unpacked / folder / soname).exists() for folder in LIBRARY_FOLDERS)
        and not loads(soname)
    }
    if for_tests:
        path = os.pathsep.join([os.environ.get("PATH", os.defpath), str(unpacked / "usr/bin")])
        packages |= {
            package
            for program, package in TEST_PROGRAMS.items()
            if shutil.which(program, path=path) is None
        }
    return sorted(packages)


def install(packages: list[str]) -> bool:
    """True where the packages were installed, which takes root or sudo without a password."""
    if shutil.which("apt-get") is None:
        return False
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if as_root and not succeeds("sudo", "-n", "true"):
        return False
    apt = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    succeeds(*apt, "update")
    options = ["-y", "--no-install-recommends", "--no-remove", "-o", "DPkg::Lock::Timeout=120"]
    return succeeds(*apt, "install", *options, *packages)


def unpack(packages: list[str], folder: Path) -> bool:
    """True where the packages and what they depend on were unpacked into the folder, without root.

    apt resolves against the system's own list of packages, but keeps its files in the folder.
    """
    if not packages or shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        return False
    lists, cache = folder / "apt/lists", folder / "apt/cache"
    for needed in (lists / "partial", cache / "archives/partial"):
        needed.mkdir(parents=True, exist_ok=True)
    own_folders = [f"Dir::State::Lists={lists}", f"Dir::Cache={cache}", "Debug::NoLocking=1"]
    apt = ["apt-get", "-qq", *(part for option in own_folders for part in ("-o", option))]
    if not succeeds(*apt, "update") or not succeeds(
        *apt, "install", "-y", "--no-install-recommends", "--download-only", *packages
    ):
        return False
    archives = [str(archive) for archive in (cache / "archives").glob("*.deb")]
    done = all(succeeds("dpkg-deb", "--extract", archive, str(folder)) for archive in archives)
    shutil.rmtree(folder / "apt")
    return done and bool(archives)


def loads(soname: str) -> bool:
    """True where the dynamic linker finds the library."""
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def succeeds(*command: str) -> bool:
    """True where the command exists and exits with 0; its output is not shown."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def say(line: str) -> None:
    """Print a line of progress on stderr: stdout belongs to the program that follows."""
    print(line, file=sys.stderr, flush=True)
