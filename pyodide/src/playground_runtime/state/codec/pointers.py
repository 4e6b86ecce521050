"""The addresses of the items of a list, as bytes: which objects it holds, compared at once.

Whether two lists hold the same objects is asked for millions of items after every run, and a step
of Python for each takes most of that time. A list is an array of addresses in memory: these bytes
are copied as they lie, so the list must be one that nothing else changes meanwhile. Where a list
looks otherwise in memory (which is tried once), each item is asked for its address instead.
"""

import sys
from array import array
from collections.abc import Callable
from typing import Any

try:
    from _ctypes import _SimpleCData
except ImportError:  # A Python without it is slower, and gives the same.
    _SimpleCData = None  # type: ignore[assignment,misc]  # Stands for none.

#: Bytes of an address, and how ``array`` calls it.
WIDTH = 8 if sys.maxsize > 1 << 32 else 4
_CODE = next(code for code in "ILQ" if array(code).itemsize == WIDTH)

#: Where a list keeps the address of its items: after two words of every object, and its length.
_ITEMS = 3 * WIDTH


def _asked(values: list[Any]) -> bytes:
    return array(_CODE, map(id, values)).tobytes()


def _memory() -> memoryview | None:
    """All memory that an index reaches, to be read only."""
    if _SimpleCData is None:
        return None

    class Byte(_SimpleCData):  # type: ignore[type-arg]  # It takes none when it runs.
        _type_ = "B"

    whole = (Byte * sys.maxsize).from_address(0)
    return memoryview(whole).cast("B").toreadonly()


def _reading() -> Callable[[list[Any]], bytes]:
    """The fast way, as long as it gives what the slow one gives."""
    memory = _memory()
    if memory is None or list.__basicsize__ != 5 * WIDTH:
        return _asked
    end, order = sys.maxsize, sys.byteorder

    def pointers(values: list[Any]) -> bytes:
        count = len(values)
        place = id(values) + _ITEMS
        if not count or place > end - WIDTH:
            return _asked(values)
        start = int.from_bytes(memory[place : place + WIDTH], order)
        stop = start + count * WIDTH
        return bytes(memory[start:stop]) if start and stop <= end else _asked(values)

    grown: list[Any] = [None, 1 << 80, "text"]
    grown += [object() for _ in range(50)]
    del grown[10:]
    return pointers if all(pointers(one) == _asked(one) for one in (grown, [1], [])) else _asked


#: The addresses of the items of a list, one after the other.
pointers = _reading()


def places_of_change(before: bytes, now: bytes) -> list[tuple[int, int]]:
    """Where two rows of as many addresses differ, and which address was there before."""
    pairs = zip(array(_CODE, before), array(_CODE, now), strict=True)
    return [(place, old) for place, (old, new) in enumerate(pairs) if old != new]
