"""How a unit was walked, so that a later look can tell whether anything in it has changed.

The plan repeats the walk's steps on the objects as they are now and compares, value by value, what
they hold with what they held (``shadow.py``). When only atoms differ, the unit need not be walked:
the columns that hold them are written anew, and the rest is as it was.
"""

from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from playground_runtime.state.codec.nodes import UNPARTED, Parted, nodes_in
from playground_runtime.state.forms.base import Columns, Form
from playground_runtime.state.shadow import Change, Shadow, count

if TYPE_CHECKING:
    from playground_runtime.state.forms.choose import Forms

type Pending = dict[Form, list[Any]]


class Looked(NamedTuple):
    """What a look saw: the columns of each step, and which of them hold other atoms."""

    found: list[Columns]
    changed: list[tuple[int, int]]


class _Step:
    """One form's objects: where they are found, and their columns."""

    __slots__ = ("form", "kinds", "shadows", "sources")

    def __init__(self, form: Form, kinds: set[type], shadows: list[Shadow]) -> None:
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

    def step(self, form: Form, values: list[Any], columns: Columns, parted: list[Parted]) -> None:
        """Some objects were taken apart."""
        if self.spoiled:
            return
        kinds = set(map(type, values))
        shadows = [
            Shadow(column, parts.nodes, parts.atoms, plain=form.plain)
            for column, parts in zip(columns, parted, strict=True)
        ]
        step = _Step(form, kinds, shadows)
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

    def look(self, root: Any, forms: "Forms") -> Looked | None:
        """See what has changed; None when a walk is needed to tell."""
        if self.spoiled:
            return None
        found: list[Columns] = []
        changed: list[tuple[int, int]] = []
        looking = _Looking(forms)
        for number, step in enumerate(self._steps):
            columns = self._take(step, self._values_of(step, root, found), looking)
            if columns is None or len(columns) != len(step.shadows):
                return None
            for place, shadow in enumerate(step.shadows):
                change = shadow.change(columns[place])
                if change is Change.OBJECTS:
                    return None
                if change is Change.ATOMS:
                    changed.append((number, place))
            found.append(columns)
        return Looked(found, changed)

    def adopt(self, looked: Looked) -> None:
        """Take what a look saw for what is to be compared next time."""
        for number, place in looked.changed:
            step, column = self._steps[number], looked.found[number][place]
            parts = UNPARTED if step.form.plain else Parted.of(column)
            step.shadows[place] = Shadow(column, parts.nodes, parts.atoms, plain=step.form.plain)

    def rows_of(self, form: Form, place: int, found: list[Columns]) -> list[Any]:
        """A whole column of a form, over all steps that took objects of it."""
        columns = [
            columns[place]
            for step, columns in zip(self._steps, found, strict=True)
            if step.form is form
        ]
        return columns[0] if len(columns) == 1 else [one for some in columns for one in some]

    def widths(self, found: list[Columns]) -> dict[Form, int]:
        """How many columns each form has, in the order of the sections."""
        return {step.form: len(columns) for step, columns in zip(self._steps, found, strict=True)}

    def growth(self, looked: Looked) -> int:
        """How many values there are more than there were."""
        growth = 0
        for number, place in looked.changed:
            step = self._steps[number]
            now = count(looked.found[number][place], plain=step.form.plain)
            growth += now - step.shadows[place].count()
        return growth

    def form_of(self, number: int) -> Form:
        """The form of a step."""
        return self._steps[number].form

    def _values_of(self, step: _Step, root: Any, found: list[Columns]) -> list[Any]:
        values: list[Any] = []
        for number, place, places in step.sources:
            if number < 0:
                column = [root]
            elif place < 0:
                column = self._steps[number].form.params()
            else:
                column = found[number][place]
            if places is None:
                values += column
            elif len(places) > 1:
                values += itemgetter(*places)(column)
            else:
                values.append(column[places[0]])
        return values

    def _take(self, step: _Step, values: list[Any], looking: "_Looking") -> Columns | None:
        if set(map(type, values)) != step.kinds:
            return None
        form = step.form
        whole = self._divided.get(form)
        if whole is not None:
            parts = whole.divide(values)  # type: ignore[attr-defined]  # Only class forms divide.
            if len(parts) != 1 or parts[0][0].shape != form.shape:  # type: ignore[attr-defined]  # As above.
                return None
        try:
            return form.take(looking, values)  # type: ignore[arg-type]  # It has what is asked.
        except Exception:
            return None


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

    def remark(self, value: Any, words: str) -> None:
        """So is what is not wholly saved."""
        raise LookupError
