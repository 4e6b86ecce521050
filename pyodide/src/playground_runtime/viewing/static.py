"""Looks at an object past everything that its class may have redefined.

``type(x).__mro__``, ``vars(x)`` and ``len(x)`` run code of the user when a class or its metaclass
says so. What is here asks the interpreter's own descriptors instead, and runs nothing of anybody.
"""

import types
from array import array
from collections import deque
from collections.abc import Iterator
from typing import Any

_mro = type.__dict__["__mro__"].__get__
_namespace = type.__dict__["__dict__"].__get__
_MISSING = object()

#: Libraries whose arrays and tables may be asked by attribute; code of theirs is run, bounded.
_LIBRARIES = frozenset({"numpy", "pandas", "polars", "pyarrow", "xarray"})

#: The builtin whose own methods are used on a value of any class derived from it.
_BASES = (dict, list, tuple, str, bytes, bytearray, set, frozenset, deque, range, array)


def mro(kind: type) -> tuple[type, ...]:
    """The classes that a class is made of, itself first."""
    found: tuple[type, ...] = _mro(kind)
    return found


def members(kind: type) -> Any:
    """What one class itself defines."""
    return _namespace(kind)


def exact(value: object) -> type:
    """The type of a value, to compare with builtins; ``object`` where a metaclass could answer."""
    kind = type(value)
    return kind if type(kind) is type else object


def derives(kind: type, base: type) -> bool:
    """Whether a class truly comes from another."""
    return any(one is base for one in mro(kind))


def class_attribute(kind: type, name: str) -> Any:
    """What a class says under a name, as it stands in the class; None when nothing."""
    for one in mro(kind):
        found = members(one).get(name, _MISSING)
        if found is not _MISSING:
            return found
    return None


def base_of(value: object) -> type | None:
    """The builtin container or text that a value truly is, also through a subclass."""
    kind = type(value)
    if kind is int or kind is float or kind is type(None):
        return None
    return next((base for base in _BASES if derives(kind, base)), None)


def is_class(value: object) -> bool:
    """Whether a value is a class, whatever it pretends."""
    return derives(type(value), type)


def instance_dict(value: object) -> dict[Any, Any] | None:
    """The true ``__dict__`` of an instance, or None."""
    if is_class(value):
        return None
    for kind in mro(type(value)):
        found = members(kind).get("__dict__")
        if found is not None:
            if type(found) not in (types.GetSetDescriptorType, types.MemberDescriptorType):
                return None
            inner = found.__get__(value)
            return inner if type(inner) is dict else None
    return None


def slots(value: object) -> Iterator[tuple[str, Any]]:
    """Names and values of ``__slots__`` that are set."""
    if is_class(value):
        return
    for kind in reversed(mro(type(value))):
        for name, found in list(members(kind).items()):
            if type(found) is types.MemberDescriptorType and not name.startswith("__"):
                try:
                    yield name, found.__get__(value)
                except AttributeError:
                    continue


def length(value: object) -> int | None:
    """The length of what truly is a builtin container or text."""
    base: Any = base_of(value)
    return None if base is None else int(base.__len__(value))


def is_library(value: object) -> bool:
    """Whether a value's class comes from a library of arrays and tables."""
    module = members(type(value)).get("__module__")
    return type(module) is str and module.partition(".")[0] in _LIBRARIES


def fields_of(kind: type) -> tuple[str, ...] | None:
    """The field names of a dataclass or a named tuple."""
    fields = class_attribute(kind, "__dataclass_fields__")
    if type(fields) is dict:
        return tuple(name for name in fields if type(name) is str)
    names = class_attribute(kind, "_fields")
    if derives(kind, tuple) and type(names) is tuple and all(type(one) is str for one in names):
        return names
    return None
