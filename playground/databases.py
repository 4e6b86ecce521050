"""How the database is opened: SQLite made safe and fast, or PostgreSQL with a pool.

The choices and the measurements behind them are told in docs/settings.md.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dj_database_url

from playground.sqlite import connection_options

#: Run on each new connection. FULL makes a commit survive a power cut; IMMEDIATE (below) makes a
#: second writer wait instead of failing half way through a transaction.
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL;"
    "PRAGMA synchronous=FULL;"
    "PRAGMA journal_size_limit=67108864;"
    "PRAGMA cache_size=-16000;"
    "PRAGMA temp_store=MEMORY;"
)


def database_config(url: str, data_dir: Path) -> dict[str, Any]:
    """Give Django's configuration for ``url``; empty means SQLite in ``data_dir``."""
    if not url:
        return _sqlite({"NAME": data_dir / "playground.sqlite3"}, data_dir)
    config: dict[str, Any] = dict(dj_database_url.parse(url))
    if config["ENGINE"] == "django.db.backends.sqlite3":
        return _sqlite(config, data_dir)
    if config["ENGINE"] == "django.db.backends.postgresql":
        # Without health checks a pool hands out dead connections after the database restarted.
        options = {**config.get("OPTIONS", {}), "pool": {"min_size": 1, "max_size": 8}}
        return {**config, "CONN_HEALTH_CHECKS": True, "CONN_MAX_AGE": 0, "OPTIONS": options}
    return config


def _sqlite(config: dict[str, Any], data_dir: Path) -> dict[str, Any]:
    return {
        **config,
        "ENGINE": "django.db.backends.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": SQLITE_PRAGMAS,
            **connection_options(),
        },
        # A file, since threads and processes of a test share it; memory is of one connection.
        "TEST": {"NAME": str(data_dir / "test.sqlite3")},
    }
