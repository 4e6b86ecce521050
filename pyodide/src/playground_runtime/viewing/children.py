"""What a value is made of: its items and its attributes, each reached by an index.

Items are read with the methods of the builtin that the value derives from, attributes from where
the interpreter keeps them. A property is code: it is named, and not asked.
"""

import functools
import types
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

from playground_runtime.viewing.static import (
    base_of,
    exact,
    fields_of,
    instance_dict,
    is_class,
    members,
    mro,
    slots,
)

Part = Literal["item", "attr"]

#: Stands for the value of what would have to be computed by code of the user.
UNREAD = object()

#: Attributes that are looked for at most.
MAX_ATTRIBUTES = 20_000

_VIEWS: tuple[type, ...] = (type({}.keys()), type({}.values()), type({}.items()))
_TEXTS = (str, bytes, bytearray)
_SLOW = (set, frozenset, deque, dict, *_VIEWS)
_PLAIN = (int, float, complex, bool, type(None), str, bytes, bytearray)


@dataclass(frozen=True)
class Child:
    """Something in a value: what names it there, and which it is."""

    part: Part
    index: int
    #: The key, the position or the name of the attribute; None for an element of a set.
    key: object
    value: Any
    #: Whether it is reached by ``.key``.
    dotted: bool = False


def item_count(value: object) -> int | None:
    """How many items a value has; None when it is no container."""
    if exact(value) in _VIEWS:
        return len(value)  # type: ignore[arg-type]  # These wrap true dicts.
    base: Any = base_of(value)
    return None if base is None or base in _TEXTS else int(base.__len__(value))


def items(value: Any, start: int, count: int) -> list[Child]:
    """Some of the items of a container."""
    kind = exact(value)
    base: Any = kind if kind in _VIEWS else base_of(value)
    if base is None or base in _TEXTS:
        return []
    if base is dict:
        pairs = islice(dict.items(value), start, start + count)
        return [Child("item", start + at, *pair) for at, pair in enumerate(pairs)]
    if base in _SLOW:
        found = list(islice(base.__iter__(value), start, start + count))
    else:
        found = list(base.__getitem__(value, slice(start, start + count)))
    names: tuple[str, ...] = (fields_of(type(value)) or ()) if base is tuple else ()
    unordered = base in (set, frozenset)
    return [
        Child("item", at, names[at], one, dotted=True)
        if at < len(names)
        else Child("item", at, None if unordered else at, one)
        for at, one in enumerate(found, start)
    ]


def attributes(value: object) -> list[Child]:
    """What a value has under names, in the order in which it came to be; properties last."""
    found = islice(_named(value), MAX_ATTRIBUTES)
    return [
        Child("attr", index, name, inner, dotted=True) for index, (name, inner) in enumerate(found)
    ]


def child_at(value: object, part: object, index: object) -> Child | None:
    """The child that a step of a path leads to."""
    if type(index) is not int or index < 0:
        return None
    if part == "item":
        return next(iter(items(value, index, 1)), None)
    if part == "attr":
        found = attributes(value)
        return found[index] if index < len(found) and found[index].value is not UNREAD else None
    return None


def _named(value: Any) -> Iterator[tuple[str, Any]]:
    kind = exact(value)
    if kind in _PLAIN:
        return
    if is_class(value):
        yield from _own_members(value)
        return
    seen: set[str] = set()
    inner = instance_dict(value) or {}
    for name, one in list(inner.items()):
        if type(name) is str and not (kind is types.ModuleType and _is_dunder(name)):
            seen.add(name)
            yield name, one
    for name, one in slots(value):
        if name not in seen:
            seen.add(name)
            yield name, one
    if kind is not types.ModuleType:
        yield from _computed(type(value), seen)


def _own_members(kind: type) -> Iterator[tuple[str, Any]]:
    for name, one in list(members(kind).items()):
        if type(name) is str and not _is_dunder(name):
            inner = one.__func__ if type(one) in (staticmethod, classmethod) else one
            yield name, inner.fget if type(inner) is property else inner
    init = members(kind).get("__init__")
    if type(init) is types.FunctionType:
        yield "__init__", init


def _computed(kind: type, seen: set[str]) -> Iterator[tuple[str, Any]]:
    """The names of what a class would compute; it is not asked."""
    for one in mro(kind):
        for name, found in list(members(one).items()):
            computed = type(found) in (property, functools.cached_property)
            if computed and type(name) is str and name not in seen and name[:1] != "_":
                seen.add(name)
                yield name, UNREAD


def _is_dunder(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")
