"""What an expression stands for, found without running it.

Names are looked up, attributes statically; a property, a call or an index of somebody's class is
never evaluated. Where only the type of a value can be known, that is the answer.
"""

import ast
import builtins
import functools
import inspect
import io
import re
import sys
import types
from dataclasses import dataclass
from typing import Any

from playground_runtime.guarding import Guard

#: Levels of an expression that are followed.
DEPTH = 8

_C_METHODS = (
    types.MethodDescriptorType,
    types.WrapperDescriptorType,
    types.ClassMethodDescriptorType,
)
_C_FIELDS = (types.GetSetDescriptorType, types.MemberDescriptorType)
_INDEXED = (dict, list, tuple, str)
_LITERALS: dict[type, type] = {
    ast.List: list,
    ast.ListComp: list,
    ast.Tuple: tuple,
    ast.Dict: dict,
    ast.DictComp: dict,
    ast.Set: set,
    ast.SetComp: set,
    ast.JoinedStr: str,
}
#: What builtin functions give, by name.
_RESULTS: dict[str, type] = {
    "open": io.TextIOWrapper,
    "input": str,
    "repr": str,
    "chr": str,
    "format": str,
    "hex": str,
    "len": int,
    "ord": int,
    "hash": int,
    "sorted": list,
    "dir": list,
    "vars": dict,
    "str.split": list,
    "str.splitlines": list,
    "str.encode": bytes,
    "bytes.decode": str,
    "list.copy": list,
    "dict.copy": dict,
    "set.copy": set,
}
_TEXT_METHODS = (
    "capitalize casefold center format join ljust lower lstrip replace removeprefix removesuffix "
    "rjust rstrip strip swapcase title translate upper zfill"
)
_RESULTS.update({f"str.{name}": str for name in _TEXT_METHODS.split()})


@dataclass(frozen=True)
class Subject:
    """A value, or with ``exact`` false some instance of the class ``value``."""

    value: Any
    exact: bool = True
    #: Whether the first parameter is already given, as with the method of an instance.
    bound: bool = False

    @property
    def kind(self) -> type:
        """The class of the value."""
        found: type = type(self.value) if self.exact else self.value
        return found


