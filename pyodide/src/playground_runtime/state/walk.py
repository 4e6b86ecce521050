"""Finds the objects of one unit, and takes them apart.

The walk goes from the unit's root in breadth, all objects of one form at a time, and never calls
itself, so no depth of nesting can break it. It stops at what belongs to another unit. Objects are
numbered in the order in which they are met; one that had a number in this unit before keeps it, as
other units may refer to it.
"""

from collections.abc import Iterable
from itertools import count
from typing import TYPE_CHECKING, Any

from playground_runtime.state import reasons
from playground_runtime.state.codec.columns import Numbers
from playground_runtime.state.codec.nodes import UNPARTED, Kinds, Parted, nodes_in
from playground_runtime.state.forms.base import Columns, Form, UnsavableError
from playground_runtime.state.forms.choose import Forms
from playground_runtime.state.forms.instances import ClassForm
from playground_runtime.state.forms.lost import LOST
from playground_runtime.state.plan import Plan
from playground_runtime.state.shadow import count as count_of

if TYPE_CHECKING:
    from playground_runtime.state.unit import Unit

#: Containers whose length alone can say that they are too large.
_SIZED = (list, tuple, dict, set, frozenset, str, bytes, bytearray)


_BYTES = (str, bytes, bytearray)


class TooLargeError(Exception):
    """The unit grows beyond the limit of a variable, after about ``size`` bytes."""

    def __init__(self, size: int, *, exactly: bool = False) -> None:
        super().__init__(size)
        self.size = size
        self.exactly = exactly


class Section:
    """All objects of one form, with their columns."""

    __slots__ = ("columns", "form", "keys", "kinds")

    def __init__(self, form: Form) -> None:
        self.form = form
        #: Identities of the objects, in the order of the rows.
        self.keys: list[int] = []
        self.columns: Columns = []
        #: What is known of the values of each column.
        self.kinds: list[Kinds] = []


class Homes:
    """Which unit each object belongs to, by identity. Kept from one capture to the next."""

    def __init__(self) -> None:
        self.units: dict[int, Unit] = {}

    def fix(self, values: Iterable[Any], unit: "Unit") -> None:
        """Let objects have a form of their own wherever they are met."""
        self.units.update(dict.fromkeys(map(id, values), unit))

    def forget(self, unit: "Unit") -> None:
        """Let go of a unit's objects."""
        units = self.units
        for key in unit.numbers:
            home = units.get(key)
            if home is unit or (home is not None and home.form is LOST):
                del units[key]


