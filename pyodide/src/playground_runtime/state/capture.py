"""One capture: looks at the units that may have changed, and walks and writes those that have.

Units are walked in the order in which they came to be, so that each object stays in the unit that
had it before. New units come after them, large containers first: a name whose object lies within
another unit needs none of its own. A unit that refers to something that another no longer holds is
walked as well, and takes it over.
"""

import weakref
from typing import TYPE_CHECKING, Any, NamedTuple

from playground_runtime.state import reasons, telling
from playground_runtime.state.changes import Changes, Look
from playground_runtime.state.codec.chunks import digest
from playground_runtime.state.codec.nodes import is_node
from playground_runtime.state.codec.stream import Writer
from playground_runtime.state.contents import Contents
from playground_runtime.state.forms.choose import Forms
from playground_runtime.state.keys import KINDS, Key
from playground_runtime.state.rewrite import Rewritten
from playground_runtime.state.unit import Unit, outside_numbers, write_unit
from playground_runtime.state.walk import TooLargeError, Walk

if TYPE_CHECKING:
    from playground_runtime.state.store import Store

_SIZED = (list, dict, set, tuple, frozenset, bytearray, str, bytes)


class Captured(NamedTuple):
    """The units as they are now, the one that lists all roots, and what was written anew."""

    units: dict[str, Unit]
    root: Unit
    fresh: dict[str, Writer]
    #: Why variables, or parts of them, are not saved.
    lost: dict[Key, telling.Told]
    #: What belongs to saved variables and is not kept.
    remarks: dict[Key, str]
    #: Units that had changed although nothing led to them, of those that were looked at.
    missed: int
    #: Variables that are what they were at the last capture, with all that they lead to.
    still: set[str]
    #: Digests of all others that are saved.
    contents: dict[str, str]


