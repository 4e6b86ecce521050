"""The supervisor: runs the web server and the worker, and ends both cleanly."""

from __future__ import annotations

import os
import signal
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

from playground.serve.child import Child
from playground.serve.ports import address

_LOOK_EVERY_S = 0.1
_START_PATIENCE_S = 120.0
_WEB_PATIENCE_S = 8.0
#: Celery's own ending takes longer than its work; a task that is cut off is done again, since each
#: is idempotent and looks for what is due.
_WORKER_PATIENCE_S = 2.0
#: After so many quick ends in a row the web server will not come up by trying again.
_HOPELESS = 5
#: A socket frame may be longer than the protocol allows, so that it gets an answer that says so.
_LARGEST_MESSAGE = 1024 * 1024
#: Sockets are closed after half a day; the page opens a new one without anybody noticing.
_LONGEST_SOCKET_S = 12 * 3600


class Supervisor:
    """Runs the children until a signal asks to end, or the web server is hopeless."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        data_dir: Path,
        proxy: bool,
        worker: bool,
        first_link: str | None = None,
    ) -> None:
        self.url = address(host, port)
        self._first_link = first_link
        self._health = f"{address(_reachable(host), port)}/healthz"
        self._ending = False
        environment = {**os.environ, "PORT": str(port)}
        self._web = Child("The web server", web_command(host, port, proxy), environment, say)
        self._children = [self._web]
        self._worker = Child("The worker", worker_command(data_dir), environment, say)
        self._with_worker = worker

    def run(self) -> int:
        """Serve until the end; give the exit code."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        try:
            self._web.start()
            if not self._wait_until_ready():
                return 0 if self._ending else 1
            say(f"Playground is ready at {self.url} (Ctrl-C ends it).")
            if self._first_link:
                say("Nobody looks after this installation yet. Within an hour, once, you can make")
                say(f"yourself its administrator, and a teacher, at {self.url}{self._first_link}")
            if self._with_worker:
                # Only now, so that it does not take the processor from the web server's start.
                self._children.append(self._worker)
                self._worker.start()
            return 0 if self._keep_running() else 1
        finally:
            self._stop()

    def _wait_until_ready(self) -> bool:
        deadline = time.monotonic() + _START_PATIENCE_S
        while not self._ending and time.monotonic() < deadline:
            if not self._tend():
                return False
            if self._answers():
                return True
            time.sleep(_LOOK_EVERY_S)
        if not self._ending:
            say(f"The web server did not answer within {_START_PATIENCE_S:.0f} s.")
        return False

    def _keep_running(self) -> bool:
        while not self._ending:
            if not self._tend():
                return False
            time.sleep(_LOOK_EVERY_S)
        return True

    def _tend(self) -> bool:
        for child in self._children:
            child.tend()
        if self._web.failures >= _HOPELESS:
            say("The web server ends again and again; see its messages above. Giving up.")
            return False
        return True

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self._health, timeout=5) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self._ending:
            for child in self._children:
                child.end(0)
            os._exit(1)
        self._ending = True
        say("Ending …")

    def _stop(self) -> None:
        self._ending = True
        for child in self._children:
            child.ask_to_end()
        for child in self._children:
            child.end(_WEB_PATIENCE_S if child is self._web else _WORKER_PATIENCE_S)
        say("Ended.")


def web_command(host: str, port: int, proxy: bool) -> list[str]:
    """Give the command of the web server. Addresses are not logged, since some hold a token."""
    command = [sys.executable, "-m", "daphne", "-b", host, "-p", str(port), "-v", "0"]
    command += ["--websocket-max-message-size", str(_LARGEST_MESSAGE)]
    command += ["--websocket-max-frame-size", str(_LARGEST_MESSAGE)]
    command += ["--websocket_timeout", str(_LONGEST_SOCKET_S)]
    command += ["--ping-interval", "20", "--ping-timeout", "30", "--no-server-name"]
    if proxy:
        command.append("--proxy-headers")
    return [*command, "playground.asgi:application"]


def worker_command(data_dir: Path) -> list[str]:
    """Give the command of the one worker; beat runs inside it, as there is only one."""
    command = [sys.executable, "-m", "celery", "--app", "playground.celery", "--quiet", "worker"]
    command += ["--beat", "--schedule", str(data_dir / "beat-schedule")]
    command += ["--concurrency", "1", "--max-tasks-per-child", "500", "--loglevel", "WARNING"]
    return [*command, "--without-gossip", "--without-mingle", "--hostname", "playground@%h"]


def say(text: str) -> None:
    """Tell the person at the terminal."""
    print(text, flush=True)  # noqa: T201


def _reachable(host: str) -> str:
    return "localhost" if host in {"0.0.0.0", "::", ""} else host  # noqa: S104  # compared
