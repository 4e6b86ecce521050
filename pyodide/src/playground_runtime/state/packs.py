"""Which blob holds the bytes of which unit.

The small units that one capture wrote lie together in one blob, so that a step costs one request.
A unit keeps its place while it does not change. When too much of what small blobs hold is of the
past, or there are too many of them, their units are written together anew.
"""

from collections.abc import Iterable

from playground_runtime.state.blobs import Blobs
from playground_runtime.state.codec.chunks import Digest, digest
from playground_runtime.state.unit import Unit

#: Bytes from which on a unit has a blob of its own.
SMALL = 16 * 1024

#: Bytes that one blob of small units may have: a server refuses what is much larger.
LARGEST = 8 * 1024 * 1024

#: How many blobs of small units there may be.
_MOST = 24


def place(
    units: Iterable[Unit], bodies: dict[str, bytes], blobs: Blobs, new: dict[int, bytes]
) -> None:
    """Give every unit in ``bodies`` a place; those of others stay or are moved along."""
    packed: list[Unit] = []
    small: dict[Digest, list[Unit]] = {}
    for unit in units:
        data = bodies.get(unit.name)
        if data is not None and len(data) >= SMALL:
            unit.blob, unit.offset, unit.data = digest(data), 0, b""
            blobs.number(data, new, unit.blob)
        elif data is not None:
            unit.data = data
            packed.append(unit)
        elif unit.data:
            small.setdefault(unit.blob, []).append(unit)
    if packed:
        packed += _moved(small, blobs)
        _pack(packed, blobs, new)


def _moved(small: dict[Digest, list[Unit]], blobs: Blobs) -> list[Unit]:
    """Units of blobs that are mostly of the past, or too many."""
    live = {blob: sum(unit.length for unit in units) for blob, units in small.items()}
    ordered = sorted(small, key=live.__getitem__)
    moved = ordered[: max(0, len(ordered) - _MOST + 1)]
    moved += [
        blob for blob in ordered if blob not in moved and 2 * live[blob] < blobs.known(blob)[1]
    ]
    return [unit for blob in moved for unit in small[blob]]


def _pack(units: list[Unit], blobs: Blobs, new: dict[int, bytes]) -> None:
    for some in _portions(units):
        data = b"".join(unit.data for unit in some)
        name = digest(data)
        offset = 0
        for unit in some:
            unit.blob, unit.offset = name, offset
            offset += len(unit.data)
        blobs.number(data, new, name)


def _portions(units: list[Unit]) -> list[list[Unit]]:
    """The units in order, so many together as one blob may hold."""
    found: list[list[Unit]] = [[]]
    size = 0
    for unit in units:
        if found[-1] and size + len(unit.data) > LARGEST:
            found.append([])
            size = 0
        found[-1].append(unit)
        size += len(unit.data)
    return found
