"""The state of the interpreter beside variables: random numbers, decimal context, folders, flags.

Only what differs from a fresh runtime is kept, so that a small step saves few bytes.
"""

import contextlib
import decimal
import os
import random
import sys
import warnings
from pathlib import Path
from typing import Any

from playground_runtime import pristine
from playground_runtime.interpreter import Interpreter
from playground_runtime.state.units import Item


def _filters_changed() -> None:
    """Let ``warnings`` know, in the way of Python 3.12 or of 3.14."""
    for name in ("_filters_mutated", "_filters_mutated_lock_held"):
        notify = getattr(warnings, name, None)
        if notify is not None:
            with getattr(warnings, "_lock", contextlib.nullcontext()):
                notify()
            return


class Record:
    """Reads and sets the interpreter's state, against what it was at the start."""

    def __init__(self, interpreter: Interpreter, home: Path) -> None:
        self._interpreter = interpreter
        self._home = home
        self._path = list(sys.path)
        self._environ = dict(os.environ)
        self._filters = list(warnings.filters)
        self._recursion = sys.getrecursionlimit()

    def read(self, code_files: set[str]) -> dict[Item, object]:
        """The state as items; ``code_files`` names the entries whose source is still in use.

        It is called within the context of the executions.
        """
        compiler = self._interpreter.compiler
        known = compiler.sources
        sources = {name: known[name] for name in sorted(code_files) if name in known}
        state: dict[str, object] = {
            "random": random.getstate(),
            "decimal": self._decimal(),
            "future": compiler.flags,
            "sources": sources,
            "path": None if sys.path == self._path else list(sys.path),
            "environ": self._environ_changes(),
            "folder": self._folder(),
            "filters": None if warnings.filters == self._filters else list(warnings.filters),
            "recursion": self._recursion_limit(),
        }
        items = {Item("state", name): value for name, value in state.items() if value}
        for name, value in pristine.changes().items():
            if name not in ("_", "Out") and not (name[:1] == "_" and name[1:].isdigit()):
                items[Item("builtin", name)] = value
        return items

    def reset(self) -> None:
        """Be as at the start, in the home folder."""
        sys.path[:] = self._path
        os.environ.clear()
        os.environ.update(self._environ)
        warnings.filters[:] = self._filters  # type: ignore[index]  # It is a list.
        _filters_changed()
        sys.setrecursionlimit(self._recursion)
        pristine.undo()
        os.chdir(self._home)

    def set(self, name: str, value: Any) -> None:
        """Set one part of the state."""
        match name:
            case "random":
                random.setstate(value)
            case "decimal":
                self._interpreter.context.run(decimal.setcontext, value)
            case "future":
                self._interpreter.compiler.flags = value
            case "sources":
                for filename, source in value.items():
                    self._interpreter.compiler.register(filename, source)
            case "path":
                sys.path[:] = value
            case "environ":
                self._set_environ(*value)
            case "folder":
                os.chdir(self._home / value)
            case "filters":
                warnings.filters[:] = value  # type: ignore[index]  # It is a list.
                _filters_changed()
            case "recursion":
                sys.setrecursionlimit(value)

    @staticmethod
    def set_builtin(name: str, value: object) -> None:
        """Set a name that an entry had put into ``builtins``."""
        pristine.live()[name] = value

    @staticmethod
    def _decimal() -> decimal.Context | None:
        context = decimal.getcontext()
        return None if repr(context) == repr(decimal.DefaultContext) else context

    def _recursion_limit(self) -> int | None:
        limit = sys.getrecursionlimit()
        return None if limit == self._recursion else limit

    def _environ_changes(self) -> tuple[dict[str, str], list[str]] | None:
        now = dict(os.environ)
        changed = {name: text for name, text in now.items() if self._environ.get(name) != text}
        removed = [name for name in self._environ if name not in now]
        return (changed, removed) if changed or removed else None

    @staticmethod
    def _set_environ(changed: dict[str, str], removed: list[str]) -> None:
        os.environ.update(changed)
        for name in removed:
            os.environ.pop(name, None)

    def _folder(self) -> str | None:
        try:
            place = Path.cwd().relative_to(self._home.resolve())
        except (OSError, ValueError):
            return None
        return None if place == Path() else place.as_posix()
