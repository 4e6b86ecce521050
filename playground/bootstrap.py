"""Sets everything up on a fresh clone; the Makefile calls it before each command that needs it.

It runs on whatever Python is there (3.8 or newer) with the standard library alone, finds a Python
that the playground can use, and makes in turn: the virtual environment with its packages, the
front end's packages, the built front end, and the Pyodide distribution. Each step leaves a stamp,
the hash of all it was made from, and is skipped while that hash stays the same.
"""

from __future__ import annotations

import argparse
import fcntl
import glob
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Callable, Iterable, List, Optional, Sequence, Tuple

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
FRONTEND = ROOT / "frontend"
BUILT = ROOT / "playground" / "static" / "build"
DISTRIBUTION = ROOT / "pyodide" / "distribution"
STAMPS = ROOT / "build" / "stamps"
LOG = ROOT / "build" / "setup.log"

OLDEST_PYTHON = (3, 12)
OLDEST_NODE = (20, 19)
PYTHON_NAMES = ["python3.13", "python3.14", "python3.12", "python3.15", "python3", "python"]
_SKIPPED_FOLDERS = {"node_modules", "__pycache__", "build", "cache", ".svelte-kit"}


class SetupError(Exception):
    """Something is missing; the message says in plain words what to do."""


def say(text: str) -> None:
    """Tell the person at the terminal."""
    print(text, flush=True)


def step(title: str, command: Sequence[str], folder: Path = ROOT) -> None:
    """Run a command, telling what it is for; its output is shown only when it fails."""
    say("• %s …" % title)
    began = time.monotonic()
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with LOG.open("a+b") as log:
        start = log.seek(0, os.SEEK_END)
        done = subprocess.run(list(command), cwd=str(folder), stdout=log, stderr=log, check=False)
        if done.returncode:
            log.seek(start)
            tail = log.read().decode("utf-8", "replace").splitlines()[-60:]
            raise SetupError("%s\n\nThat failed: %s" % ("\n".join(tail), " ".join(command)))
    say("  done in %.0f s" % (time.monotonic() - began))


def fingerprint(paths: Iterable[Path], *extra: str) -> str:
    """Give a hash of files (folders: of all files below that are not build products)."""
    digest = hashlib.sha256("\0".join(extra).encode())
    for path in paths:
        for file in sorted(_files(path)):
            digest.update(str(file.relative_to(ROOT)).encode() + b"\0")
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _files(path: Path) -> Iterable[Path]:
    if path.is_file():
        yield path
    elif path.is_dir() and path.name not in _SKIPPED_FOLDERS:
        for child in path.iterdir():
            for file in _files(child):
                yield file


def unless_current(
    name: str, stamp: str, products: Sequence[Path], make: Callable[[], None]
) -> None:
    """Call ``make`` unless ``products`` are there and were made from the same things."""
    file = STAMPS / name
    if all(product.exists() for product in products) and _read(file) == stamp:
        return
    make()
    missing = [str(product) for product in products if not product.exists()]
    if missing:
        raise SetupError("This should have been made, but was not: %s" % ", ".join(missing))
    STAMPS.mkdir(parents=True, exist_ok=True)
    file.write_text(stamp)


def _read(file: Path) -> Optional[str]:
    return file.read_text() if file.exists() else None


# --- Python ------------------------------------------------------------------------------------


def find_python() -> str:
    """Find a Python that is new enough and can make virtual environments."""
    candidates = [os.environ.get("PLAYGROUND_PYTHON", ""), sys.executable]
    candidates += [shutil.which(name) or "" for name in PYTHON_NAMES]
    pyenv = os.environ.get("PYENV_ROOT", str(Path.home() / ".pyenv"))
    for pattern in (pyenv + "/versions/3.1[2-9]*/bin/python", "/usr/bin/python3.1[2-9]"):
        candidates += sorted(glob.glob(pattern), reverse=True)
    without_venv = ""
    for candidate in candidates:
        version, complete = _probe(candidate) if candidate else (None, False)
        if version is not None and version >= OLDEST_PYTHON:
            if complete:
                return candidate
            without_venv = candidate
    if without_venv:
        raise SetupError(
            "%s cannot make virtual environments. On Debian or Ubuntu this helps:\n"
            "    sudo apt-get install python3-venv" % without_venv
        )
    raise SetupError(
        "Playground needs Python %d.%d or newer, and none was found. Install one from\n"
        "python.org or with pyenv, or name it: make run PLAYGROUND_PYTHON=/path/to/python3.13"
        % OLDEST_PYTHON
    )


def _probe(python: str) -> Tuple[Optional[Tuple[int, int]], bool]:
    code = (
        "import sys; print(*sys.version_info[:2])\n"
        "try:\n import venv, ensurepip\nexcept ImportError: print('incomplete')"
    )
    try:
        done = subprocess.run(
            [python, "-c", code], capture_output=True, text=True, check=False, timeout=30
        )
        words = done.stdout.split()
        return (int(words[0]), int(words[1])), len(words) == 2
    except (OSError, ValueError, IndexError, subprocess.TimeoutExpired):
        return None, False


