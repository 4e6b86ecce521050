"""Turns an exception into an ``error`` output that shows the user's frames only.

It must hold for every exception: with a ``__str__`` that raises, in endless recursion, in groups
and chains. What Python itself would print is the measure, minus the frames of the runtime.
"""

import linecache
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

from playground_runtime import limits
from playground_runtime.hints import hint
from playground_runtime.hints.scene import span
from playground_runtime.plaintext import describe
from playground_runtime.text import clean, shorten, utf16_length

_HERE = str(Path(__file__).parent)
_PYODIDE = ("/pyodide/", "/_pyodide/", "/python314.zip/pyodide/", "/python314.zip/_pyodide/")


def is_ours(filename: str) -> bool:
    """Whether a frame's file belongs to the runtime and not to the user."""
    return filename.startswith((_HERE, "<frozen runpy", "blob:")) or any(
        part in filename and filename.startswith(("/lib/python", "/usr/")) for part in _PYODIDE
    )


def trim(error: BaseException) -> None:
    """Drop the runtime's frames at the start of an exception's traceback."""
    first: TracebackType | None = error.__traceback__
    while first is not None and is_ours(first.tb_frame.f_code.co_filename):
        first = first.tb_next
    error.__traceback__ = first


def error_output(error: BaseException, filename: str = "") -> dict[str, Any]:
    """The output of type ``error`` for an exception; ``filename`` is that of the running entry."""
    try:
        lines = _lines(error)
    except Exception as problem:
        lines = [describe(error), f"(its traceback cannot be shown: {describe(problem)})"]
    return {
        "type": "error",
        "ename": clean(type(error).__name__)[: limits.NAME_CHARS],
        "evalue": _message(error),
        "traceback": _bounded(lines),
        "hint": hint(error),
        "place": place(error, filename),
    }


def place(error: BaseException, filename: str) -> dict[str, int | None] | None:
    """Where in the source of a file it failed: its innermost frame there, or the wrong syntax."""
    try:
        if isinstance(error, SyntaxError) and error.filename == filename:
            return _wrong_place(error)
        found: TracebackType | None = None
        trace = error.__traceback__
        while trace is not None:
            found = trace if trace.tb_frame.f_code.co_filename == filename else found
            trace = trace.tb_next
        return _frame_place(found, filename) if found is not None else None
    except Exception:
        return None


def _wrong_place(error: SyntaxError) -> dict[str, int | None] | None:
    if not error.lineno:
        return None
    text = (error.text or "").rstrip("\n")
    start = max(0, (error.offset or 0) - 1)
    one_line = error.end_lineno in (None, error.lineno) and error.end_offset
    end = max(start + 1, (error.end_offset or 0) - 1) if one_line else len(text)
    if not error.offset or start >= len(text):
        return {"line": error.lineno, "column": None, "endColumn": None}
    return {
        "line": error.lineno,
        "column": utf16_length(text[:start]),
        "endColumn": utf16_length(text[: min(end, len(text))]),
    }


def _frame_place(trace: TracebackType, filename: str) -> dict[str, int | None] | None:
    where = span(trace)
    if where is None:
        return {"line": trace.tb_lineno, "column": None, "endColumn": None}
    line, end_line, start, end = where
    text = linecache.getline(filename, line).rstrip("\n").encode()
    stop = end if end_line == line else len(text)
    return {
        "line": line,
        "column": utf16_length(text[:start].decode(errors="replace")),
        "endColumn": utf16_length(text[:stop].decode(errors="replace")),
    }


def _message(error: BaseException) -> str:
    try:
        text = str(error)
    except Exception:
        return "<exception str() failed>"
    if len(text) > limits.EVALUE_CHARS:
        text = text[: limits.EVALUE_CHARS] + "…"
    return clean(text)


def _lines(error: BaseException) -> list[str]:
    told = traceback.TracebackException(type(error), error, error.__traceback__, compact=True)
    _strip(told)
    return "".join(told.format()).rstrip("\n").split("\n")


def _strip(told: traceback.TracebackException) -> None:
    """Take the runtime's frames out of an exception, its chain and its groups."""
    left: list[traceback.TracebackException | None] = [told]
    while left:
        one = left.pop()
        if one is None:
            continue
        kept = [frame for frame in one.stack if not is_ours(frame.filename)]
        if kept:
            one.stack = traceback.StackSummary.from_list(kept)
        else:
            one.stack = None  # type: ignore[assignment]  # Python prints no heading for None.
        left += [one.__cause__, one.__context__, *(one.exceptions or ())]


def _bounded(lines: list[str]) -> list[str]:
    half = limits.TRACEBACK_LINES // 2
    if len(lines) > limits.TRACEBACK_LINES:
        left_out = len(lines) - 2 * half + 1
        lines = [*lines[:half], f"  … {left_out:,} lines left out …", *lines[-half + 1 :]]
    return [_line(line) for line in lines]


def _line(line: str) -> str:
    if len(line) <= limits.TRACEBACK_LINE_CHARS:
        return clean(line)
    return shorten(line, limits.TRACEBACK_LINE_CHARS)