class Walk:
    """One pass over one unit."""

    def __init__(self, unit: "Unit", forms: Forms, homes: Homes, limit: int) -> None:
        self.unit = unit
        self.forms = forms
        self.sections: dict[Form, Section] = {}
        self.numbers: Numbers = {}
        #: Objects of other units that were met: the units, and the identities there.
        self.others: list[Unit] = []
        self.keys: list[int] = []
        #: Objects that cannot be saved, and why.
        self.lost: list[tuple[Any, str]] = []
        #: Objects of which something is not kept, and what.
        self.remarks: list[tuple[Any, str]] = []
        self.kept: list[Any] = []
        #: Names that code in the unit uses.
        self.names: frozenset[str] = frozenset()
        self.plan = Plan()
        self._homes = homes.units
        self._pending: dict[Form, list[Any]] = {}
        self._count = 0
        self._old = unit.numbers
        self._limit = limit
        self._values = 0

    @property
    def values(self) -> int:
        """How many values were looked at."""
        return self._values

    def run(self, root: Any) -> None:
        """Walk from the root, which gets the first number."""
        self._meet(root)
        self.plan.root(self._pending)
        pending = self._pending
        while pending:
            form = next(iter(pending))
            self._take(form, pending.pop(form))

    def _take(self, form: Form, values: list[Any]) -> None:
        if type(form) is ClassForm:
            divided = form.divide(values)
            self.plan.divide(form, divided)
            for kind, some in divided:
                self._take(kind, some)
            return
        try:
            columns = form.take(self, values)
        except Exception as error:
            self._take_some(form, values, error)
            return
        section = self.sections.get(form)
        if section is None:
            section = self.sections[form] = Section(form)
            section.columns = [[] for _ in columns]
            section.kinds = [UNPARTED.kinds for _ in columns]
            params = form.params()
            self._scan(params, -1, nodes_in(params))
        parted = [UNPARTED if form.plain else Parted.of(column) for column in columns]
        section.keys += map(id, values)
        for place, column in enumerate(columns):
            section.columns[place] += column
            section.kinds[place] |= parted[place].kinds
        self.plan.step(form, values, columns, parted)
        if form.plain:
            self._spend(count_of(values, plain=True))
            return
        for place, column in enumerate(columns):
            self._scan(column, place, parted[place].nodes)

    def _take_some(self, form: Form, values: list[Any], error: Exception) -> None:
        """Take objects one by one, as one of them cannot be; that one is given up."""
        self.plan.spoil(True)
        if len(values) > 1:
            for value in values:
                self._take(form, [value])
            return
        told = str(error) if isinstance(error, UnsavableError) else None
        reason = reasons.failed(values[0], error) if told is None else told
        self._take(self.forms.refuse(values[0], reason), values)

    def _spend(self, count: int) -> None:
        self._values += count
        if self._values > self._limit:
            raise TooLargeError(self._values)

    def _scan(self, values: list[Any], place: int, nodes: list[Any]) -> None:
        """Note the nodes of a column that were not met before."""
        self._spend(len(values))
        if not nodes:
            return
        fresh = dict(zip(map(id, nodes), nodes, strict=True))
        for known in self.numbers.keys() & fresh.keys():
            del fresh[known]
        if not fresh:
            return
        before = {form: len(some) for form, some in self._pending.items()}
        if len(fresh) < 4 or not self._meet_alike(fresh):
            for value in fresh.values():
                self._meet(value)
        self.plan.found(self._pending, before, place, values)

    def _meet_alike(self, fresh: dict[int, Any]) -> bool:
        """Meet many objects of one type at once, or many of one other unit."""
        homes = self._homes
        known = homes.keys() & fresh.keys()
        if known:
            owners = set(map(homes.get, fresh))
            owner = owners.pop()
            if owners or owner is None or owner is self.unit or owner.form is not None:
                return False
            start = -1 - len(self.keys)
            self.numbers.update(zip(fresh, count(start, -1)))
            self.others += [owner] * len(fresh)
            self.keys += fresh
            return True
        kinds = set(map(type, fresh.values()))
        form = self.forms.of_kind(kinds.pop()) if len(kinds) == 1 else None
        if form is None:
            return False
        self.numbers.update(zip(fresh, count(self._count)))
        self._count += len(fresh)
        homes.update(dict.fromkeys(fresh, self.unit))
        self._pending.setdefault(form, []).extend(fresh.values())
        return True

    def _meet(self, value: Any) -> None:
        key = id(value)
        home = self._homes.get(key)
        if home is None or home is self.unit:
            choice = self.forms.of(value, self.unit)
            if isinstance(choice, Form):
                self._own(key, value, choice)
                self._homes[key] = self.unit
                return
            home = choice
        elif home.form is not None:
            self._own(key, value, home.form)
            return
        self.numbers[key] = -1 - len(self.keys)
        self.others.append(home)
        self.keys.append(key)

    def _own(self, key: int, value: Any, form: Any) -> None:
        if type(value) in _SIZED and len(value) > self._limit and form is not LOST:
            raise TooLargeError(len(value), exactly=type(value) in _BYTES)
        self.numbers[key] = self._count
        self._count += 1
        self._pending.setdefault(form, []).append(value)

    def keep[Value](self, value: Value) -> Value:
        """Let something live that was made for this walk: its identity must not be used again."""
        self.kept.append(value)
        return value

    def ordered(self, values: Iterable[Any]) -> list[Any]:
        """The items of a set: in its own order, objects by the numbers that they had before."""
        items = list(values)
        if not nodes_in(items):
            return items
        old, last = self._old, len(self._old)
        return sorted(items, key=lambda value: old.get(id(value), last))

    def give_up(self, value: Any, reason: str) -> tuple[str, str]:
        """Note an object that cannot be saved; gives what is saved in its place."""
        self.lost.append((value, reason))
        return reasons.kind_of(value), reason

    def remark(self, value: Any, words: str) -> None:
        """Note that an object is saved, but not all that belongs to it.

        Nothing in the columns says when that ends, so the unit is always walked again.
        """
        self.remarks.append((value, words))
        self.plan.spoil(True)

    def renumber(self, wanted: set[int]) -> None:
        """Let objects keep the numbers that they had in this unit.

        Others take what is free, but never a number that is ``wanted`` elsewhere for an object
        which the unit has let go of.
        """
        old, numbers = self._old, self.numbers
        if old == numbers:
            return
        own = [key for key, number in numbers.items() if number >= 0]
        kept = {key: old[key] for key in own if old.get(key, -1) >= 0}
        used = wanted.union(kept.values())
        free = (number for number in count() if number not in used)
        for key in own:
            number = kept.get(key)
            numbers[key] = next(free) if number is None else number
