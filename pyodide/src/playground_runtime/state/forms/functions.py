"""Functions of the session, their code and their cells.

A function is rebuilt on the live namespace, so that it sees what is assigned later. Code carries
the source of its entry, so that tracebacks and ``inspect`` show lines. Annotations are not
evaluated.
"""

import sys
from types import CellType, CodeType, FunctionType, MethodType
from typing import TYPE_CHECKING, Any

from playground_runtime.state.forms.base import Columns, Form, register, transposed
from playground_runtime.used import names_of

if TYPE_CHECKING:
    from playground_runtime.state.scope import Scope
    from playground_runtime.state.walk import Walk

_LAZY_ANNOTATIONS = sys.version_info >= (3, 14)
#: The arguments of ``CodeType``; the source comes after them.
_CODE = [
    "co_argcount",
    "co_posonlyargcount",
    "co_kwonlyargcount",
    "co_nlocals",
    "co_stacksize",
    "co_flags",
    "co_code",
    "co_consts",
    "co_names",
    "co_varnames",
    "co_filename",
    "co_name",
    "co_qualname",
    "co_firstlineno",
    "co_linetable",
    "co_exceptiontable",
    "co_freevars",
    "co_cellvars",
]


class FunctionForm(Form):
    """Functions."""

    name = "function"
    head = 4

    def take(self, walk: "Walk", values: list[Any]) -> Columns:
        return transposed([self._row(value, walk) for value in values], 14)

    def _row(self, function: FunctionType, walk: "Walk") -> tuple[Any, ...]:
        annotate = getattr(function, "__annotate__", None) if _LAZY_ANNOTATIONS else None
        annotations = (function.__annotations__ or None) if annotate is None else None
        return (
            function.__code__,
            walk.forms.scope.globals_of(function),
            function.__name__,
            function.__closure__,
            function.__qualname__,
            function.__module__,
            function.__doc__,
            function.__defaults__,
            function.__kwdefaults__,
            function.__dict__ or None,
            function.__type_params__ or None,
            annotate,
            annotations,
            None,
        )

    def make(self, count: int, columns: Columns, scope: "Scope") -> list[Any]:
        return [
            FunctionType(code, scope.globals_for(place), name, None, closure)
            for code, place, name, closure in zip(*columns, strict=True)
        ]

    def fill(self, made: list[Any], columns: Columns, scope: "Scope") -> None:
        for function, *row in zip(made, *columns, strict=True):
            path, module, doc, defaults, named, names, params, annotate, annotations, _ = row
            function.__qualname__ = path
            function.__module__ = module
            function.__doc__ = doc
            function.__defaults__ = defaults
            function.__kwdefaults__ = named
            if names is not None:
                function.__dict__ = names
            if params is not None:
                function.__type_params__ = params
            if annotate is not None:
                function.__annotate__ = annotate
            if annotations is not None:
                function.__annotations__ = annotations


class CodeForm(Form):
    """Code, with the source text of the entry that it is from."""

    name = "code"
    head = len(_CODE) + 1
    deep = True

    def take(self, walk: "Walk", values: list[Any]) -> Columns:
        sources = walk.forms.scope.source_of
        walk.names |= names_of(values)
        rows = [
            (*(getattr(code, name) for name in _CODE), sources(code.co_filename)) for code in values
        ]
        return transposed(rows, self.head)

    def make(self, count: int, columns: Columns, scope: "Scope") -> list[Any]:
        return [CodeType(*row[:-1]) for row in zip(*columns, strict=True)]


class Source:
    """The text of an entry whose code is in use."""

    __slots__ = ("name", "text")

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text


class SourceForm(Form):
    """Sources of entries: file name and text."""

    name = "source"
    head = 2

    def take(self, walk: "Walk", values: list[Any]) -> Columns:
        return [[value.name for value in values], [value.text for value in values]]

    def make(self, count: int, columns: Columns, scope: "Scope") -> list[Any]:
        return [scope.add_source(name, text) for name, text in zip(*columns, strict=True)]


class CellForm(Form):
    """Closure cells: whether one is full, and with what."""

    name = "cell"

    def take(self, walk: "Walk", values: list[Any]) -> Columns:
        full = [_is_full(cell) for cell in values]
        contents = [
            walk.forms.scope.contents(cell.cell_contents) if is_full else None
            for cell, is_full in zip(values, full, strict=True)
        ]
        return [full, contents]

    def make(self, count: int, columns: Columns, scope: "Scope") -> list[Any]:
        return [CellType() for _ in range(count)]

    def fill(self, made: list[Any], columns: Columns, scope: "Scope") -> None:
        for cell, full, contents in zip(made, *columns, strict=True):
            if full:
                cell.cell_contents = scope.opened(contents)


def _is_full(cell: CellType) -> bool:
    try:
        cell.cell_contents  # noqa: B018  # Reading an empty cell raises.
    except ValueError:
        return False
    return True


class MethodForm(Form):
    """Bound methods: function and object."""

    name = "method"
    head = 2

    def take(self, walk: "Walk", values: list[Any]) -> Columns:
        return [[value.__func__ for value in values], [value.__self__ for value in values]]

    def make(self, count: int, columns: Columns, scope: "Scope") -> list[Any]:
        return list(map(MethodType, *columns))


FUNCTION = register(FunctionForm())
CODE = register(CodeForm())
SOURCE = register(SourceForm())
CELL = register(CellForm())
METHOD = register(MethodForm())
