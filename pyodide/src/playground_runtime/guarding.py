"""Runs a bit of somebody else's code under a deadline, and many of them under a budget."""

from collections.abc import Callable

from playground_runtime import limits
from playground_runtime.hooks import Hooks
from playground_runtime.interaction import clock
from playground_runtime.interrupts import Interrupts


class Guard:
    """Bounded calls of what may loop, raise or exit."""

    def __init__(self, hooks: Hooks, interrupts: Interrupts) -> None:
        self._hooks = hooks
        self._interrupts = interrupts
        self._left_ms = float(limits.REPRS_MS)

    def call[Value](self, work: Callable[[], Value]) -> Value | None:
        """What ``work`` gives; None when it raised, took too long, or the budget is spent."""
        if self._left_ms <= 0:
            return None
        started = clock()
        try:
            with self._interrupts.deliver():
                self._hooks.deadline(limits.REPR_MS)
                return work()
        except BaseException:
            return None
        finally:
            self._hooks.deadline(0)
            self._left_ms -= (clock() - started) * 1000
