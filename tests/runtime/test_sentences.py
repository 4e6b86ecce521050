"""What the runtime says to people is in the pages' catalogue, for other languages."""

import ast
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
STATE = ROOT / "pyodide/src/playground_runtime/state"

#: In a process of its own, for running the cases changes much in an interpreter.
SAID = (
    "import sys; from tests.runtime import said; out = sys.stdout; "
    "text = said.said(); out.write(text)"
)
FRESH = (
    "import runpy; it = runpy.run_path('pyodide/distribution/sentences.py'); "
    "assert it['TARGET'].read_text() == it['generate'](), 'run `make sentences`'"
)


def run(code: str) -> str:
    command = [sys.executable, "-X", "utf8", "-W", "ignore", "-c", code]
    around = os.environ | {"PYTHONPATH": str(ROOT / "pyodide/src")}
    done = subprocess.run(command, cwd=ROOT, env=around, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_catalogue_is_fresh() -> None:
    run(FRESH)


def test_what_is_said_is_what_the_pages_are_tested_with() -> None:
    told = (ROOT / "tests/fixtures/sentences.json").read_text()
    assert told == run(SAID), "run `make sentences`"


def test_reasons_stand_in_one_place() -> None:
    """Elsewhere in the engine they are named, or told by what cannot be saved."""
    found = [
        f"{path.name}:{call.lineno}"
        for path in STATE.glob("*.py")
        if path.name != "reasons.py"
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in ("row", "lose", "refuse", "missing", "get")
        and any(
            isinstance(text, ast.JoinedStr)
            or (isinstance(text, ast.Constant) and " " in str(text.value))
            for text in ast.walk(call)
        )
    ]
    assert found == []
