"""``deque``, ``defaultdict`` and ``OrderedDict``."""

from collections import OrderedDict, defaultdict, deque
from itertools import chain
from typing import TYPE_CHECKING, Any

from playground_runtime.state.forms.base import Columns, Form, exactly, portions, register

if TYPE_CHECKING:
    from playground_runtime.state.scope import Scope
    from playground_runtime.state.walk import Walk

_flat = chain.from_iterable


class DequeForm(Form):
    """The limit of its length, and its items in a list."""

    name = "deque"
    head = 1
    copies = True

    def take(self, walk: "Walk", values: list[Any]) -> Columns:
        return [[value.maxlen for value in values], walk.keep(list(map(list, values)))]

    def make(self, count: int, columns: Columns, scope: "Scope") -> list[Any]:
        return [deque(maxlen=limit) for limit in columns[0]]

    def fill(self, made: list[Any], columns: Columns, scope: "Scope") -> None:
        for one, items in zip(made, columns[0], strict=True):
            one.extend(exactly(items, list))


class MappingForm(Form):
    """Keys and values in order, and what makes missing ones."""

    ragged = 2
    hashes = True

    def __init__(self, kind: Any) -> None:
        self.name = kind.__name__
        self._kind = kind

    def take(self, walk: "Walk", values: list[Any]) -> Columns:
        keys = list(_flat(values))
        inner = list(_flat(map(self._kind.values, values)))
        more = [getattr(value, "default_factory", None) for value in values]
        return [list(map(len, values)), keys, inner, more]

    def make(self, count: int, columns: Columns, scope: "Scope") -> list[Any]:
        return [self._kind() for _ in range(count)]

    def fill(self, made: list[Any], columns: Columns, scope: "Scope") -> None:
        lengths, keys, values, more = columns
        rows = zip(made, portions(lengths, keys), portions(lengths, values), more, strict=True)
        for one, some, others, factory in rows:
            one.update(zip(some, others, strict=True))
            if factory is not None:
                one.default_factory = factory


DEQUE = register(DequeForm())
DEFAULTDICT = register(MappingForm(defaultdict))
ORDERED = register(MappingForm(OrderedDict))
