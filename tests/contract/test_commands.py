"""The page about session commands is made from their table, and is fresh."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def test_generated_commands_are_fresh() -> None:
    done = subprocess.run(
        ["node", "commands-doc.mjs"],  # whichever node the tests run with
        cwd=ROOT / "frontend",
        capture_output=True,
        text=True,
        check=True,
    )
    written = (ROOT / "docs/commands.md").read_text()
    assert written == done.stdout, "run `npm run docs:commands`"
    assert written.count("| `:") == 16
