"""Runs the checks and tests that the Makefile names, and ends with a summary.

``python tests/run.py`` runs everything, ``python tests/run.py lint types`` some groups. A check
that fails does not keep the others from running.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
BIN = Path(sys.executable).parent
POSTGRESQL = "postgres://postgres:postgres@127.0.0.1:5432/playground"
REDIS = "redis://127.0.0.1:6379/15"

#: So many lines of a check that failed are shown again at the end.
LAST_LINES = 60

PYTEST = [sys.executable, "-m", "pytest", "-q"]
#: Tests of one file stay in one process, with what they share; each process has its own database.
BOTH_CORES = ["-n", "2", "--dist", "loadfile"]
FRESH = ["sessions_app.typescript", "--check"]
CLASSES_FRESH = ["playground.classrooms.typescript", "--check"]
SERVER_TESTS = ["tests/sessions_app", "tests/playground", "tests/classrooms"]
PURE_TESTS = ["tests/contract", "tests/runtime", "tests/state", "tests/distribution"]

# import-linter finds packages on Python's path alone.
RUNTIME_PATH = {"PYTHONPATH": str(ROOT / "pyodide" / "src")}


@dataclass(frozen=True)
class Check:
    """A command with the group it belongs to and what the summary calls it."""

    group: str
    name: str
    command: list[str]
    folder: Path = ROOT
    environment: Mapping[str, str] = field(default_factory=dict)


def checks() -> list[Check]:
    """Give all checks, the quick ones first."""
    ruff, npm = str(BIN / "ruff"), ["npm", "run", "--silent"]
    return [
        Check("lint", "ruff", [ruff, "check", "."]),
        Check("lint", "ruff format", [ruff, "format", "--check", "--quiet", "."]),
        Check("lint", "import-linter", [str(BIN / "lint-imports")], ROOT, RUNTIME_PATH),
        Check("lint", "protocol is fresh", [sys.executable, "-m", *FRESH]),
        Check("lint", "messages of classes are fresh", [sys.executable, "-m", *CLASSES_FRESH]),
        Check("lint", "eslint, prettier", [*npm, "lint"], FRONTEND),
        Check("types", "mypy", [str(BIN / "mypy")]),
        Check("types", "svelte-check, tsc", [*npm, "check"], FRONTEND),
        Check("unit", "pytest", [*PYTEST, *BOTH_CORES, *PURE_TESTS, *SERVER_TESTS]),
        Check("unit", "vitest", [*npm, "test"], FRONTEND),
        Check("fuzz", "replicas", [*PYTEST, "-n", "2", "tests/fuzz"]),
        Check("e2e", "browser", [*PYTEST, *BOTH_CORES, "tests/e2e"]),
    ]


def distributed() -> tuple[list[Check], list[str]]:
    """Give the server's tests on PostgreSQL and Redis, and what is missing for them."""
    found: list[Check] = []
    missing: list[str] = []
    database = os.environ.get("DATABASE_URL_TEST", POSTGRESQL)
    redis = os.environ.get("REDIS_URL_TEST", REDIS)
    for name, variable, url, answers in (
        ("PostgreSQL", "DATABASE_URL", database, _postgresql_answers(database)),
        ("Redis", "REDIS_URL", redis, _redis_answers(redis)),
    ):
        if answers:
            # How processes are started and ended does not depend on the database.
            # One Redis is shared by all processes.
            cores = [] if name == "Redis" else BOTH_CORES
            # Made anew, and left when done: a connection may close a moment after its test.
            fresh = ["--create-db", "--reuse-db"]
            tests = [*SERVER_TESTS, "--ignore=tests/playground/test_serve.py"]
            command = [*PYTEST, *cores, *fresh, *tests]
            found.append(Check("distributed", f"on {name}", command, ROOT, {variable: url}))
        else:
            missing.append(f"NOT RUN on {name}: nothing answers ({variable}_TEST names another).")
    return found, missing


def _postgresql_answers(url: str) -> bool:
    import psycopg

    try:
        # The database of the tests is made by them; the one that always exists shows the server.
        with psycopg.connect(url, dbname="postgres", connect_timeout=2):
            return True
    except psycopg.Error:
        return False


def _redis_answers(url: str) -> bool:
    import redis

    try:
        return bool(redis.Redis.from_url(url, socket_connect_timeout=2).ping())
    except redis.RedisError:
        return False


def put_into_form() -> int:
    """Format all code."""
    ruff = str(BIN / "ruff")
    for command, folder in (
        ([ruff, "check", "--fix", "--quiet", "."], ROOT),
        ([ruff, "format", "--quiet", "."], ROOT),
        (["npm", "run", "--silent", "format"], FRONTEND),
    ):
        if subprocess.run(command, cwd=folder, check=False).returncode:
            return 1
    return 0


@dataclass(frozen=True)
class Result:
    """How a check ended: whether it passed, its length in seconds, its last lines when not."""

    check: Check
    passed: bool
    seconds: float
    last_lines: list[str]


def run(check: Check) -> Result:
    """Run one check, showing what it prints as it comes."""
    print(f"\n=== {check.group}: {check.name} ===", flush=True)
    began = time.monotonic()
    last: deque[str] = deque(maxlen=LAST_LINES)
    with subprocess.Popen(
        check.command,
        cwd=check.folder,
        env={**os.environ, **check.environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            last.append(line)
    passed = process.returncode == 0
    return Result(check, passed, time.monotonic() - began, [] if passed else list(last))


def main(groups: list[str]) -> int:
    """Run the groups (all when none is named); the exit code is 0 when everything passed."""
    if groups == ["format"]:
        return put_into_form()
    chosen = [check for check in checks() if not groups or check.group in groups]
    missing: list[str] = []
    if not groups or "distributed" in groups:
        more, missing = distributed()
        chosen += more
    if not chosen:
        print(f"No such group: {' '.join(groups)}")
        return 2
    results = [run(check) for check in chosen]
    failed = [result for result in results if not result.passed]
    # Who sees only the end of a long log still learns what failed, and why.
    for result in failed:
        print(f"\n=== The end of {result.check.group}: {result.check.name} ===")
        print("".join(result.last_lines))
    print("\n=== Summary ===")
    for result in results:
        mark = "passed" if result.passed else "FAILED"
        print(f"  {mark}  {result.check.group}: {result.check.name} ({result.seconds:.0f} s)")
    for line in missing:
        print(f"  {line}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
