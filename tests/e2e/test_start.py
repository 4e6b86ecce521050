"""How a session page starts: history first, Python from the cache and from its memory snapshot."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Route, expect

from tests.e2e.person import Person

TRANSFERRED = """() => performance.getEntriesByType('resource')
  .filter((entry) => entry.name.includes('/runtime/dist/'))
  .map((entry) => [entry.name, entry.transferSize])"""


def test_history_is_there_before_python(ada: Person) -> None:
    ada.run("print('seen ' + 'before')")
    ada.saved()
    held: list[Route] = []
    holding = True

    def hold(route: Route) -> None:
        if holding:
            held.append(route)
        else:
            route.continue_()

    ada.page.route(re.compile("/runtime/dist/"), hold)
    ada.page.reload()
    ada.sees("seen before", timeout=5_000)
    assert held
    holding = False
    for route in held:
        route.continue_()
    ada.ready()
    assert ada.text("1 + 1") == "2"


def test_a_warm_visit_fetches_nothing_of_the_runtime(ada: Person) -> None:
    ada.reload()
    fetched = ada.page.evaluate(TRANSFERRED)
    assert len(fetched) >= 5
    assert [name for name, size in fetched if size] == []


def test_a_broken_memory_snapshot_means_a_plain_start(people: Callable[..., Person]) -> None:
    person = people()
    person.context.route(re.compile(r"/snapshot[^/]*\.bin"), lambda route: route.fulfill(body="x"))
    person.open()
    start = person.page.evaluate("playground.diagnostics().runtime.start")
    assert start["kind"] == "plain"
    assert start["reason"]
    assert person.text("sum(range(10))") == "45"


def test_python_starts_from_the_memory_snapshot(ada: Person) -> None:
    assert ada.page.evaluate("playground.diagnostics().runtime.start.kind") == "snapshot"
    first = ada.text("import random\nrandom.random()")
    ada.page.evaluate("playground.reset()")
    assert ada.text("import random\nrandom.random()") != first


def test_the_page_asks_only_its_own_server(ada: Person) -> None:
    ada.run("1")
    ada.saved()
    assert ada.foreign == []
    expect(ada.page.locator("iframe").first).to_have_attribute("sandbox", "allow-scripts")