class Finder:
    """Finds the subjects of expressions in one namespace and one source."""

    def __init__(self, names: dict[str, Any], guard: Guard, source: str = "") -> None:
        self._names = names
        self._guard = guard
        self._source = source

    def find(self, expression: str) -> Subject | None:
        """What an expression stands for; None when that cannot be known."""
        return self._parsed(expression, DEPTH)

    def _parsed(self, expression: str, depth: int) -> Subject | None:
        try:
            tree = ast.parse(expression.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
        return self._of(tree, depth)

    def _of(self, node: ast.expr, depth: int) -> Subject | None:
        if depth <= 0:
            return None
        if type(node) in _LITERALS:
            return Subject(_LITERALS[type(node)], exact=False)
        match node:
            case ast.Constant(value):
                return Subject(value)
            case ast.Name(name):
                return self._name(name, depth)
            case ast.Attribute(inner, name):
                owner = self._of(inner, depth - 1)
                return owner and self.attribute(owner, name)
            case ast.Subscript(inner, key):
                owner = self._of(inner, depth - 1)
                return owner and _item(owner, self._of(key, depth - 1))
            case ast.Call(inner):
                called = self._of(inner, depth - 1)
                return called and self._result(called)
        return None

    def _name(self, name: str, depth: int) -> Subject | None:
        written = self._written(name, depth - 1)
        if written is not None:
            return written
        for names in (self._names, vars(builtins)):
            if name in names:
                return Subject(names[name])
        return None

    def _written(self, name: str, depth: int) -> Subject | None:
        """What the source itself says of a name: its latest assignment, import or annotation."""
        if name not in self._source:
            return None
        word = re.escape(name)
        patterns = (
            rf"^[ \t]*{word}[ \t]*(?::[^=\n]+)?=(?!=)[ \t]*(?P<value>.+)$",
            rf"\bwith\s+(?P<context>.+)\s+as\s+{word}\s*:",
            rf"[(,]\s*{word}\s*:\s*(?P<class>[\w.]+)",
            rf"^[ \t]*import\s+(?P<module>[\w.]+)\s+as\s+{word}\s*$",
            rf"^[ \t]*import\s+(?P<itself>{word})\s*$",
        )
        found = list(re.finditer("|".join(patterns), self._source, re.MULTILINE))
        if not found:
            return None
        groups = {key: text for key, text in found[-1].groupdict().items() if text}
        key, text = next(iter(groups.items()))
        if key in ("module", "itself"):
            module = sys.modules.get(text)
            return Subject(module) if module is not None else None
        if text.strip() == name:
            return None
        subject = self._parsed(text.split(" #")[0], depth)
        if key == "class":
            return _instance(subject.value) if subject and subject.exact else None
        return subject

    def attribute(self, owner: Subject, name: str) -> Subject | None:
        """An attribute, looked up without any code of the owner."""
        try:
            raw = inspect.getattr_static(owner.value, name)
        except Exception:
            return None
        of_class = owner.exact and isinstance(owner.value, type)
        if isinstance(raw, staticmethod):
            return Subject(raw.__func__)
        if isinstance(raw, classmethod):
            return Subject(raw.__func__, bound=True)
        if isinstance(raw, types.FunctionType):
            in_module = owner.exact and isinstance(owner.value, types.ModuleType)
            own = owner.exact and _own(owner.value).get(name) is raw
            return Subject(raw, bound=not (of_class or in_module or own))
        if isinstance(raw, _C_METHODS):
            return Subject(raw, bound=not of_class)
        if isinstance(raw, _C_FIELDS):
            return self._field(owner, raw)
        if isinstance(raw, property | functools.cached_property):
            getter = raw.fget if isinstance(raw, property) else raw.func
            return Subject(raw) if of_class else self._result(Subject(getter))
        return None if hasattr(type(raw), "__get__") else Subject(raw)

    def _field(self, owner: Subject, raw: Any) -> Subject | None:
        """A field of a class in C; reading it runs no Python."""
        if not owner.exact or isinstance(owner.value, type):
            return None
        try:
            return Subject(raw.__get__(owner.value))
        except Exception:
            return None

    def _result(self, called: Subject) -> Subject | None:
        """What a call gives, as far as its annotation or its name tells."""
        value = called.value
        if not called.exact:
            return None
        if isinstance(value, type):
            return Subject(value, exact=False)
        if isinstance(value, types.FunctionType):
            noted = self._guard.call(lambda: value.__annotations__.get("return"))
            if isinstance(noted, str):
                found = self._names.get(noted, vars(builtins).get(noted))
                noted = found if isinstance(found, type) else None
            return _instance(noted)
        name = getattr(value, "__qualname__", "") if isinstance(value, _BUILTIN) else ""
        kind = _RESULTS.get(name)
        return Subject(kind, exact=False) if kind else None


_BUILTIN = (types.BuiltinFunctionType, types.MethodDescriptorType)


def attributes(subject: Subject) -> dict[str, Any]:
    """The attributes of a subject as they are stored, without any code of its class."""
    found: dict[str, Any] = {}
    classes = [*reversed(_classes(subject.kind))]
    if subject.exact and isinstance(subject.value, type):
        # What every class has is of little use; what this one has is.
        classes = [*reversed(_classes(subject.value))]
    for kind in classes:
        found.update(type.__dict__["__dict__"].__get__(kind))
    if subject.exact and not isinstance(subject.value, type):
        found.update(_own(subject.value))
    return {name: value for name, value in found.items() if type(name) is str}


def _classes(kind: type) -> tuple[type, ...]:
    mro: tuple[type, ...] = type.__dict__["__mro__"].__get__(kind)
    return mro


def _own(value: object) -> dict[Any, Any]:
    try:
        inner = object.__getattribute__(value, "__dict__")
    except Exception:
        return {}
    return inner if type(inner) is dict else {}


def _instance(kind: object) -> Subject | None:
    if isinstance(kind, types.GenericAlias):
        kind = kind.__origin__
    return Subject(kind, exact=False) if isinstance(kind, type) else None


def _item(owner: Subject, key: Subject | None) -> Subject | None:
    if key is None or not key.exact or type(key.value) not in (str, int, bool):
        return None
    if not owner.exact or type(owner.value) not in _INDEXED:
        return None
    try:
        return Subject(owner.value[key.value])
    except (LookupError, TypeError):
        return None
