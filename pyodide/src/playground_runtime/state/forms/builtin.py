"""The forms of types that Python and its standard library bring, by exact type or by family."""

import asyncio
import functools
import io
import re
import struct
import types
import weakref
from collections import OrderedDict, defaultdict, deque
from typing import TYPE_CHECKING, Any

from playground_runtime.state import reasons
from playground_runtime.state.forms import (
    database,
    functions,
    iterators,
    library,
    memory,
    modules,
    storage,
    sync,
    typings,
    weak,
)
from playground_runtime.state.forms import errors as errors_forms
from playground_runtime.state.forms import files as files_forms
from playground_runtime.state.forms.base import Form, UnsavableError, exactly
from playground_runtime.state.forms.classes import CLASS_DICT, ClassDict
from playground_runtime.state.forms.collected import DEFAULTDICT, DEQUE, ORDERED
from playground_runtime.state.forms.containers import BUILTIN
from playground_runtime.state.forms.instances import UNSET, UNSET_FORM, mro, names_in
from playground_runtime.state.forms.names import NAME
from playground_runtime.state.forms.parts import parts
from playground_runtime.state.forms.views import VIEWS
from playground_runtime.state.naming import is_class, is_module, look_up, module_of, name_of

if TYPE_CHECKING:
    from playground_runtime.state.forms.choose import Chooser, Forms

module_form = modules.form_of


def _property_row(value: property) -> tuple[Any, ...]:
    return value.fget, value.fset, value.fdel, value.__doc__


def _wrapper_row(value: Any) -> tuple[Any, ...]:
    return value.__func__, value.__dict__


def _wrapper_fill(made: Any, names: Any) -> None:
    made.__dict__.update(exactly(names, dict))


def _cached_row(value: Any) -> tuple[Any, ...]:
    options = value.cache_parameters()
    return value.__wrapped__, options["maxsize"], options["typed"], value.__dict__


def _cached_remark(value: Any) -> str:
    return reasons.CACHE if value.cache_info().currsize else ""


def _builtin(value: Any) -> Form:
    owner = value.__self__
    if owner is None or is_module(owner):
        if look_up(value.__module__ or "builtins", value.__qualname__) is value:
            return NAME
        raise UnsavableError(f"the built-in function {value.__name__}")
    return _BOUND


def _bound_row(value: Any) -> tuple[Any, ...]:
    return value.__self__, value.__name__


def _bind(owner: Any, name: str) -> Any:
    exactly(name, str)
    for part in mro(type(owner)):
        found = names_in(part).get(name)
        if found is not None and type(found) in _BUILTIN_METHODS:
            return found.__get__(owner, type(owner))
    for part in mro(owner) if is_class(owner) else ():
        found = names_in(part).get(name)
        if type(found) is types.ClassMethodDescriptorType:
            return found.__get__(None, owner)
        if type(found) is types.BuiltinFunctionType:
            return found
    raise AttributeError(name)


_BUILTIN_METHODS = (
    types.MethodDescriptorType,
    types.WrapperDescriptorType,
    types.ClassMethodDescriptorType,
)


def _descriptor(value: Any) -> Form:
    owner = value.__objclass__
    if type.__dict__["__dict__"].__get__(owner).get(value.__name__) is value:
        return _OF_CLASS
    raise UnsavableError("a descriptor of a built-in class")


def _of_class(owner: Any, name: str) -> Any:
    return names_in(owner)[name]


def _fill_partial(made: Any, args: Any, named: Any, names: Any) -> None:
    exactly(args, tuple)
    made.__setstate__((made.func, args, exactly(named, dict), names))


_BOUND = parts("bound", 2, _bound_row, _bind)
_OF_CLASS = parts("of class", 2, lambda value: (value.__objclass__, value.__name__), _of_class)
_PROPERTY = parts("property", 4, _property_row, property)
_STATIC = parts(
    "staticmethod", 2, _wrapper_row, staticmethod, head=1, complete=_wrapper_fill, copies=True
)
_CLASSMETHOD = parts(
    "classmethod", 2, _wrapper_row, classmethod, head=1, complete=_wrapper_fill, copies=True
)
_SLICE = parts("slice", 3, lambda value: (value.start, value.stop, value.step), slice)
_RANGE = parts("range", 3, lambda value: (value.start, value.stop, value.step), range)
_CACHED = parts(
    "cached function",
    4,
    _cached_row,
    lambda function, size, typed: functools.lru_cache(size, typed)(function),
    head=3,
    complete=_wrapper_fill,
    copies=True,
    remark=_cached_remark,
)
_PROXY = parts("mapping proxy", 1, modules.proxied, types.MappingProxyType)
_STRUCT = parts("struct", 1, lambda value: (value.format,), struct.Struct)
_PARTIAL = parts(
    "partial",
    4,
    lambda value: (value.func, value.args, value.keywords, value.__dict__),
    lambda function: functools.partial(function),
    head=1,
    complete=_fill_partial,
)

