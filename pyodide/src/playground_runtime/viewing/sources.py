"""The source of functions and classes: their lines, docstring, and the entry that holds them."""

import inspect
import linecache
import re
import sys
import types
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playground_runtime.previews import signature
from playground_runtime.text import clean, cut
from playground_runtime.viewing.static import exact, is_class, members, mro

#: Characters of a source and of a docstring.
SOURCE_CHARS = 100_000
DOC_CHARS = 20_000

_ENTRY = re.compile(r"<entry-(\d+)>")
_BUILTIN = (types.BuiltinFunctionType, types.MethodDescriptorType, types.WrapperDescriptorType)


@dataclass(frozen=True)
class Source:
    """What is known of a function or class."""

    head: str
    doc: str
    text: str
    file: str | None
    line: int
    entry: int | None


def has_source(value: object) -> bool:
    """Whether a value is a function, a method or a class."""
    return is_class(value) or exact(value) in (types.FunctionType, types.MethodType, *_BUILTIN)


def source_of(value: Any, entries: Mapping[str, str]) -> Source:
    """The source of a function or class. ``entries`` are the sources of the session's entries."""
    if type(value) is types.MethodType:
        value = value.__func__
    if type(value) is types.FunctionType:
        code = value.__code__
        head = signature(value)
        return _made(head, value.__doc__, code.co_filename, code.co_firstlineno, value.__globals__)
    if is_class(value):
        return _class_source(value, entries)
    text = getattr(value, "__text_signature__", None)
    head = f"{value.__name__}{text if type(text) is str else '(…)'}"
    return _made(head, value.__doc__, None, 0, None)


def entry_of(filename: str | None) -> int | None:
    """The number of the entry that a file name stands for."""
    found = _ENTRY.fullmatch(filename or "")
    return int(found[1]) if found else None


def _made(head: str, doc: object, file: str | None, line: int, names: object) -> Source:
    text = _block(file, line, names if type(names) is dict else None) if file and line else ""
    plain = inspect.cleandoc(doc) if type(doc) is str else ""
    return Source(
        head=clean(head)[:2_000],
        doc=cut(clean(plain), DOC_CHARS),
        text=cut(clean(text), SOURCE_CHARS),
        file=file,
        line=line,
        entry=entry_of(file),
    )


def _block(file: str, line: int, names: dict[str, Any] | None) -> str:
    lines = linecache.getlines(file, names)
    if not 0 < line <= len(lines):
        return ""
    try:
        found = inspect.getblock(lines[line - 1 :])
    except Exception:
        return lines[line - 1]
    return inspect.cleandoc("\n" + "".join(found)) if found else ""


def _class_source(kind: type, entries: Mapping[str, str]) -> Source:
    own = members(kind)
    name = type.__dict__["__qualname__"].__get__(kind)
    bases = [type.__dict__["__name__"].__get__(base) for base in mro(kind)[1:-1]]
    head = f"class {name}" + (f"({', '.join(bases)})" if bases else "")
    module = sys.modules.get(own.get("__module__")) if type(own.get("__module__")) is str else None
    names = module.__dict__ if type(module) is types.ModuleType else None
    line = own.get("__firstlineno__")
    if type(line) is not int:
        return _made(head, own.get("__doc__"), None, 0, None)
    file = _file_of_methods(own) or _entry_with(name, line, entries)
    if file is None and names is not None and type(names.get("__file__")) is str:
        file = names["__file__"]
    return _made(head, own.get("__doc__"), file, line, names)


def _file_of_methods(own: Any) -> str | None:
    """The file in which a class stands is that of the functions written inside it."""
    for one in list(own.values()):
        function = one.__func__ if type(one) in (staticmethod, classmethod) else one
        if type(function) is types.FunctionType and _stands_in(function, own):
            return function.__code__.co_filename
    return None


def _stands_in(function: types.FunctionType, own: Any) -> bool:
    """Whether a function was written in the body of a class and not put there or made for it."""
    file, line = function.__code__.co_filename, function.__code__.co_firstlineno
    made = file.startswith("<") and entry_of(file) is None
    return not made and line >= own["__firstlineno__"] and function.__module__ == own["__module__"]


def _entry_with(name: str, line: int, entries: Mapping[str, str]) -> str | None:
    """The latest entry that has the head of such a class at such a line."""
    head = re.compile(rf"\s*(@|class\s+{re.escape(name.rpartition('.')[2])}\b)")
    for file, source in reversed(list(entries.items())):
        lines = source.splitlines()
        if line <= len(lines) and head.match(lines[line - 1]):
            return file
    return None
