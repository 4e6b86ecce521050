"""Reducers for objects that pickle refuses, or would change without a word.

``plan(kind)`` chooses once for a type. A reducer that cannot be exact raises ``UnsavableError``.
"""

import asyncio
import copyreg
import dataclasses
import functools
import gc
import io
import os
import re
import struct
import sys
import threading
import types
import typing
import weakref
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from playground_runtime.state import rebuild
from playground_runtime.state.reasons import UnsavableError

type Reduced = Any
_RLOCK = type(threading.RLock())
_HASHED = frozenset({int, float, complex, bool, str, bytes, type(None)})


def plan(kind: type) -> Callable[[Any], Reduced] | None:
    """The reducer for objects of a type, None to leave them to cloudpickle."""
    exact = _EXACT.get(kind)
    if exact is not None:
        return exact
    if issubclass(kind, BaseException):
        return _exception
    if kind in rebuild.ASYNCIO:
        return _asyncio
    if issubclass(kind, io.IOBase) and kind not in (io.StringIO, io.BytesIO):
        return _file if kind.__module__ in ("_io", "io") else None
    if issubclass(kind, weakref.ReferenceType):
        return _refuse("a weak reference")
    if issubclass(kind, asyncio.Future):
        return _refuse("an asyncio task" if issubclass(kind, asyncio.Task) else "an asyncio future")
    if kind.__name__ == "JsProxy":
        return _javascript
    return _instance if _needs_care(kind) else None


def _needs_care(kind: type) -> bool:
    """Whether pickle's way to set state would run code of the class."""
    if kind.__module__ in sys.stdlib_module_names or _finds(kind, "__setstate__"):
        return False
    if _finds(kind, "__reduce_ex__") or _finds(kind, "__reduce__"):
        return False
    careful = ("__getattr__", "__getattribute__", "__setattr__", "__slots__", "__hash__")
    return any(_finds(kind, name) for name in careful)


def _finds(kind: type, name: str) -> bool:
    return any(name in one.__dict__ for one in kind.__mro__ if one is not object)


def _instance(value: Any) -> Reduced:
    reduced = value.__reduce_ex__(5)
    made = copyreg.__newobj__  # type: ignore[attr-defined]  # Its types leave it out.
    if not isinstance(reduced, tuple) or reduced[0] is not made:
        return NotImplemented
    if len(reduced) < 3 or not _plain_state(reduced[2]):
        return reduced
    state, parts = reduced[2], (*reduced[3:], None, None)[:2]
    make, args = reduced[0], reduced[1]
    names = state[0] if isinstance(state, tuple) else state
    if names and _finds(type(value), "__hash__"):
        # In a cycle through a set, the hash is wanted before the rest of the state is there.
        atoms = {name: inner for name, inner in names.items() if type(inner) in _HASHED}
        make, args = rebuild.make_hashable, (*args[:1], args[1:], atoms)
    return (make, args, state, *parts, rebuild.fill_instance)


def _plain_state(state: Any) -> bool:
    halves = state if isinstance(state, tuple) and len(state) == 2 else (state,)
    return all(half is None or type(half) is dict for half in halves)


def _exception(error: BaseException) -> Reduced:
    if type(error).__reduce__ not in _BUILTIN_REDUCES:
        return NotImplemented
    reduced = error.__reduce__()
    names = reduced[2] if len(reduced) > 2 else None
    chain = (error.__cause__, error.__context__, error.__suppress_context__)
    args = (type(error), reduced[1])
    return rebuild.make_exception, args, (names, *chain), None, None, rebuild.fill_exception


_BUILTIN_REDUCES = {
    kind.__dict__["__reduce__"]
    for kind in (BaseException, OSError, ImportError, AttributeError, NameError, StopIteration)
    if "__reduce__" in kind.__dict__
}


def _module(module: types.ModuleType) -> Reduced:
    name = module.__name__
    if name == "__main__" or sys.modules.get(name) is not module:
        raise UnsavableError(
            "a module made by code" if name != "__main__" else "the namespace itself"
        )
    prefix = name + "."
    inner = [one for one in list(sys.modules) if one.startswith(prefix)]
    loaded = [one for one in inner if one not in _at_start and not _is_private(one)]
    return rebuild.import_modules, (name, sorted(loaded))


def _is_private(name: str) -> bool:
    return any(part.startswith("_") for part in name.split("."))


#: Modules that every runtime has; their names are not worth saving.
_at_start: set[str] = set(sys.modules)


def _javascript(value: Any) -> Reduced:
    for name in ("js", "pyodide_js"):
        if sys.modules.get(name) is value:
            return rebuild.import_modules, (name, [])
    raise UnsavableError("a JavaScript object")


