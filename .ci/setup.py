"""Sets the project up: virtual environment, locked packages, native libraries.

`setup.py run` installs what the program needs, `setup.py dev` also what the tests need. Runs on a
bare Python 3.11-3.13, as root or not, and ends in a blink when nothing is left to do. `--again`
tries once more to install native libraries that could not be installed before.
"""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import native_libraries
from native_libraries import say, succeeds

PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
VENV_PYTHON = str(VENV / "bin" / "python")
STAMP = VENV / "setup.json"
UNPACKED = VENV / "unpacked"
RUN_LOCK, DEV_LOCK = "requirements.lock", "requirements-dev.lock"
THIS_PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


def main() -> None:
    """Do what is left to do; exits with one line where that is not possible."""
    dev = "dev" in sys.argv
    lock = DEV_LOCK if dev else RUN_LOCK
    stamp = read_stamp()
    if stamp.get("python") != THIS_PYTHON or stamp.get(lock) != digest(lock):
        install_packages(lock)
        # The development lock holds the whole run lock (.ci/check_locks.py keeps it so).
        stamp |= {name: digest(name) for name in {RUN_LOCK, lock}} | {"python": THIS_PYTHON}
        write_stamp(stamp)
    tried = None if "--again" in sys.argv else stamp.get("missing")
    missing = native_libraries.provide(UNPACKED, for_tests=dev, already_tried=tried)
    if missing != stamp.get("missing"):
        write_stamp(stamp | {"missing": missing})
    if "--again" in sys.argv:
        say(f"Set up: {VENV}")


def install_packages(lock: str) -> None:
    """Install the locked packages; creates .venv where it is missing or of another Python."""
    if output_of(VENV_PYTHON, "-c", "import sys; print('%d.%d' % sys.version_info[:2])") != (
        THIS_PYTHON
    ):
        say(f"Creating .venv with Python {THIS_PYTHON}")
        # Without pip: Debian keeps ensurepip in a package of its own, which may be missing.
        if not succeeds(sys.executable, "-m", "venv", "--without-pip", "--clear", str(VENV)):
            give_up()
    STAMP.unlink(missing_ok=True)
    pip = pip_command()
    say(f"Installing the packages of {lock} (a minute or two, about 1.7 GB)")
    # Exactly the listed files: nothing resolved, nothing built, every hash compared.
    options = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--no-input", "--quiet"]
    options += ["--disable-pip-version-check", "--no-warn-script-location"]
    command = [*pip, "install", *options, "-r", str(PROJECT / lock)]
    if subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode:
        sys.exit("Set-up stopped: the packages could not be installed (pip's reason is above).")


def pip_command() -> list[str]:
    """The command that runs a pip on .venv, from wherever one can be had."""
    own = [VENV_PYTHON, "-I", "-m", "pip"]
    ensurepip = [VENV_PYTHON, "-I", "-m", "ensurepip"]
    if succeeds(*own, "--version") or succeeds(*ensurepip):
        return own
    outer = [sys.executable, "-m", "pip", "--python", VENV_PYTHON]  # since pip 22.3
    if succeeds(*outer, "--version"):
        return outer
    if native_libraries.install([venv_package()]) and succeeds(*ensurepip):
        return own
    native_libraries.unpack(["python3-pip-whl"], UNPACKED)
    wheels = list(UNPACKED.glob("usr/share/python-wheels/pip-*.whl"))
    if not wheels:
        give_up()
    return [VENV_PYTHON, "-I", f"{wheels[0]}/pip"]


def venv_package() -> str:
    """The Debian package that brings venv and ensurepip for this Python."""
    return f"python{THIS_PYTHON}-venv"


def give_up() -> NoReturn:
    """Exit with the command that helps."""
    sys.exit(
        f"Set-up stopped: Python {THIS_PYTHON} here can make no virtual environment with pip. "
        f"Run: sudo apt-get install -y {venv_package()}"
    )


def output_of(*command: str) -> str | None:
    """What the command prints, stripped; None where it fails or is missing."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def digest(lock: str) -> str:
    """SHA-256 of a lock file."""
    return hashlib.sha256((PROJECT / lock).read_bytes()).hexdigest()


def read_stamp() -> dict[str, object]:
    """What earlier runs completed; empty where there is no sound environment."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) and Path(VENV_PYTHON).exists() else {}


def write_stamp(stamp: dict[str, object]) -> None:
    """Record what is done, so that the next run need not look again."""
    STAMP.write_text(json.dumps(stamp, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except OSError as error:
        sys.exit(f"Set-up stopped: {error}")
