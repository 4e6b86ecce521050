"""Finds the units that have changed since the last capture: those to be walked.

What the names in executed code lead to is looked at each time. Of the others some are, those first
that were not for the longest time, so that what nothing led to is found in the end.
"""

from typing import TYPE_CHECKING, Any, NamedTuple

from playground_runtime.state.forms.choose import Forms
from playground_runtime.state.keys import Key
from playground_runtime.state.reach import Touched, reached
from playground_runtime.state.rewrite import Rewritten, rewrite
from playground_runtime.state.unit import Unit

if TYPE_CHECKING:
    from playground_runtime.state.store import Store

#: Values that a capture looks at although no name leads to them; a unit that has more is looked at
#: when the captures before have left room for it.
BESIDE = 20_000

#: What the look at a unit costs, in values.
_EACH = 100


class Look(NamedTuple):
    """Where to look for changes: what the names in code lead to, or (``thorough``) everywhere."""

    names: Touched
    thorough: bool = False


class Changes:
    """One search."""

    def __init__(
        self, store: "Store", roots: dict[Key, Any], forms: Forms, broken: set[str], limit: int
    ) -> None:
        self._store = store
        self._roots = roots
        self._forms = forms
        self._broken = broken
        self._limit = limit
        self._before = store.units
        #: Units that had changed although nothing led to them.
        self.missed = 0
        #: Units of which only atoms have changed, so that no walk is needed.
        self.rewritten: dict[str, Rewritten] = {}

    def unchanged(self, look: Look) -> set[str]:
        """The units that need no walk."""
        store, before = self._store, self._before
        store.turn += 1
        led = reached(look.names, self._roots, before, store.homes.units)
        units = {name: unit for name, unit in before.items() if name not in self._broken}
        beside = {} if led is None else {name: units[name] for name in units if name not in led}
        kept = {name for name, unit in units.items() if name not in beside and self._holds(unit)}
        store.room = min(store.room + BESIDE, BESIDE)
        for name, unit in sorted(beside.items(), key=lambda item: item[1].looked):
            if self._root_of(unit) is None:
                continue
            if store.room <= 0 and not look.thorough:
                kept.add(name)
                continue
            store.room -= unit.values + _EACH
            if self._holds(unit):
                kept.add(name)
            self.missed += unit.plan is not None and (name not in kept or name in self.rewritten)
        return self._rooted(kept)

    def _holds(self, unit: Unit) -> bool:
        """Whether a unit needs no walk; notes when some of it is to be written anew."""
        root = self._root_of(unit)
        if root is None or unit.plan is None:
            return False
        unit.looked = self._store.turn
        looked = unit.plan.look(root[0], self._forms)
        if looked is None:
            return False
        if not looked.changed:
            return True
        again = rewrite(unit, unit.plan, looked, self._limit)
        if again is None:
            return False
        self.rewritten[unit.name] = again
        return True

    def _root_of(self, unit: Unit) -> tuple[Any] | None:
        """The root of a unit, as long as it is there."""
        for key in unit.roots:
            value = self._roots.get(key, self)
            if value is not self and id(value) == unit.root_key:
                return (value,)
        value = unit.definition() if unit.definition is not None else None
        return None if value is None else (value,)

    def _rooted(self, kept: set[str]) -> set[str]:
        """Units without those that refer to what is gone, again and again."""
        while True:
            gone = [name for name in kept if not kept.issuperset(self._before[name].imports)]
            broken = [
                name for name in gone if self._before[name].imports.keys() - self._before.keys()
            ]
            if not broken:
                return kept
            kept.difference_update(broken)
