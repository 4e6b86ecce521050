"""A SQLite for Django that is safe for several connections, in the place of one that is not.

SQLite before 3.51.3 can damage a database in WAL mode when two connections write and checkpoint at
the same instant. Many Python builds carry an older one. ``use_safe_sqlite`` lets Django's database
code use the package ``pysqlite3``, which brings its own newer SQLite. Everything else keeps the
standard library's ``sqlite3``, whose newest arguments ``pysqlite3`` does not know.
"""

from __future__ import annotations

import importlib
import sqlite3
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

#: The first release in which the WAL-reset bug is repaired.
SAFE_VERSION = (3, 51, 3)

#: Limits that Django asks for and ``pysqlite3`` cannot tell: SQLite's numbers for them and the
#: values it is compiled with by default.
_LIMITS = {"SQLITE_LIMIT_COLUMN": (2, 2000), "SQLITE_LIMIT_VARIABLE_NUMBER": (9, 32766)}

_BACKEND = "django.db.backends.sqlite3.base"


def use_safe_sqlite() -> tuple[int, ...]:
    """Give Django a safe SQLite if there is one; return the version that it uses.

    It has to run before anything imports Django's SQLite backend. When no SQLite is new enough a
    warning says so and the old one stays in use: a small risk is better than a program that does
    not start, but it must be known.
    """
    newer = _newer()
    if newer is not None and _BACKEND not in sys.modules:
        with _in_place_of_sqlite3(newer):
            importlib.import_module(_BACKEND)
    version: tuple[int, ...] = _used().sqlite_version_info
    if version < SAFE_VERSION:
        warnings.warn(
            f"SQLite {'.'.join(map(str, version))} has a fault that can damage the database when "
            "two programs use it at once. Use SQLite 3.51.3 or newer (on Linux: pip install "
            "pysqlite3), or PostgreSQL through DATABASE_URL.",
            RuntimeWarning,
            stacklevel=2,
        )
    return version


def connection_options() -> dict[str, Any]:
    """Give the options with which Django has to open the SQLite it uses."""
    used = _used()
    if hasattr(used.Connection, "getlimit"):
        return {}
    known = dict(_LIMITS.values())

    class Connection(used.Connection):  # type: ignore[name-defined]  # known at run time
        """A connection that also answers what its limits are."""

        def getlimit(self, category: int) -> int:
            return known[category]

    return {"factory": Connection}


def _used() -> Any:
    backend = sys.modules.get(_BACKEND)
    return backend.Database if backend is not None else sqlite3


def _newer() -> ModuleType | None:
    if sqlite3.sqlite_version_info >= SAFE_VERSION:
        return None
    try:
        found = importlib.import_module("pysqlite3")
    except ImportError:
        return None
    return found if found.sqlite_version_info >= SAFE_VERSION else None


@contextmanager
def _in_place_of_sqlite3(newer: ModuleType) -> Iterator[None]:
    inner = importlib.import_module("pysqlite3.dbapi2")
    for module in (newer, inner):
        for name, (category, _) in _LIMITS.items():
            setattr(module, name, category)
    names = {"sqlite3": newer, "sqlite3.dbapi2": inner}
    before = {name: importlib.import_module(name) for name in names}
    sys.modules.update(names)
    try:
        yield
    finally:
        sys.modules.update(before)
