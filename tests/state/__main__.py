"""``python -m tests.state``: tries the cases and counts, without judging what is expected of them.

``--python PATH`` takes another Python, ``--chromium`` the browser's; a word takes only the cases
with it in their names. ``--json FILE`` keeps what came out.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.e2e.conftest import FLAGS, chromium_path
from tests.state import chromium
from tests.state.case import Case, fitting
from tests.state.cases import ALL
from tests.state.forks import Pair
from tests.state.verdict import WORST_FIRST, Verdict


def main() -> None:
    """Print each case that did not pass, and a table of the groups."""
    parser = argparse.ArgumentParser(prog="python -m tests.state")
    parser.add_argument("word", nargs="?", default="")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--chromium", action="store_true")
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    where = chromium.version() if chosen.chromium else version_of(chosen.python)
    named = [case for case in ALL if chosen.word in case.name]
    cases = fitting(named, where, browser=chosen.chromium)
    found = in_chromium(cases) if chosen.chromium else natively(chosen.python, cases)
    for name, verdict in found.items():
        if verdict.outcome != "passed":
            print(f"{verdict.outcome:8}{name}: {verdict.why}")
    print(f"\nPython {where[0]}.{where[1]}{' in Chromium' if chosen.chromium else ''}\n")
    print(table(cases, found))
    if chosen.json:
        chosen.json.write_text(json.dumps({name: one.outcome for name, one in found.items()}))


def version_of(python: str) -> tuple[int, int]:
    """The version of a Python."""
    ask = "import sys; print(*sys.version_info[:2])"
    text = subprocess.run([python, "-c", ask], capture_output=True, text=True, check=True).stdout
    major, minor = text.split()
    return int(major), int(minor)


def natively(python: str, cases: list[Case]) -> dict[str, Verdict]:
    """The verdicts of a Python of this machine."""
    with Pair(python) as pair:
        return {case.name: pair.try_case(case) for case in cases}


def in_chromium(cases: list[Case]) -> dict[str, Verdict]:
    """The verdicts of the browser's Python."""
    with sync_playwright() as playwright:
        path = chromium_path(playwright.chromium)
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            return chromium.try_cases(browser, cases)
        finally:
            browser.close()


def table(cases: list[Case], found: dict[str, Verdict]) -> str:
    """How many of each group ended how."""
    rows = [["group", "cases", *reversed(WORST_FIRST)]]
    groups = list(dict.fromkeys(case.group for case in cases))
    for name in [*groups, "all"]:
        some = [case for case in cases if name in (case.group, "all")]
        counts = Counter(found[case.name].outcome for case in some)
        rows.append([name, str(len(some)), *(str(counts[one]) for one in reversed(WORST_FIRST))])
    return "\n".join(f"{row[0]:14}" + "".join(f"{cell:>9}" for cell in row[1:]) for row in rows)


if __name__ == "__main__":
    main()
