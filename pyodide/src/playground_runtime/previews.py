"""A short text for a value, cheap for any size, and safe from any ``__repr__``.

Containers show their first elements. A ``__repr__`` written in Python may loop for ever: it runs
under a deadline, and all of a table's together under a budget.
"""

import types
from array import array
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable
from itertools import islice
from typing import Any

from playground_runtime import limits
from playground_runtime.hooks import Hooks
from playground_runtime.interaction import clock
from playground_runtime.interrupts import Interrupts
from playground_runtime.plaintext import failed_repr, type_name
from playground_runtime.text import shorten
from playground_runtime.viewing.static import class_attribute, exact, is_class, members, mro

#: Elements of a container and levels of nesting that a preview shows.
ELEMENTS = 40
LEVELS = 4

_BRACKETS: dict[type, tuple[str, str, str]] = {
    list: ("[", "]", "[]"),
    tuple: ("(", ")", "()"),
    set: ("{", "}", "set()"),
    frozenset: ("frozenset({", "})", "frozenset()"),
    dict: ("{", "}", "{}"),
}
_LIKE: dict[type, Any] = {defaultdict: dict, Counter: dict, OrderedDict: dict, deque: list}
_PLAIN = (int, float, complex, bool, type(None), type(...), range, slice)


class Previews:
    """Makes the previews of one table."""

    def __init__(self, hooks: Hooks, interrupts: Interrupts) -> None:
        self._hooks = hooks
        self._interrupts = interrupts
        self._left_ms = float(limits.REPRS_MS)

    def preview(self, value: object) -> str:
        """A line of at most 200 characters."""
        return shorten(self._text(value, 0), limits.PREVIEW_CHARS)

    def _text(self, value: Any, level: int) -> str:
        kind = exact(value)
        if kind in _BRACKETS:
            return self._container(value, level)
        if kind in _LIKE:
            return self._like(value, level)
        if kind in (str, bytes, bytearray):
            return self._long(value)
        if kind is int and value.bit_length() > 4_000:
            return f"<an int of about {int(value.bit_length() * 0.30102999566) + 1:,} digits>"
        if kind in _PLAIN:
            return repr(value)
        if kind is array:
            return self._array(value)
        if is_class(value):
            return f"<class {type.__dict__['__qualname__'].__get__(value)}>"
        if kind is types.ModuleType:
            return f"<module {value.__dict__.get('__name__', '?')}>"
        if kind is types.FunctionType:
            return f"<function {signature(value)}>"
        return self._other(value)

    def _long(self, value: str | bytes | bytearray) -> str:
        room = limits.PREVIEW_CHARS + 20
        if len(value) <= room:
            return repr(value)
        return repr(value[:room])[:-1] + "…"

    def _container(self, value: Any, level: int) -> str:
        opening, closing, empty = _BRACKETS[type(value)]
        if not value:
            return empty
        if level >= LEVELS:
            return f"{opening}…{closing}"
        parts: list[str] = []
        length = 0
        for element in islice(value.items() if type(value) is dict else value, ELEMENTS):
            if type(value) is dict:
                key, inner = element
                part = f"{self._text(key, level + 1)}: {self._text(inner, level + 1)}"
            else:
                part = self._text(element, level + 1)
            parts.append(part)
            length += len(part)
            if length > limits.PREVIEW_CHARS:
                break
        if len(parts) < len(value):
            parts.append("…")
        elif type(value) is tuple and len(parts) == 1:
            closing = ",)"
        return opening + ", ".join(parts) + closing

    def _like(self, value: Any, level: int) -> str:
        """A container of ``collections``: by its first elements too, as its own repr shows all."""
        like = _LIKE[type(value)]
        first = list(islice(value.items() if like is dict else value, ELEMENTS + 1))
        inner = self._container(like(first), level)
        factory = getattr(value, "default_factory", None)
        named = f"{self._text(factory, level + 1)}, " if factory is not None else ""
        return f"{type(value).__name__}({named}{inner})"

    def _array(self, value: "array[Any]") -> str:
        """An array by its first elements, as its own repr shows all."""
        first = value[: ELEMENTS + 1]
        if first.typecode in "uw":
            return repr(first) if len(first) == len(value) else f"{repr(first)[:-2]}…"
        inner = self._container(first.tolist(), 0)
        return f"array({first.typecode!r}, {inner})" if first else repr(first)

    def _other(self, value: object) -> str:
        method = _repr_method(value)
        if method is None:
            return f"<{type_name(value)} object>"
        if not isinstance(method, types.FunctionType) and not _holds_values(value):
            return self._guarded(value, timed=False)
        if self._left_ms <= 0:
            return f"<{type_name(value)} object>"
        return self._guarded(value, timed=True)

    def _guarded(self, value: object, *, timed: bool) -> str:
        started = clock()
        try:
            with self._interrupts.deliver():
                if timed:
                    self._hooks.deadline(limits.REPR_MS)
                text = repr(value)
        except KeyboardInterrupt:
            return f"<{type_name(value)} object: its repr took too long>"
        except SystemExit:
            return f"<{type_name(value)} object>"
        except Exception as error:
            return failed_repr(value, error)
        except BaseException:
            return f"<{type_name(value)} object: its __repr__ failed>"
        finally:
            if timed:
                self._hooks.deadline(0)
                self._left_ms -= (clock() - started) * 1000
        return text


def _repr_method(value: object) -> Callable[..., Any] | None:
    """The ``__repr__`` found on the value's type, None when it is the one of ``object``."""
    for kind in mro(type(value)):
        method = members(kind).get("__repr__")
        if method is not None:
            return None if kind is object else method
    return None


def _holds_values(value: object) -> bool:
    """Whether a repr in C may call those of the user, of any number."""
    kind = type(value)
    builtin = members(kind).get("__module__", "builtins") == "builtins"
    return not builtin or class_attribute(kind, "__len__") is not None


def signature(function: types.FunctionType) -> str:
    """The head of a function without evaluating defaults or annotations."""
    code = function.__code__
    count = code.co_argcount
    arguments = list(code.co_varnames[: count + code.co_kwonlyargcount])
    named = len(arguments)
    if code.co_flags & 0x04:
        arguments.insert(count, "*" + code.co_varnames[named])
    elif code.co_kwonlyargcount:
        arguments.insert(count, "*")
    if code.co_flags & 0x08:
        arguments.append("**" + code.co_varnames[named + bool(code.co_flags & 0x04)])
    return f"{function.__name__}({', '.join(arguments)})"
