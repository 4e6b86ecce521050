"""Performs scripts natively: a server that forks an interpreter for each, and its client.

The server has imported the runtime and nothing of a session, so a fork is a fresh interpreter
within milliseconds. The two servers of a battery hash texts differently, as two visits do: what
depends on the order of a set shows itself.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.state.case import Case
from tests.state.verdict import Step, Verdict, judge, plan

HERE = Path(__file__).parent
SOURCE = HERE.parents[1] / "pyodide" / "src"

#: Seconds until a script that does not end is ended.
PATIENCE = 60


class Forks:
    """One server, of one Python; performs one script after the other."""

    def __init__(self, python: str, seed: int) -> None:
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [python, "-X", "utf8", str(HERE / "fork_server.py"), str(SOURCE)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONDONTWRITEBYTECODE": "1"},
            text=True,
        )

    def perform(self, script: list[Step], store: dict[str, str]) -> list[Step]:
        """The results of a script; ``store`` receives its saves, in base64."""
        with self._lock:
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            request = {"script": script, "store": store, "seconds": PATIENCE}
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        store.update(answer["store"])
        results: list[Step] = answer["results"]
        return results

    def close(self) -> None:
        """End the server."""
        self._process.communicate()


class Pair:
    """The servers of one Python: where sessions are saved, and where they are restored."""

    def __init__(self, python: str = sys.executable) -> None:
        self.near = Forks(python, 1)
        self.far = Forks(python, 2)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.near.close()
        self.far.close()

    def try_case(self, case: Case) -> Verdict:
        """Perform all that ``plan`` says, and judge it."""
        store: dict[str, str] = {}
        results = {
            way: (self.far if way == "restored" else self.near).perform(script, store)
            for way, script in plan(case).items()
        }
        return judge(case, results)
