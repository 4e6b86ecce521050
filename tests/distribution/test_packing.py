"""The packed memory snapshot: what is left out, and that nothing else is."""

from __future__ import annotations

import struct

import pytest
from distribution.packing import PAGE, pack
from hypothesis import given
from hypothesis import strategies as st

HEADER = struct.pack("<II", 0x706E7300, 16) + b"config.."


def unpack(packed: bytes) -> bytes:
    """Do what ``frontend/src/runtime/image.ts`` does, on a heap that is not empty."""
    header, heap, count = struct.unpack_from("<III", packed)
    runs = list(struct.iter_unpack("<II", packed[12 : 12 + 8 * count]))
    at = 12 + 8 * count
    restored = bytearray(heap)
    start = at + header
    for first, pages in runs:
        restored[first * PAGE : (first + pages) * PAGE] = packed[start : start + pages * PAGE]
        start += pages * PAGE
    assert start == len(packed)
    return packed[at : at + header] + bytes(restored)


@given(st.lists(st.booleans(), min_size=1, max_size=40))
def test_packing_loses_nothing(filled: list[bool]) -> None:
    heap = b"".join(bytes(PAGE - 1) + bytes([is_filled]) for is_filled in filled)
    packed = pack(HEADER + heap)
    assert unpack(packed) == HEADER + heap
    assert len(packed) <= 12 + 8 * len(filled) + len(HEADER) + sum(filled) * PAGE


@pytest.mark.parametrize("broken", [b"", HEADER, HEADER + b"x" * (PAGE + 1)])
def test_what_is_no_snapshot_is_refused(broken: bytes) -> None:
    with pytest.raises(ValueError, match=r"header|pages"):
        pack(broken)
