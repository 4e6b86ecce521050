"""Writes and reads numbers, texts and payloads; a reader spends from a budget.

Integers are LEB128, with a zigzag sign where they may be negative. A large payload is replaced by
the digests of its chunks, which travel as blobs of their own.
"""

import argparse
from collections.abc import Callable
from typing import Any, NamedTuple

from playground_runtime.state.codec.chunks import APART, DIGEST, Digest, digest, split

#: How many texts of one column are compared with those of others, at most.
_SHARED = 100_000
SUPPRESSED = "==SUPPRESS=="


class DamagedError(Exception):
    """The bytes are not what a writer gives, or take more than the budget allows."""


class Budget:
    """How many bytes of memory loading may still take, roughly."""

    def __init__(self, size: int) -> None:
        self.left = size
        self._known: dict[Any, Any] = {}

    def shared(self, values: list[Any]) -> list[Any]:
        """Equal texts as one object, as they mostly were."""
        if len(values) > _SHARED:
            return values
        known = self._known
        if SUPPRESSED in values and SUPPRESSED not in known:
            # Parsers of arguments compare this one by identity.
            known[argparse.SUPPRESS] = argparse.SUPPRESS
        return list(map(known.setdefault, values, values))

    def spend(self, count: int, each: int = 1) -> None:
        """Take ``each`` bytes for ``count`` things that are about to be made.

        Raises:
            DamagedError: so much is not left.
        """
        if not 0 <= count * each <= self.left:
            raise DamagedError("it holds more values than this runtime can load")
        self.left -= count * each


class Mark(NamedTuple):
    """A place in a writer: bytes, names of chunks and bytes of chunks before it."""

    size: int
    named: int
    apart: int


class Piece(NamedTuple):
    """Some of what a writer wrote: bytes, the names of chunks in them, the bytes of these."""

    data: bytes
    chunks: tuple[Digest, ...]
    apart: int


class Writer:
    """Bytes in the making, and the chunks that they name."""

    def __init__(self) -> None:
        self._parts = bytearray()
        #: Chunks by name; without bytes where those were handed over before.
        self.chunks: dict[Digest, bytes | None] = {}
        self.apart = 0
        self._named: list[Digest] = []

    @property
    def size(self) -> int:
        """Bytes written so far, chunks included."""
        return len(self._parts) + self.apart

    def integer(self, value: int) -> None:
        """Write an integer that is not negative."""
        parts = self._parts
        while value > 127:
            parts.append(value & 127 | 128)
            value >>= 7
        parts.append(value)

    def signed(self, value: int) -> None:
        """Write any integer."""
        self.integer(value * 2 if value >= 0 else -value * 2 - 1)

    def raw(self, data: bytes) -> None:
        """Write bytes with their length."""
        self.integer(len(data))
        self._parts += data

    def text(self, value: str) -> None:
        """Write a short text."""
        self.raw(value.encode("utf-8", "surrogatepass"))

    def payload(self, data: bytes) -> None:
        """Write bytes that may be large."""
        if len(data) < APART:
            self.integer(len(data) * 2)
            self._parts += data
            return
        chunks = split(data)
        self.integer(len(chunks) * 2 + 1)
        self.integer(len(data))
        self.apart += len(data)
        for chunk in chunks:
            name = digest(chunk)
            self.chunks[name] = chunk
            self._named.append(name)
            self._parts += name

    def place(self) -> Mark:
        """How far it has been written."""
        return Mark(len(self._parts), len(self._named), self.apart)

    def since(self, mark: Mark) -> Piece:
        """What was written after a place."""
        chunks = tuple(self._named[mark.named :])
        return Piece(bytes(self._parts[mark.size :]), chunks, self.apart - mark.apart)

    def put(self, piece: Piece) -> None:
        """Write again what another writer wrote, which has been handed over."""
        self._parts += piece.data
        for name in piece.chunks:
            self.chunks.setdefault(name, None)
        self._named += piece.chunks
        self.apart += piece.apart

    def value(self) -> bytes:
        """All that was written."""
        return bytes(self._parts)


class Pieces:
    """Notes what a writer writes, piece by piece."""

    def __init__(self, out: Writer) -> None:
        self.found: list[Piece] = []
        self._out = out
        self._mark = Mark(0, 0, 0)

    def end(self) -> None:
        """All that was written since the last end is one piece."""
        self.found.append(self._out.since(self._mark))
        self._mark = self._out.place()


class Reader:
    """Reads what a writer wrote.

    Every method raises DamagedError where the bytes end too early or ask for too much.
    """

    def __init__(self, data: bytes, fetch: Callable[[Digest], bytes], budget: Budget) -> None:
        self._data = data
        self._fetch = fetch
        self.place = 0
        self.budget = budget

    def shared(self, values: list[Any]) -> list[Any]:
        """Equal texts as one object."""
        return self.budget.shared(values)

    def integer(self) -> int:
        """Read an integer that is not negative."""
        value = shift = 0
        data, place = self._data, self.place
        while place < len(data) and shift < 70:
            byte = data[place]
            place += 1
            value |= (byte & 127) << shift
            if byte < 128:
                self.place = place
                return value
            shift += 7
        raise DamagedError("its bytes are damaged")

    def signed(self) -> int:
        """Read any integer."""
        value = self.integer()
        return value >> 1 if not value & 1 else -((value + 1) >> 1)

    def raw(self) -> bytes:
        """Read bytes with their length."""
        return self._take(self.integer())

    def text(self) -> str:
        """Read a short text."""
        return decoded(self.raw())

    def payload(self) -> bytes:
        """Read bytes that may be large."""
        head = self.integer()
        if not head & 1:
            return self._take(head >> 1)
        left = size = self.integer()
        self.budget.spend(size)
        parts = []
        for _ in range(head >> 1):
            parts.append(self._fetch(self._take(DIGEST)))
            # Chunks may be named again and again.
            left -= len(parts[-1])
            if left < 0:
                raise DamagedError("its bytes are damaged")
        if left:
            raise DamagedError("its bytes are damaged")
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _take(self, size: int) -> bytes:
        end = self.place + size
        if end > len(self._data):
            raise DamagedError("its bytes are damaged")
        data = self._data[self.place : end]
        self.place = end
        return data


def decoded(data: bytes) -> str:
    """Text from its bytes; lone surrogates are kept."""
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError as error:
        raise DamagedError("its text is damaged") from error


def encoded(text: str) -> bytes:
    """The bytes of a text; lone surrogates are kept."""
    return text.encode("utf-8", "surrogatepass")


def no_chunks(_: Digest) -> Any:
    """The ``fetch`` of a reader whose bytes name no chunks."""
    raise DamagedError("a part of its bytes is missing")
