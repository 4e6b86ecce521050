"""Runs the cases of ``hint_cases.py`` in whatever Python this is, and prints what came out as JSON.

It is run in this process by pytest, and as a program by other Pythons, the browser's among them.
"""

import json
import os
import shutil
import sys
import tempfile
from typing import Any

if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:0] = [here, os.path.join(here, "..", "..", "pyodide", "src")]

from playground_runtime.session import Session


class Hooks:
    """Hooks that keep the errors that are sent."""

    def __init__(self) -> None:
        self.errors: list[Any] = []

    def started(self) -> None:
        pass

    def output(self, outputs: str) -> None:
        self.errors += [one for one in json.loads(outputs) if one["type"] == "error"]

    def input(self, prompt: str, password: bool) -> str:
        return ""

    def sleep(self, ms: float) -> None:
        """Nothing waits here."""

    def deadline(self, ms: float) -> None:
        """Nothing takes long here."""


def run_all(sources: list[str], home: str) -> list[dict[str, Any]]:
    """The error output of each source, run in an empty session; {} where there was none."""
    hooks = Hooks()
    session = Session(hooks, home)
    found = []
    for number, source in enumerate(sources, 1):
        session.clear(None)
        for name in os.listdir(home):
            os.remove(os.path.join(home, name))
        sys.modules.pop("colorsys", None)
        hooks.errors.clear()
        session.execute(number, source)
        found.append(hooks.errors[-1] if hooks.errors else {})
    return found


if __name__ == "__main__":
    from hint_cases import CASES

    folder = tempfile.mkdtemp()
    original = sys.stdout
    answers = run_all([source for source, _ in CASES], folder)
    os.chdir("/")
    shutil.rmtree(folder)
    original.write(json.dumps(answers))
