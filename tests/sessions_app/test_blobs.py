"""Files of blobs: bounds, hashes, broken and hostile uploads."""

from __future__ import annotations

import errno
import gzip
import hashlib
import io
import os
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from sessions_app import blobs
from sessions_app.errors import ActionError


def name_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def files(folder: Path) -> list[Path]:
    return [path for path in (folder / "blobs").rglob("*") if path.is_file()]


@pytest.mark.parametrize("data", [b"", b"x", b"abc" * 100_000, os.urandom(200_000)])
@pytest.mark.parametrize("compressed", [True, False])
def test_what_is_stored_is_read(data: bytes, compressed: bool, tmp_path: Path) -> None:
    body = gzip.compress(data) if compressed else data
    stored = blobs.store(name_of(data), len(data), io.BytesIO(body), compressed=compressed)
    assert blobs.read(name_of(data), len(data)) == data
    (file,) = files(tmp_path)
    assert stored == file.stat().st_size == len(body)
    blobs.store(name_of(data), len(data), io.BytesIO(data), compressed=False)
    assert files(tmp_path) == [file]


@pytest.mark.parametrize(
    ("body", "size", "compressed"),
    [
        (b"data!", 4, False),
        (b"dat", 4, False),
        (b"", 4, False),
        (b"DATA", 4, False),
        (gzip.compress(b"data", mtime=0)[:-3], 4, True),
        (gzip.compress(b"data", mtime=0)[:5], 4, True),
        (gzip.compress(b"data", mtime=0) + b"more", 4, True),
        (gzip.compress(b"data", mtime=0) * 2, 4, True),
        (gzip.compress(b"dat", mtime=0), 4, True),
        (gzip.compress(b"data!", mtime=0), 4, True),
        (b"not gzip at all", 4, True),
        (b"", 4, True),
        (gzip.compress(b"DATA", mtime=0), 4, True),
    ],
)
def test_a_wrong_upload_leaves_nothing(
    body: bytes, size: int, compressed: bool, tmp_path: Path
) -> None:
    with pytest.raises(ActionError) as refused:
        blobs.store(name_of(b"data"), size, io.BytesIO(body), compressed=compressed)
    assert refused.value.code == "invalid"
    assert files(tmp_path) == []


def test_a_bomb_is_not_inflated(tmp_path: Path) -> None:
    bomb = gzip.compress(bytes(200_000_000))
    tracemalloc.start()
    with pytest.raises(ActionError):
        blobs.store("0" * 64, 1000, io.BytesIO(bomb), compressed=True)
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_an_endless_body_is_cut(tmp_path: Path) -> None:
    class Endless:
        count = 0

        def read(self, size: int, /) -> bytes:
            self.count += size
            return bytes(size)

    for compressed in (True, False):
        endless = Endless()
        with pytest.raises(ActionError):
            blobs.store("0" * 64, 100, endless, compressed=compressed)
        assert endless.count < 1_000_000


def test_too_large_is_refused_before_a_byte_is_read(settings: Any) -> None:
    settings.PLAYGROUND_MAX_BLOB_BYTES = 10
    with pytest.raises(ActionError) as refused:
        blobs.store("0" * 64, 11, io.BytesIO(), compressed=False)
    assert refused.value.code == "too-large"


def test_a_full_disk_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fdatasync", full)
    with pytest.raises(ActionError) as refused:
        blobs.store(name_of(b"x"), 1, io.BytesIO(b"x"), compressed=False)
    assert (refused.value.code, refused.value.status) == ("storage", 507)
    assert files(tmp_path) == []


def test_the_last_bytes_of_the_disk_stay_free(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(blobs, "LEAST_FREE_BYTES", 2**62)
    with pytest.raises(ActionError) as refused:
        blobs.store(name_of(b"x"), 1, io.BytesIO(b"x"), compressed=False)
    assert refused.value.code == "storage"
    assert files(tmp_path) == []


def test_a_damaged_file_is_not_read(tmp_path: Path) -> None:
    data = b"abc" * 1000
    blobs.store(name_of(data), len(data), io.BytesIO(gzip.compress(data)), compressed=True)
    (file,) = files(tmp_path)
    for damage in (b"", b"\x1f\x8b garbage", gzip.compress(b"short")):
        file.write_bytes(damage)
        with pytest.raises(blobs.BlobUnreadableError):
            blobs.read(name_of(data), len(data))
    with pytest.raises(blobs.BlobUnreadableError):
        blobs.read("f" * 64, 3)


def test_what_broken_uploads_left_is_removed(tmp_path: Path) -> None:
    blobs.store(name_of(b"x"), 1, io.BytesIO(b"x"), compressed=False)
    left = tmp_path / "blobs" / "incoming" / "left"
    left.write_bytes(b"half")
    assert blobs.remove_stale_uploads(60) == 0
    os.utime(left, (0, 0))
    assert blobs.remove_stale_uploads(60) == 1
    assert blobs.exists(name_of(b"x"))
