"""Decides when Ctrl-C may interrupt: only while code of the user runs.

The frame raises SIGINT at any moment, also when a run has just ended and its output is being sent.
An interrupt that comes while nobody's code runs is dropped, so it never tears our own work.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Interrupts:
    """The handler of SIGINT. ``delivering`` says whether it raises KeyboardInterrupt."""

    def __init__(self) -> None:
        self.delivering = False

    def install(self) -> None:
        """Become the process's handler (possible in the main thread only)."""
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, self._handle)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if self.delivering:
            raise KeyboardInterrupt

    @contextmanager
    def deliver(self) -> Iterator[None]:
        """Let interrupts through, in code of the user."""
        before = self.delivering
        try:
            self.delivering = True
            yield
        finally:
            self.delivering = before
