"""Marks in code as it is typed: where it is no Python, and gently what looks like a slip.

Places are counted from the beginning in UTF-16 characters, as the page does.
"""

import ast
import builtins
from typing import Any

from playground_runtime.compiling import SOURCE_ERRORS
from playground_runtime.scopes import Found, analyse
from playground_runtime.session import Session
from playground_runtime.text import clean, utf16_length

#: Characters of one message.
MESSAGE_CHARS = 500

#: Marks of one source.
PROBLEMS = 200

#: Names that every module has without binding them.
MODULE_NAMES = ("__file__", "__class__", "__annotations__", "__path__", "_")


class Places:
    """Turns Python's lines and columns into places of the page."""

    def __init__(self, source: str) -> None:
        self._lines = source.split("\n")
        self._starts: list[int] = []
        self.length = 0
        for line in self._lines:
            self._starts.append(self.length)
            self.length += utf16_length(line) + 1
        self.length -= 1

    def at(self, line: int, column: int) -> int:
        """The place of a line, from 1, and a column, from 0, in characters."""
        index = min(max(line, 1), len(self._lines)) - 1
        return self._starts[index] + utf16_length(self._lines[index][: max(column, 0)])

    def of(self, node: ast.expr | ast.alias) -> tuple[int, int]:
        """Where a node begins and ends."""
        start = self._column(node.lineno, node.col_offset)
        end = self._column(node.end_lineno or node.lineno, node.end_col_offset or 0)
        return start, max(start, end)

    def _column(self, line: int, column: int) -> int:
        """A place whose column is counted in bytes of UTF-8, as trees do."""
        text = self._lines[min(line, len(self._lines)) - 1]
        return self.at(
            line, len(text.encode(errors="surrogatepass")[:column].decode(errors="replace"))
        )

    def end(self, line: int) -> int:
        """The place where a line ends."""
        return self.at(line, len(self._lines[min(max(line, 1), len(self._lines)) - 1]))


def check(session: Session, args: dict[str, Any]) -> dict[str, Any]:
    """The problems of ``source``. What is only unfinished is none, but in a ``file``."""
    source = str(args["source"])
    places = Places(source)
    compiler = session.interpreter.compiler
    try:
        tree = compiler.parse(source, whole=bool(args.get("file")))
    except SyntaxError as error:
        if compiler.is_unfinished(error):
            return {"problems": []}
        return {"problems": [_syntax(places, error)]}
    except SOURCE_ERRORS as error:
        return {"problems": [_problem(0, places.length, "error", str(error))]}
    return {"problems": _slips(places, analyse(tree, _known(session)))[:PROBLEMS]}


def _known(session: Session) -> set[str]:
    names = session.interpreter.namespace.names
    return {*names, *vars(builtins), *MODULE_NAMES}


def _slips(places: Places, found: Found) -> list[dict[str, Any]]:
    slips = []
    for load in found.undefined:
        start, end = places.of(load)
        message = f"Nothing is called {load.id} yet. Is it misspelt, or defined later?"
        slips.append(_problem(start, end, "info", message))
    for name, node in found.unused:
        start, end = places.of(node)
        slips.append(_problem(start, end, "info", f"{name} is not used in this function."))
    return slips


def _syntax(places: Places, error: SyntaxError) -> dict[str, Any]:
    line = error.lineno or 1
    start = places.at(line, (error.offset or 1) - 1)
    end = places.end(line)
    if error.end_lineno and error.end_offset and error.end_offset > 0:
        end = places.at(error.end_lineno, error.end_offset - 1)
    return _problem(start, max(start, end), "error", error.msg)


def _problem(start: int, end: int, level: str, message: str) -> dict[str, Any]:
    message = clean(message)[:MESSAGE_CHARS]
    return {"from": start, "to": end, "level": level, "message": message}
