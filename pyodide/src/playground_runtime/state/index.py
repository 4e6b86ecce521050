"""The first blob of a snapshot: which units there are, where their bytes lie, and what roots name.

It begins with a line that names the format and one that names the Python whose code it holds.
"""

import importlib.util
import sys
from dataclasses import dataclass, field

from playground_runtime.state.codec.chunks import DIGEST, Digest
from playground_runtime.state.codec.stream import Budget, DamagedError, Reader, Writer, no_chunks

MAGIC = b"playground-state-2\n"


#: Bytes of memory that the list of units may take.
_MEMORY = 200_000_000


def python() -> str:
    """The kind of Python whose byte code can be run here."""
    return f"{sys.implementation.cache_tag} {importlib.util.MAGIC_NUMBER.hex()}"


@dataclass
class Place:
    """Where the bytes of a unit lie, and how many numbers it uses."""

    blob: Digest
    offset: int
    length: int
    count: int


@dataclass
class Index:
    """What the first blob says."""

    python: str
    #: The bytes of the unit that lists the roots.
    roots: bytes = b""
    places: dict[str, Place] = field(default_factory=dict)

    def pack(self) -> bytes:
        """The bytes of the blob."""
        out = Writer()
        out.text(self.python)
        blobs = {place.blob: number for number, place in enumerate(self.places.values())}
        blobs = {blob: number for number, blob in enumerate(blobs)}
        out.integer(len(blobs))
        for blob in blobs:
            out.raw(blob)
        out.integer(len(self.places))
        for name, place in self.places.items():
            out.text(name)
            for number in (blobs[place.blob], place.offset, place.length, place.count):
                out.integer(number)
        out.raw(self.roots)
        return MAGIC + out.value()

    @classmethod
    def unpack(cls, data: bytes) -> "Index":
        """Read the blob. Raises DamagedError."""
        if not data.startswith(MAGIC):
            raise DamagedError("it was saved in a format that this runtime does not know")
        read = Reader(data, no_chunks, Budget(_MEMORY))
        read.place = len(MAGIC)
        made = cls(read.text())
        count = read.integer()
        read.budget.spend(count, 50)
        blobs = [read.raw() for _ in range(count)]
        if any(len(blob) != DIGEST for blob in blobs):
            raise DamagedError("its bytes are damaged")
        count = read.integer()
        read.budget.spend(count, 400)
        for _ in range(count):
            name, blob = read.text(), read.integer()
            if blob >= len(blobs):
                raise DamagedError("its bytes are damaged")
            made.places[name] = Place(blobs[blob], read.integer(), read.integer(), read.integer())
        made.roots = read.raw()
        return made
