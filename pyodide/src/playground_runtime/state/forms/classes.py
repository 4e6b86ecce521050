"""Classes of the session, by value and with one identity.

A class is made bare by ``type.__new__`` and gets its attributes afterwards, so no metaclass, no
``__init_subclass__`` and no ``__set_name__`` runs a second time. Enums, dataclasses, named tuples
and protocols need nothing of their own: what they are is in their attributes.
"""

import _abc  # type: ignore[import-not-found]  # Typeshed has no stub of it.
import abc
import gc
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from types import GetSetDescriptorType, MemberDescriptorType
from typing import TYPE_CHECKING, Any

from playground_runtime.state.forms.base import (
    Columns,
    Form,
    UnsavableError,
    exactly,
    portions,
    register,
    transposed,
)
from playground_runtime.state.forms.instances import mro, names_in
from playground_runtime.state.naming import is_made_by_python, module_of

if TYPE_CHECKING:
    from playground_runtime.state.scope import Scope
    from playground_runtime.state.walk import Walk

#: Attributes that stand first in a class that was restored: it cannot be made without them.
_FIRST = ("__module__", "__slots__", "__doc__")
_LEFT_OUT = frozenset({"_abc_impl", "__dict__", "__weakref__"})
_read = {name: type.__dict__[name].__get__ for name in ("__name__", "__qualname__", "__bases__")}


class ClassDict:
    """Stands for the dict of a class itself, by which annotations look up names."""

    __slots__ = ("_owner",)

    def __init__(self, owner: type) -> None:
        # The class is not kept alive: a mark is used in every capture as long as it lives.
        self._owner = weakref.ref(owner)

    @property
    def owner(self) -> type | None:
        """The class, as long as it lives."""
        return self._owner()


class ClassForm(Form):
    """Classes: what the bare class needs, then the names and values of its attributes."""

    name = "class"
    head = 6
    ragged = 2
    lengths = 7

    def take(self, walk: "Walk", values: list[Any]) -> Columns:
        rows = transposed([self._row(value, walk) for value in values], 7)
        names = [_attributes(value) for value in values]
        keys = [name for some in names for name in some]
        inner = [one for some in names for one in some.values()]
        return [*rows, list(map(len, names)), keys, inner]

    def _row(self, value: Any, walk: "Walk") -> tuple[Any, ...]:
        own = names_in(value)
        walk.forms.scope.class_dicts[id(class_dict(value))] = value
        slots = own.get("__slots__")
        if slots is not None and type(slots) not in (str, tuple):
            slots = walk.keep(tuple(slots))
        registered = None
        if issubclass(type(value), abc.ABCMeta):
            found = (reference() for reference in _abc._get_dump(value)[0])
            registered = walk.keep(tuple(one for one in found if one is not None)) or None
        name, path, bases = (read(value) for read in _read.values())
        return type(value), name, path, bases, slots, own.get("__orig_bases__"), registered

    def make(self, count: int, columns: Columns, scope: "Scope") -> list[Any]:
        return [self._bare(scope, *row) for row in zip(*columns, strict=True)]

    @staticmethod
    def _bare(
        scope: "Scope", kind: Any, name: str, path: str, bases: Any, slots: Any, original: Any
    ) -> Any:
        exactly(bases, tuple)
        names: dict[str, Any] = {"__qualname__": path, "__module__": "__main__"}
        if slots is not None:
            names["__slots__"] = exactly(slots, str, tuple)
        if original is not None:
            names["__orig_bases__"] = exactly(original, tuple)
        with _without_hooks(bases, scope):
            made = type.__new__(kind, name, bases, names)
        if issubclass(type(made), abc.ABCMeta):
            _abc._abc_init(made)
        return made

    def fill(self, made: list[Any], columns: Columns, scope: "Scope") -> None:
        registered_all, lengths, keys, inner = columns
        parts = zip(
            made, registered_all, portions(lengths, keys), portions(lengths, inner), strict=True
        )
        for one, registered, names, values in parts:
            for name in [name for name in names_in(one) if _is_free(one, name)]:
                type.__delattr__(one, name)
            # Before the class has a ``__subclasshook__`` that would be asked.
            for other in exactly(registered or (), tuple):
                abc.ABCMeta.register(one, other)
            for name, value in zip(names, values, strict=True):
                type.__setattr__(one, name, value)


def _attributes(value: type) -> dict[str, Any]:
    """The attributes of a class but for those that its layout makes, in the order of a restore."""
    names = {
        name: inner
        for name, inner in names_in(value).items()
        if name not in _LEFT_OUT and not _belongs_to_layout(value, inner)
    }
    return {name: names[name] for name in _FIRST if name in names} | names


class ClassDictForm(Form):
    """The dicts behind classes."""

    name = "class dict"
    head = 1

    def take(self, walk: "Walk", values: list[Any]) -> Columns:
        return [[value.owner for value in values]]

    def make(self, count: int, columns: Columns, scope: "Scope") -> list[Any]:
        return list(map(ClassDict, columns[0]))


def class_dict(owner: type) -> Any:
    """The dict behind a class's ``__dict__``."""
    return gc.get_referents(names_in(owner))[0]


def form_of(value: type) -> Form:
    """The form of a class that is not found by name.

    Raises:
        UnsavableError: it was made in C.
    """
    if not is_made_by_python(value):
        raise UnsavableError("a class made in C")
    return CLASS


def _belongs_to_layout(owner: type, value: Any) -> bool:
    return (
        type(value) in (MemberDescriptorType, GetSetDescriptorType) and value.__objclass__ is owner
    )


def _is_free(owner: Any, name: str) -> bool:
    if name in _LEFT_OUT or name == "__slots__" or name in type.__dict__:
        return False
    return not _belongs_to_layout(owner, names_in(owner)[name])


@contextmanager
def _without_hooks(bases: tuple[type, ...], scope: "Scope") -> Iterator[None]:
    """Take ``__init_subclass__`` of the session's classes away for the moment."""
    hooks: list[tuple[type, Any]] = []
    for base in bases:
        for part in mro(base):
            names = names_in(part)
            hook = names.get("__init_subclass__")
            if hook is not None and is_made_by_python(part) and not _is_library(part, scope):
                hooks.append((part, hook))
                type.__delattr__(part, "__init_subclass__")
    try:
        yield
    finally:
        for part, hook in reversed(hooks):
            type.__setattr__(part, "__init_subclass__", hook)


def _is_library(kind: type, scope: "Scope") -> bool:
    """Whether a class is what a library holds; what a class says of its module may be untrue."""
    path = type.__dict__["__qualname__"].__get__(kind)
    return scope.naming.by_name(kind, module_of(kind), path)


CLASS = register(ClassForm())
CLASS_DICT = register(ClassDictForm())
