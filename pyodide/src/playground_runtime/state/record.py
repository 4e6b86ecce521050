"""The state of the interpreter beside variables: random numbers, contexts, folders, logging, flags.

Only what differs from a fresh runtime is kept, so that a small step saves few bytes.
"""

import __future__

import contextlib
import csv
import decimal
import functools
import gc
import locale
import operator
import os
import random
import re
import sys
import warnings
from pathlib import Path
from typing import Any

from playground_runtime import pristine
from playground_runtime.files import check_path
from playground_runtime.interpreter import Interpreter
from playground_runtime.state import loggers, reasons
from playground_runtime.state.codec.stream import DamagedError
from playground_runtime.state.forms.base import exactly
from playground_runtime.state.forms.storage import DIALECT
from playground_runtime.state.keys import Key
from playground_runtime.state.patches import Patches

_HOOKS = ("excepthook", "displayhook", "unraisablehook", "breakpointhook", "ps1", "ps2", "argv")
_FIELD = csv.field_size_limit()
_ANNOTATIONS = ("__annotate__", "__annotate_func__", "__conditional_annotations__")
_DAMAGED = "its bytes are damaged"
_missing = object()

#: All ``from __future__ import``.
ALL_FLAGS = functools.reduce(
    operator.or_, (getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)
)

#: What parts of the state are called where one could not be restored.
PARTS = {
    "random": "random",
    "decimal": "decimal.getcontext()",
    "future": "from __future__ import",
    "path": "sys.path",
    "environ": "os.environ",
    "folder": "os.getcwd()",
    "filters": "warnings.filters",
    "settings": "sys",
    "hooks": "sys.excepthook",
    "logging": "logging",
    "csv": "csv",
    "last": "sys.last_exc",
    "doc": "__doc__",
    "annotations": "__annotations__",
    "patches": "changed libraries",
}


def _filters_changed() -> None:
    """Let ``warnings`` know, in the way of Python 3.12 or of 3.14."""
    for name in ("_filters_mutated", "_filters_mutated_lock_held"):
        notify = getattr(warnings, name, None)
        if notify is not None:
            with getattr(warnings, "_lock", contextlib.nullcontext()):
                notify()
            return


def _locale() -> str | None:
    try:
        return locale.setlocale(locale.LC_ALL)
    except locale.Error:
        return None


