"""Cuts large payloads where their content says so.

A place to cut depends on the few bytes before it alone, so what is inserted or appended changes
the chunks around it and no others. The search runs in C, as a regular expression over classes of
bytes. Data differ in how much they vary, so the longest pattern is taken that occurs often enough
in the first part.
"""

import re
from hashlib import blake2b

#: Bytes of a payload from which on it is stored apart, in chunks.
APART = 32 * 1024
SMALLEST, LARGEST = 48 * 1024, 256 * 1024
DIGEST = 16
_SAMPLE = 256 * 1024

type Digest = bytes

#: Bytes that fill the constant places of arrays of numbers: in every class but the first.
_CONSTANT = (0, 0x3F, 0x40, 0xFF)


#: One value of each sixteen, so that text, small numbers and noise have places to begin at.
_FIRST = [16 * row + (row * 7 + 1) % 16 for row in range(16)]


def _byte_class(values: list[int]) -> bytes:
    return b"[" + b"".join(b"\\x%02x" % value for value in sorted(values)) + b"]"


def _half(number: int) -> list[int]:
    """Half of all byte values and the constant ones, the same on every machine."""
    order = sorted(range(256), key=lambda value: blake2b(bytes((number, value))).digest())
    return [*{*order[:128], *_CONSTANT}]


def _pattern(length: int) -> re.Pattern[bytes]:
    """One place in 16 · 2^length of random bytes."""
    return re.compile(b"".join(map(_byte_class, (_FIRST, *map(_half, range(1, length))))))


_PATTERNS = [_pattern(length) for length in (12, 10, 8, 6, 4, 2)]


def digest(data: bytes | memoryview) -> Digest:
    """The name of a chunk."""
    return blake2b(data, digest_size=DIGEST).digest()


def split(data: bytes) -> list[bytes]:
    """The chunks of a payload, in order."""
    chunks: list[bytes] = []
    start, size = 0, len(data)
    pattern = _fitting(data) if size > SMALLEST else _PATTERNS[0]
    while size - start > SMALLEST:
        limit = min(start + LARGEST, size)
        found = pattern.search(data, start + SMALLEST, limit)
        end = found.end() if found else limit
        chunks.append(data[start:end])
        start = end
    if start < size or not chunks:
        chunks.append(data[start:])
    return chunks


def _fitting(data: bytes) -> re.Pattern[bytes]:
    for pattern in _PATTERNS:
        matches = pattern.finditer(data, 0, _SAMPLE)
        if sum(1 for _ in zip(matches, range(4), strict=False)) == 4:
            return pattern
    return _PATTERNS[-1]
