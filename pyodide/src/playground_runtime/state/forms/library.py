"""Objects of libraries, by the protocol that pickle and copy use: a function and its arguments.

The protocol's methods are those of the library. For a class of the session that is made from a
class in C, the method of that class in C is called, and the object is made without the session's
``__init__``.
"""

import copyreg
import warnings
from collections import Counter
from collections.abc import Callable
from itertools import repeat
from types import BuiltinFunctionType
from typing import TYPE_CHECKING, Any

from playground_runtime.state.codec.stream import DamagedError
from playground_runtime.state.forms import calling
from playground_runtime.state.forms.base import (
    Columns,
    Form,
    UnsavableError,
    exactly,
    register,
    register_class,
    transposed,
)
from playground_runtime.state.forms.instances import mro, names_in
from playground_runtime.state.forms.names import NAME
from playground_runtime.state.naming import module_of, name_of

if TYPE_CHECKING:
    from playground_runtime.state.forms.choose import Forms
    from playground_runtime.state.scope import Scope
    from playground_runtime.state.walk import Walk

_PROTOCOL = ("__reduce__", "__reduce_ex__", "__getstate__", "__getnewargs__", "__getnewargs_ex__")


def has_protocol(kind: type) -> bool:
    """Whether a class says itself how its objects are saved."""
    if kind in copyreg.dispatch_table:
        return True
    if kind is Counter:
        return False
    for part in mro(kind):
        if part is object:
            return False
        if any(name in names_in(part) for name in _PROTOCOL):
            return True
    return False


def chooser(kind: type, forms: "Forms", *, own: bool) -> Callable[[Any], Form]:
    """Reduces objects of a class, one by one."""
    native = _native(kind, forms) if own else None
    if own and native is None:
        raise UnsavableError(f"an object of type {name_of(kind)}, part of which is hidden in C")

    def choose(value: Any) -> Form:
        reduced = _reduce(value, kind, native)
        if isinstance(reduced, str):
            return NAME
        parts = (*reduced, None, None, None, None)[:6]
        function, arguments = parts[0], parts[1]
        if native is not None and function is kind:
            parts = (construct, (native, kind, *arguments), *parts[2:])
            function, arguments = parts[0], parts[1]
        if parts[5] is not None or (function is not None and not _fits(parts, forms.scope)):
            raise UnsavableError(
                f"an object of type {name_of(kind)}, which is made by {calling.spelled(function)},"
            )
        forms.kept[id(value)] = (value, parts)
        if parts[2:] == (None, None, None, None) and type(function) in _CALLABLE:
            return forms.call_form(function, len(arguments))
        return REDUCED

    return choose


_CALLABLE = (type, BuiltinFunctionType, type(has_protocol))


def _fits(parts: Any, scope: "Scope") -> bool:
    """Whether what a library gave is what a restore calls."""
    try:
        calling.check(parts[0], tuple(parts[1]), scope)
    except DamagedError:
        return False
    return True


def _native(kind: type, forms: "Forms") -> type | None:
    """The library's class behind a class of the session that can reduce its objects."""
    for part in mro(kind):
        if part is object:
            return None
        if not forms.scope.naming.is_own(module_of(part)) and has_protocol(part):
            return part
    return None


def _reduce(value: Any, kind: type, native: type | None) -> Any:
    if native is not None:
        for part in mro(native):
            names = names_in(part)
            if "__reduce_ex__" in names and part is not object:
                return names["__reduce_ex__"](value, 4)
            if "__reduce__" in names and part is not object:
                return names["__reduce__"](value)
        raise UnsavableError(f"an object of type {name_of(kind)}")
    special = copyreg.dispatch_table.get(kind)
    if module_of(kind) == "itertools":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return value.__reduce_ex__(4)
    return special(value) if special is not None else value.__reduce_ex__(4)


def construct(native: Any, kind: Any, *arguments: Any) -> Any:
    """An object of a class of the session, made by the library's class behind it."""
    made = native.__new__(kind, *arguments)
    if native.__init__ is not object.__init__:
        native.__init__(made, *arguments)
    return made


@register_class
class CallForm(Form):
    """Objects that one function makes from as many arguments."""

    name = "call"
    deep = True

    def __init__(self, function: Any, width: int) -> None:
        self._function = function
        self.head = width

    def params(self) -> list[Any]:
        return [self._function, self.head]

    def take(self, walk: "Walk", values: list[Any]) -> Columns:
        rows = [walk.keep(walk.forms.kept.pop(id(value))[1][1]) for value in values]
        return transposed(rows, self.head)

    def make(self, count: int, columns: Columns, scope: "Scope") -> list[Any]:
        rows = zip(*columns, strict=True) if columns else repeat((), count)
        return [calling.call(self._function, row, scope) for row in rows]


class ReducedForm(Form):
    """Function and arguments; then state, items, pairs, and a function that sets the state."""

    name = "reduced"
    copies = True
    head = 2
    deep = True
    hashes = True

    def take(self, walk: "Walk", values: list[Any]) -> Columns:
        rows = []
        for value in values:
            function, arguments, state, items, pairs, setter = walk.forms.kept.pop(id(value))[1]
            items = None if items is None else list(items)
            pairs = None if pairs is None else dict(pairs)
            rows.append((function, tuple(arguments), state, items, pairs, setter))
        walk.keep(rows)
        return transposed(rows, 6)

    def make(self, count: int, columns: Columns, scope: "Scope") -> list[Any]:
        rows = zip(*columns, strict=True)
        return [calling.call(function, arguments, scope) for function, arguments in rows]

    def fill(self, made: list[Any], columns: Columns, scope: "Scope") -> None:
        for one, state, items, pairs, setter in zip(made, *columns, strict=True):
            exactly(setter, type(None))
            if state is not None:
                _set_state(one, state, scope)
            if items:
                add = _inherited(one, "extend" if _has(one, "extend") else "update", scope)
                add(exactly(items, list))
            for key, value in exactly(pairs or {}, dict).items():
                _inherited(one, "__setitem__", scope)(key, value)


def _has(value: Any, name: str) -> bool:
    return any(name in names_in(part) for part in mro(type(value)))


def _inherited(value: Any, name: str, scope: "Scope") -> Any:
    """A method of the library's class behind an object."""
    for part in mro(type(value)):
        if name in names_in(part) and not scope.naming.is_own(module_of(part)):
            return names_in(part)[name].__get__(value, type(value))
    raise AttributeError(name)


def _set_state(value: Any, state: Any, scope: "Scope") -> None:
    try:
        method = _inherited(value, "__setstate__", scope)
    except AttributeError:
        method = None
    if method is not None:
        method(state)
        return
    names, slots = state if type(state) is tuple and len(state) == 2 else (state, None)
    if names:
        object.__getattribute__(value, "__dict__").update(exactly(names, dict))
    for name, inner in exactly(slots or {}, dict).items():
        object.__setattr__(value, name, inner)


REDUCED = register(ReducedForm())
