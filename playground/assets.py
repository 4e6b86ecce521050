"""Collects the static files into one folder, whenever they have changed.

The web process calls ``ensure_collected`` before it serves, so a freshly built front end is in use
after a restart, without a command that somebody could forget.
"""

from __future__ import annotations

import fcntl
import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command

_STAMP = ".collected"


def ensure_collected() -> bool:
    """Collect the static files unless they are as collected last; True when it did."""
    root = Path(settings.STATIC_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp = root / _STAMP
        present = _fingerprint()
        if stamp.exists() and stamp.read_text("ascii") == present:
            return False
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(present, "ascii")
        return True


def _fingerprint() -> str:
    """Give a hash of every static file's place, size and time of change."""
    digest = hashlib.sha256()
    for finder in finders.get_finders():
        for name, storage in sorted(finder.list([]), key=lambda item: item[0]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
