"""Notes of the tasks' runs, for the operator's pages and the admin: when, how long, what failed.

A task that runs every few seconds and finds nothing is noted once a minute at most, so that an
idle installation does not write all the time. The newest note is the worker's sign of life.
"""

from __future__ import annotations

import functools
import logging
import time
from collections.abc import Callable

from sessions_app.clock import now_ms
from sessions_app.writer import run_named

log = logging.getLogger(__name__)

#: A run that did nothing is noted this often at most, in milliseconds.
QUIET_MS = 60_000

_noted_ms: dict[str, int] = {}
_failures: list[str] = []


def failed(what: str) -> None:
    """Note that one object of the task that runs now failed; the others go on."""
    _failures.append(what)


def noted(task: Callable[[], int]) -> Callable[[], int]:
    """Note each run of a task that gives how many things it did."""

    @functools.wraps(task)
    def wrapped() -> int:
        _failures.clear()
        started, began = now_ms(), time.perf_counter()
        done = 0
        try:
            done = task()
        except Exception as error:
            failed(repr(error))
            raise
        finally:
            _note(task.__name__, started, time.perf_counter() - began, done)
        return done

    return wrapped


def _note(name: str, started_ms: int, seconds: float, done: int) -> None:
    quiet = not done and not _failures
    if quiet and started_ms - _noted_ms.get(name, 0) < QUIET_MS:
        return
    _noted_ms[name] = started_ms
    try:
        run_named("note_run", name, started_ms, seconds, done, "\n".join(_failures[:5]))
    except Exception:
        log.exception("The run of %s could not be noted.", name)