def _match(found: re.Match[Any]) -> Reduced:
    args = (found.re, found.string, found.pos, found.endpos)
    for how in ("search", "match", "fullmatch"):
        again = getattr(found.re, how)(*args[1:])
        if again is not None and again.regs == found.regs:
            return rebuild.match_again, (*args, how, 0)
    for count, other in enumerate(found.re.finditer(*args[1:])):
        if other.regs == found.regs:
            return rebuild.match_again, (*args, "finditer", count)
    raise UnsavableError("a regular expression's match")


def _lock(lock: Any) -> Reduced:
    if lock.locked():
        raise UnsavableError("a lock that is held")
    return rebuild.make_lock, ("lock",)


def _rlock(lock: Any) -> Reduced:
    if "count=0 " not in object.__repr__(lock) + repr(lock):
        raise UnsavableError("a lock that is held")
    return rebuild.make_lock, ("rlock",)


def _asyncio(value: Any) -> Reduced:
    names = {**value.__dict__, "_loop": None} if "_loop" in value.__dict__ else dict(value.__dict__)
    return rebuild.make_bare, (type(value),), names, None, None, rebuild.fill_bare


def _view(view: memoryview) -> Reduced:
    owner = view.obj
    whole = memoryview(owner)
    same = (view.format, view.shape, view.strides, view.readonly, view.nbytes)
    if same != (whole.format, whole.shape, whole.strides, whole.readonly, whole.nbytes):
        raise UnsavableError("a view of a part of some memory")
    return rebuild.make_view, (owner,)


def _cached(function: Any) -> Reduced:
    options = function.cache_parameters()
    args = (function.__wrapped__, options["maxsize"], options["typed"])
    return rebuild.make_cached, args, dict(function.__dict__), None, None, rebuild.fill_bare


def _dict_view(which: str) -> Callable[[Any], Reduced]:
    def reduce(view: Any) -> Reduced:
        owners = [one for one in gc.get_referents(view) if isinstance(one, dict)]
        if len(owners) != 1:
            raise UnsavableError("a view of a dict")
        return rebuild.dict_view, (owners[0], which)

    return reduce


def _proxy(proxy: Any) -> Reduced:
    owner = gc.get_referents(proxy)[0]
    if not isinstance(owner, dict) or "__module__" in owner:
        raise UnsavableError("a read-only view of names")
    return types.MappingProxyType, (owner,)


def _weak(value: Any) -> Reduced:
    # What nobody else holds is gone again as soon as all is loaded, as it would be anyway.
    return type(value), (), None, None, iter(list(value.items()))


def _file(file: Any) -> Reduced:
    closed = getattr(file, "closed", False)
    raise UnsavableError("a closed file" if closed else "an open file")


def _refuse(what: str) -> Callable[[Any], Reduced]:
    def reduce(value: Any) -> Reduced:
        raise UnsavableError(what)

    return reduce


def _sentinel(module: str, name: str) -> Callable[[Any], Reduced]:
    return lambda value: (rebuild.module_value, (module, name))


def _newtype(value: Any) -> Reduced:
    return typing.NewType, (value.__name__, value.__supertype__), {"__module__": value.__module__}


_ordered = OrderedDict[str, int]()
_EXACT: dict[type, Callable[[Any], Reduced]] = {
    types.ModuleType: _module,
    re.Match: _match,
    type(threading.Lock()): _lock,
    _RLOCK: _rlock,
    memoryview: _view,
    functools._lru_cache_wrapper: _cached,
    type({}.keys()): _dict_view("keys"),
    type({}.values()): _dict_view("values"),
    type({}.items()): _dict_view("items"),
    type(_ordered.keys()): _dict_view("keys"),
    type(_ordered.values()): _dict_view("values"),
    type(_ordered.items()): _dict_view("items"),
    type(os.environ): lambda value: (
        (rebuild.environment, ()) if value is os.environ else NotImplemented
    ),
    struct.Struct: lambda value: (struct.Struct, (value.format,)),
    typing.NewType: _newtype,
    typing.TypeAliasType: _refuse("a type alias"),
    types.GeneratorType: _refuse("a running generator"),
    types.AsyncGeneratorType: _refuse("a running generator"),
    types.CoroutineType: _refuse("a coroutine that has begun"),
    types.TracebackType: _refuse("a traceback"),
    types.FrameType: _refuse("a running function's frame"),
    types.MappingProxyType: _proxy,
    typing.ParamSpec: lambda value: (typing.ParamSpec, (value.__name__,)),
    typing.TypeVarTuple: lambda value: (typing.TypeVarTuple, (value.__name__,)),
    weakref.WeakValueDictionary: _weak,
    weakref.WeakKeyDictionary: _weak,
    weakref.WeakSet: lambda value: (weakref.WeakSet, (list(value),)),
    type(dataclasses.MISSING): _sentinel("dataclasses", "MISSING"),
    type(dataclasses.KW_ONLY): _sentinel("dataclasses", "KW_ONLY"),
    type(vars(dataclasses)["_HAS_DEFAULT_FACTORY"]): _sentinel(
        "dataclasses", "_HAS_DEFAULT_FACTORY"
    ),
}