def set_up_python(dev: bool) -> None:
    """Make the virtual environment and install the pinned packages."""
    python = VENV / "bin" / "python"
    version, _ = _probe(str(python))
    if version is None or version < OLDEST_PYTHON:
        command = [find_python(), "-m", "venv", "--clear", str(VENV)]
        step("Making a Python environment in .venv", command)
        (STAMPS / "python").unlink() if (STAMPS / "python").exists() else None
    everything = ROOT / "requirements-dev.txt"
    wanted = everything if dev else ROOT / "requirements.txt"
    if not dev and _read(STAMPS / "python") == fingerprint([everything]):
        return
    unless_current("python", fingerprint([wanted]), [python], lambda: _install(wanted))


def _install(requirements: Path) -> None:
    python = str(VENV / "bin" / "python")
    title = "Installing Python packages (%s)" % requirements.name
    pip = [python, "-m", "pip", "--disable-pip-version-check", "install"]
    try:
        step("Installing uv, which installs quickly", [*pip, "uv"])
        step(title, [python, "-m", "uv", "pip", "install", "-r", str(requirements)])
    except SetupError as error:
        say(str(error))
        step(title + " with pip", [*pip, "-r", str(requirements)])


# --- front end and runtime ---------------------------------------------------------------------


def check_node() -> str:
    """Say that Node is missing or too old; give its version."""
    try:
        done = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False)
        version = done.stdout.strip()
        numbers = tuple(int(part) for part in version.lstrip("v").split(".")[:2])
    except (OSError, ValueError):
        version, numbers = "", ()
    if numbers < OLDEST_NODE or shutil.which("npm") is None:
        raise SetupError(
            "Playground needs Node %d.%d or newer with npm to build its pages; found: %s.\n"
            "Install it from nodejs.org." % (*OLDEST_NODE, version or "none")
        )
    return version


def set_up_frontend() -> None:
    """Install the front end's packages and build the pages and the runtime frame's script."""
    lock = FRONTEND / "package-lock.json"
    node = check_node()
    modules = FRONTEND / "node_modules"
    unless_current(
        "npm",
        fingerprint([lock], node.split(".")[0]),
        [modules],
        lambda: step(
            "Installing the front end's packages",
            ["npm", "ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"],
            FRONTEND,
        ),
    )
    unless_current(
        "frontend",
        fingerprint([FRONTEND]),
        [BUILT / "manifest.json", BUILT / "runtime" / "frame.js"],
        _build_frontend,
    )


def _build_frontend() -> None:
    step("Building the pages", ["npm", "run", "build"], FRONTEND)
    step("Building the runtime's frame", ["npm", "run", "build:runtime"], FRONTEND)


def set_up_runtime() -> None:
    """Build the Pyodide distribution that browsers load Python from."""
    python = str(VENV / "bin" / "python")
    sources = [ROOT / "pyodide", FRONTEND / "package-lock.json", ROOT / "requirements.txt"]
    unless_current(
        "runtime",
        fingerprint(sources),
        [DISTRIBUTION / "build" / "current.json"],
        lambda: step(
            "Building the Python that runs in browsers (a minute or two)",
            [python, str(DISTRIBUTION / "build.py")],
        ),
    )


# --- a browser for the tests -------------------------------------------------------------------


def find_browser() -> Optional[str]:
    """Find a Chromium: the one of ``CHROMIUM``, of the system, or of Playwright."""
    pattern = str(Path.home() / ".cache/ms-playwright/chromium-*/chrome-linux*/chrome")
    names = ["chromium", "chromium-browser", "google-chrome"]
    places = [os.environ.get("CHROMIUM", ""), *[shutil.which(name) or "" for name in names]]
    return next((place for place in places + glob.glob(pattern) if os.path.exists(place)), None)


def set_up_browser() -> None:
    """Install Debian's Chromium when there is no browser and this may be done; else say so."""
    if find_browser():
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        os.environ["DEBIAN_FRONTEND"] = "noninteractive"
        step("Looking for the newest package lists", ["apt-get", "update"])
        step("Installing Chromium for the browser tests", ["apt-get", "install", "-y", "chromium"])
        return
    say("! No Chromium was found. The browser tests need one; any of these gives it:")
    say("    sudo apt-get install chromium")
    say("    .venv/bin/playwright install --with-deps chromium")


def main(arguments: List[str]) -> int:
    """Set up what the arguments ask for, then become the command after ``--``, if any."""
    parser = argparse.ArgumentParser(description="Sets the playground up on a fresh clone.")
    parser.add_argument("--dev", action="store_true", help="also what tests and linters need")
    parser.add_argument("--browser", action="store_true", help="also a browser for the tests")
    parser.add_argument("command", nargs="*", help="what to run afterwards in the environment")
    options = parser.parse_args(arguments)
    try:
        (ROOT / "build").mkdir(exist_ok=True)
        with (ROOT / "build" / "setup.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            set_up_python(options.dev)
            set_up_frontend()
            set_up_runtime()
            if options.browser:
                set_up_browser()
    except SetupError as error:
        say("\n%s" % error)
        return 1
    except KeyboardInterrupt:
        say("\nStopped. Starting again goes on from here.")
        return 130
    if options.command:
        python = str(VENV / "bin" / "python")
        os.chdir(str(ROOT))
        os.execv(python, [python, *options.command])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
