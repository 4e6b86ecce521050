"""Makes objects from units that were read, also where units refer to each other in cycles.

First whole sections at a time, as long as all that one needs is there. What is left (objects that
need others to be whole, deep nests of tuples, what a failure tore apart) is made row by row, each
after what it needs, with a stack of its own. An object that fails becomes a placeholder."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from playground_runtime.state import reasons
from playground_runtime.state.checks import check_columns, check_depth, check_keys, check_present
from playground_runtime.state.codec.columns import Column
from playground_runtime.state.forms.base import LOADERS, Form
from playground_runtime.state.forms.lost import Placeholder
from playground_runtime.state.scope import Scope
from playground_runtime.state.table import FILLED, MADE, NEW, WHOLE, Table, table_of
from playground_runtime.state.unit import LoadedSection, LoadedUnit

#: How often sections are tried as a whole, before all is made row by row.
_PASSES = 200


class NeedsItselfError(Exception):
    """An object cannot be made, or not yet, because it is needed for that."""


class Part:
    """One section of one unit while it is built."""

    def __init__(self, table: Table, section: LoadedSection) -> None:
        self.table = table
        self.section = section
        self.form: Form | None = None
        self.offsets: list[int] | None = None
        self.filled = False
        self.hashes = False

    def rows(self, row: int | None, columns: slice) -> Iterator[tuple[Column, int, int | None]]:
        """Columns, with the part of each that belongs to one row (or to all)."""
        form = self.form
        assert form is not None
        for place, column in list(enumerate(self.section.columns))[columns]:
            if row is None:
                yield column, 0, None
            elif 1 <= place - form.lengths <= form.ragged:
                if self.offsets is None:
                    self.offsets = _offsets(self.section.columns[form.lengths].values)
                yield column, self.offsets[row], self.offsets[row + 1]
            else:
                yield column, row, row + 1


def _offsets(lengths: list[int]) -> list[int]:
    offsets = [0]
    for length in lengths:
        offsets.append(offsets[-1] + length)
    return offsets


class Builder:
    """Builds a group of units. ``failed`` has the reasons of objects that could not be made."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.tables: dict[str, Table] = {}
        self.failed: list[tuple[str, int, str]] = []
        #: Objects that could not be completed, by identity, and why.
        self.halves: dict[int, tuple[Any, str]] = {}
        #: What stands for objects that a unit does not have.
        self.nowhere = table_of("", "its bytes are missing")
        self._missing: set[str] = set()
        self._parts: list[Part] = []
        self._rows = Rows(self)

    def add(self, name: str, unit: LoadedUnit) -> None:
        """Take a unit up."""
        table = self.tables[name] = Table(name, unit.size)
        for section in unit.sections:
            part = Part(table, section)
            self._parts.append(part)
            for row, number in enumerate(section.numbers):
                table.places[number] = (part, row)

    def missing(self, name: str, size: int, reason: str) -> None:
        """Stand in for a unit that cannot be read, or that lacks objects which others refer to.

        How many objects it had is a claim: one placeholder stands for all.
        """
        if name not in self.tables and size >= 0:
            self.tables[name] = table_of(name, reason)
            self._missing.add(name)

    def link(self, name: str, outside: list[tuple[str, int]]) -> None:
        """Connect a unit with those that it refers to."""
        self.tables[name].link([self._found(other, number) for other, number in outside])

    def _found(self, other: str, number: int) -> tuple[Table, int]:
        table = self.tables[other]
        if 0 <= number < table.size:
            return table, number
        return (table if other in self._missing else self.nowhere), 0

    def clear(self) -> None:
        """Let go of everything, so that nothing stays alive that the session does not hold."""
        for table in self.tables.values():
            table.objects.clear()
            table.places.clear()
        self._parts.clear()
        self.failed.clear()
        self.halves.clear()

    def run(self) -> None:
        """Build everything."""
        waiting = self._parts
        for _ in range(_PASSES):
            left = [part for part in waiting if not self._make_part(part)]
            if left and len(left) == len(waiting):
                least = min(left, key=lambda part: len(part.section.numbers))
                self._rows.every(least, MADE)
                left.remove(least)
            waiting = left
        for part in waiting:
            self._rows.every(part, MADE)
        self._rows.patient = False
        for hashing in (False, True):
            parts = [part for part in self._parts if part.hashes is hashing]
            for part in parts:
                self._fill_part(part)
            for part in parts:
                if not part.filled:
                    self._rows.every(part, FILLED)

    def _make_part(self, part: Part) -> bool:
        """Make all objects of a section; False when something that they need is not there yet."""
        table, section = part.table, part.section
        if any(map(table.state.__getitem__, section.numbers)):
            self._rows.every(part, MADE)
            return True
        if not table.ready(section.params.nodes()):
            return False
        if not self.find_form(part):
            return True
        form = part.form
        assert form is not None
        for column in section.columns[: form.head]:
            nodes = column.nodes()
            if nodes and (form.deep or not table.ready(nodes)):
                return False
        try:
            columns = [table.resolved(column) for column in section.columns[: form.head]]
            made = form.make(len(section.numbers), columns, self.scope)
            if len(made) != len(section.numbers):
                raise ValueError("its bytes are damaged")
        except Exception:
            self._rows.every(part, MADE)
            return True
        whole = len(section.columns) == form.head
        for number, one in zip(section.numbers, made, strict=True):
            table.objects[number] = one
            table.state[number] = FILLED if whole else MADE
        part.filled = whole
        return True

    def find_form(self, part: Part) -> bool:
        """Find out how the objects of a section are made; they are lost when that is unknown."""
        if part.form is not None:
            return True
        section = part.section
        try:
            params = part.table.resolved(section.params)
            check_present(params)
            form = LOADERS[section.name](params)
            check_columns(form, section)
        except Exception as error:
            for number in section.numbers:
                self.lose(part.table, number, reasons.not_restored(error))
            part.filled = True
            return False
        part.form = form
        part.hashes = form.hashes and any(column.nodes() for column in section.columns[:2])
        return True

    def lose(self, table: Table, number: int, reason: str) -> None:
        """Put a placeholder where an object could not be made, or not be completed."""
        if table.state[number] == MADE:
            # Others may hold it already.
            self.halves[id(table.objects[number])] = table.objects[number], reason
        table.objects[number] = Placeholder("object", reason)
        table.state[number] = FILLED
        self.failed.append((table.name, number, reason))

    def _fill_part(self, part: Part) -> None:
        form, table = part.form, part.table
        if part.filled or form is None:
            return
        rest = part.section.columns[form.head :]
        numbers = part.section.numbers
        if not all(map(MADE.__eq__, map(table.state.__getitem__, numbers))):
            return
        nodes = [number for column in rest for number in column.nodes()]
        if not table.ready(nodes) or (form.copies and nodes):
            return
        try:
            columns = [table.resolved(column) for column in rest]
            check_keys(form, columns)
            form.fill([table.objects[number] for number in numbers], columns, self.scope)
        except Exception:
            return
        part.filled = True
        for number in numbers:
            table.state[number] = FILLED


