"""The files of blobs: content-addressed, written atomically and synced before a row names them.

A blob is named by the SHA-256 of its uncompressed bytes and lies in ``DATA_DIR/blobs/ab/cd/``,
either as gzip (suffix ``.gz``) or as it is, whichever its upload was. Nothing here knows sessions
or rights; callers ask ``BlobLink`` first.
"""

from __future__ import annotations

import errno
import gzip
import hashlib
import os
import shutil
import time
import uuid
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sessions_app.errors import ActionError
from sessions_app.limits import data_dir, limits

CHUNK = 64 * 1024

#: Free bytes of the disk below which nothing is stored any more.
LEAST_FREE_BYTES = 32 * 1024 * 1024

_DISK_FULL = "The server's disk is full. Try again later."


class Readable(Protocol):
    """A body that is read in pieces; an empty one ends it."""

    def read(self, size: int, /) -> bytes: ...


class BlobUnreadableError(Exception):
    """The blob's file is missing or is not what its name says."""


@dataclass(frozen=True)
class StoredBlob:
    """A blob's file."""

    path: Path
    compressed: bool


def store(name: str, size: int, body: Readable, *, compressed: bool) -> int:
    """Store an upload after checking that it is what it says; gives the bytes of its file.

    The file, and the folder that names it, are on the disk when this returns.

    Raises:
        ActionError: ``too-large``; ``invalid``, its size or hash is not as declared or it is not
            gzip; ``storage``, the disk is full or fails.
    """
    most = limits().max_blob_bytes
    if size > most:
        raise ActionError("too-large", f"One piece of data may have {most // 2**20} MB at most.")
    if shutil.disk_usage(data_dir()).free < size + LEAST_FREE_BYTES:
        raise ActionError("storage", _DISK_FULL)
    temporary = _folder("incoming") / uuid.uuid4().hex
    try:
        with temporary.open("xb") as file:
            _copy(name, size, body, file.write, compressed=compressed)
            file.flush()
            os.fdatasync(file.fileno())
        return _place(temporary, name, compressed=compressed)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS):
            raise ActionError("storage", _DISK_FULL) from error
        raise
    finally:
        with suppress(FileNotFoundError):
            temporary.unlink()


def _copy(name: str, size: int, body: Readable, write: object, *, compressed: bool) -> None:
    """Copy the upload, counting and hashing what it inflates to; never inflates beyond ``size``."""
    assert callable(write)
    digest, count = hashlib.sha256(), 0
    inflate = zlib.decompressobj(wbits=31) if compressed else None
    sent = 0
    while chunk := body.read(CHUNK):
        sent += len(chunk)
        if sent > size + size // 100 + CHUNK:
            raise ActionError("invalid", "The upload is longer than it says.")
        for piece in _inflated(inflate, chunk, size - count) if inflate else [chunk]:
            digest.update(piece)
            count += len(piece)
            if count > size:
                raise ActionError("invalid", "The upload is longer than it says.")
        if inflate is not None and inflate.unused_data:
            raise ActionError("invalid", "There is something behind the end of the upload.")
        write(chunk)
    if count < size or (inflate is not None and not inflate.eof):
        raise ActionError("invalid", "The upload was cut off. Send it again.")
    if digest.hexdigest() != name:
        raise ActionError("invalid", "The upload does not have the hash that it says.")


def _inflated(inflate: zlib._Decompress, chunk: bytes, room: int) -> Iterator[bytes]:
    """Inflate a chunk piece by piece, one byte past ``room`` at most, so that a bomb is seen."""
    try:
        while chunk and room >= 0:
            piece = inflate.decompress(chunk, min(CHUNK * 4, room + 1))
            room -= len(piece)
            yield piece
            if not piece and chunk == inflate.unconsumed_tail:
                return
            chunk = inflate.unconsumed_tail
    except zlib.error:
        raise ActionError("invalid", "The upload is not valid gzip.") from None


def _place(temporary: Path, name: str, *, compressed: bool) -> int:
    existing = find(name)
    if existing is not None:
        # The sweeper leaves files alone that were touched lately, or takes this one just now.
        with suppress(FileNotFoundError):
            os.utime(existing.path)
            return existing.path.stat().st_size
    folder = _folder(name[:2], name[2:4])
    target = folder / (name + (".gz" if compressed else ""))
    # Asked before: once it is in place, the sweeper may take it as soon as it likes.
    stored = temporary.stat().st_size
    temporary.rename(target)
    _sync(folder)
    return stored


def _folder(*parts: str) -> Path:
    """A folder below that of the blobs, made durable when it is new."""
    folder = data_dir() / "blobs"
    for part in ("", *parts):
        inner = folder / part
        if not inner.is_dir():
            inner.mkdir(parents=True, exist_ok=True)
            _sync(inner.parent)
        folder = inner
    return folder


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def find(name: str) -> StoredBlob | None:
    """The file of a blob."""
    path = data_dir() / "blobs" / name[:2] / name[2:4] / name
    packed = path.with_name(name + ".gz")
    if packed.is_file():
        return StoredBlob(packed, compressed=True)
    return StoredBlob(path, compressed=False) if path.is_file() else None


def exists(name: str) -> bool:
    """Whether the blob's file is there."""
    return find(name) is not None


def read(name: str, size: int) -> bytes:
    """The uncompressed bytes of a blob of ``size`` bytes.

    Raises:
        BlobUnreadableError: it is not there, or not of that size.
    """
    found = find(name)
    if found is None:
        raise BlobUnreadableError(name)
    try:
        with found.path.open("rb") as file:
            source = gzip.GzipFile(fileobj=file) if found.compressed else file
            data = source.read(size + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise BlobUnreadableError(name) from error
    if len(data) != size:
        raise BlobUnreadableError(name)
    return data


def inflate(found: StoredBlob) -> bytes:
    """The uncompressed bytes of a stored blob; its size was checked when it was stored."""
    return gzip.decompress(found.path.read_bytes())


def age_ms(name: str) -> float:
    """How long ago the blob's file was stored or touched; infinite when there is none."""
    found = find(name)
    if found is None:
        return float("inf")
    try:
        return max(0.0, time.time() - found.path.stat().st_mtime) * 1000
    except FileNotFoundError:
        return float("inf")


def remove(name: str) -> None:
    """Remove the blob's file if it is there; two uploads at once may have left it in both forms."""
    while (found := find(name)) is not None:
        found.path.unlink(missing_ok=True)


def stored_names() -> Iterator[str]:
    """The names of all blobs that have a file."""
    for folder in sorted((data_dir() / "blobs").glob("??/??")):
        for path in folder.iterdir():
            yield path.name.removesuffix(".gz")


def remove_stale_uploads(age_s: float) -> int:
    """Remove what broken uploads left behind; gives how many."""
    removed = 0
    for path in (data_dir() / "blobs" / "incoming").glob("*"):
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > age_s:
                path.unlink()
                removed += 1
    return removed
