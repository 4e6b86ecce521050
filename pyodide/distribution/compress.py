"""Puts a Zstandard, a Brotli and a gzip version beside each file.

Zstandard is as small as Brotli here and unpacks four times as fast, which a start from the
browser's cache feels: that keeps files packed. Brotli is for browsers without it. The best
qualities take half a minute for ten megabytes, so results are kept in the cache by the hash of what
went in: Pyodide's own files are compressed well, and once. What is new in every build (the memory
snapshot) gets a quality that takes seconds.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import brotli
import zstandard

#: Quality for files that stay the same over many builds, and for the others.
LASTING_QUALITY = 10
FRESH_QUALITY = 9

#: Zstandard's level. Above 19 the reader would need a window larger than the 8 MB that HTTP allows.
_ZSTANDARD = 19

#: Both sides of a window of 16 MB hold it in memory; browsers allow no more.
_WINDOW = 24


def compress_all(files: list[Path], lasting: set[str], cache: Path) -> None:
    """Write ``.br`` and ``.gz`` beside each of ``files``; names in ``lasting`` get more care."""
    cache.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(max_workers=2) as pool:
        largest_first = sorted(files, key=lambda file: -file.stat().st_size)
        list(pool.map(lambda file: _compress(file, file.name in lasting, cache), largest_first))


def _zstandard(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=_ZSTANDARD).compress(data)


def _compress(file: Path, lasting: bool, cache: Path) -> None:
    data = file.read_bytes()
    quality = LASTING_QUALITY if lasting else FRESH_QUALITY
    forms: tuple[tuple[str, str, Callable[[], bytes]], ...] = (
        (".zst", f".zst{_ZSTANDARD}", lambda: _zstandard(data)),
        (".br", f".br{quality}", lambda: brotli.compress(data, quality=quality, lgwin=_WINDOW)),
        (".gz", ".gz", lambda: gzip.compress(data, 9, mtime=0)),
    )
    digest = hashlib.sha256(data).hexdigest()
    for suffix, kept_suffix, make in forms:
        kept = cache / f"{digest}{kept_suffix}"
        packed = kept.read_bytes() if lasting and kept.is_file() else make()
        if lasting and not kept.is_file():
            partial = kept.with_suffix(".part")
            partial.write_bytes(packed)
            partial.replace(kept)
        file.with_name(file.name + suffix).write_bytes(packed)
