"""Finds the way from a variable to something in it, in Python's words: ``model.callback[0]``.

It looks only where C itself keeps things, so no code of the session runs.
"""

import functools
import gc
from collections import deque
from collections.abc import Iterable, Iterator
from types import CellType, FunctionType, MethodType
from typing import Any, NamedTuple

from playground_runtime.state.forms.instances import layout_of, names_in

#: Objects looked at before the search is given up.
_MOST = 100_000

#: Characters of a way, and of what a key in it is called.
_CHARS = 160
_KEY_CHARS = 40


class _Closure(NamedTuple):
    """The step into a variable that a function took along from the function around it."""

    name: str
    function: str


type _Label = str | _Closure
type _Step = tuple[_Label, Any]

#: The steps to an object, the last one first.
type _Way = tuple[_Way, _Label] | None


def path_to(name: str, value: Any, wanted: Any) -> str:
    """The shortest way from a variable to an object; the name alone where none is found.

    A way through a closure reads ``closure variable conn of function load``.
    """
    if value is wanted:
        return name
    seen = {id(value)}
    queue: deque[tuple[_Way, Any]] = deque([(None, value)])
    while queue and len(seen) < _MOST:
        way, one = queue.popleft()
        for label, child in _children(one):
            if child is wanted:
                return _written(name, (way, label))
            if id(child) not in seen:
                seen.add(id(child))
                queue.append(((way, label), child))
    return name


def _written(name: str, way: _Way) -> str:
    labels: list[_Label] = []
    while way is not None:
        way, label = way
        labels.append(label)
    path, around = name, ""
    for label in reversed(labels):
        if isinstance(label, str):
            path += label
            continue
        holder = _shortened(_within(path, around))
        place = "" if holder == label.function else f" in {holder}"
        path, around = label.name, f" of function {label.function}{place}"
    return _shortened(_within(_shortened(path), around))


def _within(path: str, around: str) -> str:
    return f"closure variable {path}{around}" if around else path


def _shortened(path: str) -> str:
    """Both ends of a long way: the variable, and where in the last thing it ends."""
    if len(path) <= _CHARS:
        return path
    return f"{path[: _CHARS // 2]}…{path[-(_CHARS // 2 - 1) :]}"


def _children(value: Any) -> Iterable[_Step]:
    kind = type(value)
    if kind is FunctionType:
        return _of_function(value)
    if kind is MethodType:
        return ((".__self__", value.__self__), (".__func__", value.__func__))
    if kind is CellType:
        return ((".cell_contents", child) for child in gc.get_referents(value))
    if kind is functools.partial:
        return ((".func", value.func), (".args", value.args), (".keywords", value.keywords))
    if issubclass(kind, type):
        return ((f".{name}", child) for name, child in names_in(value).items())
    return _of_object(value, kind)


def _contents(value: Any, kind: type) -> Iterator[_Step]:
    """What the built-in container holds that a value is or is made of."""
    if issubclass(kind, dict):
        for key, child in dict.items(value):
            yield f"[{_key(key)}]", child
            yield "{…}", key
        return
    for base in (list, tuple, deque):
        if issubclass(kind, base):
            for place, child in enumerate(base.__iter__(value)):
                yield f"[{place}]", child
    for kinds in (set, frozenset):
        if issubclass(kind, kinds):
            for child in kinds.__iter__(value):
                yield "{…}", child


def _key(key: object) -> str:
    plain = type(key) in (str, int, float, bool, bytes, type(None))
    text = repr(key) if plain else "…"
    return text if len(text) <= _KEY_CHARS else f"{text[: _KEY_CHARS - 1]}…"


def _of_function(value: FunctionType) -> Iterator[_Step]:
    for name, cell in zip(value.__code__.co_freevars, value.__closure__ or (), strict=False):
        for child in gc.get_referents(cell):
            yield _Closure(name, value.__name__), child
    if value.__defaults__:
        yield ".__defaults__", value.__defaults__
    if value.__kwdefaults__:
        yield ".__kwdefaults__", value.__kwdefaults__
    for name, child in value.__dict__.items():
        yield f".{name}", child


def _of_object(value: Any, kind: type) -> Iterator[_Step]:
    named = set()
    for label, child in _contents(value, kind):
        named.add(id(child))
        yield label, child
    layout = layout_of(kind)
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
