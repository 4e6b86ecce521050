"""What of a session's functions and classes is saved, and in which of the two phases.

Annotations are not evaluated by saving: where Python keeps them as a function, that is saved.
"""

import _abc  # type: ignore[import-not-found]  # It has no types.
import abc
import enum
import sys
from types import FunctionType, GetSetDescriptorType, MemberDescriptorType
from typing import Any

#: Attributes of the bare class; the layout of instances depends on some of them.
_BARE = ("__module__", "__qualname__", "__slots__", "__orig_bases__")
_LEFT_OUT = frozenset({*_BARE, "_abc_impl", "__dict__", "__weakref__"})
_LAZY_ANNOTATIONS = sys.version_info >= (3, 14)


def is_enum(value: type) -> bool:
    """Whether cloudpickle's own way for enums is to be taken."""
    return isinstance(value, enum.EnumMeta)


def bare_names(value: type) -> dict[str, Any]:
    """The names with which a class is made, before any of its contents exist."""
    names = {name: value.__dict__[name] for name in _BARE if name in value.__dict__}
    names.setdefault("__qualname__", value.__qualname__)
    if "__slots__" in names and not isinstance(names["__slots__"], str | tuple):
        names["__slots__"] = tuple(names["__slots__"])
    return names


def class_state(value: type) -> tuple[dict[str, Any], list[type]]:
    """The attributes of a class, and the classes registered with it if it is abstract."""
    names = {
        name: inner
        for name, inner in value.__dict__.items()
        if name not in _LEFT_OUT and not _belongs_to_layout(value, inner)
    }
    if isinstance(value.__dict__.get("__slots__"), list | dict | set):
        names["__slots__"] = value.__dict__["__slots__"]
    registered: list[type] = []
    if isinstance(value, abc.ABCMeta):
        references = _abc._get_dump(value)[0]
        registered = [one for one in (reference() for reference in references) if one is not None]
    return names, registered


def _belongs_to_layout(owner: type, value: object) -> bool:
    kinds = (MemberDescriptorType, GetSetDescriptorType)
    return isinstance(value, kinds) and value.__objclass__ is owner


def function_state(function: FunctionType) -> dict[str, Any]:
    """A function's attributes but for its code, globals and closure."""
    state: dict[str, Any] = {"dict": function.__dict__}
    for name in ("__defaults__", "__kwdefaults__", "__doc__", "__qualname__", "__module__"):
        state[name] = getattr(function, name)
    if function.__type_params__:
        state["__type_params__"] = function.__type_params__
    annotate = getattr(function, "__annotate__", None) if _LAZY_ANNOTATIONS else None
    if annotate is not None:
        state["__annotate__"] = annotate
    elif function.__annotations__:
        state["__annotations__"] = function.__annotations__
    return state
