"""What opens over the session page, pages of links and operators, and everything twice as large.

The dialogs that have a test file of their own (sharing, scripts, the inspector) are checked there.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.person import Person
from tests.e2e.test_accessible import PAGES, findings
from tests.harness.server import Server

STOP_ALL = "async () => (await playground.links()).map(({id}) => playground.unshare(id))"
THEMES = pytest.mark.parametrize("theme", ["light", "dark"])


@THEMES
def test_what_opens_over_the_page(people: Callable[..., Person], theme: str) -> None:
    person = people(color_scheme=theme, bypass_csp=True)
    page = person.open()
    found = {"first steps": findings(page)}
    person.run("word = 'otter'\nopen('a.txt', 'w').write('x')\ngen = (n for n in word)")
    person.saved()
    person.code.click()
    page.keyboard.type("word.up")
    expect(page.get_by_role("listbox")).to_be_visible()
    found["completion"] = findings(page)
    page.keyboard.press("Escape")
    person.code.fill("")
    page.get_by_role("button", name="Search earlier code").click()
    found["search of code"] = findings(page)
    page.keyboard.press("Escape")
    for item in ("Export…", "Import…"):
        page.get_by_role("button", name="More", exact=True).click()
        found[f"menu before {item}"] = findings(page)
        page.get_by_role("button", name=item).click()
        expect(page.get_by_role("dialog")).to_be_visible()
        found[item] = findings(page)
        page.keyboard.press("Escape")
    page.get_by_role("button", name="Rename a.txt").click()
    found["rename"] = findings(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Delete a.txt").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    found["notice"] = findings(page)
    page.get_by_role("button", name="Fresh start…").click()
    found["fresh start"] = findings(page)
    assert {place: wrong for place, wrong in found.items() if wrong} == {}


@THEMES
def test_pages_of_links_and_of_operators(
    people: Callable[..., Person], server: Server, theme: str
) -> None:
    person = people(color_scheme=theme, bypass_csp=True)
    page = person.open()
    address = str(page.evaluate("playground.share({}).then(({url}) => url)"))
    page.evaluate(STOP_ALL)
    page.goto("/sign-up")
    page.get_by_label("Name", exact=True).fill(f"op-{time.monotonic_ns() % 10**9}")
    page.get_by_label("Password", exact=True).fill("short")
    page.get_by_role("button", name="Sign up").click()
    found = {"refused": findings(page)}
    page.get_by_label("Password", exact=True).fill("correct horse battery")
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("heading", name="Your recovery code")).to_be_visible()
    found["recovery code"] = findings(page)
    server.task("tests.screenshots.operators.make_all_operators")
    operator = [f"/operator/{name}" for name in ("", "storage", "work", "settings")]
    others = ["/profile/password", "/profile/recovery-code", "/s/" + "0" * 32, address]
    for path in (*operator, *others):
        page.goto(path)
        expect(page.get_by_role("main")).to_be_visible()
        found[path] = findings(page)
    assert {place: wrong for place, wrong in found.items() if wrong} == {}


def test_twice_as_large_nothing_scrolls_sideways(people: Callable[..., Person]) -> None:
    # 1280 pixels at a zoom of 200 % are a page of 640.
    person = people(viewport={"width": 640, "height": 400}, device_scale_factor=2)
    page = person.open()
    person.run("print('x' * 500)\ntable = [{'n': n, 'square': n * n} for n in range(9)]\ntable")
    person.saved()
    wide = "document.documentElement.scrollWidth"
    found = {"session": page.evaluate(wide)}
    for path in PAGES:
        page.goto(path)
        found[path] = page.evaluate(wide)
    assert {path: width for path, width in found.items() if width > 640} == {}
