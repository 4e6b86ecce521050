"""``manage.py serve`` as a person starts it: several processes, and nothing left behind."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PATIENCE_S = 60


class Serve:
    """A running ``manage.py serve`` and what it said."""

    def __init__(self, data: Path, port: int) -> None:
        self.data, self.log = data, data.with_suffix(f".{time.monotonic_ns()}.log")
        environment = {**os.environ, "DATA_DIR": str(data), "PORT": str(port)}
        environment["DJANGO_SETTINGS_MODULE"] = "playground.settings"
        for variable in ("DATABASE_URL", "REDIS_URL"):
            environment.pop(variable, None)
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    @property
    def said(self) -> str:
        return self.log.read_text()

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Wait until it says something."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            if found := re.search(pattern, self.said):
                return found
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError(f"{pattern!r} was not said:\n{self.said}")

    def ready(self) -> str:
        """Wait until it serves; give its address."""
        return self.wait_for(r"ready at (http://\S+)")[1]

    def family(self) -> set[int]:
        """Give the numbers of all processes that serve this folder, but its own."""
        mark = f"DATA_DIR={self.data}\0".encode()
        found = set()
        for folder in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if folder.name.isdecimal() and mark in (folder / "environ").read_bytes() + b"\0":
                    found.add(int(folder.name))
        return found - {self.process.pid}

    def end(self, number: int = signal.SIGINT) -> int:
        """Send a signal; give the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(PATIENCE_S)


def child(serve: Serve, word: str) -> int | None:
    """Give the first process below the supervisor whose command line holds ``word``, if any."""
    for pid in sorted(serve.family()):
        with contextlib.suppress(OSError):
            command = Path(f"/proc/{pid}/cmdline").read_bytes().decode()
            parent = re.search(r"PPid:\s*(\d+)", Path(f"/proc/{pid}/status").read_text())
            if word in command and parent and int(parent[1]) == serve.process.pid:
                return pid
    return None


def kill(serve: Serve, word: str) -> int:
    """Kill a process below the supervisor; give the number it had."""
    pid = child(serve, word)
    assert pid, serve.said
    os.kill(pid, signal.SIGKILL)
    return pid


def healthy(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Serve]]:
    if sys.platform != "linux":
        pytest.skip("looks at processes as Linux shows them")
    started: list[Serve] = []

    def start(name: str = "data", port: int = 0) -> Serve:
        started.append(Serve(tmp_path / name, port))
        return started[-1]

    yield start
    for one in started:
        with contextlib.suppress(subprocess.TimeoutExpired):
            one.end(signal.SIGTERM)
        for pid in one.family():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_and_ends_without_a_process_left(
    serve: Callable[..., Serve], number: int
) -> None:
    running = serve()
    address = running.ready()
    assert healthy(address)
    assert (running.data / "secret_key").exists()
    until(lambda: child(running, "celery") is not None)
    assert running.end(number) == 0
    assert running.said.rstrip().endswith("Ended.")
    assert running.family() == set()
    assert not healthy(address)


def test_what_dies_is_started_again(serve: Callable[..., Serve]) -> None:
    running = serve()
    address = running.ready()
    until(lambda: len(running.family()) >= 4)
    before = running.family()
    worker = kill(running, "celery")
    running.wait_for(r"The worker was ended by signal 9; starting it again in 0\.2 s\.")
    until(lambda: child(running, "celery") not in {None, worker})
    # Beat and the pool of the dead worker must not live on beside the new ones.
    assert running.family() & before <= {child(running, "daphne")}
    kill(running, "daphne")
    running.wait_for(r"The web server was ended by signal 9")
    until(lambda: healthy(address))
    assert running.end() == 0
    assert running.family() == set()


def test_nothing_lives_on_when_the_supervisor_is_killed(serve: Callable[..., Serve]) -> None:
    running = serve()
    running.ready()
    running.end(signal.SIGKILL)
    until(lambda: running.family() == set())


def test_built_files_are_kept_by_browsers_for_ever(serve: Callable[..., Serve]) -> None:
    address = serve().ready()
    page = urllib.request.urlopen(f"{address}/sign-in").read().decode()
    found = re.search(r"/static/playground/base\.[0-9a-f]{12}\.css", page)
    assert found
    style = urllib.request.urlopen(address + found[0])
    assert style.headers["Cache-Control"] == "max-age=315360000, public, immutable"
    plain = urllib.request.urlopen(f"{address}/static/playground/base.css")
    assert "immutable" not in plain.headers["Cache-Control"]


def test_a_second_server_on_the_same_folder_is_refused(serve: Callable[..., Serve]) -> None:
    first = serve()
    address = first.ready()
    second = serve()
    assert second.process.wait(PATIENCE_S) == 1
    assert f"already runs on the folder {first.data}" in second.said
    assert f"process {first.process.pid}, {address}" in second.said
    assert healthy(address)


def test_a_taken_port_is_told_and_another_is_used(serve: Callable[..., Serve]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        running = serve(port=taken)
        address = running.ready()
        assert f"Port {taken} is taken by another program, so " in running.said
        assert not address.endswith(f":{taken}")
        assert healthy(address)


def test_a_web_server_that_cannot_start_is_given_up(serve: Callable[..., Serve]) -> None:
    running = serve()
    running.ready()
    (running.data / "secret_key").unlink()
    (running.data / "secret_key").mkdir()
    kill(running, "daphne")
    assert running.process.wait(PATIENCE_S) == 1
    assert "ends again and again" in running.said
    until(lambda: running.family() == set())
