"""Looks over values before they are pickled: how deep they nest, which session classes they use.

In a browser the pickler's recursion does not raise RecursionError: it overruns JavaScript's stack
and ends Python for good. So depth is measured first, with an explicit stack, in pickle's order.
"""

import gc
import sys
import types
import weakref
from collections.abc import Iterable, Iterator
from itertools import chain
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

import cloudpickle.cloudpickle as base

#: Containers inside each other that the pickler may meet; an instance counts as one.
MAX_DEPTH = 250

ATOMS = frozenset({int, float, complex, bool, str, bytes, bytearray, type(None), type(...), range})
_HEAP_TYPE = 1 << 9
_LAZY_ANNOTATIONS = sys.version_info >= (3, 14)
_EXACT = frozenset({list, tuple, set, frozenset})


_WEAK = (weakref.WeakKeyDictionary, weakref.WeakValueDictionary)

#: Parts of running programs: not descended into, and refused by the pickler.
_OPAQUE = frozenset(
    {
        types.CodeType,
        types.FrameType,
        types.TracebackType,
        types.GeneratorType,
        types.CoroutineType,
        types.AsyncGeneratorType,
    }
)


class TooDeepError(Exception):
    """A value nests deeper than ``MAX_DEPTH``."""


class Survey:
    """One walk over the values that one pickler is about to save, in the same order."""

    def __init__(self, forbidden: dict[int, str]) -> None:
        self.classes: dict[int, type] = {}
        self.forbidden = forbidden
        self._seen: dict[int, None] = {}

    def visit(self, value: object) -> str | None:
        """Walk a value. Gives the word for a forbidden object in it, or None.

        Raises:
            TooDeepError: what this walk has seen is forgotten, for it is not going to be saved.
        """
        before = len(self._seen)
        try:
            return self._walk(value)
        except TooDeepError:
            while len(self._seen) > before:
                self._seen.popitem()
            raise

    def _walk(self, value: object) -> str | None:
        seen, forbidden = self._seen, self.forbidden
        found = forbidden.get(id(value))
        stack: list[Iterator[object]] = [iter((value,))]
        while stack:
            for child in stack[-1]:
                kind = type(child)
                if kind in ATOMS or id(child) in seen:
                    continue
                seen[id(child)] = None
                if id(child) in forbidden:
                    found = forbidden[id(child)]
                    continue
                inner = self._inner(child, kind)
                if inner is None:
                    continue
                stack.append(inner)
                if len(stack) > MAX_DEPTH:
                    raise TooDeepError
                break
            else:
                stack.pop()
        return found

    def _inner(self, value: Any, kind: type) -> Iterator[object] | None:
        """What the pickler will descend into, None when nothing of interest."""
        if kind in _EXACT:
            return None if ATOMS.issuperset(map(type, value)) else iter(value)
        if kind is dict:
            return _dict_values(value)
        if kind is ModuleType:
            return None
        if kind is FunctionType:
            return _function_parts(value)
        if issubclass(kind, type):
            return self._class_parts(value)
        if kind is BuiltinFunctionType:
            owner = value.__self__
            return None if isinstance(owner, ModuleType) else iter((owner,))
        if kind in _WEAK:
            return iter([*value.keys(), *value.values()])
        if kind is weakref.WeakSet:
            return iter(list(value))
        if kind in _OPAQUE:
            return None
        if issubclass(kind, BaseException):
            chain_of = (value.args, value.__dict__, value.__cause__, value.__context__)
            return iter(chain_of)
        children: Iterable[object] = gc.get_referents(value)
        return None if ATOMS.issuperset(map(type, children)) else iter(children)

    def _class_parts(self, value: type) -> Iterator[object] | None:
        if not value.__flags__ & _HEAP_TYPE or by_reference(value):
            return None
        parts = (type(value), *value.__bases__, *value.__dict__.values())
        self.classes[id(value)] = value
        return iter(parts)


def _dict_values(value: dict[Any, Any]) -> Iterator[object] | None:
    if ATOMS.issuperset(map(type, value.values())) and ATOMS.issuperset(map(type, value)):
        return None
    return chain.from_iterable(value.items())


def _function_parts(function: FunctionType) -> Iterator[object] | None:
    if by_reference(function):
        return None
    parts: list[object] = [function.__defaults__, function.__kwdefaults__, function.__dict__]
    if _LAZY_ANNOTATIONS:
        parts.append(getattr(function, "__annotate__", None))
    for cell in function.__closure__ or ():
        try:
            parts.append(cell.cell_contents)
        except ValueError:
            continue
    return iter(parts)


def by_reference(value: Any) -> bool:
    """Whether a class or function is found again by its module and name, outside the session."""
    module = getattr(value, "__module__", None)
    if module == "__main__":
        return False
    if type(module) is not str or module not in sys.modules:
        return False
    return bool(base._should_pickle_by_reference(value))
