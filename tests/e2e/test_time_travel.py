"""The tree of states: branches that stay, states compared, steps taken back across branches."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.person import Person
from tests.e2e.test_accessible import findings


def open_tree(page: Page) -> tuple[Locator, Locator]:
    """The strip and its list of states."""
    page.get_by_role("button", name="Time", exact=True).click()
    strip = page.get_by_role("region", name="Back in time")
    tree = strip.get_by_role("listbox", name="States of this session")
    expect(tree).to_be_focused()
    return strip, tree


def line(tree: Locator, start: str) -> Locator:
    return tree.get_by_role("option", name=re.compile(f"^{start}"))


def row(strip: Locator, name: str) -> Locator:
    return strip.get_by_role("row").filter(has=strip.page.get_by_role("rowheader", name=name))


def test_the_branch_that_was_left_stays(ada: Person) -> None:
    page = ada.page
    ada.run("base = 1")
    ada.run("left = [1, 2]")
    ada.run("left.append(3)")
    ada.saved()
    ada.run(":restore 1")
    ada.run("right = 'other'")
    ada.saved()
    strip, tree = open_tree(page)
    names = tree.get_by_role("option")
    expect(names).to_have_count(5)  # One is the command, which saved none.
    expect(line(tree, "#1, ")).to_have_accessible_name(re.compile("2 branches from here"))
    expect(line(tree, "#5, ")).to_have_accessible_name(
        re.compile("you are here now, a branch from #1")
    )
    expect(line(tree, "#4, ")).to_have_accessible_name(re.compile("no saved state"))

    line(tree, "#3, ").click()
    expect(row(strip, "left")).to_contain_text("gone")
    expect(row(strip, "left")).to_contain_text("[1, 2, 3]")
    expect(row(strip, "right")).to_contain_text("added")
    expect(row(strip, "base")).to_contain_text("the same")
    strip.get_by_label("Compare with").select_option(label="the step before it")
    expect(row(strip, "left")).to_contain_text("changed")
    expect(strip).to_contain_text("2 → 3 elements (1 more)")
    tree.focus()
    page.keyboard.press("ArrowLeft")
    expect(line(tree, "#2, ")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowRight")
    strip.get_by_role("button", name="Go back to here").click()
    expect(strip).to_contain_text("You are here now.")
    assert ada.text("left") == "[1, 2, 3]"
    ada.saved()
    line(tree, "#5, ").click()
    # The look at left was a run: it came after, on the other branch.
    strip.get_by_role("button", name="Go back to here").click()
    expect(line(tree, "#5, ")).to_have_accessible_name(re.compile("you are here now"))
    assert ada.text("right") == "'other'"
    assert ada.errors == []


def test_undo_makes_a_branch_and_redo_returns(ada: Person) -> None:
    page = ada.page
    ada.run("n = 1")
    ada.run("n = 2")
    ada.run(":undo")
    assert ada.text("n") == "1"
    ada.saved()
    ada.run(":undo")  # The look at n was a run as well.
    ada.run(":redo")
    ada.run("m = 5")
    ada.saved()
    strip, tree = open_tree(page)
    line(tree, "#2, n = 2").click()
    expect(row(strip, "n")).to_contain_text("changed")
    expect(strip).to_contain_text("by −1")
    strip.get_by_role("button", name="Go back to here").click()
    expect(line(tree, "#2, n = 2")).to_have_accessible_name(re.compile("you are here now"))
    page.keyboard.press("Escape")
    assert ada.text("n") == "2"
    ada.run(":undo")
    ada.run(":undo")
    assert ada.text("m") == "5"
    assert ada.errors == []


def test_functions_files_and_what_is_hidden(ada: Person) -> None:
    page = ada.page
    ada.run("def f(a):\n    return a + 1\n")
    ada.run("open('notes.txt', 'w').write('one\\ntwo\\n')\nlong = list(range(1000))")
    ada.run(":save first try")
    ada.run("def f(a):\n    return a * 2\n")
    ada.run("open('notes.txt', 'w').write('one\\n2\\n'); long[-1] = 0")
    ada.saved()
    strip, tree = open_tree(page)
    line(tree, "#2, ").click()
    expect(row(strip, "long")).to_contain_text("changed")
    expect(strip).to_contain_text("looks the same, but something in it changed")
    strip.get_by_role("button", name="Show what changed in f").click()
    code = strip.get_by_role("group", name="Lines of f that changed")
    expect(code).to_contain_text("−     return a + 1")
    expect(code).to_contain_text("+     return a * 2")
    strip.get_by_role("button", name="Show what changed in notes.txt").click()
    expect(strip.get_by_role("group", name="Lines of notes.txt that changed")).to_contain_text(
        "+ 2"
    )

    answer = ada.run(":compare first try")["result"]["text/plain"]
    assert "From “first try”, after #2 to now: 3 changed." in answer
    assert "-     return a + 1\n+     return a * 2" in answer
    assert "- two\n+ 2" in answer
    wrong = ada.run(":compare 99")
    assert "after #99 is not kept" in wrong["error"]["evalue"]
    assert ada.errors == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_for_everybody(people: Callable[..., Person], scheme: str) -> None:
    ada = people(color_scheme=scheme, viewport={"width": 360, "height": 740})
    page = ada.open()
    ada.ready()
    ada.run("a = 1; g = (n for n in 'ab')")
    ada.run("def f():\n    return 1\n")
    ada.run(":restore 1")
    ada.run("def f():\n    return 2\na = 'text'\n")
    ada.saved()
    strip, tree = open_tree(page)
    line(tree, "#2, ").click()
    strip.get_by_role("button", name="Show what changed in f").click()
    expect(strip.get_by_role("group", name="Lines of f that changed")).to_be_visible()
    assert findings(page) == []
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 360
    assert ada.errors == []


def test_many_steps_in_a_row_are_one_line(ada: Person) -> None:
    page = ada.page
    for number in range(40):
        ada.run(f"n = {number}")
    ada.saved()
    strip, tree = open_tree(page)
    expect(tree.get_by_role("option")).to_have_count(3)
    fold = tree.get_by_role("option", name=re.compile("38 steps, #2 to #39"))
    page.keyboard.press("ArrowUp")
    expect(line(tree, "#39, ")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("End")
    fold.click()
    expect(line(tree, "#2, ")).to_have_attribute("aria-selected", "true")
    assert tree.get_by_role("option").count() < 40
    expect(row(strip, "n")).to_contain_text("39")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Time", exact=True)).to_be_focused()
    assert ada.errors == []
