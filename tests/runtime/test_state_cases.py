"""Values that are the same after a restore: steps, a new session, and what is printed then.

Each case of ``state_cases.jsonl`` saves after every step, restores into a fresh session, or (``at``)
an earlier step into the same one, and expects what one uninterrupted interpreter prints. ``unsaved``
names what is known to be left out, and must be said to be.
"""

import json
from pathlib import Path
from typing import Any

import pytest

LINES = (Path(__file__).parent / "state_cases.jsonl").read_text().splitlines()
CASES = [json.loads(line) for line in LINES]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"].replace(" ", "-"))
def test_values_are_the_same_after_a_restore(sessions: Any, case: dict[str, Any]) -> None:
    first = sessions()
    headers = []
    for step in case["steps"]:
        first.ok(step)
        headers.append(first.capture())
    assert [row["name"] for row in headers[-1]["unsaved"]] == case.get("unsaved", [])
    header = headers[case.get("at", 0) - 1]
    second = first if "at" in case else sessions()
    second.number = first.number
    assert second.restore(header, first.blobs)["failed"] == []
    assert second.ok(case["after"]).stdout == case["expect"]
