"""Finds the way from a variable to something in it, in Python's words: ``model.callback[0]``."""

import gc
from collections import deque
from collections.abc import Iterable, Iterator
from types import CellType, FunctionType, MethodType
from typing import Any

from playground_runtime.state.forms.instances import layout_of, names_in

#: Objects looked at before the search is given up.
_MOST = 100_000

type Step = tuple[str, Any]


def path_to(name: str, value: Any, wanted: Any) -> str:
    """The shortest way from a variable to an object; the name alone where none is found."""
    if value is wanted:
        return name
    seen = {id(value)}
    queue: deque[tuple[str, Any]] = deque([(name, value)])
    while queue and len(seen) < _MOST:
        path, one = queue.popleft()
        for label, child in _children(one):
            if child is wanted:
                return path + label
            if id(child) not in seen:
                seen.add(id(child))
                queue.append((path + label, child))
    return name


def _children(value: Any) -> Iterable[Step]:
    kind = type(value)
    if kind is dict:
        return _items(value)
    if kind in (list, tuple, deque):
        return ((f"[{place}]", child) for place, child in enumerate(value))
    if kind in (set, frozenset):
        return (("{…}", child) for child in value)
    if kind is FunctionType:
        return _of_function(value)
    if kind is MethodType:
        return (("", value.__self__), ("", value.__func__))
    if kind is CellType:
        return ((("", child)) for child in gc.get_referents(value))
    if issubclass(kind, type):
        return ((f".{name}", child) for name, child in names_in(value).items())
    return _of_object(value, kind)


def _items(value: dict[Any, Any]) -> Iterator[Step]:
    for key, child in value.items():
        label = repr(key)[:40] if type(key) in (str, int, float, bool, bytes) else "…"
        yield f"[{label}]", child
        yield "{…}", key


def _of_function(value: FunctionType) -> Iterator[Step]:
    for name, cell in zip(value.__code__.co_freevars, value.__closure__ or (), strict=False):
        for child in gc.get_referents(cell):
            yield f".{name}", child
    for child in (value.__defaults__, value.__kwdefaults__, value.__dict__):
        if child:
            yield "", child


def _of_object(value: Any, kind: type) -> Iterator[Step]:
    layout = layout_of(kind)
    named = set()
    if layout is not None and layout.attributes is not None:
        for name, child in layout.attributes.__get__(value).items():
            named.add(id(child))
            yield f".{name}", child
    for name, descriptor in layout.slots if layout is not None else ():
        try:
            yield f".{name}", descriptor.__get__(value)
        except AttributeError:
            continue
    if gc.is_tracked(value):
        for child in gc.get_referents(value):
            if child is not kind and id(child) not in named:
                yield "", child
