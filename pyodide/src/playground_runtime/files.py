"""The home folder as the page sees it: listing, reading, writing and removing files.

A path from the page is a claim. It is relative, with ``/``, and never leads outside: not by its
text, and not through a link that code has made.
"""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playground_runtime import limits
from playground_runtime.errors import RefusedError

#: Folders that are neither listed nor saved: Python makes them again.
IGNORED = frozenset({"__pycache__"})


def check_path(path: object) -> str:
    """Give back a valid relative path. Raises RefusedError ``invalid`` otherwise."""
    if not isinstance(path, str) or not path:
        raise RefusedError("invalid", "A file needs a name.")
    if len(path) > limits.PATH_CHARS:
        raise RefusedError("invalid", f"The name is longer than {limits.PATH_CHARS} characters.")
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        raise RefusedError("invalid", "The name is not valid text.") from None
    parts = path.split("/")
    if "\0" in path or "\\" in path or any(part in ("", ".", "..") for part in parts):
        raise RefusedError("invalid", "The name must be inside the home folder, like data/a.csv.")
    return path


class Home:
    """The folder at ``root``, which is also the working directory."""

    def __init__(self, root: str) -> None:
        self.root = Path(root)
        self.root.mkdir(parents=True, exist_ok=True)

    def walk(self) -> Iterator[tuple[str, os.stat_result]]:
        """All entries below the root, folders before what is in them, links as themselves.

        Paths are relative; those that are not UTF-8 contain lone surrogates.
        """
        left = [""]
        while left:
            prefix = left.pop()
            try:
                with os.scandir(self.root / prefix) as found:
                    entries = sorted(found, key=lambda entry: entry.name)
            except OSError:
                continue
            for entry in entries:
                try:
                    status = entry.stat(follow_symlinks=False)
                except OSError:
                    continue
                path = prefix + entry.name
                if stat.S_ISDIR(status.st_mode):
                    if entry.name in IGNORED:
                        continue
                    left.append(path + "/")
                yield path, status

    def rows(self) -> list[dict[str, Any]]:
        """The regular files, at most ``limits.FILES``, by path."""
        rows: list[dict[str, Any]] = []
        for path, status in self.walk():
            if len(rows) >= limits.FILES:
                break
            if stat.S_ISREG(status.st_mode) and _nameable(path):
                size, changed = status.st_size, max(0, status.st_mtime_ns // 1_000_000)
                rows.append({"path": path, "sizeBytes": size, "modifiedAt": changed})
        rows.sort(key=lambda row: str(row["path"]))
        return rows

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises RefusedError ``not-found`` or ``invalid``."""
        place = self._place(path)
        status = self._status(place)
        if stat.S_ISDIR(status.st_mode):
            raise RefusedError("invalid", f"{path} is a folder.")
        if not stat.S_ISREG(status.st_mode):
            raise RefusedError("invalid", f"{path} is not an ordinary file.")
        try:
            return place.read_bytes()
        except OSError as error:
            raise RefusedError("invalid", f"{path} cannot be read: {error.strerror}.") from None

    def write(self, path: str, data: bytes) -> None:
        """Write a file whole, making its folders. Raises RefusedError ``invalid``."""
        place = self._place(path)
        if place.is_symlink() or place.is_dir():
            raise RefusedError("invalid", f"{path} is a folder or a link.")
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        except OSError as error:
            raise RefusedError("invalid", f"{path} cannot be written: {error.strerror}.") from None

    def remove(self, path: str) -> None:
        """Remove a file, a link, or a folder with all that is in it."""
        place = self._place(path)
        status = self._status(place)
        try:
            if stat.S_ISDIR(status.st_mode):
                shutil.rmtree(place)
            else:
                place.unlink()
        except OSError as error:
            raise RefusedError("invalid", f"{path} cannot be removed: {error.strerror}.") from None

    def make_folder(self, path: str) -> None:
        """Make a folder and those above it."""
        try:
            self._place(path).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RefusedError("invalid", f"{path} cannot be made: {error.strerror}.") from None

    def empty(self) -> None:
        """Remove everything in the folder, the folder itself not."""
        for place in list(self.root.iterdir()):
            try:
                if place.is_dir() and not place.is_symlink():
                    shutil.rmtree(place)
                else:
                    place.unlink()
            except OSError:
                continue

    def _place(self, path: str) -> Path:
        """Where a path of the page leads; no folder on the way may be a link."""
        place = self.root / check_path(path)
        for folder in place.parents:
            if folder == self.root:
                break
            if folder.is_symlink():
                raise RefusedError("invalid", f"{path} goes through a link.")
        return place

    def _status(self, place: Path) -> os.stat_result:
        try:
            return place.lstat()
        except (FileNotFoundError, NotADirectoryError):
            name = place.relative_to(self.root)
            raise RefusedError("not-found", f"There is no file {name}.") from None
        except OSError as error:
            raise RefusedError("invalid", f"{place.name}: {error.strerror}.") from None


def _nameable(path: str) -> bool:
    try:
        check_path(path)
    except RefusedError:
        return False
    return True