@dataclass
class _Task:
    """What the stack of ``Rows`` holds: an object, how far it must come, and what was done."""

    table: Table
    number: int
    need: int
    step: int = 0


class Rows:
    """Makes and fills single objects, each after what it needs. It never calls itself."""

    def __init__(self, builder: Builder) -> None:
        self._builder = builder
        self._making: set[tuple[str, int]] = set()
        self._filling: set[tuple[str, int]] = set()
        #: What was seen to be whole for the present task.
        self._whole: set[tuple[str, int]] = set()
        #: While others may still come: what needs itself is left for later.
        self.patient = True

    def every(self, part: Part, need: int) -> None:
        """Bring all objects of a section as far as is needed."""
        for number in part.section.numbers:
            self._run(_Task(part.table, number, need))
        part.filled = part.filled or need == FILLED

    def _run(self, first: _Task) -> None:
        self._whole.clear()
        stack = [first]
        while stack:
            task = stack[-1]
            place = task.table.places[task.number]
            if place is None or not self._advance(task, *place, stack):
                stack.pop()

    def _advance(self, task: _Task, part: Part, row: int, stack: list[_Task]) -> bool:
        """Do the next step of a task; False when it has come to its end."""
        table, number = task.table, task.number
        key = (table.name, number)
        step = task.step
        task.step += 1
        if step == 0:
            state = table.state[number]
            if state >= task.need or (state == FILLED and key in self._whole):
                return False
            if state != NEW:
                task.step = 3
            elif key in self._making:
                return False
            else:
                self._making.add(key)
                self._push(part.section.params.nodes(), table, MADE, stack)
        elif step == 1:
            if not self._builder.find_form(part):
                return False
            form = part.form
            assert form is not None
            need = WHOLE if form.deep else MADE
            self._push_row(part, row, slice(0, form.head), need, stack)
        elif step == 2:
            self._making.discard(key)
            return self._make(part, row, number) and task.need != MADE
        elif step == 3:
            form = part.form
            if form is None or key in self._filling:
                return False
            self._filling.add(key)
            whole = task.need == WHOLE
            need = WHOLE if whole or form.copies else MADE
            self._push_row(part, row, slice(0 if whole else form.head, None), need, stack)
            if whole:
                self._whole.add(key)
                self._push(part.section.params.nodes(), table, WHOLE, stack)
        else:
            if task.need != WHOLE or self.patient:
                self._filling.discard(key)
            self._fill(part, row, number)
            return False
        return True

    def _push_row(
        self, part: Part, row: int, columns: slice, need: int, stack: list[_Task]
    ) -> None:
        for column, start, end in part.rows(row, columns):
            self._push(column.nodes(start, end), part.table, need, stack)

    @staticmethod
    def _push(numbers: list[int], table: Table, need: int, stack: list[_Task]) -> None:
        for number in reversed(numbers):
            other, there = table.reach(number)
            if other.state[there] < need:
                stack.append(_Task(other, there, need))

    def _make(self, part: Part, row: int, number: int) -> bool:
        form, table = part.form, part.table
        assert form is not None
        try:
            columns = self._columns(part, row, slice(0, form.head))
            if form.deep:
                values = [value for column in columns for value in column]
                check_present(values)
                check_depth(values)
            table.objects[number] = form.make(1, columns, self._builder.scope)[0]
        except NeedsItselfError as error:
            if not self.patient:
                self._builder.lose(table, number, reasons.not_restored(error))
            return False
        except Exception as error:
            self._builder.lose(table, number, reasons.not_restored(error))
            return False
        table.state[number] = MADE if len(part.section.columns) > form.head else FILLED
        return True

    def _fill(self, part: Part, row: int, number: int) -> None:
        form, table = part.form, part.table
        if form is None or table.state[number] != MADE:
            return
        try:
            columns = self._columns(part, row, slice(form.head, None))
            check_keys(form, columns)
            form.fill([table.objects[number]], columns, self._builder.scope)
            table.state[number] = FILLED
        except NeedsItselfError as error:
            if not self.patient:
                self._builder.lose(table, number, reasons.not_restored(error))
        except Exception as error:
            self._builder.lose(table, number, reasons.not_restored(error))

    @staticmethod
    def _columns(part: Part, row: int, columns: slice) -> list[list[Any]]:
        table = part.table
        found = []
        for column, start, end in part.rows(row, columns):
            for number in column.nodes(start, end):
                other, there = table.reach(number)
                if other.state[there] == NEW:
                    raise NeedsItselfError("it needs itself in order to be made")
                if number < 0:
                    table.objects[number] = other.objects[there]
            found.append(column.resolved(table.objects, start, end))
        return found
