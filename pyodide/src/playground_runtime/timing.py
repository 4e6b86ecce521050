"""How long a piece of code takes: run again and again for a moment, the best time counts.

What the code prints meanwhile is not shown: its first run, an ordinary one, has shown it.
"""

import inspect
import sys
from types import CodeType
from typing import Any

from playground_runtime.compiling import SOURCE_ERRORS
from playground_runtime.errors import RefusedError
from playground_runtime.interaction import clock
from playground_runtime.session import Session

#: Seconds that all runs together take, about; and how many series of runs there are.
PATIENCE_S = 0.6
SERIES = 5

_run_code = exec


class _Nowhere:
    """A stream that forgets."""

    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None:
        """Nothing waits."""


def measure(session: Session, args: dict[str, Any]) -> dict[str, Any]:
    """``{bestMs, runs}``: the time of one run, by the best of a few series of runs."""
    try:
        code = compile(args["source"], "<time>", "exec", session.interpreter.compiler.flags, True)
    except SOURCE_ERRORS:
        # Top-level await, or no Python: the ordinary run has told all there is.
        return {"bestMs": None, "runs": 0}
    if code.co_flags & inspect.CO_COROUTINE:
        return {"bestMs": None, "runs": 0}
    session.interpreter.note(code)
    names = session.interpreter.namespace.names
    shown = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = _Nowhere()
    try:
        with session.interrupts.deliver():
            return _best(code, names)
    except BaseException as error:
        raise RefusedError("invalid", f"A later run failed: {type(error).__name__}.") from None
    finally:
        sys.stdout, sys.stderr = shown


def _best(code: CodeType, names: dict[str, Any]) -> dict[str, Any]:
    once = max(_series(code, names, 1), 1e-7)
    each = max(1, min(100_000, int(PATIENCE_S / SERIES / once)))
    best, runs = once, 1
    stop = clock() + 2 * PATIENCE_S
    for _ in range(SERIES):
        best = min(best, _series(code, names, each) / each)
        runs += each
        if clock() > stop:
            break
    return {"bestMs": best * 1000, "runs": runs}


def _series(code: CodeType, names: dict[str, Any], times: int) -> float:
    started = clock()
    for _ in range(times):
        _run_code(code, names)
    return clock() - started
