"""What opens over the session page, pages of links and operators, and everything twice as large.

The dialogs that have a test file of their own (sharing, scripts, the inspector) are checked there.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

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
    for key, name in (("Control+k", "Commands"), ("F1", "Keys")):
        page.keyboard.press(key)
        opened = page.get_by_role("dialog", name=name)
        expect(opened).to_be_visible()
        found[name] = findings(page)
        page.keyboard.press("Escape")
        expect(opened).to_be_hidden()
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_role("searchbox", name="Search in all entries").fill("otter")
    found["search of entries"] = findings(page)
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


def test_dialogs_keep_the_focus_and_give_it_back(ada: Person) -> None:
    page = ada.page
    ada.run("x = 1\nopen('a.txt', 'w').write('x')")
    ada.saved()
    outside = "() => document.activeElement?.closest('dialog, body')?.tagName === 'BODY'"
    for name in ("Share", "Keys", "Fresh start…", "Rename a.txt"):
        opener = page.get_by_role("button", name=name, exact=True)
        opener.focus()
        page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog")
        expect(dialog).to_have_accessible_name(re.compile(r"\w"))
        for _ in range(12):
            page.keyboard.press("Tab")
            # Between its ends the browser's own buttons have a turn; the page beside has none.
            assert not page.evaluate(outside) or page.evaluate(
                "document.activeElement === document.body"
            ), name
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        expect(opener).to_be_focused()


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


NOTEBOOK = {
    "cells": [{"cell_type": "code", "source": "1", "metadata": {}, "outputs": []}],
    "metadata": {"kernelspec": {"name": "ir", "language": "R"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}


@THEMES
def test_pages_of_what_was_brought_in_and_of_what_to_keep(
    people: Callable[..., Person], theme: str
) -> None:
    account = {"name": f"keeper-{time.monotonic_ns() % 10**9}", "password": "correct horse battery"}
    first = people().open()
    first.goto("/sign-up")
    _fill(first, account, "Sign up")
    expect(first.get_by_role("heading", name="Your recovery code")).to_be_visible()

    person = people(color_scheme=theme, bypass_csp=True)
    page = person.open()
    person.run("print('made by a guest')")
    person.saved()
    page.goto("/sessions")
    page.get_by_text("Import…").click()
    page.get_by_label("Notebook (.ipynb)").set_input_files(
        {"name": "r.ipynb", "mimeType": "application/json", "buffer": json.dumps(NOTEBOOK).encode()}
    )
    page.get_by_role("button", name="Import", exact=True).click()
    page.wait_for_url("**/transfers/*")
    expect(page.get_by_text("only Python runs here")).to_be_visible(timeout=20_000)
    found = {"transfer": findings(page)}
    page.goto("/sign-in")
    _fill(page, account, "Sign in")
    page.wait_for_url("**/keep")
    expect(page.get_by_role("group", name="Sessions to keep")).to_be_visible()
    found["keep"] = findings(page)
    assert {place: wrong for place, wrong in found.items() if wrong} == {}


def _fill(page: Page, account: dict[str, str], action: str) -> None:
    page.get_by_label("Name", exact=True).fill(account["name"])
    page.get_by_label("Password", exact=True).fill(account["password"])
    page.get_by_role("main").get_by_role("button", name=action, exact=True).click()


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
