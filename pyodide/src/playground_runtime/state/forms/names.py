"""Objects that are found again by a name: in a library, or in the session itself."""

import _collections_abc
import sys
import types
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any

from playground_runtime.state.forms.base import Columns, Form, UnsavableError, exactly, register
from playground_runtime.state.naming import is_class, is_missing, look_up, module_of, vars_of

if TYPE_CHECKING:
    from playground_runtime.state.scope import Scope
    from playground_runtime.state.walk import Walk


def _hidden() -> dict[int, tuple[str, str]]:
    """Classes of Python itself that do not say where they are found."""
    found: dict[int, tuple[str, str]] = {}
    for module in (types, _collections_abc):
        for name, value in vars(module).items():
            said = isinstance(value, type) and look_up(value.__module__, value.__qualname__)
            if isinstance(value, type) and said is not value:
                found.setdefault(id(value), (module.__name__, name))
    return found


HIDDEN = _hidden()


class NameForm(Form):
    """A function, class or constant of a library: module and dotted name."""

    name = "name"
    head = 2

    def take(self, walk: "Walk", values: list[Any]) -> Columns:
        is_own = walk.forms.scope.naming.is_own_module
        found = [self._place(value, is_own) for value in values]
        return [[module for module, _ in found], [path for _, path in found]]

    @staticmethod
    def _place(value: Any, is_own: Callable[[Any], bool]) -> tuple[str, str]:
        if is_class(value):
            known = HIDDEN.get(id(value))
            return known or (module_of(value), type.__dict__["__qualname__"].__get__(value))
        path = getattr(value, "__qualname__", None)
        module = getattr(value, "__module__", None)
        if type(path) is str and type(module) is str and look_up(module, path) is value:
            return module, path
        first = sys.modules.get(module_of(type(value)))
        for holder in (first, *sys.modules.values()):
            names = {} if is_own(holder) else vars_of(holder)
            for name, one in list(names.items()) if type(names) is dict else ():
                if one is value:
                    return names["__name__"], name
        raise UnsavableError("an object that its library calls by a name which it does not have")

    def make(self, count: int, columns: Columns, scope: "Scope") -> list[Any]:
        load = scope.naming.library
        return [self._find(module, path, load) for module, path in zip(*columns, strict=True)]

    @staticmethod
    def _find(module: Any, path: Any, load: Callable[[str], ModuleType]) -> Any:
        found = look_up(exactly(module, str), exactly(path, str), load=load)
        if is_missing(found):
            raise AttributeError(f"{module} has no {path} any more")
        return found


class ConstantForm(Form):
    """The one namespace, ``sys.modules`` and other things that every session has once."""

    name = "constant"
    head = 1

    def take(self, walk: "Walk", values: list[Any]) -> Columns:
        return [[walk.forms.scope.specials[id(value)] for value in values]]

    def make(self, count: int, columns: Columns, scope: "Scope") -> list[Any]:
        return [scope.special(exactly(name, str)) for name in columns[0]]


NAME = register(NameForm())
CONSTANT = register(ConstantForm())
