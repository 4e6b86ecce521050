"""Reads columns of atoms. What they will take of memory is spent from the budget before."""

import sys
from array import array
from typing import Any

from playground_runtime.state.codec.stream import DamagedError, Reader, decoded

SWAP = sys.byteorder == "big"
TYPECODES = "bhiq"

#: Codes of columns of integers.
INTS, RANGE, BIG = 1, 2, 3

#: Bytes of memory that a place in a list, and a small object, take while loading.
PLACE, OBJECT = 8, 32

_CONSTANTS: tuple[Any, ...] = (None, False, True, Ellipsis, NotImplemented)


def read_integers(data: Reader, count: int) -> list[int]:
    """Read what ``write_integers`` wrote."""
    return integers_of(data, data.integer(), count)


def integers_of(data: Reader, code: int, count: int) -> list[int]:
    """Integers whose code was read."""
    budget = data.budget
    if code == RANGE:
        first, step = _read_big(data), _read_big(data)
        if not step:
            budget.spend(count, PLACE)
            return [first] * count
        bits = max(first.bit_length(), step.bit_length() + count.bit_length())
        budget.spend(count, PLACE + OBJECT + bits // 7)
        return list(range(first, first + step * count, step))
    if code == INTS:
        place = data.integer()
        if place >= len(TYPECODES):
            raise DamagedError("its bytes are damaged")
        # The numbers of one byte exist already, but for some.
        budget.spend(count, PLACE + OBJECT if place else PLACE)
        return _unpacked(TYPECODES[place], data.payload(), count)
    if code == BIG:
        digits = data.payload()
        if digits.count(b" ") != count - 1:
            raise DamagedError("its bytes are damaged")
        budget.spend(count, PLACE + 3 * OBJECT)
        try:
            return [int(word, 16) for word in digits.split(b" ")]
        except ValueError:
            raise DamagedError("its bytes are damaged") from None
    raise DamagedError("its bytes are damaged")


def _read_big(data: Reader) -> int:
    try:
        return int(data.raw(), 16)
    except ValueError:
        raise DamagedError("its bytes are damaged") from None


def read_atoms(data: Reader, code: int, count: int) -> list[Any]:
    """Atoms of one kind, whose code was read."""
    match code:
        case 0:
            place = data.integer()
            data.budget.spend(count, PLACE)
            if place >= len(_CONSTANTS):
                raise DamagedError("its bytes are damaged")
            return [_CONSTANTS[place]] * count
        case 1 | 2 | 3:
            return integers_of(data, code, count)
        case 4:
            data.budget.spend(count, PLACE + OBJECT)
            return _unpacked("d", data.payload(), count)
        case 5:
            data.budget.spend(count, PLACE + 4 * OBJECT)
            parts = iter(_unpacked("d", data.payload(), 2 * count))
            return list(map(complex, parts, parts))
        case 6:
            flags = data.payload()
            data.budget.spend(len(flags), PLACE)
            return _counted(list(map(bool, flags)), count)
        case 10:
            some = data.integer()
            texts = _read_texts(data, data.integer(), some)
            places = read_integers(data, count)
            if min(places) < 0 or max(places) >= some:
                raise DamagedError("its bytes are damaged")
            return list(map(texts.__getitem__, places))
        case _:
            return _read_texts(data, code, count)


def _read_texts(data: Reader, code: int, count: int) -> list[Any]:
    data.budget.spend(count, PLACE + 2 * OBJECT)
    match code:
        case 7:
            joined = decoded(data.payload())
            if joined.count("\0") != count - 1:
                raise DamagedError("its bytes are damaged")
            return data.shared(joined.split("\0"))
        case 8:
            lengths = read_integers(data, count)
            return data.shared(_cut(decoded(data.payload()), lengths))
        case 9:
            lengths = read_integers(data, count)
            return data.shared(_cut(data.payload(), lengths))
    raise DamagedError("its bytes are damaged")


def _unpacked(typecode: str, payload: bytes, count: int) -> list[Any]:
    values = array(typecode)
    if len(payload) != count * values.itemsize:
        raise DamagedError("its bytes are damaged")
    values.frombytes(payload)
    if SWAP:
        values.byteswap()
    return values.tolist()


def _counted(values: list[Any], count: int) -> list[Any]:
    if len(values) != count:
        raise DamagedError("its bytes are damaged")
    return values


def _cut(joined: Any, lengths: list[int]) -> list[Any]:
    if min(lengths) < 0 or sum(lengths) != len(joined):
        raise DamagedError("its bytes are damaged")
    values = []
    start = 0
    for length in lengths:
        values.append(joined[start : start + length])
        start += length
    return values
