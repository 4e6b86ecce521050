"""What a hint is made from: the exception, the frame it came out of, the code that failed there.

Nothing of the user's is called: names are looked up in dicts, and only values of Python's own exact
types are looked into.
"""

import ast
import builtins
import linecache
import os
import sys
from difflib import get_close_matches
from types import FrameType, TracebackType
from typing import Any

from playground_runtime.text import clean

MISSING: Any = type("Missing", (), {"__slots__": ()})()

_LIBRARY = (os.path.dirname(os.__file__), "<frozen", sys.prefix, sys.base_prefix, "/lib/python")


class Scene:
    """An exception with its innermost frame."""

    def __init__(self, error: BaseException) -> None:
        self.error = error
        self.message = _message(error)
        last = _last(error.__traceback__)
        self.frame: FrameType | None = last.tb_frame if last else None
        self.users = self.frame is not None and is_users(self.frame.f_code.co_filename)
        self._nodes = _failing(last) if last is not None and self.users else []
        self.tree = self._nodes.pop(0) if self._nodes else None

    def node[Node: ast.AST](self, kind: type[Node]) -> Node | None:
        """The node of that kind which failed, if it is one."""
        return next((node for node in self._nodes if isinstance(node, kind)), None)

    def loops(self) -> ast.expr | None:
        """What the loop goes through that failed; Python 3.12 points at the whole loop."""
        loops = [
            one
            for one in (ast.walk(self.tree) if self.tree is not None else ())
            if isinstance(one, ast.For | ast.comprehension)
        ]
        exact = [one for one in loops if one in self._nodes or one.iter in self._nodes]
        near_by = [one for one in loops if one.iter.lineno == self.line]
        found = exact or (near_by if len(near_by) == 1 else [])
        return found[0].iter if found else None

    @property
    def raised(self) -> bool:
        """Whether the user's own ``raise`` or ``assert`` made the exception: its words are theirs."""
        return self.node(ast.Raise) is not None or self.node(ast.Assert) is not None

    @property
    def line(self) -> int:
        """The number of the failing line, 0 where it is not known."""
        last = _last(self.error.__traceback__)
        return (last.tb_lineno or 0) if last else 0

    @property
    def function(self) -> str:
        """The name of the function in which it failed, empty outside functions."""
        name = self.frame.f_code.co_name if self.frame else ""
        return "" if name.startswith("<") else name

    def lookup(self, name: str) -> Any:
        """The value of a name where it failed, or MISSING."""
        if self.frame is None:
            return MISSING
        for names in (self.frame.f_locals, self.frame.f_globals, vars(builtins)):
            if name in names:
                return names[name]
        return MISSING

    def value(self, node: ast.AST | None) -> Any:
        """The value of a name, a constant or a plain attribute; MISSING for all else."""
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Name):
            return self.lookup(node.id)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            inner = self.value(node.operand)
            return -inner if type(inner) in (int, float) else MISSING
        if isinstance(node, ast.Attribute):
            held = getattr_plain(self.value(node.value), "__dict__")
            return held.get(node.attr, MISSING) if type(held) is dict else MISSING
        return MISSING

    def names(self) -> list[str]:
        """The names that could have been meant where it failed."""
        if self.frame is None:
            return []
        seen = [*self.frame.f_locals, *self.frame.f_globals, *vars(builtins)]
        return [name for name in seen if type(name) is str and not name.startswith("_")]


def getattr_plain(value: object, name: str) -> Any:
    """An attribute by way of ``object``: no code of the user runs."""
    try:
        return object.__getattribute__(value, name)
    except Exception:
        return MISSING


def is_users(filename: str) -> bool:
    """Whether code of that file is the user's: an entry, or a file that is no library's."""
    if filename.startswith("<entry-"):
        return True
    if filename.startswith(("<", *_LIBRARY)) or "site-packages" in filename:
        return False
    return os.path.dirname(__file__).removesuffix("hints") not in filename


def code(node: ast.AST | None) -> str:
    """Source of a node, short enough for a sentence; empty when it is too long."""
    if node is None:
        return ""
    text = ast.unparse(node)
    return clean(text) if len(text) <= 40 and "`" not in text and "\n" not in text else ""


def near(name: str, choices: list[str]) -> str | None:
    """The choice that was probably meant: another case, or a slip of one or two letters."""
    others = [choice for choice in dict.fromkeys(choices) if choice != name]
    for choice in others:
        if choice.lower() == name.lower() or choice.replace("_", "") == name.replace("_", ""):
            return choice
    if not 3 <= len(name) <= 60:
        return None
    found = get_close_matches(name, [one for one in others if len(one) > 2][:3_000], 1, 0.74)
    return found[0] if found else None


def listing(words: list[str], most: int = 6) -> str:
    """``a``, ``b`` and ``c`` as code, with how many more there are."""
    shown = [f"`{clean(word)[:40]}`" for word in words[:most]]
    if len(words) > most:
        return f"{', '.join(shown)} and {len(words) - most} more"
    return f"{', '.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else "".join(shown)


def quoted(text: str) -> str:
    """A text as it stands in a sentence, cut when it is long."""
    short = clean(text[:40]) + ("…" if len(text) > 40 else "")
    return repr(short).replace("`", "'")


def _message(error: BaseException) -> str:
    try:
        return str(error)[:2_000]
    except Exception:
        return ""


def _last(trace: TracebackType | None) -> TracebackType | None:
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace


def span(trace: TracebackType) -> tuple[int, int, int, int] | None:
    """Line, end line, column and end column (in bytes) of what failed in a frame."""
    positions = list(trace.tb_frame.f_code.co_positions())
    index = trace.tb_lasti // 2
    if not 0 <= index < len(positions):
        return None
    line, end, column, end_column = positions[index]
    if line is None or end is None or column is None or end_column is None:
        return None
    return line, end, column, end_column


def _failing(trace: TracebackType) -> list[ast.AST]:
    """The file's tree, then the nodes that are exactly what failed, the outer ones first."""
    filename = trace.tb_frame.f_code.co_filename
    try:
        tree = ast.parse("".join(linecache.getlines(filename)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    where = span(trace)
    found: list[ast.AST] = [tree]
    node: Any  # Only some kinds have a place.
    for node in ast.walk(tree):
        line = getattr(node, "lineno", None)
        if line is None or where is None:
            continue
        here = (line, node.end_lineno, node.col_offset, node.end_col_offset)
        if here == where:
            found.append(node)
    return found
