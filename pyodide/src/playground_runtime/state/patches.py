"""Attributes of library modules and their classes that the session has changed.

What a module holds is noted when the session is first seen to use it. What the session's own code
defines can only come from the session, so a change in that very entry is found as well.
"""

import calendar  # noqa: F401  # Its settings are known from the start.
import sys
from operator import is_
from types import FunctionType, ModuleType
from typing import Any

from playground_runtime.state.codec.stream import DamagedError
from playground_runtime.state.forms.base import exactly
from playground_runtime.state.naming import Naming, is_class, is_module, module_of, vars_of

_missing = object()

#: Modules that a snapshot does not change: what runs it needs them as they are.
_CLOSED = frozenset(
    {"__main__", "_frozen_importlib", "_pyodide", "_pyodide_core", "importlib", "js"}
    | {"playground_runtime", "pyodide", "pyodide_js"}
)
type Changes = dict[str, dict[str, Any]]


class Patches:
    """Notes what modules held, and finds what is different now."""

    def __init__(self, naming: Naming) -> None:
        self.naming = naming
        self._before: dict[str, dict[str, Any]] = {}
        #: Objects by which modules keep settings, like ``reprlib.aRepr``, and what these were.
        self._singles: dict[str, tuple[Any, dict[str, Any]]] = {}
        self._classes: dict[tuple[str, str], tuple[type, dict[str, Any]]] = {}
        #: All that a module and its classes held when it was last compared, and what came of it.
        self._seen: dict[str, tuple[list[Any], Changes]] = {}
        for name, module in list(sys.modules.items()):
            if is_module(module) and name not in ("__main__", "builtins", "sys"):
                self._note(name, module, late=False)

    def _note(self, name: str, module: ModuleType, *, late: bool = True) -> None:
        names = vars_of(module)
        for place, one in names.items():
            if _is_single(name, one):
                self._singles[f"{name}.{place}"] = (one, dict(one.__dict__))
        self._before[name] = {
            one: value for one, value in names.items() if not (late and self._is_own(value))
        }

    def _is_own(self, value: Any) -> bool:
        defined = type(value) is FunctionType or is_class(value)
        return bool(module_of(value if defined else type(value)) == "__main__")

    def read(self, names: dict[str, Any]) -> Changes:
        """The changed attributes of modules that variables hold, and of their classes."""
        changes: Changes = {}
        for module in [one for one in list(names.values()) if is_module(one)]:
            name = vars_of(module).get("__name__")
            if type(name) is str and not self.naming.is_own_module(module):
                changes |= self._of_module(name, module)
        for place, (single, before) in self._singles.items():
            if single.__dict__ != before:
                now = single.__dict__
                changes[place] = {key: now[key] for key in now if now[key] != before.get(key)}
        return changes

    def _of_module(self, name: str, module: ModuleType) -> Changes:
        if name not in self._before:
            self._note(name, module)
        now = vars_of(module)
        holders = [now, *(vars_of_class(kind) for kind in self._classes_of(name, now).values())]
        state = [value for holder in holders for value in list(holder.values())]
        seen = self._seen.get(name)
        if seen is not None and len(seen[0]) == len(state) and all(map(is_, seen[0], state)):
            return seen[1]
        changes: Changes = {}
        changed = self._changed(self._before[name], now)
        if changed:
            changes[name] = changed
        for path, kind in self._classes_of(name, now).items():
            own = vars_of_class(kind)
            added = {one: inner for one, inner in own.items() if self._is_own(inner)}
            if added:
                changes[f"{name}:{path}"] = added
        self._seen[name] = state, changes
        return changes

    @staticmethod
    def _classes_of(name: str, names: dict[str, Any]) -> dict[str, type]:
        found = {path: one for path, one in list(names.items()) if type(one) is type}
        return {path: kind for path, kind in found.items() if module_of(kind) == name}

    @staticmethod
    def _changed(before: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
        return {
            name: value
            for name, value in list(now.items())
            if before.get(name, _missing) is not value
            and not name.startswith("_")
            and not is_module(value)
        }

    def set(self, changes: Changes) -> None:
        """Change modules and classes again."""
        for place, attributes in changes.items():
            for attribute in exactly(attributes, dict):
                exactly(attribute, str)
            if place in self._singles:
                self._singles[place][0].__dict__.update(attributes)
                continue
            name, _, path = exactly(place, str).partition(":")
            if name.partition(".")[0] in _CLOSED or _replaces(name, attributes):
                raise DamagedError(f"{name} is what Python itself needs")
            module = self.naming.library(name)
            if not path:
                if name not in self._before:
                    self._note(name, module)
                vars_of(module).update(attributes)
                continue
            kind = vars_of(module)[path]
            for attribute, value in attributes.items():
                before = vars_of_class(kind).get(attribute, _missing)
                self._classes[place, attribute] = (kind, {attribute: before})
                type.__setattr__(kind, attribute, value)

    def undo(self) -> None:
        """Let modules be as they were."""
        for name, before in self._before.items():
            module = sys.modules.get(name)
            if not is_module(module):
                continue
            names = vars_of(module)
            for one in self._changed(before, names):
                if one in before:
                    names[one] = before[one]
                else:
                    del names[one]
        for single, before in self._singles.values():
            if single.__dict__ != before:
                single.__dict__.clear()
                single.__dict__.update(before)
        for kind, attributes in self._classes.values():
            for name, value in attributes.items():
                if value is not _missing:
                    type.__setattr__(kind, name, value)
                elif name in vars_of_class(kind):
                    type.__delattr__(kind, name)
        self._classes.clear()
        self._seen.clear()


def _replaces(name: str, attributes: dict[str, Any]) -> bool:
    """Whether something would be changed that ``sys`` or ``builtins`` has."""
    return name in ("sys", "builtins") and not attributes.keys().isdisjoint(
        vars_of(sys.modules[name])
    )


def _is_single(module: str, value: Any) -> bool:
    """Whether a module keeps settings in this object."""
    return f"{module}.{type(value).__name__}" in _KEEPERS


#: Classes whose one object in their module holds settings of the whole program.
_KEEPERS = frozenset({"reprlib.Repr", "calendar.TextCalendar"})


def vars_of_class(kind: type) -> Any:
    """The attributes of a class itself."""
    return type.__dict__["__dict__"].__get__(kind)
