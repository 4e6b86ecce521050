"""Compiles the source of an entry, and tells whether a source is a whole entry.

The last expression is compiled apart, so that its value can be shown. ``from __future__`` stays on
for later entries. Sources are kept in ``linecache``: tracebacks and ``inspect`` show their lines.
"""

import __future__

import ast
import linecache
import warnings
from dataclasses import dataclass
from types import CodeType
from typing import Literal

_FUTURE_FLAGS = 0
for _name in __future__.all_feature_names:
    _FUTURE_FLAGS |= getattr(__future__, _name).compiler_flag
_AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_INCOMPLETE = getattr(ast, "PyCF_ALLOW_INCOMPLETE_INPUT", 0x4000)

#: What ``compile`` raises for a source that is no Python.
SOURCE_ERRORS = (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError)

Completeness = Literal["complete", "incomplete", "invalid"]


@dataclass(frozen=True)
class Compiled:
    """An entry ready to run: its statements, and its last expression if it ends in one."""

    body: CodeType | None
    last: CodeType | None


class Compiler:
    """Compiles entries under the future flags that they have turned on."""

    def __init__(self) -> None:
        self.flags = 0
        self.sources: dict[str, str] = {}

    def compile(self, filename: str, source: str) -> Compiled:
        """Compile an entry and register its source. Raises ``SOURCE_ERRORS``."""
        self.register(filename, source)
        flags = self.flags | _AWAIT
        tree = compile(source, filename, "exec", flags | ast.PyCF_ONLY_AST, True)
        last: ast.Expression | None = None
        if tree.body and isinstance(tree.body[-1], ast.Expr):
            last = ast.Expression(tree.body.pop().value)
        body = compile(tree, filename, "exec", flags, True) if tree.body else None
        if body is not None:
            self.flags |= body.co_flags & _FUTURE_FLAGS
            flags = self.flags | _AWAIT
        shown = compile(last, filename, "eval", flags, True) if last is not None else None
        return Compiled(body, shown)

    def unregister(self, filename: str) -> None:
        """Forget the source of an entry that there is not after all."""
        self.sources.pop(filename, None)
        linecache.cache.pop(filename, None)

    def register(self, filename: str, source: str) -> None:
        """Let ``linecache`` know a source; without a time of change it is never looked up."""
        self.sources[filename] = source
        lines = source.splitlines(keepends=True)
        if lines and not lines[-1].endswith("\n"):
            lines[-1] += "\n"
        linecache.cache[filename] = (len(source), None, lines, filename)

    def forget(self) -> None:
        """Start anew: no future flags, no sources."""
        self.flags = 0
        for filename in self.sources:
            linecache.cache.pop(filename, None)
        self.sources.clear()

    def status(self, source: str) -> Completeness:
        """Whether a source is a whole entry, the beginning of one, or no Python at all."""
        try:
            self.parse(source)
        except SyntaxError as error:
            return "incomplete" if self.is_unfinished(error) else "invalid"
        except SOURCE_ERRORS:
            return "invalid"
        return "complete"

    def parse(self, source: str, *, whole: bool = False) -> ast.Module:
        """The tree of a source. Raises ``SOURCE_ERRORS``; an unfinished one has an error apart
        unless it must be ``whole``."""
        flags = self.flags | _AWAIT | ast.PyCF_ONLY_AST | (0 if whole else _INCOMPLETE)
        shown = warnings.showwarning
        warnings.showwarning = _ignore
        try:
            tree: ast.Module = compile(source, "<input>", "exec", flags, True)
        finally:
            warnings.showwarning = shown
        return tree

    @staticmethod
    def is_unfinished(error: SyntaxError) -> bool:
        """Whether the error of ``parse`` says that more could follow."""
        return type(error).__name__ == "_IncompleteInputError" or error.msg == "incomplete input"


def _ignore(*_: object, **__: object) -> None:
    """Show nothing: asking about a source must not print."""
