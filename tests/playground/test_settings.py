"""Settings: read from the environment, documented, with a secret that is made once."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from playground import env
from playground.databases import database_config
from playground.secret import secret_key
from playground.sqlite import SAFE_VERSION

ROOT = Path(__file__).parent.parent.parent
ROW = re.compile(r"^\| `(\w+)` \| (?:`(.*?)`|–) \| (.*) \|$", re.M)


def test_every_setting_is_documented_with_its_default_and_meaning() -> None:
    documented = set(ROW.findall((ROOT / "docs/settings.md").read_text()))
    declared = {(one.name, one.default, one.help) for one in env.DECLARED.values()}
    assert documented == declared


@pytest.mark.parametrize(
    ("value", "bytes_"), [("10 MB", 10 * 1024**2), ("5", 5), ("2kb", 2048), ("1 GB", 1024**3)]
)
def test_a_size_has_a_unit(monkeypatch: pytest.MonkeyPatch, value: str, bytes_: int) -> None:
    monkeypatch.setitem(os.environ, "SOME_SIZE", value)
    assert env.size("SOME_SIZE", "1", "") == bytes_
    del env.DECLARED["SOME_SIZE"]


def test_a_rate_is_a_count_in_a_span(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "SOME_RATE", "10/15m")
    assert env.rate("SOME_RATE", "1/s", "") == env.Rate(10, 900)
    del env.DECLARED["SOME_RATE"]


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("PORT", "many", "PORT must be a whole number from 0 on, but is 'many'."),
        ("DEBUG", "perhaps", "DEBUG must be on or off, but is 'perhaps'."),
        ("PLAYGROUND_SESSION_BYTES", "big", "must be a size such as '10 MB'"),
        ("PLAYGROUND_RATE_SIGN_IN", "10", "must be a rate such as '10/15m'"),
    ],
)
def test_a_wrong_value_is_refused_in_a_sentence(
    variable: str, value: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, variable, value)
    read = {"PORT": env.number, "DEBUG": env.flag, "PLAYGROUND_SESSION_BYTES": env.size}
    before = env.DECLARED[variable]
    with pytest.raises(ImproperlyConfigured) as caught:
        read.get(variable, env.rate)(variable, before.default, before.help)  # type: ignore[operator]
    assert sentence in str(caught.value)


def test_the_secret_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    first = secret_key(tmp_path / "data")
    assert len(first) > 50
    assert secret_key(tmp_path / "data") == first
    file = tmp_path / "data" / "secret_key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["secret_key"]


def test_processes_that_start_at_once_share_the_secret(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib as p, playground.secret as s; print(s.secret_key(p.Path(sys.argv[1])))"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    started = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    assert len({process.communicate()[0] for process in started}) == 1


@pytest.mark.django_db
def test_sqlite_is_safe_and_durable() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("another database is under test")
    with connection.cursor() as cursor:
        found = [
            cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "journal_size_limit")
        ]
        version = cursor.execute("SELECT sqlite_version()").fetchone()[0]
    assert found == ["wal", 2, 67108864]
    assert tuple(map(int, version.split("."))) >= SAFE_VERSION
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_postgresql_gets_a_checked_pool(tmp_path: Path) -> None:
    config = database_config("postgres://me:secret@db.example/play", tmp_path)
    assert config["ENGINE"] == "django.db.backends.postgresql"
    assert (config["HOST"], config["NAME"]) == ("db.example", "play")
    assert config["CONN_HEALTH_CHECKS"] is True
    assert config["OPTIONS"]["pool"]["max_size"] == 8
    assert config["CONN_MAX_AGE"] == 0
