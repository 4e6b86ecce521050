"""Puts a finished build where the server finds it, and removes the oldest ones.

A build appears whole or not at all: it is filled in a folder of its own, renamed, and then named
by ``current.json``, which is replaced in one step as well. A few earlier builds stay, for pages
that were opened with them.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path
from typing import Any

#: Builds that are kept, the current one among them.
KEPT = 3

#: How the folder of an unfinished build begins, and its greatest age in seconds.
PARTIAL = ".partial-"
_PARTIAL_SECONDS = 3600


def base(build: str) -> str:
    """The address under which a build's files are served."""
    return f"/runtime/dist/{build}/"


def current(output: Path) -> dict[str, Any] | None:
    """The description of the build that is served now; None when there is none that is whole."""
    try:
        described: dict[str, Any] = json.loads((output / "current.json").read_text("utf-8"))
        folder = output / described["base"].rstrip("/").rpartition("/")[2]
        names = [*described["files"].values(), *(row["file"] for row in described["wheels"])]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return described if all((folder / name).is_file() for name in names) else None


def publish(output: Path, folder: Path, build: str, description: dict[str, Any]) -> None:
    """Make ``folder`` the build of that name, let ``current.json`` name it, drop old builds."""
    (folder / "distribution.json").write_text(json.dumps(description, indent=1), "utf-8")
    target = output / build
    if target.exists():
        target.rename(output / f"{PARTIAL}old-{build}-{os.getpid()}")
    folder.chmod(0o755)
    folder.rename(target)
    named = output / f"{PARTIAL}{os.getpid()}.json"
    named.write_text(json.dumps(description, indent=1), "utf-8")
    named.replace(output / "current.json")
    _prune(output, keep=build)


def remove_leftovers(output: Path) -> None:
    """Remove what builds that were broken off have left."""
    for path in output.glob(f"{PARTIAL}*"):
        if time.time() - path.stat().st_mtime > _PARTIAL_SECONDS:
            _remove(path)


def _prune(output: Path, keep: str) -> None:
    for path in output.glob(f"{PARTIAL}old-*"):
        _remove(path)
    builds = [path for path in output.iterdir() if path.is_dir() and path.name[0] != "."]
    builds.sort(key=lambda path: (path.name == keep, path.stat().st_mtime), reverse=True)
    for path in builds[KEPT:]:
        _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
