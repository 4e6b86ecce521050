"""Columns: many values, one after the other, as few bytes made by C.

A column of one kind of atom is an array or joined text. Everything that is no atom is a *node*, and
is written as its number. A mixed column is a byte for each value that says which part it is from.
"""

from array import array
from collections.abc import Set
from itertools import compress
from types import EllipsisType, NoneType, NotImplementedType
from typing import Any

from playground_runtime.state.codec.atoms import (
    BIG,
    INTS,
    OBJECT,
    PLACE,
    RANGE,
    SWAP,
    TYPECODES,
    integers_of,
    read_atoms,
)
from playground_runtime.state.codec.nodes import ATOMS, Kinds, is_node
from playground_runtime.state.codec.stream import DamagedError, Reader, Writer, encoded

type Numbers = dict[int, int]

_CONSTANT_TYPES = {NoneType: 0, EllipsisType: 3, NotImplementedType: 4}

_CONSTANT, _, _, _, _FLOATS, _COMPLEX, _BOOLS = range(7)
_TEXT, _LONG_TEXT, _BYTES, _REPEATED, _NODES, _MIXED = range(7, 13)


def write_column(
    values: list[Any],
    numbers: Numbers,
    out: Writer,
    *,
    plain: bool = False,
    kinds: Kinds | None = None,
) -> None:
    """Write a column; ``numbers`` has the number of each node, by identity.

    One that is ``plain`` is of atoms of one kind that are nodes elsewhere. ``kinds`` is what is
    known of the values already.
    """
    out.integer(len(values))
    if plain and values:
        _write_atoms(values, type(values[0]), out)
    elif values:
        _write(values, kinds or Kinds.of(values), numbers, out)


def _write(values: list[Any], kinds: Kinds, numbers: Numbers, out: Writer) -> None:
    types, special = kinds
    if types.isdisjoint(ATOMS):
        _write_nodes(values, numbers, out)
    elif len(types) > 1 or special:
        _write_mixed(values, types, numbers, out, special)
    else:
        _write_atoms(values, next(iter(types)), out)


def _write_nodes(values: list[Any], numbers: Numbers, out: Writer) -> None:
    out.integer(_NODES)
    write_integers(list(map(numbers.__getitem__, map(id, values))), out)


def _write_atoms(values: list[Any], kind: type, out: Writer) -> None:
    if kind is int:
        write_integers(values, out)
    elif kind is float:
        out.integer(_FLOATS)
        out.payload(_packed(array("d", values)))
    elif kind is str:
        _write_texts(values, out)
    elif kind is bool:
        out.integer(_BOOLS)
        out.payload(bytes(values))
    elif kind is bytes:
        out.integer(_BYTES)
        write_integers(list(map(len, values)), out)
        out.payload(b"".join(values))
    elif kind is complex:
        out.integer(_COMPLEX)
        parts = array("d", [part for one in values for part in (one.real, one.imag)])
        out.payload(_packed(parts))
    else:
        out.integer(_CONSTANT)
        out.integer(_CONSTANT_TYPES[kind])


def write_integers(values: list[int], out: Writer) -> None:
    """Write integers: as a range, in the smallest array that fits, or as digits."""
    first, count = values[0], len(values)
    step = values[1] - first if count > 1 else 0
    if values[-1] == first + step * (count - 1) and _is_range(values, first, step):
        out.integer(RANGE)
        _write_big(first, out)
        _write_big(step, out)
        return
    for place, typecode in enumerate(TYPECODES):
        try:
            packed = array(typecode, values)
        except OverflowError:
            continue
        out.integer(INTS)
        out.integer(place)
        out.payload(_packed(packed))
        return
    out.integer(BIG)
    out.payload(" ".join([f"{value:x}" for value in values]).encode())


def _is_range(values: list[int], first: int, step: int) -> bool:
    if not step:
        return values.count(first) == len(values)
    return values == list(range(first, first + step * len(values), step))


def _write_big(value: int, out: Writer) -> None:
    out.raw(b"%x" % value)


def _packed(values: "array[Any]") -> bytes:
    if SWAP:
        values.byteswap()
    return values.tobytes()


