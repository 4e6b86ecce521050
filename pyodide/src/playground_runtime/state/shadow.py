"""What a column held when it was last looked at: atoms by identity, other objects by address.

An object that was replaced at the same address is itself looked into, so nothing but atoms is held.
"""

from enum import Enum
from typing import Any

from playground_runtime.state.codec.nodes import nodes_in
from playground_runtime.state.codec.pointers import WIDTH, places_of_change, pointers

#: Atoms of which two that are equal cannot be told apart.
_EQUAL = frozenset({int, str, bytes, bool})


class Change(Enum):
    """How a column differs from what it was."""

    NONE = 0
    #: It leads to the same objects in the same places; only atoms are others, or more, or fewer.
    ATOMS = 1
    OBJECTS = 2


def count(values: list[Any], *, plain: bool) -> int:
    """How many values a column counts for: large texts for as many as their characters."""
    if not plain:
        return len(values)
    return sum(1 if type(value) is float else len(value) for value in values)


class Shadow:
    """One column as it was."""

    __slots__ = ("_alive", "_keys", "_plain")

    def __init__(
        self, values: list[Any], nodes: list[Any], atoms: list[Any], *, plain: bool
    ) -> None:
        self._plain = plain
        self._alive = values if plain else atoms
        #: The addresses, when there are any but of atoms.
        self._keys = pointers(values) if nodes else None

    def count(self) -> int:
        """How many values there were."""
        if self._keys is not None:
            return len(self._keys) // WIDTH
        return count(self._alive, plain=self._plain)

    def change(self, values: list[Any]) -> Change:
        """What is different in the column now."""
        if self._plain:
            return Change.NONE if values == self._alive else Change.ATOMS
        keys = pointers(values)
        if self._keys is None:
            if keys == pointers(self._alive):
                return Change.NONE
            if nodes_in(values):
                return Change.OBJECTS
            return Change.NONE if self._equal(values) else Change.ATOMS
        if keys == self._keys:
            return Change.NONE
        return Change.ATOMS if self._leads_where_it_led(values, keys) else Change.OBJECTS

    def _equal(self, values: list[Any]) -> bool:
        """Whether atoms are the same although they were made anew, as lengths are."""
        kinds = set(map(type, values))
        return (
            len(values) == len(self._alive)
            and len(kinds) == 1
            and kinds <= _EQUAL
            and values == self._alive
            and kinds == set(map(type, self._alive))
        )

    def _leads_where_it_led(self, values: list[Any], keys: bytes) -> bool:
        """Whether only atoms were replaced, by atoms."""
        before = self._keys
        if before is None or len(before) != len(keys):
            return False
        places = places_of_change(before, keys)
        atoms = set(map(id, self._alive))
        if not all(old in atoms for _, old in places):
            return False
        return not nodes_in([values[place] for place, _ in places])
