"""A unit: what one root reaches and no other unit holds; and its bytes.

The bytes of a unit hold, in this order: the names of the units that it refers to, the objects that
it refers to in them, how many numbers it uses, and its sections. A number from 0 is an object of
the unit; -1, -2 … are the objects of other units.
"""

import weakref
from typing import TYPE_CHECKING, Any

from playground_runtime.state.codec.atoms import read_integers
from playground_runtime.state.codec.chunks import Digest
from playground_runtime.state.codec.columns import (
    Column,
    Numbers,
    read_column,
    write_column,
    write_integers,
)
from playground_runtime.state.codec.stream import DamagedError, Piece, Pieces, Reader, Writer
from playground_runtime.state.forms.base import Form
from playground_runtime.state.walk import Walk

if TYPE_CHECKING:
    from playground_runtime.state.keys import Key
    from playground_runtime.state.plan import Plan
    from playground_runtime.state.telling import Told
    from playground_runtime.state.walk import Section

#: Values from which on a unit's bytes are kept in pieces.
MANY = 2_000


class Unit:
    """A unit as it was last saved or restored."""

    def __init__(self, name: str, root_key: int) -> None:
        self.name = name
        self.root_key = root_key
        #: Its place in the order in which units came to be.
        self.serial = 0
        #: The variables or the function or class that it belongs to.
        self.roots: list[Key] = []
        self.definition: weakref.ref[Any] | None = None
        #: For the units that stand for fixed and for refused objects: the form of these.
        self.form: Form | None = None
        #: Numbers of the unit's objects by identity; those of others are negative.
        self.numbers: Numbers = {}
        #: What it refers to in other units: their names, and numbers in them.
        self.imports: dict[str, set[int]] = {}
        #: Where its bytes are: a blob, a place in it, a length. The digest is of the bytes alone.
        self.digest: Digest = b""
        self.blob: Digest = b""
        self.offset = self.length = 0
        #: The bytes themselves, while they are few.
        self.data = b""
        self.chunks: list[Digest] = []
        #: Bytes with chunks.
        self.size = 0
        #: How many numbers it uses.
        self.count = 0
        #: Objects that could not be saved, by identity, with the reasons; also those of others.
        self.lost: dict[int, str] = {}
        #: What is told of that, to the variable in whose unit it is.
        self.told: tuple[Key, Told] | None = None
        #: Objects that are saved without something that belongs to them: what, by identity.
        self.remarks: dict[int, str] = {}
        #: What is remarked of that, to the variable through which it is found.
        self.remarked: tuple[Key, str] | None = None
        #: Names that code in it uses.
        self.names: frozenset[str] = frozenset()
        #: How it was walked, and how many values were looked at.
        self.plan: Plan | None = None
        self.values = 0
        #: The capture that looked at it last.
        self.looked = 0
        #: Its bytes in pieces: each column, and what stands before it. Only of units with many
        #: values, of which it pays to write a part anew.
        self.pieces: list[Piece] = []
        #: Things that must live as long as identities of theirs are in ``numbers``.
        self.kept: list[Any] = []


def write_unit(walk: Walk, limit: int) -> Writer:
    """The bytes of a unit that was walked.

    Raises:
        OverflowError: there are more of them than ``limit``.
    """
    out = Writer()
    others = list(dict.fromkeys(walk.others))
    out.integer(len(others))
    for other in others:
        out.text(other.name)
    out.integer(len(walk.keys))
    if walk.keys:
        places = {other: place for place, other in enumerate(others)}
        write_integers(list(map(places.__getitem__, walk.others)), out)
        write_integers(outside_numbers(walk), out)
    out.integer(max(walk.numbers.values(), default=-1) + 1)
    out.integer(len(walk.sections))
    pieces = Pieces(out)
    for section in walk.sections.values():
        _write_section(section, walk.numbers, out, pieces)
        if out.size > limit:
            raise OverflowError(out.size)
    walk.unit.pieces = pieces.found if walk.values >= MANY else []
    return out


def outside_numbers(walk: Walk) -> list[int]:
    """The numbers, in other units, of what was met of them."""
    if len(set(walk.others)) == 1:
        return list(map(walk.others[0].numbers.__getitem__, walk.keys))
    return [other.numbers[key] for other, key in zip(walk.others, walk.keys, strict=True)]


def _write_section(section: "Section", numbers: Numbers, out: Writer, pieces: Pieces) -> None:
    form = section.form
    out.text(form.name)
    write_column(form.params(), numbers, out)
    out.integer(len(section.keys))
    write_integers(list(map(numbers.__getitem__, section.keys)), out)
    out.integer(len(section.columns))
    pieces.end()
    for column, kinds in zip(section.columns, section.kinds, strict=True):
        write_column(column, numbers, out, plain=form.plain, kinds=kinds)
        pieces.end()


class LoadedSection:
    """One section of a unit that was read: rows are not objects yet."""

    __slots__ = ("columns", "name", "numbers", "params")

    def __init__(
        self, name: str, params: Column, numbers: list[int], columns: list[Column]
    ) -> None:
        self.name = name
        self.params = params
        self.numbers = numbers
        self.columns = columns


class LoadedUnit:
    """The parts of a unit that was read."""

    def __init__(self, data: Reader) -> None:
        count = data.integer()
        data.budget.spend(count, 100)
        self.others = [data.text() for _ in range(count)]
        count = data.integer()
        data.budget.spend(count, 100)
        places = read_integers(data, count) if count else []
        numbers = read_integers(data, count) if count else []
        if count and not 0 <= min(places) <= max(places) < len(self.others):
            raise DamagedError("its bytes are damaged")
        #: The unit and number of each object of other units.
        self.outside = [
            (self.others[place], number) for place, number in zip(places, numbers, strict=True)
        ]
        self.size = data.integer()
        data.budget.spend(self.size, 24)
        count = data.integer()
        data.budget.spend(count, 500)
        self.sections = [self._section(data) for _ in range(count)]
        seen = bytearray(self.size)
        for section in self.sections:
            for number in section.numbers:
                if not 0 <= number < self.size or seen[number]:
                    raise DamagedError("its bytes are damaged")
                seen[number] = 1
            for column in (section.params, *section.columns):
                for number in column.nodes():
                    if not -len(self.outside) <= number < self.size:
                        raise DamagedError("its bytes are damaged")

    def _section(self, data: Reader) -> LoadedSection:
        name, params, count = data.text(), read_column(data), data.integer()
        data.budget.spend(count, 80)
        numbers = read_integers(data, count)
        count = data.integer()
        data.budget.spend(count, 100)
        columns = [read_column(data) for _ in range(count)]
        return LoadedSection(name, params, numbers, columns)