class Record:
    """Reads and sets the interpreter's state, against what it was at the start."""

    def __init__(self, interpreter: Interpreter, home: Path, patches: Patches) -> None:
        self._interpreter = interpreter
        self._home = home
        self._patches = patches
        self._random: Any = None
        self._path = list(sys.path)
        self._environ = dict(os.environ)
        self._raw_environ = dict(os.environ._data)  # type: ignore[attr-defined]  # Decoding all takes long.
        self._filters = list(warnings.filters)
        self._hooks = {name: getattr(sys, name, _missing) for name in _HOOKS}
        self._argv = list(sys.argv)
        self._settings = self._read_settings()
        self._logging = loggers.read()
        self._modules = frozenset(sys.modules)
        #: Rows for parts of a snapshot that could not be set.
        self.refused: list[dict[str, Any]] = []

    def read(self) -> dict[Key, object]:
        """The state as roots; it is called within the context of the executions."""
        settings = self._read_settings()
        changed = {name: one for name, one in settings.items() if one != self._settings[name]}
        state: dict[str, object] = {
            "random": self._random_state(),
            "decimal": self._decimal(),
            "future": self._interpreter.compiler.flags,
            "path": None if sys.path == self._path else list(sys.path),
            "environ": self._environ_changes(),
            "folder": self._folder(),
            "filters": None if warnings.filters == self._filters else list(warnings.filters),
            "settings": changed,
            "hooks": self._hook_changes(),
            "logging": self._logging_changes(),
            "csv": self._csv(),
            "last": getattr(sys, "last_exc", None),
            "doc": self._interpreter.namespace.names.get("__doc__"),
            "annotations": self._annotations(),
            "patches": self._patches.read(self._interpreter.namespace.names),
            "modules": self._own_modules(),
        }
        roots = {Key("state", name): value for name, value in state.items() if value}
        for name, value in pristine.changes().items():
            if name not in ("_", "Out") and not (name[:1] == "_" and name[1:].isdigit()):
                roots[Key("builtin", name)] = value
        return roots

    def reset(self) -> None:
        """Be as at the start, in the home folder."""
        self.refused = []
        sys.path[:] = self._path
        os.environ.clear()
        os.environ.update(self._environ)
        warnings.filters[:] = self._filters  # type: ignore[index]  # It is a list.
        _filters_changed()
        self._set_settings(self._settings)
        for name, value in self._hooks.items():
            if value is not _missing:
                setattr(sys, name, value)
            elif hasattr(sys, name):
                delattr(sys, name)
        sys.argv[:] = self._argv
        for name in ("last_exc", "last_type", "last_value", "last_traceback"):
            sys.__dict__.pop(name, None)
        loggers.reset()
        if self._logging:
            loggers.set(self._logging)
        csv.field_size_limit(_FIELD)
        for name in (self._csv() or {"dialects": ()})["dialects"]:
            csv.unregister_dialect(name)
        self._patches.undo()
        pristine.undo()
        for name in self._own_modules():
            del sys.modules[name]
        os.chdir(self._home)

    def set(self, name: str, value: Any) -> None:
        """Set one part of the state; what cannot be is noted in ``refused``."""
        try:
            self._set(name, value)
        except Exception as error:
            what = PARTS.get(name, reasons.SETTING)
            self.refused.append(reasons.row(what, reasons.not_restored(error)))

    def _set(self, name: str, value: Any) -> None:
        match name:
            case "random":
                random.setstate(exactly(value, tuple))
            case "decimal":
                self._interpreter.context.run(decimal.setcontext, exactly(value, decimal.Context))
            case "future":
                self._interpreter.compiler.flags = exactly(value, int) & ALL_FLAGS
            case "path":
                sys.path[:] = [exactly(one, str) for one in exactly(value, list)]
            case "environ":
                changed, removed = exactly(value, tuple)
                self._set_environ(exactly(changed, dict), exactly(removed, list))
            case "folder":
                os.chdir(self._home / check_path(value))
            case "filters":
                self._set_filters(exactly(value, list))
            case "settings":
                self._set_settings(exactly(value, dict))
            case "hooks":
                for hook in exactly(value, dict).keys() & set(_HOOKS):
                    setattr(sys, hook, value[hook])
                if value.keys() - set(_HOOKS):
                    raise DamagedError(_DAMAGED)
            case "logging":
                loggers.set(exactly(value, dict))
            case "csv":
                csv.field_size_limit(exactly(value["limit"], int))
                for dialect, one in exactly(value["dialects"], dict).items():
                    csv.register_dialect(exactly(dialect, str), **exactly(one, dict))
            case "last":
                if not isinstance(value, BaseException):
                    raise DamagedError(_DAMAGED)
                sys.last_exc = value
                sys.last_type, sys.last_value = type(value), value
                sys.last_traceback = value.__traceback__
            case "doc":
                self._interpreter.namespace.names["__doc__"] = value
            case "annotations":
                if exactly(value, dict).keys() - set(_ANNOTATIONS):
                    raise DamagedError(_DAMAGED)
                self._interpreter.namespace.names.update(value)
            case "patches":
                self._patches.set(exactly(value, dict))
            case "modules":
                # They were listed when they were made.
                return
            case _:
                raise DamagedError("this Python does not know it")

    def set_builtin(self, name: str, value: object) -> None:
        """Set a name that an entry had put into ``builtins``."""
        pristine.change(name, value)

    @staticmethod
    def _set_filters(filters: list[Any]) -> None:
        for one in filters:
            action, message, category, module, line = exactly(one, tuple)
            exactly(action, str)
            exactly(message, type(None), re.Pattern, str)
            exactly(module, type(None), re.Pattern, str)
            exactly(line, int)
            if not issubclass(category, Warning):
                raise DamagedError(_DAMAGED)
        warnings.filters[:] = filters  # type: ignore[index]  # It is a list.
        _filters_changed()

    def _random_state(self) -> Any:
        """The state of the generator; the same object as before while nothing was drawn."""
        state = random.getstate()
        if state != self._random:
            self._random = state
        return self._random

    @staticmethod
    def _decimal() -> decimal.Context | None:
        context = decimal.getcontext()
        return None if repr(context) == repr(decimal.DefaultContext) else context

    @staticmethod
    def _read_settings() -> dict[str, object]:
        return {
            "recursion": sys.getrecursionlimit(),
            "digits": sys.get_int_max_str_digits(),
            "switching": sys.getswitchinterval(),
            "collecting": gc.isenabled(),
            "thresholds": gc.get_threshold(),
            "locale": _locale(),
        }

    @staticmethod
    def _set_settings(settings: dict[str, Any]) -> None:
        for name, value in settings.items():
            match name:
                case "recursion":
                    sys.setrecursionlimit(exactly(value, int))
                case "digits":
                    sys.set_int_max_str_digits(exactly(value, int))
                case "switching":
                    sys.setswitchinterval(exactly(value, float))
                case "collecting":
                    (gc.enable if value else gc.disable)()
                case "thresholds":
                    gc.set_threshold(*exactly(value, tuple))
                case "locale" if value is not None:
                    with contextlib.suppress(locale.Error):
                        locale.setlocale(locale.LC_ALL, value)

    def _annotations(self) -> dict[str, object]:
        """The functions and marks by which a module of Python 3.14 knows its annotations."""
        names = self._interpreter.namespace.names
        return {name: names[name] for name in _ANNOTATIONS if name in names}

    def _logging_changes(self) -> loggers.Settings | None:
        now = loggers.read()
        return None if now == self._logging else now

    @staticmethod
    def _csv() -> dict[str, Any] | None:
        """The dialects that were registered, and the limit of a field."""
        own = {
            name: {option: getattr(csv.get_dialect(name), option) for option in DIALECT}
            for name in csv.list_dialects()
            if name not in ("excel", "excel-tab", "unix")
        }
        limit = csv.field_size_limit()
        return {"limit": limit, "dialects": own} if own or limit != _FIELD else None

    def _hook_changes(self) -> dict[str, object]:
        now = {name: getattr(sys, name, _missing) for name in _HOOKS}
        return {
            name: value
            for name, value in now.items()
            if value is not _missing
            and (value is not self._hooks[name] or (name == "argv" and value != self._argv))
        }

    def _own_modules(self) -> dict[str, object]:
        """Modules of the session's own files, which ``import`` must find again as they are."""
        names = [name for name in list(sys.modules) if name not in self._modules]
        own = self._patches.naming.is_own_module
        return {
            name: sys.modules[name]
            for name in names
            if name != "__main__" and own(sys.modules[name])
        }

    def _environ_changes(self) -> tuple[dict[str, str], list[str]] | None:
        raw = os.environ._data  # type: ignore[attr-defined]  # Decoding all takes long.
        if raw == self._raw_environ:
            return None
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
