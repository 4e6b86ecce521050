"""The objects of one unit while it is built, and how far each has come."""

from typing import TYPE_CHECKING, Any

from playground_runtime.state.codec.columns import Column
from playground_runtime.state.forms.lost import Placeholder

if TYPE_CHECKING:
    from playground_runtime.state.build import Part

#: How far an object has come. ``WHOLE`` is asked for only: all below it is filled as well.
NEW, MADE, FILLED, WHOLE = range(4)
type Place = tuple["Part", int]


class Table:
    """The objects of one unit, and how far each has come."""

    def __init__(self, name: str, size: int) -> None:
        self.name = name
        self.size = size
        #: Objects by number; those of other units follow, the first of them last.
        self.objects: list[Any] = [None] * size
        self.state = bytearray(size)
        self.places: list[Place | None] = [None] * size
        self.outside: list[tuple[Table, int]] = []

    def link(self, outside: list[tuple["Table", int]]) -> None:
        """Refer to objects of other units."""
        self.outside = outside
        self.objects += [None] * len(outside)

    def reach(self, number: int) -> tuple["Table", int]:
        """Where an object lives that has a number here."""
        return (self, number) if number >= 0 else self.outside[-1 - number]

    def resolved(self, column: Column) -> list[Any]:
        """The values of a whole column."""
        numbers = column.nodes()
        if numbers and min(numbers) < 0:
            self.objects[self.size :] = [
                other.objects[there] for other, there in reversed(self.outside)
            ]
        return column.resolved(self.objects)

    def ready(self, numbers: list[int]) -> bool:
        """Whether all these objects are made."""
        if not numbers:
            return True
        if min(numbers) >= 0:
            return all(map(self.state.__getitem__, numbers))
        return all(other.state[number] for other, number in map(self.reach, numbers))


def table_of(name: str, reason: str) -> Table:
    """A unit of one placeholder."""
    table = Table(name, 1)
    table.objects[0] = Placeholder("object", reason)
    table.state[0] = FILLED
    return table
