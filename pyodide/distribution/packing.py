"""Packs a memory snapshot without its empty pages, which are nearly half of it.

What is not there need not be downloaded, unpacked, handed from process to process, or copied. The
packed file, all numbers unsigned 32-bit little-endian:

- length of Pyodide's header in bytes, length of the heap in bytes, number of runs
- for each run of pages that are not empty: number of its first page, number of pages
- Pyodide's header, as ``makeMemorySnapshot`` wrote it
- the pages of all runs, one after the other

``frontend/src/runtime/image.ts`` reads it.
"""

from __future__ import annotations

import struct
from itertools import groupby

#: Bytes of a page. Runs are as short as one page: smaller pages would save little more.
PAGE = 4096

_EMPTY = bytes(PAGE)


def pack(snapshot: bytes) -> bytes:
    """Pack the bytes that Pyodide's ``makeMemorySnapshot`` gave.

    Raises:
        ValueError: they are too short for the header that they announce, or the heap is no whole
            number of pages.
    """
    if len(snapshot) < 8:
        raise ValueError("the snapshot has no header")
    (header,) = struct.unpack_from("<I", snapshot, 4)
    heap = len(snapshot) - header
    if heap <= 0 or heap % PAGE:
        raise ValueError(f"a heap of {heap} bytes is no number of pages")
    runs = _runs(snapshot, header, heap // PAGE)
    parts = [struct.pack("<III", header, heap, len(runs))]
    parts += [struct.pack("<II", first, count) for first, count in runs]
    parts.append(snapshot[:header])
    for first, count in runs:
        start = header + first * PAGE
        parts.append(snapshot[start : start + count * PAGE])
    return b"".join(parts)


def _runs(snapshot: bytes, header: int, pages: int) -> list[tuple[int, int]]:
    def empty(page: int) -> bool:
        start = header + page * PAGE
        return snapshot[start : start + PAGE] == _EMPTY

    found = []
    for is_empty, group in groupby(range(pages), empty):
        run = list(group)
        if not is_empty:
            found.append((run[0], len(run)))
    return found
