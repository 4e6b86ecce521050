"""One supervised process: started in a group of its own, restarted when it ends by itself.

The group matters: Celery's worker has processes below it (the pool, beat), which would live on
when the worker is killed. On Linux a child is also told to end when the supervisor vanishes.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

_PR_SET_PDEATHSIG = 1
_FIRST_DELAY_S = 0.2
_LONGEST_DELAY_S = 10.0
#: A child that lived this long has started well; its next restart is quick again.
_STEADY_S = 60.0


@dataclass
class Child:
    """A process to keep running. ``name`` is what messages call it."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    say: Callable[[str], None]
    #: Ends in a row, each soon after its start.
    failures: int = 0
    _process: subprocess.Popen[bytes] | None = None
    _started: float = 0.0
    _again: float = field(default=0.0)

    @property
    def pid(self) -> int | None:
        """The number of the running process."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start the process."""
        self._started = time.monotonic()
        self._process = subprocess.Popen(
            list(self.command),
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with_parent(os.getpid()),
        )

    def tend(self) -> None:
        """Notice an end and start again after a pause that grows; to be called often."""
        if self._process is None:
            if time.monotonic() >= self._again:
                self.start()
            return
        code = self._process.poll()
        if code is None:
            return
        self._kill_group()
        if time.monotonic() - self._started >= _STEADY_S:
            self.failures = 0
        delay = min(_FIRST_DELAY_S * 2**self.failures, _LONGEST_DELAY_S)
        self.failures += 1
        self._process = None
        self._again = time.monotonic() + delay
        self.say(f"{self.name} {_ending(code)}; starting it again in {delay:.1f} s.")

    def ask_to_end(self) -> None:
        """Send the signal to end, without waiting."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.terminate()

    def end(self, patience_s: float) -> None:
        """Wait up to ``patience_s`` for the end, then end the process and its group by force."""
        if self._process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(patience_s)
        self._kill_group()
        self._process.wait()
        self._process = None

    def _kill_group(self) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)


def _ending(code: int) -> str:
    return f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"


def _end_with_parent(parent: int) -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)

    def prepare() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            # The supervisor vanished between the fork and the line above.
            os._exit(1)

    return prepare
