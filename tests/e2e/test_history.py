"""What people do with earlier entries: again, edited, deleted, looked back at; the palette."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.person import Person
from tests.e2e.test_accessible import findings


def entry(page: Page, number: int) -> Locator:
    return page.locator(f"[data-entry='{number}']")


def tool(page: Page, number: int, name: str) -> None:
    """Choose a tool of an entry's menu."""
    entry(page, number).get_by_role("button", name=f"What to do with #{number}").click()
    page.get_by_role("menuitem", name=name).click()


def palette(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Commands")


def chosen(strip: Locator) -> Locator:
    """The line of the tree of states that is chosen."""
    return strip.get_by_role("listbox").get_by_role("option", selected=True)


def notice(page: Page, text: str) -> Locator:
    return page.locator(".notice", has_text=text)


def test_again_edited_deleted_pinned_and_folded(ada: Person) -> None:
    page = ada.page
    ada.run("price = 3")
    ada.run("print(price * 2)\n'a' + 'b'")
    expect(entry(page, 2).locator("time")).to_have_attribute("title", re.compile(r"\d:\d\d:\d\d"))
    expect(entry(page, 2).locator(".tok-string").first).to_have_text("'a'")

    tool(page, 2, "Run again")
    expect(entry(page, 3)).to_contain_text("again")
    expect(entry(page, 3)).to_contain_text("'ab'")
    entry(page, 3).get_by_role("button", name="Go to #2").click()
    expect(entry(page, 2)).to_be_focused()

    ada.code.fill("not to be lost")
    tool(page, 1, "Edit and run")
    expect(ada.code).to_be_focused()
    expect(ada.code).to_have_text("price = 3")
    expect(page.get_by_text("Based on #1.")).to_be_visible()
    page.keyboard.press("ControlOrMeta+End")
    page.keyboard.type("0")
    page.keyboard.press("Shift+Enter")
    expect(entry(page, 4)).to_contain_text("edited from")
    expect(page.get_by_text("Based on #1.")).to_have_count(0)
    notice(page, "made room").get_by_role("button", name="Put it back").click()
    expect(ada.code).to_have_text("not to be lost")
    ada.code.fill("")
    ada.saved()

    tool(page, 1, "Delete")
    gone = page.locator("[data-deleted='1']")
    expect(gone).to_have_text("#1 was deleted")
    expect(gone).to_be_focused()
    expect(entry(page, 4)).to_contain_text("which was deleted")
    notice(page, "#1 was deleted.").get_by_role("button", name="Undo").click()
    expect(entry(page, 1)).to_contain_text("price = 3")
    expect(entry(page, 4)).to_contain_text("edited from")
    ada.saved()
    states = page.evaluate("playground.snapshots()")
    assert [state["number"] for state in states] == [1, 2, 3, 4]

    tool(page, 2, "Pin")
    tool(page, 3, "Fold")
    expect(entry(page, 3)).not_to_contain_text("'ab'")
    ada.saved()
    ada.reload()
    expect(entry(page, 3).get_by_role("button", name="Unfold #3")).to_contain_text("2 lines")
    page.get_by_role("button", name="Pinned only").click()
    expect(page.locator("[data-entry]")).to_have_count(1)
    page.get_by_role("button", name="Pinned only").click()
    entry(page, 3).get_by_role("button", name="Unfold #3").click()
    expect(entry(page, 3)).to_contain_text("'ab'")
    assert ada.text("price") == "30"
    assert ada.errors == []


def test_two_steps_back_in_time_and_a_copy_from_there(ada: Person) -> None:
    page = ada.page
    for value in ("'one'", "'two'", "'three'"):
        ada.run(f"step = {value}")
    ada.run(":vars")
    ada.saved()
    page.get_by_role("button", name="Time", exact=True).click()
    strip = page.get_by_role("region", name="Back in time")
    tree = strip.get_by_role("listbox", name="States of this session")
    expect(tree).to_be_focused()
    expect(chosen(strip)).to_have_accessible_name(re.compile(r"^#3, step = 'three', you are here"))
    expect(strip).to_contain_text("You are here now.")
    page.keyboard.press("ArrowDown")
    expect(strip).to_contain_text("#4 is a command")
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    expect(chosen(strip)).to_have_accessible_name(re.compile(r"^#1, "))
    row = strip.get_by_role("row").filter(has_text="step")
    expect(row).to_contain_text("'one'")
    expect(row).to_contain_text("'three'")
    strip.get_by_role("button", name="Name this state…").click()
    page.get_by_role("textbox", name="Name", exact=True).fill("the beginning")
    page.keyboard.press("Enter")
    expect(chosen(strip)).to_have_accessible_name(re.compile("State “the beginning”"))
    expect(entry(page, 1)).to_contain_text("the beginning")
    strip.get_by_role("button", name="Go back to here").click()
    expect(strip).to_contain_text("You are here now.")
    expect(strip).to_contain_text("Nothing is different.")
    assert ada.text("step") == "'one'"
    ada.saved()
    tree.focus()
    page.keyboard.press("ArrowDown")
    expect(row).to_contain_text("'two'")
    here = page.url
    strip.get_by_role("button", name="Make my own copy from here").click()
    page.wait_for_function("here => location.href !== here", arg=here)
    ada.ready()
    assert page.url != here
    assert ada.text("step") == "'two'"
    expect(entry(page, 3)).to_contain_text("step")


def test_the_palette_by_keyboard_alone(ada: Person) -> None:
    page = ada.page
    ada.run("apples = 12")
    ada.run("pears = 7")
    ada.saved()
    ada.code.focus()

    def choose(typed: str, shown: str) -> None:
        page.keyboard.press("Control+k")
        expect(palette(page).get_by_role("combobox")).to_be_focused()
        page.keyboard.type(typed)
        active = palette(page).get_by_role("option", selected=True)
        expect(active).to_contain_text(shown)
        page.keyboard.press("Enter")
        expect(palette(page)).to_have_count(0)

    choose("vars", ":vars")
    expect(entry(page, 3)).to_contain_text("apples")
    choose("#1", "apples = 12")
    expect(entry(page, 1)).to_be_focused()
    choose("look at pears", "Look at pears")
    expect(page.get_by_role("region", name="Inside pears")).to_be_visible()
    choose("new scr", "New script")
    expect(page.get_by_role("tab", name="main.py")).to_have_attribute("aria-selected", "true")
    choose("go to the cons", "Go to the console")
    choose("show n", ":show n")
    expect(ada.code).to_be_focused()
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    expect(entry(page, 4)).to_contain_text("apples = 12")
    choose("share", "Share…")
    expect(page.get_by_role("dialog", name="Share")).to_be_visible()
    page.keyboard.press("Escape")
    choose("all keys", "All keys of this page")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Ctrl+K")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.keyboard.type("zzzz")
    expect(palette(page)).to_contain_text("Nothing is called “zzzz”.")
    page.keyboard.press("Escape")
    expect(palette(page)).to_have_count(0)
    assert ada.errors == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_menus_slider_and_palette_are_accessible(people: Callable[..., Person], theme: str) -> None:
    person = people(color_scheme=theme, bypass_csp=True)
    person.open()
    page = person.page
    person.run("def f(x):  # twice\n    return x * 2 if x else None")
    person.run("value = 'text'")
    person.saved()
    tool(page, 1, "Pin")
    expect(page.get_by_role("button", name="Pinned only")).to_be_visible()
    page.get_by_role("button", name="What to do with #2").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="Copy code")).to_be_focused()
    page.keyboard.press("d")
    expect(page.get_by_role("menuitem", name="Delete")).to_be_focused()
    assert findings(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="What to do with #2")).to_be_focused()
    page.get_by_role("button", name="Time", exact=True).click()
    expect(page.get_by_role("listbox", name="States of this session")).to_be_focused()
    page.keyboard.press("ArrowUp")
    strip = page.get_by_role("region", name="Back in time")
    expect(strip.get_by_role("row", name=re.compile("^added value "))).to_be_visible()
    assert findings(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Time", exact=True)).to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.type("va")
    expect(palette(page).get_by_role("option").first).to_be_visible()
    assert findings(page) == []