FORMS: dict[type, Any] = {
    **BUILTIN,
    **memory.FORMS,
    **weak.FORMS,
    **sync.FORMS,
    **typings.FORMS,
    **VIEWS,
    **iterators.FORMS,
    **storage.FORMS,
    deque: DEQUE,
    defaultdict: DEFAULTDICT,
    OrderedDict: ORDERED,
    types.CellType: functions.CELL,
    types.CodeType: functions.CODE,
    types.MethodType: functions.METHOD,
    functions.Source: functions.SOURCE,
    ClassDict: CLASS_DICT,
    type(UNSET): UNSET_FORM,
    property: _PROPERTY,
    staticmethod: _STATIC,
    classmethod: _CLASSMETHOD,
    slice: _SLICE,
    range: _RANGE,
    functools._lru_cache_wrapper: _CACHED,
    functools.partial: _PARTIAL,
    types.MappingProxyType: _PROXY,
    struct.Struct: _STRUCT,
    types.BuiltinFunctionType: _builtin,
    # Methods in C that are told the class they are defined in have a type of their own.
    type(re.compile("").match): lambda value: _BOUND,
    type(object().__str__): lambda value: _BOUND,
    types.WrapperDescriptorType: _descriptor,
    types.MethodDescriptorType: _descriptor,
    types.ClassMethodDescriptorType: _descriptor,
    types.GetSetDescriptorType: _descriptor,
    types.MemberDescriptorType: _descriptor,
}


def choose(kind: type, forms: "Forms") -> "Form | Chooser | None":
    """The form of a type that belongs to a family, None for others."""
    if issubclass(kind, BaseException):
        return errors_forms.form_of(kind)
    if issubclass(kind, io.IOBase) and module_of(kind) in ("_io", "io"):
        return files_forms.chooser(kind, library.chooser(kind, forms, own=False))
    if module_of(kind) == "compression.zstd":
        return storage.compressing
    if module_of(kind) == "sqlite3" and name_of(kind) == "Connection":
        return database.CONNECTION
    if module_of(kind) == "sqlite3" and name_of(kind) == "Row":
        return database.ROW
    if issubclass(kind, weakref.ReferenceType):
        return weak.REFERENCE
    if issubclass(kind, asyncio.Future):
        return sync.future
    if kind in sync.ASYNCIO:
        return sync.ASYNCIO_FORM
    words = refused(kind)
    if words is not None:

        def refuse(value: Any) -> Form:
            raise UnsavableError(_named(words, value))

        return refuse
    return None


_REFUSED: dict[str, str] = {
    "generator": "a running generator",
    "async_generator": "a running generator",
    "coroutine": "a coroutine that has begun",
    "frame": "a running function's frame",
    "socket": "a network connection",
    "Cursor": "a database cursor",
    "Thread": "a thread",
    "JsProxy": "a JavaScript object",
    "HASH": "a hash in the making",
}


def refused(kind: type) -> str | None:
    """What a type is called that is never saved."""
    module = module_of(kind)
    if module == "_contextvars":
        return "a context of context variables"
    if module == "_hashlib" or module in (
        "_md5",
        "_sha1",
        "_sha2",
        "_sha3",
        "_blake2",
    ):
        return "a hash in the making"
    return _REFUSED.get(name_of(kind)) if module != "__main__" else None


def _named(words: str, value: Any) -> str:
    """A generator is called by its function's name as well."""
    name = getattr(value, "__name__", None) if type(value) in _RUNNING else None
    return f"{words} '{name}'" if type(name) is str else words


_RUNNING = (types.GeneratorType, types.AsyncGeneratorType, types.CoroutineType)
