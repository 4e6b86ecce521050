"""What the runtime says to people, as it is said: ``python -m tests.runtime.said`` writes it down.

The pages' tests show each of these in a made-up language (`translate.test.ts`).
"""

import json
import os
import shutil
import tempfile
from pathlib import Path

from tests.runtime.hint_cases import CASES
from tests.runtime.hint_runner import run_all

from playground_runtime.state import reasons  # isort: skip  # found by way of the runner

TARGET = Path(__file__).parents[1] / "fixtures/sentences.json"

REASONS: list[str] = [
    *(value for name, value in vars(reasons).items() if name.isupper() and isinstance(value, str)),
    reasons.failed((one for one in ()), TypeError("cannot pickle")),
    reasons.failed(object(), TypeError("cannot pickle")),
    reasons.held("things[0]", "an open file", 0),
    reasons.held("things[0]", "an open file", 2_000),
    reasons.remark("Solver.solve", reasons.CACHE, 0),
    reasons.remark("Solver.solve", reasons.CACHE, 2_000),
    reasons.gone(["the function twice", "the collation odd", reasons.TEMPORARY]),
    reasons.gone(["the function twice"] * 7),
    reasons.too_large(2**30, 2**20),
    reasons.too_large(2**30, 2**20, at_least=True),
    reasons.no_room(2**20),
    reasons.not_restored(ModuleNotFoundError("no", name="numpy")),
    reasons.not_restored(ValueError("bad")),
    reasons.bounded([reasons.row("x", "y")] * 5_000)[-1]["reason"],
]


def said() -> str:
    """All hints of the cases and all reasons, as JSON."""
    folder, here = tempfile.mkdtemp(), Path.cwd()
    try:
        errors = run_all([source for source, words in CASES if words], folder)
    finally:
        os.chdir(here)
        shutil.rmtree(folder)
    hints = sorted({str(error["hint"]).replace(folder, "/home") for error in errors})
    return json.dumps({"hints": hints, "reasons": REASONS}, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    import sys

    original = sys.stdout
    text = said()
    sys.stdout = original
    TARGET.write_text(text)