def _write_texts(values: list[str], out: Writer) -> None:
    count = len(values)
    if count >= 16:
        texts = list(dict.fromkeys(values))
        if len(texts) * 3 <= count:
            places = {text: place for place, text in enumerate(texts)}
            out.integer(_REPEATED)
            out.integer(len(texts))
            _write_texts(texts, out)
            write_integers(list(map(places.__getitem__, values)), out)
            return
    joined = "\0".join(values)
    if joined.count("\0") == count - 1:
        out.integer(_TEXT)
        out.payload(encoded(joined))
        return
    out.integer(_LONG_TEXT)
    write_integers(list(map(len, values)), out)
    out.payload(encoded("".join(values)))


def _write_mixed(
    values: list[Any], kinds: Set[type], numbers: Numbers, out: Writer, special: bool
) -> None:
    """Parts for each kind of atom and one for nodes, in an order that the first values give."""
    keys: Any
    if special:
        keys = [_NODES if is_node(value) else type(value) for value in values]
    else:
        meaning = {kind: kind if kind in ATOMS else _NODES for kind in kinds}
        keys = map(meaning.__getitem__, map(type, values))
    keys = list(keys)
    tags: dict[Any, int] = {key: tag for tag, key in enumerate(dict.fromkeys(keys))}
    if len(tags) == 1:
        if keys[0] == _NODES:
            _write_nodes(values, numbers, out)
        else:
            _write_atoms(values, keys[0], out)
        return
    marks = bytes(map(tags.__getitem__, keys))
    out.integer(_MIXED)
    out.integer(len(tags))
    out.payload(marks)
    for key, tag in tags.items():
        part = list(compress(values, map(tag.__eq__, marks)))
        out.integer(len(part))
        if key == _NODES:
            _write_nodes(part, numbers, out)
        else:
            _write_atoms(part, key, out)


class Column:
    """A column that was read: values, with a number in the place of each node."""

    __slots__ = ("_nodes", "values")

    def __init__(self, values: list[Any], nodes: dict[int, int] | bool = False) -> None:
        self.values = values
        #: Which places are numbers: True for all, False for none, else place and number.
        self._nodes = nodes

    def __len__(self) -> int:
        return len(self.values)

    def nodes(self, start: int = 0, end: int | None = None) -> list[int]:
        """The numbers of the nodes between two places."""
        if self._nodes is True:
            return self.values[start:end]
        if not self._nodes:
            return []
        if start == 0 and end is None:
            return list(self._nodes.values())
        places = range(start, len(self.values) if end is None else end)
        return [self._nodes[place] for place in places if place in self._nodes]

    def resolved(self, table: list[Any], start: int = 0, end: int | None = None) -> list[Any]:
        """The values between two places, with the nodes from the table."""
        part = self.values if start == 0 and end is None else self.values[start:end]
        if self._nodes is True:
            return list(map(table.__getitem__, part))
        if not self._nodes:
            return part
        part = part.copy()
        if end is None:
            for place, number in self._nodes.items():
                if place >= start:
                    part[place - start] = table[number]
        else:
            for place in range(start, end):
                if place in self._nodes:
                    part[place - start] = table[self._nodes[place]]
        return part


def read_column(data: Reader) -> Column:
    """Read a column."""
    count = data.integer()
    return _read(data, count) if count else Column([])


def _read(data: Reader, count: int) -> Column:
    code = data.integer()
    if code == _NODES:
        return Column(integers_of(data, data.integer(), count), True)
    if code != _MIXED:
        return Column(read_atoms(data, code, count))
    parts = data.integer()
    marks = data.payload()
    data.budget.spend(len(marks), PLACE)
    if len(marks) != count or not 0 < parts < 16 or max(marks) >= parts:
        raise DamagedError("its bytes are damaged")
    return _read_mixed(data, marks, parts)


def _read_mixed(data: Reader, marks: bytes, parts: int) -> Column:
    iterators = []
    nodes: dict[int, int] = {}
    for tag in range(parts):
        count = data.integer()
        if count != marks.count(tag):
            raise DamagedError("its bytes are damaged")
        code = data.integer()
        if code == _NODES:
            part = Column(integers_of(data, data.integer(), count), True)
            data.budget.spend(count, 4 * OBJECT)
        else:
            part = Column(read_atoms(data, code, count))
        if part.nodes():
            places = compress(range(len(marks)), map(tag.__eq__, marks))
            nodes.update(zip(places, part.values, strict=True))
        iterators.append(iter(part.values))
    values = list(map(next, map(iterators.__getitem__, marks)))
    return Column(values, nodes)
