"""Which functions, classes and modules belong to the session, and how others are found by name."""

import importlib
import importlib.util
import os
import sys
import weakref
from collections.abc import Callable
from types import ModuleType
from typing import Any

from playground_runtime.state.codec.stream import DamagedError

#: Modules that open a page or print a poem when they are imported.
_NOISY = frozenset({"antigravity", "this"})
_missing = object()
_read_module = type.__dict__["__module__"].__get__
_read_name = type.__dict__["__name__"].__get__
_read_flags = type.__dict__["__flags__"].__get__


def is_class(value: Any) -> bool:
    """Whether this is a class, whatever its ``__class__`` pretends."""
    return issubclass(type(value), type)


def is_module(value: Any) -> bool:
    """Whether this is a module, whatever its ``__class__`` pretends."""
    return issubclass(type(value), ModuleType)


def name_of(kind: type) -> str:
    """The name of a class, without asking its metaclass."""
    return str(_read_name(kind))


def is_made_by_python(kind: type) -> bool:
    """Whether a class can have been made by code in Python: it lives on the heap."""
    return bool(_read_flags(kind) & 1 << 9)


def has_no_instances(kind: type) -> bool:
    """Whether objects of a class come from C alone."""
    return bool(_read_flags(kind) & 1 << 7)


def module_of(value: Any) -> Any:
    """The ``__module__`` that a class or function was made with, without code of the session."""
    if is_class(value):
        # A metaclass may have attributes of its own.
        return _read_module(value)
    return getattr(value, "__module__", None)


def look_up(module: str, path: str, *, load: Callable[[str], ModuleType] | None = None) -> Any:
    """What a module holds under a dotted name; a fresh object where there is no such thing.

    A module that nobody has imported is asked of ``load``.
    """
    found: Any = sys.modules.get(module)
    if found is None:
        if load is None:
            return _missing
        found = load(module)
    for name in path.split("."):
        names = vars_of(found)
        found = names.get(name, _missing) if names is not None else _missing
        if found is _missing:
            return _missing
    return found


def vars_of(value: Any) -> Any:
    """The names in a module or class."""
    if is_module(value):
        return ModuleType.__getattribute__(value, "__dict__")
    if is_class(value):
        merged: dict[str, Any] = {}
        for part in reversed(type.__getattribute__(value, "__mro__")):
            merged.update(type.__getattribute__(part, "__dict__"))
        return merged
    return None


def is_missing(value: object) -> bool:
    """Whether ``look_up`` found nothing."""
    return value is _missing


class Naming:
    """Knows which modules are the session's own: ``__main__``, its files, modules made by code."""

    def __init__(self, home: str) -> None:
        self._home = home.rstrip("/") + "/"
        self._own: dict[str, bool] = {}
        self._claimed: weakref.WeakSet[ModuleType] = weakref.WeakSet()

    def claim(self, module: ModuleType) -> None:
        """Count a module as the session's own."""
        self._claimed.add(module)

    def forget(self) -> None:
        """Ask anew about every module."""
        self._own.clear()

    def is_own(self, name: Any) -> bool:
        """Whether code of the session made the module of this name."""
        if name == "__main__" or type(name) is not str:
            return True
        known = self._own.get(name)
        if known is None:
            if name in sys.modules:
                known = self.is_own_module(sys.modules[name])
            else:
                known = name.partition(".")[0] not in sys.stdlib_module_names
            self._own[name] = known
        return known

    def is_own_module(self, module: Any) -> bool:
        """Whether code of the session made this module."""
        if not is_module(module) or module in self._claimed:
            return True
        names = vars_of(module)
        spec = names.get("__spec__")
        if names.get("__name__") in ("__main__", "builtins", "sys"):
            return bool(names.get("__name__") == "__main__")
        file = names.get("__file__")
        if type(file) is str and file.startswith(self._home):
            return True
        return bool(spec is None and names.get("__loader__") is None)

    def by_name(self, value: Any, module: Any, path: Any) -> bool:
        """Whether a value is what an imported module holds under a name."""
        if type(module) is not str or type(path) is not str or self.is_own(module):
            return False
        # Python itself knows classes of modules that nobody has imported yet.
        known = module.partition(".")[0] in sys.stdlib_module_names
        return look_up(module, path, load=self.library if known else None) is value

    def library(self, name: Any) -> ModuleType:
        """Import a module of a library.

        Raises:
            ModuleNotFoundError: there is none of that name.
            DamagedError: the session has a file of that name, whose code would run.
        """
        if type(name) is not str or name in _NOISY:
            raise DamagedError(f"{name} does something when it is imported")
        found = sys.modules.get(name)
        if found is not None:
            return found
        top = name.partition(".")[0]
        if top not in sys.modules:
            spec = importlib.util.find_spec(top)
            places = [spec.origin, *(spec.submodule_search_locations or ())] if spec else []
            home = os.path.realpath(self._home) + "/"
            if any(os.path.realpath(place).startswith(home) for place in places if place):
                raise DamagedError(f"{name} is a file of the session, whose code would run")
        elif self.is_own_module(sys.modules[top]):
            raise DamagedError(f"{name} is a file of the session, whose code would run")
        return importlib.import_module(name)
