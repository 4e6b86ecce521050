"""Sessions of the runtime in this interpreter, with hooks in Python, and their way back."""

import asyncio
import builtins
import getpass
import json
import logging
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "pyodide" / "src"))

from playground_runtime import pristine
from playground_runtime.session import Session
from playground_runtime.streams import standard_stream

MEGABYTE = 1_000_000
LIMITS = {
    "variableBytes": 10 * MEGABYTE,
    "fileBytes": 10 * MEGABYTE,
    "totalBytes": 100 * MEGABYTE,
}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, object, object]:
    """Give the process its loggers back: a session that is restored here sets up its own."""
    named = [
        one for one in logging.root.manager.loggerDict.values() if isinstance(one, logging.Logger)
    ]
    before = [(one, dict(vars(one)), one.handlers[:]) for one in [logging.root, *named]]
    try:
        return (yield)
    finally:
        for logger, state, handlers in before:
            vars(logger).clear()
            vars(logger).update(state)
            logger.handlers = handlers


class TestHooks:
    """Hooks that keep what is sent, and answer from lists."""

    __test__ = False

    def __init__(self) -> None:
        self.starts = 0
        self.batches: list[list[dict[str, Any]]] = []
        self.answers: list[object] = []
        self.asked: list[tuple[str, bool]] = []
        self.slept: list[float] = []
        self.deadlines: list[float] = []

    def started(self) -> None:
        self.starts += 1

    def output(self, outputs: str) -> None:
        self.batches.append(json.loads(outputs))

    def input(self, prompt: str, password: bool) -> object:
        self.asked.append((prompt, password))
        return self.answers.pop(0) if self.answers else None

    def sleep(self, ms: float) -> None:
        self.slept.append(ms)

    def deadline(self, ms: float) -> None:
        self.deadlines.append(ms)


class Outcome:
    """What an entry gave, in the shape of the page's API."""

    def __init__(self, answer: dict[str, Any], outputs: list[dict[str, Any]]) -> None:
        self.status: str = answer["status"]
        self.duration: float = answer["durationMs"]
        self.outputs = outputs

    def _text(self, name: str) -> str:
        return "".join(one["text"] for one in self.outputs if one.get("name") == name)

    @property
    def stdout(self) -> str:
        return self._text("stdout")

    @property
    def stderr(self) -> str:
        return self._text("stderr")

    def _of(self, kind: str) -> list[Any]:
        return [one for one in self.outputs if one["type"] == kind]

    @property
    def result(self) -> Any:
        return next((one["data"] for one in self._of("execute_result")), None)

    @property
    def text(self) -> Any:
        return self.result and self.result["text/plain"]

    @property
    def displays(self) -> list[Any]:
        return [one["data"] for one in self._of("display_data")]

    @property
    def error(self) -> Any:
        return next(iter(self._of("error")), None)


class Driver:
    """A session with its hooks; ``run`` numbers the entries."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.hooks = TestHooks()
        self.session = Session(self.hooks, str(home))
        self.number = 0
        self.blobs: dict[int, bytes] = {}

    def run(self, source: str) -> Outcome:
        self.number += 1
        # pytest puts its own streams in place between the phases of a test.
        sys.stdout, sys.stderr = standard_stream("stdout"), standard_stream("stderr")
        self.hooks.batches.clear()
        answer = self.session.execute(self.number, source)
        if not isinstance(answer, dict):
            answer = asyncio.run(_whole(answer))
        return Outcome(answer, [one for batch in self.hooks.batches for one in batch])

    def ok(self, source: str) -> Outcome:
        outcome = self.run(source)
        assert outcome.status == "ok", outcome.error
        return outcome

    def capture(self, **limits: int) -> dict[str, Any]:
        header, blobs = self.session.capture({**LIMITS, **limits})
        self.blobs.update(zip(header["new"], blobs, strict=True))
        return header

    def restore(self, header: dict[str, Any], blobs: dict[int, bytes]) -> dict[str, Any]:
        named = {row["blob"] for part in ("units", "files") for row in header[part]}
        request = {key: header[key] for key in ("units", "files", "directories")}
        request["blobIds"] = sorted(named)
        return self.session.restore(request, [blobs[number] for number in sorted(named)])

    def unsaved(self, **limits: int) -> dict[str, str]:
        return {row["name"]: row["reason"] for row in self.capture(**limits)["unsaved"]}

    def rows(self) -> dict[str, Any]:
        return {row["name"]: row for row in self.session.variables()}


async def _whole(answer: Any) -> dict[str, Any]:
    return await answer


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Entries leave files open and coroutines unawaited, as people do."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            for kind in ("ResourceWarning", "RuntimeWarning"):
                item.add_marker(pytest.mark.filterwarnings(f"ignore::{kind}"))


@pytest.fixture
def sessions(tmp_path: Path) -> Iterator[Callable[[], Driver]]:
    """Makes sessions one after the other, each with an empty home folder."""
    kept = (sys.stdout, sys.stderr, sys.stdin, sys.modules["__main__"])
    functions = (builtins.input, getpass.getpass, time.sleep, Path.cwd(), list(sys.path))
    environment, state = dict(os.environ), random.getstate()
    handler = signal.getsignal(signal.SIGINT)
    made: list[Path] = []

    def make() -> Driver:
        made.append(tmp_path / f"home{len(made)}")
        made[-1].mkdir()
        return Driver(made[-1])

    try:
        yield make
    finally:
        sys.stdout, sys.stderr, sys.stdin, sys.modules["__main__"] = kept
        pristine.undo()
        builtins.input, getpass.getpass, time.sleep = functions[:3]
        os.chdir(functions[3])
        sys.path[:] = functions[4]
        os.environ.clear()
        os.environ.update(environment)
        random.setstate(state)
        signal.signal(signal.SIGINT, handler)


@pytest.fixture
def session(sessions: Callable[[], Driver]) -> Driver:
    """One session."""
    return sessions()
