"""What waits for the person or the clock: ``input``, ``getpass`` and ``time.sleep``.

They block Python's thread through the worker's hooks, and can be interrupted there. What was
printed before is sent first, and an answer is echoed, so a transcript reads like a terminal.
"""

import io
import math
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playground_runtime.hooks import Hooks
from playground_runtime.outputs import OutputQueue
from playground_runtime.plaintext import safe_repr
from playground_runtime.text import clean

#: Characters of a prompt that are shown in the asking line.
PROMPT_CHARS = 2_000


class Interaction:
    """The replacements for functions of ``builtins``, ``getpass`` and ``time``."""

    def __init__(self, hooks: Hooks, queue: OutputQueue) -> None:
        self._hooks = hooks
        self._queue = queue

    def ask(self, prompt: str, *, password: bool) -> str:
        """Wait for a line. Raises KeyboardInterrupt when the run is being stopped."""
        self._queue.flush()
        with _unprinted():
            answer = self._hooks.input(clean(prompt[-PROMPT_CHARS:]), password)
        if not isinstance(answer, str):
            raise KeyboardInterrupt
        self._queue.write("stdout", prompt + ("" if password else answer) + "\n")
        self._queue.flush()
        return answer

    def functions(self) -> tuple[Callable[..., str], Callable[..., str], Callable[..., None]]:
        """``input``, ``getpass`` and ``sleep`` as plain functions, as code expects them."""

        def input(prompt: object = "", /) -> str:  # noqa: A001  # It replaces that builtin.
            """Ask the person at the page for a line of text."""
            return self.ask(prompt if isinstance(prompt, str) else str(prompt), password=False)

        def getpass(prompt: str = "Password: ", stream: object = None, **_: object) -> str:
            """Ask for a password; it is not shown."""
            return self.ask(prompt, password=True)

        def sleep(seconds: float, /) -> None:
            """Delay execution for a number of seconds; the page can interrupt it."""
            wanted = _seconds(seconds)
            self._queue.flush()
            if wanted > 0:
                with _unprinted():
                    self._hooks.sleep(wanted * 1000)

        return input, getpass, sleep


@contextmanager
def _unprinted() -> Iterator[None]:
    """Keep Pyodide from printing an interrupt that passes through JavaScript on its way."""
    before = sys.stderr
    sys.stderr = io.StringIO()
    try:
        yield
    finally:
        sys.stderr = before


def _seconds(value: object) -> float:
    if hasattr(value, "__index__"):
        seconds = float(value.__index__())
    elif isinstance(value, float):
        seconds = value
    else:
        kind = type(value).__name__
        raise TypeError(f"'{kind}' object cannot be interpreted as an integer")
    if math.isnan(seconds):
        raise ValueError("Invalid value NaN (not a number)")
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    if seconds * 1e9 > 2**63:
        raise OverflowError(f"timestamp too large: {safe_repr(value)}")
    return seconds


#: Kept for measuring: an entry may patch the module.
clock = time.perf_counter
