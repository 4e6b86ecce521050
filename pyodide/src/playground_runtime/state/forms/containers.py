"""Lists, tuples, dicts and sets, and large texts and bytes."""

from collections.abc import Callable, Iterable
from itertools import chain
from typing import TYPE_CHECKING, Any

from playground_runtime.state.forms.base import Columns, Form, portions, register

if TYPE_CHECKING:
    from playground_runtime.state.scope import Scope
    from playground_runtime.state.walk import Walk

_flat = chain.from_iterable


class ListForm(Form):
    """Lists."""

    name = "list"
    ragged = 1

    def take(self, walk: "Walk", values: list[Any]) -> Columns:
        return [list(map(len, values)), list(_flat(values))]

    def make(self, count: int, columns: Columns, scope: "Scope") -> list[Any]:
        return [[] for _ in range(count)]

    def fill(self, made: list[Any], columns: Columns, scope: "Scope") -> None:
        for one, items in zip(made, portions(*columns), strict=True):
            one += items


class FixedForm(Form):
    """Tuples and frozen sets, which need their items at once."""

    ragged = 1
    head = 2

    def __init__(self, kind: Callable[[Iterable[Any]], Any]) -> None:
        self.name = kind.__name__
        self._kind = kind
        self.deep = kind is frozenset

    def take(self, walk: "Walk", values: list[Any]) -> Columns:
        if self.deep:
            values = [walk.ordered(value) for value in values]
        return [list(map(len, values)), list(_flat(values))]

    def make(self, count: int, columns: Columns, scope: "Scope") -> list[Any]:
        return list(map(self._kind, portions(*columns)))


class DictForm(Form):
    """Dicts, in their order."""

    name = "dict"
    ragged = 2
    hashes = True

    def take(self, walk: "Walk", values: list[Any]) -> Columns:
        keys = list(_flat(values))
        return [list(map(len, values)), keys, list(_flat(map(dict.values, values)))]

    def make(self, count: int, columns: Columns, scope: "Scope") -> list[Any]:
        return [{} for _ in range(count)]

    def fill(self, made: list[Any], columns: Columns, scope: "Scope") -> None:
        lengths, keys, values = columns
        parts = zip(made, portions(lengths, keys), portions(lengths, values), strict=True)
        for one, some, others in parts:
            one.update(zip(some, others, strict=True))


class SetForm(Form):
    """Sets, in an order that does not depend on addresses where there is one."""

    name = "set"
    ragged = 1
    hashes = True

    def take(self, walk: "Walk", values: list[Any]) -> Columns:
        ordered = [walk.ordered(value) for value in values]
        return [list(map(len, ordered)), list(_flat(ordered))]

    def make(self, count: int, columns: Columns, scope: "Scope") -> list[Any]:
        return [set() for _ in range(count)]

    def fill(self, made: list[Any], columns: Columns, scope: "Scope") -> None:
        for one, items in zip(made, portions(*columns), strict=True):
            one.update(items)


class LargeForm(Form):
    """Large texts or bytes, and floats that are not numbers: atoms with an identity."""

    head = 1
    plain = True

    def __init__(self, kind: type) -> None:
        self.name = f"large {kind.__name__}"

    def take(self, walk: "Walk", values: list[Any]) -> Columns:
        return [values]

    def make(self, count: int, columns: Columns, scope: "Scope") -> list[Any]:
        return columns[0]


LIST = register(ListForm())
TUPLE = register(FixedForm(tuple))
FROZENSET = register(FixedForm(frozenset))
DICT = register(DictForm())
SET = register(SetForm())
BUILTIN: dict[type, Form] = {
    list: LIST,
    tuple: TUPLE,
    frozenset: FROZENSET,
    dict: DICT,
    set: SET,
    str: register(LargeForm(str)),
    bytes: register(LargeForm(bytes)),
    float: register(LargeForm(float)),
}
