"""Modules: those of libraries by name, those of the session by value."""

import gc
import sys
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any

from playground_runtime.state.forms.base import Columns, Form, UnsavableError, exactly, register
from playground_runtime.state.naming import vars_of

if TYPE_CHECKING:
    from playground_runtime.state.forms.choose import Forms
    from playground_runtime.state.scope import Scope
    from playground_runtime.state.walk import Walk


class ImportedForm(Form):
    """A module of a library: its name, and the submodules that were imported."""

    name = "imported"
    head = 2

    def take(self, walk: "Walk", values: list[Any]) -> Columns:
        names = [vars_of(value)["__name__"] for value in values]
        return [names, walk.keep([self._inner(name, walk.forms.scope) for name in names])]

    @staticmethod
    def _inner(name: str, scope: "Scope") -> tuple[str, ...]:
        prefix = name + "."
        inner = (one for one in list(sys.modules) if one.startswith(prefix))
        return tuple(sorted(one for one in inner if one not in scope.at_start and "._" not in one))

    def make(self, count: int, columns: Columns, scope: "Scope") -> list[Any]:
        load = scope.naming.library
        return [self._import(name, inner, load) for name, inner in zip(*columns, strict=True)]

    @staticmethod
    def _import(name: str, inner: tuple[str, ...], load: Callable[[str], ModuleType]) -> ModuleType:
        module = load(name)
        for other in exactly(inner, tuple):
            load(other)
        return module


class OwnModuleForm(Form):
    """A module of the session: its names and values, and whether it is in ``sys.modules``."""

    name = "module"
    head = 1
    copies = True

    def take(self, walk: "Walk", values: list[Any]) -> Columns:
        return [
            [str(vars_of(value).get("__name__")) for value in values],
            walk.keep([self._names(value) for value in values]),
            [sys.modules.get(str(vars_of(value).get("__name__"))) is value for value in values],
        ]

    @staticmethod
    def _names(value: ModuleType) -> dict[str, Any]:
        left_out = ("__builtins__", "__name__")
        return {name: one for name, one in vars_of(value).items() if name not in left_out}

    def make(self, count: int, columns: Columns, scope: "Scope") -> list[Any]:
        return [ModuleType(name) for name in columns[0]]

    def fill(self, made: list[Any], columns: Columns, scope: "Scope") -> None:
        for module, names, is_listed in zip(made, *columns, strict=True):
            own = vars_of(module)
            name = own["__name__"]
            scope.naming.claim(module)
            own.clear()
            own.update({"__name__": name, **exactly(names, dict)})
            # A file of the session may have a library's name; what is loaded of that stays.
            if is_listed and scope.naming.is_own_module(sys.modules.get(name, module)):
                sys.modules[name] = module


def form_of(value: ModuleType, forms: "Forms") -> Form:
    """The form of a module."""
    name = vars_of(value).get("__name__")
    if type(value) is not ModuleType and forms.scope.naming.is_own_module(value):
        raise UnsavableError("a module of a class of its own")
    if sys.modules.get(name) is value and not forms.scope.naming.is_own_module(value):
        return IMPORTED
    return OWN


def proxied(proxy: Any) -> tuple[Any, ...]:
    """The dict behind a read-only view."""
    owner = gc.get_referents(proxy)[0]
    if not isinstance(owner, dict) or "__module__" in owner:
        raise UnsavableError("a read-only view of names")
    return (owner,)


IMPORTED = register(ImportedForm())
OWN = register(OwnModuleForm())
