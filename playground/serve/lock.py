"""One server for one data folder: a lock that the operating system frees when its holder ends."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO


class TakenError(Exception):
    """Another server holds the folder; the message names its process and address."""


class FolderLock:
    """Holds ``folder`` until the process ends or ``release`` is called."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "lock"
        self._stream: IO[str] | None = None

    def acquire(self) -> None:
        """Take the lock.

        Raises:
            TakenError: another process has it.
        """
        stream = self._file.open("a+", encoding="utf-8")
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            stream.seek(0)
            holder = stream.read().strip() or "process unknown"
            stream.close()
            raise TakenError(holder) from None
        self._stream = stream
        self.note("starting")

    def note(self, where: str) -> None:
        """Write down who holds the lock and where it serves, for the message of a second server."""
        if self._stream is not None:
            self._stream.truncate(0)
            self._stream.write(f"process {os.getpid()}, {where}\n")
            self._stream.flush()

    def release(self) -> None:
        """Give the lock back."""
        if self._stream is not None:
            self._stream.truncate(0)
            self._stream.close()
            self._stream = None
