"""How a unit was walked, so that a later look can tell whether anything in it has changed.

The plan repeats the walk's steps on the objects as they are now and compares, value by value, what
they hold with what they held: atoms by identity (they are kept alive), other objects by address. An
object that was replaced at the same address is itself looked into, so nothing but atoms is held.
"""

from operator import is_
from typing import TYPE_CHECKING, Any

from playground_runtime.state.codec.columns import is_node, nodes_in
from playground_runtime.state.forms.base import Columns, Form

if TYPE_CHECKING:
    from playground_runtime.state.forms.choose import Forms

#: Atoms of which two that are equal cannot be told apart.
_EQUAL = frozenset({int, str, bytes, bool})

type Pending = dict[Form, list[Any]]


class _Shadow:
    """One column as it was."""

    __slots__ = ("_alive", "_keys", "_plain")

    def __init__(self, values: list[Any], *, plain: bool) -> None:
        self._plain = plain
        self._keys: list[int] | None = None
        nodes = [] if plain else nodes_in(values)
        if not nodes:
            self._alive = values
            return
        self._keys = list(map(id, values))
        self._alive = (
            [] if len(nodes) == len(values) else [one for one in values if not is_node(one)]
        )

    def same(self, values: list[Any]) -> bool:
        """Whether a column is still what it was."""
        if self._plain:
            return values == self._alive
        if self._keys is not None:
            return self._keys == list(map(id, values))
        if len(values) != len(self._alive):
            return False
        return all(map(is_, values, self._alive)) or self._equal(values)

    def _equal(self, values: list[Any]) -> bool:
        """Whether atoms are the same although they were made anew, as lengths are."""
        kinds = set(map(type, values))
        return (
            len(kinds) == 1
            and kinds <= _EQUAL
            and values == self._alive
            and kinds == set(map(type, self._alive))
        )


class _Step:
    """One form's objects: where they are found, and their columns."""

    __slots__ = ("form", "kinds", "shadows", "sources")

    def __init__(self, form: Form, kinds: set[type], shadows: list[_Shadow]) -> None:
        self.form = form
        self.kinds = kinds
        self.shadows = shadows
        #: Step, column (-1: parameters) and places (None for all) of the objects.
        self.sources: list[tuple[int, int, list[int] | None]] = []


class Plan:
    """The steps of one walk. ``spoiled`` when they cannot be repeated."""

    def __init__(self) -> None:
        self.spoiled = False
        self._steps: list[_Step] = []
        self._sources: dict[Form, list[tuple[int, int, list[int] | None]]] = {}
        self._divided: dict[Form, Form] = {}

    def spoil(self, because: bool) -> None:
        """Note that something happened which cannot be repeated."""
        self.spoiled = self.spoiled or because

    def root(self, pending: Pending) -> None:
        """The walk begins."""
        for form in pending:
            self._sources[form] = [(-1, 0, None)]

    def divide(self, form: Form, parts: list[tuple[Form, list[Any]]]) -> None:
        """Objects of a class are taken by the names of their attributes."""
        self.spoil(len(parts) != 1)
        self._sources[parts[0][0]] = self._sources.pop(form, [])
        self._divided[parts[0][0]] = form

    def step(self, form: Form, values: list[Any], columns: Columns) -> None:
        """Some objects were taken apart."""
        if self.spoiled:
            return
        kinds = set(map(type, values))
        step = _Step(form, kinds, [_Shadow(column, plain=form.plain) for column in columns])
        step.sources = self._sources.pop(form, [])
        self.spoil(not step.sources)
        self._steps.append(step)

    def found(
        self, pending: Pending, before: dict[Form, int], place: int, column: list[Any]
    ) -> None:
        """A column of the latest step has led to objects that wait now."""
        if self.spoiled:
            return
        for form, values in pending.items():
            start = before.get(form, 0)
            if len(values) == start:
                continue
            places = _places(column, values[start:])
            # Parameters are looked at before their step is noted.
            step = len(self._steps) - (place >= 0)
            self._sources.setdefault(form, []).append((step, place, places))

    def finish(self) -> None:
        """The walk is over."""
        self._sources.clear()

    def holds(self, root: Any, forms: "Forms") -> bool:
        """Whether a walk would find just what it found."""
        if self.spoiled:
            return False
        found: list[Columns] = []
        looking = _Looking(forms)
        for step in self._steps:
            values: list[Any] = []
            for number, place, places in step.sources:
                if number < 0:
                    column = [root]
                elif place < 0:
                    column = self._steps[number].form.params()
                else:
                    column = found[number][place]
                values += column if places is None else [column[one] for one in places]
            columns = self._look(step, values, looking)
            if columns is None:
                return False
            found.append(columns)
        return True

    def _look(self, step: _Step, values: list[Any], looking: "_Looking") -> Columns | None:
        if set(map(type, values)) != step.kinds:
            return None
        form = step.form
        whole = self._divided.get(form)
        if whole is not None:
            parts = whole.divide(values)  # type: ignore[attr-defined]  # Only class forms divide.
            if len(parts) != 1 or parts[0][0].shape != form.shape:  # type: ignore[attr-defined]  # As above.
                return None
        try:
            columns = form.take(looking, values)  # type: ignore[arg-type]  # It has what is asked.
        except Exception:
            return None
        same = len(columns) == len(step.shadows) and all(
            shadow.same(column) for shadow, column in zip(step.shadows, columns, strict=True)
        )
        return columns if same else None


def _places(column: list[Any], values: list[Any]) -> list[int] | None:
    """Where in a column some objects are first; None for everywhere."""
    if len(values) == len(column):
        return None
    first: dict[int, int] = {}
    for place, value in enumerate(column):
        first.setdefault(id(value), place)
    return [first[id(value)] for value in values]


class _Looking:
    """What forms may ask of a walk, when nothing is written."""

    def __init__(self, forms: "Forms") -> None:
        self.forms = forms
        self.names: frozenset[str] = frozenset()

    def keep[Value](self, value: Value) -> Value:
        """Nothing outlives the look."""
        return value

    @staticmethod
    def ordered(values: Any) -> list[Any]:
        """A set of atoms keeps its order; of others it is not known."""
        items = list(values)
        if nodes_in(items):
            raise LookupError
        return items

    def give_up(self, value: Any, reason: str) -> tuple[str, str]:
        """What cannot be saved is looked at anew."""
        raise LookupError
