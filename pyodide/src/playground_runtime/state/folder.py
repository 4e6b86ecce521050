"""The files of the home folder as part of a snapshot.

A file is read again only when its size, times or inode changed. A time of change may be coarser
than two writes, so a file that changed just before it was read is not taken as known.
"""

import os
import stat
import time
from dataclasses import dataclass, field
from typing import Any

from playground_runtime import limits
from playground_runtime.errors import RefusedError
from playground_runtime.files import Home, check_path
from playground_runtime.inspection import display_name
from playground_runtime.state import reasons
from playground_runtime.state.blobs import Blobs

type Key = tuple[int, int, int, int]

#: Nanoseconds within which a second write could leave the same time of change.
COARSE_NS = 50_000_000


@dataclass
class Folder:
    """The files' rows, the empty and other folders, what is left out, and the bytes they take."""

    files: list[dict[str, Any]] = field(default_factory=list)
    directories: list[str] = field(default_factory=list)
    unsaved: list[dict[str, Any]] = field(default_factory=list)
    size: int = 0


class FolderCapture:
    """Remembers which blob holds which file."""

    def __init__(self, home: Home, blobs: Blobs) -> None:
        self._home = home
        self._blobs = blobs
        self._known: dict[str, tuple[Key, int]] = {}

    def forget(self) -> None:
        """Read all files anew next time."""
        self._known.clear()

    def capture(self, each: int, whole: int, new: dict[int, bytes]) -> Folder:
        """Take all files of at most ``each`` bytes, together at most ``whole``."""
        folder = Folder()
        known: dict[str, tuple[Key, int]] = {}
        for count, (path, status) in enumerate(self._home.walk()):
            if count >= limits.FILES:
                folder.unsaved.append(reasons.row("…", reasons.TOO_MANY_FILES))
                break
            reason = self._take(folder, path, status, (each, whole), known, new)
            if reason is not None:
                folder.unsaved.append(reasons.row(display_name(path), reason))
        self._known = known
        folder.files.sort(key=lambda row: str(row["path"]))
        folder.directories.sort()
        return folder

    def _take(
        self,
        folder: Folder,
        path: str,
        status: os.stat_result,
        bounds: tuple[int, int],
        known: dict[str, tuple[Key, int]],
        new: dict[int, bytes],
    ) -> str | None:
        """Add one entry to the folder, or give the reason why not."""
        try:
            check_path(path)
        except RefusedError:
            return reasons.BAD_PATH
        if stat.S_ISDIR(status.st_mode):
            folder.directories.append(path)
            return None
        if not stat.S_ISREG(status.st_mode):
            return reasons.LINK if stat.S_ISLNK(status.st_mode) else reasons.ODD_FILE
        if status.st_size > bounds[0]:
            return reasons.too_large(status.st_size, bounds[0])
        if folder.size + status.st_size > bounds[1]:
            return reasons.no_room(bounds[1])
        key = (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
        before = self._known.get(path)
        if before is not None and before[0] == key:
            number = before[1]
        else:
            try:
                data = (self._home.root / path).read_bytes()
            except OSError:
                return reasons.UNREADABLE
            number = self._blobs.number(data, new)
        if time.time_ns() - max(status.st_mtime_ns, status.st_ctime_ns) > COARSE_NS:
            known[path] = (key, number)
        folder.size += status.st_size
        modified = max(0, status.st_mtime_ns // 1_000_000)
        row = {"path": path, "blob": number, "size": status.st_size, "modifiedAt": modified}
        folder.files.append(row)
        return None