class BrokenError(Exception):
    """Units refer to objects that others have let go of; the capture is made again with them."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(names)
        self.names = names


class OverError(Exception):
    """A unit must be left out, and the capture made again without it."""

    def __init__(self, unit: Unit, reason: str) -> None:
        super().__init__(reason)
        self.unit = unit
        self.reason = reason


class Capture:
    """One capture."""

    def __init__(
        self,
        store: "Store",
        roots: dict[Key, Any],
        look: Look,
        bounds: tuple[int, int],
        over: dict[int, str],
        broken: set[str],
    ) -> None:
        self.store = store
        self.roots = roots
        self.look = look
        self.each, self.whole = bounds
        self.over = over
        self.broken = broken
        self.forms = Forms(store.scope, self._define)
        self.before = store.units
        self.units: dict[str, Unit] = {}
        self.walks: dict[str, Walk] = {}
        self.rewritten: dict[str, Rewritten] = {}
        self._definitions: list[tuple[Unit, Any]] = []
        self._used: dict[str, Unit] = {}

    def run(self) -> Captured:
        store = self.store
        homes = store.homes
        for key in store.fixed:
            homes.units.pop(key, None)
        specials = store.scope.special_values()
        homes.fix(specials.values(), store.constants)
        store.fixed = [id(value) for value in specials.values()]
        changes = Changes(store, self.roots, self.forms, self.broken, self.each)
        unchanged = changes.unchanged(self.look) if store.walked else set()
        self.rewritten = {
            name: changes.rewritten[name] for name in unchanged & changes.rewritten.keys()
        }
        for name, unit in self.before.items():
            if name not in unchanged:
                homes.forget(unit)
        self.units = {name: self.before[name] for name in self.before if name in unchanged}
        self._walk_roots()
        root = self._walk_index()
        self._renumber()
        self._check_references()
        fresh = self._write()
        self._drop_unused(root)
        self.units = dict(sorted(self.units.items(), key=lambda item: item[1].serial))
        for name, one in self.rewritten.items():
            if name in self.units and one.apply():
                fresh[name] = one.out
        store.units, store.walked = self.units, True
        still = self._still()
        lost = telling.tell(self.roots, self.units, root, self.walks)
        remarks = telling.remarks(self.roots, self.units, self.walks)
        contents = Contents(self).of({*lost, *(Key("name", name) for name in still)})
        homes.forget(root)
        root.kept.clear()
        fresh = {name: out for name, out in fresh.items() if name in self.units or not name}
        # The walks and forms hold everything, and each other: nothing of it may stay alive.
        self.walks.clear()
        self.forms.close()
        return Captured(self.units, root, fresh, lost, remarks, changes.missed, still, contents)

    def _walk_roots(self) -> None:
        places = {name: place for place, name in enumerate(self.before)}
        keys = [key for key, value in self.roots.items() if is_node(value)]
        for key in sorted(keys, key=lambda key: self._rank(key, places)):
            value = self.roots[key]
            if id(value) in self.store.homes.units:
                continue
            if not isinstance(self.forms.of(value), Unit):
                self._walk(self._unit(key.unit, value, key), value)
        self._walk_definitions()

    def _rank(self, key: Key, places: dict[str, int]) -> tuple[int, int, int]:
        """Units that were there first; then names before results, and large containers first."""
        place = places.get(key.unit)
        value = self.roots[key]
        if place is not None and self.before[key.unit].root_key == id(value):
            return 0, place, 0
        size = len(value) if type(value) in _SIZED else 0
        return 1 + KINDS.index(key.kind), -size, 0

    def _unit(self, name: str, value: Any, key: Key | None = None) -> Unit:
        """The unit of this name, with what is known from before if it has the same root."""
        known = self.before.get(name)
        unit = Unit(name, id(value))
        if key is not None:
            unit.roots = [key]
        if known is None:
            self.store.serial += 1
            unit.serial = self.store.serial
        else:
            unit.serial = known.serial
            if known.root_key == id(value):
                unit.numbers = known.numbers
        self.units[name] = unit
        return unit

    def _define(self, value: Any, path: str) -> Unit:
        """The unit of a function or class of the session."""
        count, name = 1, f"def {path}"
        while name in self.units and self.units[name].root_key != id(value):
            count += 1
            name = f"def {path} {count}"
        if name not in self.units:
            unit = self._unit(name, value)
            unit.definition = weakref.ref(value)
            self._definitions.append((unit, value))
            self.store.homes.units[id(value)] = unit
        return self.units[name]

    def _walk_definitions(self) -> None:
        for unit, value in self._definitions:
            self._walk(unit, value)
        self._definitions.clear()

    def _walk(self, unit: Unit, value: Any) -> None:
        if unit.root_key in self.over:
            refused = Walk(unit, self.forms, self.store.homes, self.each)
            self.walks[unit.name] = self._refuse(refused, value, self.over[unit.root_key])
            return
        walk = Walk(unit, self.forms, self.store.homes, self.each)
        try:
            walk.run(value)
        except TooLargeError as error:
            reason = reasons.too_large(error.size, self.each, at_least=not error.exactly)
            walk = self._refuse(walk, value, reason)
        self.walks[unit.name] = walk

    def _refuse(self, walk: Walk, value: Any, reason: str) -> Walk:
        """Save a placeholder in the place of a whole unit."""
        homes, unit = self.store.homes, walk.unit
        self._let_go(walk)
        self.forms.refuse(value, reason)
        homes.fix([value], self.store.refused)
        again = Walk(unit, self.forms, homes, self.each)
        again.run(value)
        return again

    def _walk_index(self) -> Unit:
        """The unit that lists all roots; it has no objects but lists."""
        table: list[Any] = []
        for kind in KINDS:
            found = [(key.name, value) for key, value in self.roots.items() if key.kind == kind]
            table.append([[name for name, _ in found], [value for _, value in found]])
        unit = Unit("", id(table))
        walk = Walk(unit, self.forms, self.store.homes, self.whole)
        walk.keep(table)
        walk.plan.spoil(True)
        walk.run(table)
        self.walks[""] = walk
        self._walk_definitions()
        return unit

    def _renumber(self) -> None:
        """Let units that others refer to keep their numbers."""
        wanted: dict[str, set[int]] = {}
        for unit in self.before.values():
            for name, numbers in unit.imports.items():
                if name in self.walks:
                    wanted.setdefault(name, set()).update(numbers)
        for name, walk in self.walks.items():
            if name in wanted:
                walk.renumber(wanted[name])
            walk.unit.numbers = walk.numbers

    def _check_references(self) -> None:
        """Find units that refer to what is no longer where it was.

        Raises:
            BrokenError: there are some, which must be walked as well.
        """
        broken = [
            name
            for name, unit in self.units.items()
            if name not in self.walks and self._is_broken(unit)
        ]
        if broken:
            for walk in self.walks.values():
                self._let_go(walk)
            raise BrokenError(broken)

    def _let_go(self, walk: Walk) -> None:
        """Undo what a walk said about whose objects are whose."""
        homes = self.store.homes.units
        for key in walk.numbers:
            home = homes.get(key)
            if home is walk.unit or home is self.store.refused:
                del homes[key]

    def _is_broken(self, unit: Unit) -> bool:
        for name, numbers in unit.imports.items():
            other = self.units.get(name)
            if other is None:
                return True
            if name in self.walks and not numbers <= set(other.numbers.values()):
                return True
        return False

    def _write(self) -> dict[str, Writer]:
        fresh: dict[str, Writer] = {}
        for name, walk in self.walks.items():
            unit = walk.unit
            out = self._write_unit(walk)
            data = out.value()
            unit.digest = digest(data)
            unit.size, unit.length = out.size, len(data)
            unit.chunks = list(out.chunks)
            unit.kept = walk.kept
            unit.values, unit.looked = walk.values, self.store.turn
            unit.names = walk.names
            unit.count = max(walk.numbers.values(), default=-1) + 1
            walk.plan.finish()
            unit.plan = None if walk.plan.spoiled else walk.plan
            imports: dict[str, set[int]] = {}
            for other, number in zip(
                walk.others, outside_numbers(walk) if walk.keys else (), strict=True
            ):
                imports.setdefault(other.name, set()).add(number)
            unit.imports = imports
            known = self.before.get(name)
            if known is not None and known.digest == unit.digest:
                unit.blob, unit.offset, unit.data = known.blob, known.offset, known.data
            else:
                fresh[name] = out
        self._check_whole()
        return fresh

    def _write_unit(self, walk: Walk) -> Writer:
        try:
            return write_unit(walk, self.each if walk.unit.name else self.whole)
        except OverflowError as error:
            size = error.args[0]
            raise OverError(walk.unit, reasons.too_large(size, self.each)) from None

    def _check_whole(self) -> None:
        """Leave out the largest unit when all together are too large."""
        sizes = {name: unit.size for name, unit in self.units.items()}
        sizes |= {name: one.out.size for name, one in self.rewritten.items()}
        if sum(sizes.values()) > self.whole:
            largest = self.units[max(sizes, key=sizes.__getitem__)]
            raise OverError(largest, reasons.no_room(self.whole))

    def _still(self) -> set[str]:
        """The variables whose units lead to nothing that was written anew."""
        changed = {name for name in self.walks.keys() | self.rewritten.keys() if name}
        while True:
            more = {
                name
                for name, unit in self.units.items()
                if name not in changed and not changed.isdisjoint(unit.imports)
            }
            if not more:
                break
            changed |= more
        homes, old = self.store.homes.units, self.store.values
        self.store.values = {
            key.name: id(one) for key, one in self.roots.items() if key.kind == "name"
        }
        return {
            name
            for name, key in self.store.values.items()
            if old.get(name) == key
            and (home := homes.get(key)) is not None
            and home.name not in changed
        }

    def _drop_unused(self, root: Unit) -> None:
        """Forget units that nothing leads to from the roots."""
        used: dict[str, None] = {}
        waiting = list(root.imports)
        while waiting:
            name = waiting.pop()
            if name not in used:
                used[name] = None
                waiting += self.units[name].imports
        for name in [name for name in self.units if name not in used]:
            self.store.homes.forget(self.units.pop(name))
