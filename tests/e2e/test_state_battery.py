"""Saved state in the browser: the whole battery in its Python, and some of it through the page."""

from __future__ import annotations

import random
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.e2e.person import Person
from tests.state import chromium, expected
from tests.state.case import Case, fitting
from tests.state.cases import ALL
from tests.state.programs import random_case

#: Random sessions that are tried in the browser's Python too.
RANDOM = 12

#: Cases that are taken through the page, a reload and the server, one of most groups.
THROUGH_THE_PAGE = [
    "values.cycle-across-variables",
    "functions.shared-cell",
    "classes.descriptors",
    "modules.module-of-own-files",
    "interpreter.decimal-context",
    "stdlib.locks",
    "repl.results-share-with-variables",
    "files.tree-rename-delete",
    "changes.by-closure-only",
    "undo.mutation-in-place",
]


def test_the_battery_in_the_python_of_the_browser(browser: Browser) -> None:
    version = chromium.version()
    cases = fitting(ALL, version, browser=True)
    cases += [random_case(random.Random(seed), 25, f"random.{seed}") for seed in range(RANDOM)]
    found = chromium.try_cases(browser, cases)
    assert len(found) >= 220
    differing = {
        name: verdict
        for name, verdict in found.items()
        if verdict.outcome != expected.outcome(name, version)
    }
    assert differing == {}


@pytest.mark.parametrize("name", THROUGH_THE_PAGE)
def test_through_the_page(ada: Person, name: str) -> None:
    one = next(case for case in ALL if case.name == name)
    assert expected.outcome(name, chromium.version()) == "passed"
    uninterrupted = _go_on(ada, one, one.steps[: one.at or None], skip=one.at)
    ada.open(ada.page.evaluate("playground.create().then(({ url }) => url)"))
    numbers: list[int] = []
    for source in one.steps:
        numbers.append(ada.run(source)["number"])
        assert ada.saved()["unsaved"] == []
    if one.at:
        ada.page.evaluate("(number) => playground.restore(number)", numbers[one.at - 1])
    else:
        ada.reload()
    assert _go_on(ada, one, []) == uninterrupted


def _go_on(person: Person, one: Case, before: list[str], skip: int = 0) -> list[dict[str, Any]]:
    """Run entries, then those after the restore; what these show."""
    for source in before:
        assert person.run(source)["status"] == "ok"
    for _ in range(len(one.steps) - skip if skip else 0):
        person.run("pass")
    outcomes = [person.run(source) for source in one.after]
    return [{key: outcome.get(key) for key in ("stdout", "result")} for outcome in outcomes]
