"""What saved values call when they are loaded: skeletons first, then their contents.

The names in this module are part of the saved format. A function of the session is rebuilt on the
live namespace, so that it sees what is assigned later; a class is made by ``type.__new__``, so that
no metaclass and no ``__init_subclass__`` of the session runs a second time.
"""

import _abc  # type: ignore[import-not-found]  # It has no types.
import abc
import asyncio
import gc
import importlib
import os
import re
import sys
import threading
from collections.abc import Callable
from functools import lru_cache
from types import CellType, CodeType, FunctionType, ModuleType
from typing import Any

_globals: dict[str, Any] = {}


def use_globals(names: dict[str, Any]) -> None:
    """Name the dict on which functions are rebuilt from now on."""
    global _globals
    _globals = names


def make_cell() -> CellType:
    """An empty closure cell."""
    return CellType()


def same[Value](value: Value) -> Value:
    """The object that its skeleton has already become."""
    return value


def fill_cell(cell: CellType, contents: tuple[object]) -> None:
    """Put a value into a cell."""
    cell.cell_contents = contents[0]


def make_function(
    code: CodeType, module: str | None, name: str, closure: tuple[CellType, ...] | None
) -> FunctionType:
    """A bare function on the session's globals, or on those of a module."""
    names = _globals if module is None else vars(importlib.import_module(module))
    return FunctionType(code, names, name, None, closure)


def fill_function(function: FunctionType, state: dict[str, Any]) -> None:
    """Give a function its attributes and fill its cells."""
    for cell, contents in state.pop("cells"):
        cell.cell_contents = contents
    function.__dict__.update(state.pop("dict"))
    for name, value in state.items():
        setattr(function, name, value)


def make_class(kind: type, name: str, bases: tuple[type, ...], names: dict[str, Any]) -> type:
    """A bare class."""
    made: type = type.__new__(kind, name, bases, names)
    if isinstance(made, abc.ABCMeta):
        _abc._abc_init(made)
    return made


def fill_class(made: type, state: tuple[dict[str, Any], list[type]]) -> None:
    """Give a class its attributes, and an abstract one the classes registered with it."""
    names, registered = state
    for name, value in names.items():
        type.__setattr__(made, name, value)
    for other in registered:
        abc.ABCMeta.register(made, other)  # type: ignore[arg-type]  # It is abstract.


def class_dict(owner: type) -> Any:
    """The dict behind a class's ``__dict__``, which closures of annotations hold."""
    return gc.get_referents(owner.__dict__)[0]


def fill_instance(instance: Any, state: Any) -> None:
    """Set attributes without calling ``__setattr__``, ``__getattr__`` or properties."""
    slots = None
    if isinstance(state, tuple) and len(state) == 2:
        state, slots = state
    if state:
        own = object.__getattribute__(instance, "__dict__")
        own.clear()
        own.update({_interned(name): value for name, value in state.items()})
    for name, value in (slots or {}).items():
        object.__setattr__(instance, name, value)


def make_hashable(kind: type, args: tuple[Any, ...], names: dict[str, Any]) -> Any:
    """An instance that already has its plain attributes."""
    made = kind.__new__(kind, *args)
    object.__getattribute__(made, "__dict__").update(names)
    return made


def _interned(name: Any) -> Any:
    return sys.intern(name) if type(name) is str else name


def make_exception(kind: type, args: tuple[Any, ...]) -> BaseException:
    """An exception, set up by the built-in class that it is made from."""
    base = next(one for one in kind.__mro__ if one.__module__ == "builtins")
    made: BaseException = base.__new__(kind, *args)
    base.__init__(made, *args)  # type: ignore[misc]  # The built-in one is wanted.
    return made


def fill_exception(error: BaseException, state: tuple[Any, Any, Any, bool]) -> None:
    """Give an exception its attributes and its chain."""
    names, cause, context, suppress = state
    if names:
        BaseException.__setstate__(error, names)
    error.__cause__, error.__context__ = cause, context
    error.__suppress_context__ = suppress


def import_modules(name: str, inner: list[str]) -> ModuleType:
    """Import a module, and the submodules that the session had imported."""
    module = importlib.import_module(name)
    for other in inner:
        importlib.import_module(other)
    return module


def match_again(
    pattern: re.Pattern[Any], text: Any, start: int, end: int, how: str, count: int
) -> re.Match[Any]:
    """Search once more, in the way that gave the saved match."""
    if how != "finditer":
        found: re.Match[Any] | None = getattr(pattern, how)(text, start, end)
    else:
        matches = pattern.finditer(text, start, end)
        found = next(match for place, match in enumerate(matches) if place == count)
    if found is None:
        raise ValueError("the text does not match any more")
    return found


def make_lock(kind: str) -> Any:
    """A free lock."""
    return threading.Lock() if kind == "lock" else threading.RLock()


def make_bare(kind: type) -> Any:
    """An object of asyncio before its attributes are set."""
    return object.__new__(kind)


def fill_bare(made: Any, names: dict[str, Any]) -> None:
    """Give an object of asyncio its attributes; it joins the present event loop when used."""
    made.__dict__.update(names)


def make_view(owner: Any) -> memoryview:
    """A view of the same memory."""
    return memoryview(owner)


def make_cached(function: Callable[..., Any], size: int | None, typed: bool) -> Any:
    """A function with an empty cache."""
    return lru_cache(size, typed)(function)


def dict_view(owner: dict[Any, Any], which: str) -> Any:
    """The keys, values or items of a dict."""
    return getattr(owner, which)()


def module_value(module: str, name: str) -> Any:
    """A value that is the only one of its kind, found by name."""
    return getattr(importlib.import_module(module), name)


def environment() -> Any:
    """``os.environ``."""
    return os.environ


#: Classes of asyncio whose objects are plain attributes, bound to a loop only while used.
ASYNCIO = (
    asyncio.Queue,
    asyncio.PriorityQueue,
    asyncio.LifoQueue,
    asyncio.Lock,
    asyncio.Event,
    asyncio.Semaphore,
    asyncio.BoundedSemaphore,
    asyncio.Condition,
)
