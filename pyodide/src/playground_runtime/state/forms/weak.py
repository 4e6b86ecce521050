"""Weak references, to objects that are saved because others hold them."""

import gc
import weakref
from types import MethodType
from typing import TYPE_CHECKING, Any

from playground_runtime.state.codec.stream import DamagedError
from playground_runtime.state.forms.base import (
    Columns,
    Form,
    exactly,
    portions,
    register,
    transposed,
)
from playground_runtime.state.forms.parts import parts

if TYPE_CHECKING:
    from playground_runtime.state.scope import Scope
    from playground_runtime.state.walk import Walk


class _Gone:
    """What a weak reference to nothing refers to."""

    def __init__(self) -> None:
        """Have a method to refer to."""


def _reference_row(value: Any) -> tuple[Any, ...]:
    return type(value), weakref.ref.__call__(value), value.__callback__, getattr(value, "key", None)


def _reference(kind: Any, target: Any, callback: Any, key: Any) -> Any:
    if target is None:
        target = _Gone()
    if kind is weakref.KeyedRef:
        return kind(target, callback, key)
    if not issubclass(kind, weakref.ref):
        raise DamagedError("its bytes are damaged")
    return weakref.ref.__new__(kind, target, callback)


class WeakDictForm(Form):
    """Weak dicts: the keys and values that are alive."""

    ragged = 2
    hashes = True

    def __init__(self, kind: Any) -> None:
        self.name = kind.__name__
        self._kind = kind

    def take(self, walk: "Walk", values: list[Any]) -> Columns:
        items = [list(value.items()) for value in values]
        keys, inner = transposed([pair for some in items for pair in some], 2)
        return [list(map(len, items)), keys, inner]

    def make(self, count: int, columns: Columns, scope: "Scope") -> list[Any]:
        return [self._kind() for _ in range(count)]

    def fill(self, made: list[Any], columns: Columns, scope: "Scope") -> None:
        lengths, keys, values = columns
        parts = zip(made, portions(lengths, keys), portions(lengths, values), strict=True)
        for one, some, others in parts:
            for key, value in zip(some, others, strict=True):
                one[key] = value


class WeakSetForm(Form):
    """Weak sets: the items that are alive."""

    name = "WeakSet"
    ragged = 1
    hashes = True

    def take(self, walk: "Walk", values: list[Any]) -> Columns:
        items = [walk.ordered(value) for value in values]
        return [list(map(len, items)), [item for some in items for item in some]]

    def make(self, count: int, columns: Columns, scope: "Scope") -> list[Any]:
        return [weakref.WeakSet() for _ in range(count)]

    def fill(self, made: list[Any], columns: Columns, scope: "Scope") -> None:
        for one, items in zip(made, portions(*columns), strict=True):
            for item in items:
                one.add(item)


def _proxy_row(value: Any) -> tuple[Any, ...]:
    return (_target(value),)


def _method_row(value: Any) -> tuple[Any, ...]:
    method = value()
    return (None, None) if method is None else (method.__self__, method.__func__)


def _method(owner: Any, function: Any) -> Any:
    if function is None:
        owner, function = _Gone(), _Gone.__init__
    return weakref.WeakMethod(MethodType(function, owner))


def _finalizer_row(value: Any) -> tuple[Any, ...]:
    held = value.peek()
    return (*held, value.atexit) if held is not None else (None, None, (), {}, True)


def _finalizer(target: Any, function: Any, args: Any, named: Any, atexit: bool) -> Any:
    if function is None:
        made = weakref.finalize(_Gone(), int)
        made.detach()
        return made
    made = weakref.finalize(target, function, *exactly(args, tuple), **exactly(named, dict))
    made.atexit = atexit
    return made


def _target(value: Any) -> Any:
    """The object behind a proxy: the only one whose list of weak references has it."""
    for one in gc.get_objects():
        try:
            if any(reference is value for reference in weakref.getweakrefs(one)):
                return one
        except TypeError:
            continue
    return _Gone()


REFERENCE = parts("weak reference", 4, _reference_row, _reference)
FORMS: dict[type, Any] = {
    weakref.WeakKeyDictionary: register(WeakDictForm(weakref.WeakKeyDictionary)),
    weakref.WeakValueDictionary: register(WeakDictForm(weakref.WeakValueDictionary)),
    weakref.WeakMethod: parts("weak method", 2, _method_row, _method),
    weakref.finalize: parts("finalizer", 5, _finalizer_row, _finalizer, deep=True),
    weakref.WeakSet: register(WeakSetForm()),
    weakref.ProxyType: parts("weak proxy", 1, _proxy_row, weakref.proxy),
}
