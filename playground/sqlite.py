"""A SQLite that is safe for several connections, in the place of one that is not.

SQLite before 3.51.3 can damage a database in WAL mode when two connections write and checkpoint at
the same instant. Many Python builds carry an older one. ``use_safe_sqlite`` puts the package
``pysqlite3``, which brings its own newer SQLite, where ``import sqlite3`` finds it. It has to run
before Django's database code is imported.
"""

from __future__ import annotations

import importlib
import sqlite3
import sys
import warnings
from types import ModuleType
from typing import Any

#: The first release in which the WAL-reset bug is repaired.
SAFE_VERSION = (3, 51, 3)

#: Limits that Django asks for and ``pysqlite3`` cannot tell: SQLite's numbers for them and the
#: values it is compiled with by default.
_LIMITS = {"SQLITE_LIMIT_COLUMN": (2, 2000), "SQLITE_LIMIT_VARIABLE_NUMBER": (9, 32766)}


def use_safe_sqlite() -> tuple[int, int, int]:
    """Make ``import sqlite3`` give a safe SQLite if one is installed; return its version.

    When none is new enough a warning says so and the old one stays in use: a small risk for data
    is better than a program that does not start, but it must be known.
    """
    present = sys.modules.get("sqlite3", sqlite3)
    if present.sqlite_version_info >= SAFE_VERSION:
        return _triple(present.sqlite_version_info)
    try:
        newer = importlib.import_module("pysqlite3")
    except ImportError:
        newer = None
    if newer is not None and newer.sqlite_version_info >= SAFE_VERSION:
        _replace(newer)
        return _triple(newer.sqlite_version_info)
    warnings.warn(
        f"SQLite {present.sqlite_version} has a fault that can damage the database when two "
        "programs use it at once. Use SQLite 3.51.3 or newer (on Linux: pip install pysqlite3), "
        "or PostgreSQL through DATABASE_URL.",
        RuntimeWarning,
        stacklevel=2,
    )
    return _triple(present.sqlite_version_info)


def connection_options() -> dict[str, Any]:
    """Give the options with which Django has to open the SQLite in use."""
    present: Any = sys.modules["sqlite3"]
    if hasattr(present.Connection, "getlimit"):
        return {}
    known = dict(_LIMITS.values())

    class Connection(present.Connection):
        """A connection that also answers what its limits are."""

        def getlimit(self, category: int) -> int:
            return known[category]

    return {"factory": Connection}


def _replace(newer: ModuleType) -> None:
    inner = importlib.import_module("pysqlite3.dbapi2")
    for module in (newer, inner):
        for name, (category, _) in _LIMITS.items():
            setattr(module, name, category)
    sys.modules["sqlite3"] = newer
    sys.modules["sqlite3.dbapi2"] = inner


def _triple(version: tuple[int, ...]) -> tuple[int, int, int]:
    return version[0], version[1], version[2]
