"""The session page: first steps, the list of keys, a long session that is scrolled and searched."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.person import Person
from tests.e2e.test_accessible import findings
from tests.harness.seed import fill
from tests.harness.server import Server
from tests.harness.visitor import Visitor

ENTRIES = 520


@pytest.fixture(scope="module")
def long(server: Server) -> tuple[Visitor, str]:
    """A guest with a session of many entries."""
    visitor = Visitor(server.url)
    session = visitor.start()
    fill(visitor, session, ENTRIES)
    return visitor, session


def enter(person: Person, visitor: Visitor, path: str) -> Page:
    """Open a page as the visitor."""
    person.context.add_cookies(
        [
            {"name": cookie.name, "value": str(cookie.value), "url": person.base}
            for cookie in visitor.cookies
        ]
    )
    return person.open(path, ready=False)


def test_a_long_session_is_read_and_searched(
    people: Callable[..., Person], long: tuple[Visitor, str]
) -> None:
    person = people()
    page = enter(person, long[0], f"/s/{long[1]}")
    transcript = person.transcript
    entry = transcript.locator("[data-entry]")
    expect(transcript.locator(f"[data-entry='{ENTRIES}']")).to_be_in_viewport()

    # Earlier entries come by themselves while one scrolls up, and those far away go.
    for _ in range(60):
        if transcript.locator("[data-entry='1']").count():
            break
        transcript.evaluate("log => log.scrollBy(0, -20_000)")
        page.wait_for_timeout(60)
    expect(transcript.locator("[data-entry='1']")).to_have_count(1)
    transcript.evaluate("log => { log.scrollTop = 0 }")
    expect(transcript.locator("[data-entry='1']")).to_be_in_viewport()
    assert entry.count() < 400
    expect(transcript.locator("[data-entry='260']")).to_have_count(0)

    # A reload knows the last entries only; the search finds all the same.
    page.reload()
    expect(transcript.locator(f"[data-entry='{ENTRIES}']")).to_be_in_viewport()
    transcript.focus()
    page.keyboard.press("Control+f")
    field = page.get_by_role("searchbox", name="Search in all entries")
    expect(field).to_be_focused()
    page.keyboard.type("HELPER_33_1")
    search = page.get_by_role("search")
    expect(search.get_by_role("status")).to_have_text("1 of 1 entry", timeout=20_000)
    expect(transcript.locator("[data-entry='33']")).to_be_in_viewport()
    field.fill("of entry 51")
    expect(search.get_by_role("status")).to_have_text("1 of 3 entries")
    expect(transcript.locator("[data-entry='516']")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(search.get_by_role("status")).to_have_text("2 of 3 entries")
    expect(transcript.locator("[data-entry='511']")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(transcript.locator("[data-entry='51']")).to_be_in_viewport()
    field.fill("nowhere to be found")
    expect(search.get_by_role("status")).to_have_text("Not found")
    page.keyboard.press("Escape")
    expect(search).to_have_count(0)
    expect(transcript).to_be_focused()
    assert person.errors == []


SHIFTS = """() => {
  globalThis.shifted = 0;
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries())
      if (!shift.hadRecentInput) globalThis.shifted += shift.value;
  }).observe({ type: 'layout-shift' });
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_first_steps_and_the_keys(people: Callable[..., Person], theme: str) -> None:
    person = people(color_scheme=theme, bypass_csp=True, reduced_motion="reduce")
    page = person.open()
    examples = page.get_by_role("list", name="Examples").get_by_role("button")
    expect(examples).to_have_count(3)

    page.keyboard.press("F1")
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys).to_contain_text("Search all entries")
    assert findings(page) == []
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    page.get_by_role("button", name="Keys").click()
    expect(keys).to_be_visible()
    page.keyboard.press("Escape")

    # Each example runs as it stands, and they are gone after the first.
    shown = page.get_by_role("list", name="Examples").locator("code").all_inner_texts()
    codes = [code.strip() for code in shown]
    examples.nth(1).click()
    expect(examples).to_have_count(0)
    expect(person.transcript.get_by_text("Done")).to_have_count(1)
    assert person.run(codes[2])["error"]["ename"] == "NameError"
    person.type(codes[0])
    page.get_by_role("textbox", name="What is your name?").fill("Ada")
    page.keyboard.press("Enter")
    person.sees("Hello, Ada")

    # The first of them named the session, once; a person's own name stays.
    name = codes[1].split("\n")[0][:30]
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    person.saved()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    person.ready()

    # Nothing moves while output streams in, and nothing at twice the size is lost.
    page.evaluate(SHIFTS)
    person.run("import time\nfor i in range(60):\n    print('line', i)\n    time.sleep(0.01)")
    assert page.evaluate("shifted") < 0.1
    page.set_viewport_size({"width": 640, "height": 400})
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
    expect(person.code).to_be_visible()
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_in_viewport()
    page.keyboard.press("Control+f")
    expect(page.get_by_role("searchbox", name="Search in all entries")).to_be_focused()
    assert findings(page) == []
    assert person.errors == []
