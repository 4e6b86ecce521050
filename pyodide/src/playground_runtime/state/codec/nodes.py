"""Which values of a column are written by themselves (atoms), and which as numbers (nodes)."""

from collections.abc import Set
from itertools import compress, repeat
from operator import is_, not_
from types import EllipsisType, NoneType, NotImplementedType
from typing import Any, NamedTuple

#: Texts and bytes from this length on are nodes: equal ones elsewhere are stored once.
LARGE = 2048

ATOMS: frozenset[type] = frozenset(
    {int, float, complex, bool, str, bytes, NoneType, EllipsisType, NotImplementedType}
)
_MAYBE = {float, str, bytes}


def is_node(value: Any) -> bool:
    """Whether one value is written as a number instead of by itself."""
    kind = type(value)
    if kind not in ATOMS:
        return True
    if kind is float:
        return bool(value != value)
    return (kind is str or kind is bytes) and len(value) >= LARGE


class Kinds(NamedTuple):
    """The types in a column, and whether values of atoms' types are nodes all the same."""

    types: Set[type]
    special: bool

    @classmethod
    def of(cls, values: list[Any]) -> "Kinds":
        """The kinds of some values."""
        types = set(map(type, values))
        return cls(types, not types.isdisjoint(_MAYBE) and _special(values, types))

    def __or__(self, other: Any) -> "Kinds":
        """The kinds of two columns together."""
        return Kinds(self.types | other.types, self.special or other.special)


class Parted(NamedTuple):
    """The nodes and the atoms of a column, each in order."""

    nodes: list[Any]
    atoms: list[Any]
    kinds: Kinds

    @classmethod
    def of(cls, values: list[Any]) -> "Parted":
        """Tell the values of a column apart."""
        kinds = Kinds.of(values)
        if kinds.types.isdisjoint(ATOMS):
            return cls(values, [], kinds)
        if kinds.special:
            flags = list(map(is_node, values))
        elif kinds.types <= ATOMS:
            return cls([], values, kinds)
        else:
            nodes = kinds.types - ATOMS
            flags = list(map(nodes.__contains__, map(type, values)))
        atoms = list(compress(values, map(not_, flags)))
        return cls(list(compress(values, flags)), atoms, kinds)


#: Of a column that is not looked into.
UNPARTED = Parted([], [], Kinds(frozenset(), special=False))


def nodes_in(values: list[Any]) -> list[Any]:
    """The values of a column that are nodes, in order."""
    return Parted.of(values).nodes


def _special(values: list[Any], types: Set[type]) -> bool:
    """Whether atoms are among the values that are nodes all the same."""
    for kind in types & _MAYBE:
        part = (
            values
            if len(types) == 1
            else compress(values, map(is_, map(type, values), repeat(kind)))
        )
        if kind is float:
            total = sum(part)
            if total != total:
                return True
        elif max(map(len, part)) >= LARGE:
            return True
    return False
