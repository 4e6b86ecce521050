"""The rows of the variable table: name, type, size, shape and preview of each user variable."""

import re
import sys
from collections.abc import Mapping
from itertools import chain, islice
from types import BuiltinFunctionType, FunctionType, MethodDescriptorType, ModuleType
from typing import Any

from playground_runtime import limits
from playground_runtime.guarding import Guard
from playground_runtime.namespace import Namespace
from playground_runtime.plaintext import type_name
from playground_runtime.previews import Previews
from playground_runtime.text import clean
from playground_runtime.viewing.shapes import shape_text
from playground_runtime.viewing.static import (
    class_attribute,
    exact,
    instance_dict,
    is_class,
    members,
)

#: Objects that an estimate visits; the rest is taken to be like them.
VISITED = 1_000

type Row = dict[str, Any]

_ENTRY = re.compile(r"<entry-(\d{1,9})>")
_sizeof = sys.getsizeof
_LEAVES = (int, float, complex, bool, str, bytes, type(None))
_SKIPPED = (ModuleType, FunctionType, BuiltinFunctionType)
_CONTAINERS = (list, tuple, set, frozenset, dict)


def variable_rows(
    namespace: Namespace, previews: Previews, guard: Guard, known: Mapping[str, Row]
) -> list[Row]:
    """Rows of at most ``limits.VARIABLES`` variables, in order of creation.

    ``known`` has the rows of variables that are as they were.
    """
    rows = []
    names = namespace.names
    for name in namespace.shown_names()[: limits.VARIABLES]:
        if name in known:
            rows.append(known[name])
            continue
        value = names.get(name)
        entry, line = definition_place(value)
        rows.append(
            {
                "name": display_name(name),
                "type": type_name(value),
                "sizeBytes": estimate(value),
                "preview": previews.preview(value),
                "shape": shape_text(value, guard),
                "entry": entry,
                "line": line,
            }
        )
    return rows


def definition_place(value: Any) -> tuple[int, int] | tuple[None, None]:
    """The entry and the line of it, from 1, in which a function or class was defined."""
    if type(value) is FunctionType:
        file, line = value.__code__.co_filename, value.__code__.co_firstlineno
    elif is_class(value):
        # Python before 3.13 does not note the line of a class.
        names = members(value)
        methods = (one for one in names.values() if type(one) is FunctionType)
        file = next((one.__code__.co_filename for one in methods), "")
        line = names.get("__firstlineno__")
    else:
        return None, None
    found = _ENTRY.fullmatch(file)
    if found is None or type(line) is not int or line < 1:
        return None, None
    return int(found[1]), line


def display_name(name: object) -> str:
    """A variable's name as it may leave the runtime."""
    return clean(name if isinstance(name, str) else type_name(name))[: limits.NAME_CHARS]


def estimate(value: object) -> int:
    """About how many bytes a value takes with what it holds; a sample for large ones."""
    seen: set[int] = set()
    total = 0
    left: list[tuple[object, float]] = [(value, 1.0)]
    while left and len(seen) < VISITED:
        one, weight = left.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        total += int(_own_size(one) * weight)
        children, count = _children(one)
        if children:
            scale = weight * count / len(children)
            left.extend((child, scale) for child in children)
    return total


def _own_size(value: object) -> int:
    try:
        # Only what C answers is asked: anything else could run code of the session.
        if type(class_attribute(type(value), "__sizeof__")) is not MethodDescriptorType:
            return object.__sizeof__(value)
        return _sizeof(value, 0)
    except Exception:
        return 0


def _children(value: Any) -> tuple[list[object], int]:
    """A sample of what a value holds, and how many there are."""
    kind = exact(value)
    if kind in _LEAVES or kind in _SKIPPED or is_class(value):
        return [], 0
    if kind is dict:
        both = chain.from_iterable(islice(value.items(), 100))
        return list(both), 2 * len(value)
    if kind in _CONTAINERS:
        return list(islice(value, 100)), len(value)
    inner = instance_dict(value)
    return ([], 0) if inner is None else ([inner], 1)
