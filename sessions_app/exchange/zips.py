"""Opens a zip that somebody brings, without ever trusting what it says of itself.

Python's ``zipfile`` builds an object for each member before the caller can look, so the list's
length is checked in the file's last bytes first; those are taken only in the plain form that
session files have (no comment, no zip64). Members are read with a bound on what they inflate to.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from typing import IO

from sessions_app.errors import ActionError

_END = struct.Struct("<4s4H2LH")
_LOCATOR = b"PK\x06\x07"

#: Bytes of a member's line in the list, beside and with its name.
_LINE_BYTES = 200


def open_zip(file: IO[bytes], most: int) -> zipfile.ZipFile:
    """Open a zip of at most ``most`` members.

    Raises:
        ActionError: ``invalid``, it is no such zip; ``limit``, it has too many members.
    """
    file.seek(0, 2)
    size = file.tell()
    if size < _END.size:
        raise damaged()
    file.seek(max(0, size - _END.size - 20))
    tail = file.read()
    sign, disk, first, here, members, length, start, comment = _END.unpack(tail[-_END.size :])
    if sign != b"PK\x05\x06" or disk or first or here != members or comment:
        raise damaged()
    if tail[: -_END.size].startswith(_LOCATOR) or 0xFFFFFFFF in (length, start):
        raise damaged()
    if members > most or length > members * _LINE_BYTES:
        raise ActionError("limit", "This file has more parts than a session file may have.")
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError):
        raise damaged() from None
    if len(archive.infolist()) != members or len(set(archive.namelist())) != members:
        archive.close()
        raise damaged()
    return archive


def open_member(archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    """Open a member for reading in pieces; ``damaged`` errors may still come while it is read.

    Raises:
        ActionError: ``invalid``.
    """
    try:
        info = archive.getinfo(name)
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise damaged()
        return archive.open(info)
    except (KeyError, zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError):
        # RuntimeError: it is encrypted.
        raise damaged() from None


def read_member(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """The bytes of a member of at most ``most`` bytes, whatever it says its size is.

    Raises:
        ActionError: ``invalid``; ``limit``, it is longer.
    """
    with open_member(archive, name) as member:
        try:
            data = member.read(most + 1)
        except READING_ERRORS:
            raise damaged() from None
    if len(data) > most:
        raise ActionError("limit", "This file holds more than a session may keep.")
    return data


#: What reading a member raises when it is not as its list says.
READING_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, ValueError)


def damaged() -> ActionError:
    """The refusal of a zip that cannot be read."""
    return ActionError("invalid", "This is not a session file, or it is damaged.")
