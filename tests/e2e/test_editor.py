"""Writing in the input box: Enter, completion, help, marks, history, paste, a phone's keys."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.person import Person

SETUP = """
prices = {"apple": 1, "pear": 2}
words = ["a", "b"]
def area(radius, scale=2):
    "The area of a circle."
    return radius * scale
"""


def editor_is_there(person: Person) -> None:
    expect(person.page.locator(".cm-content")).to_be_visible()


def options(page: Page) -> Locator:
    """The names that the open list of completions offers."""
    return page.locator(".cm-tooltip-autocomplete .cm-completionLabel")


def offers(page: Page, name: str) -> None:
    """The list of completions has the name among others."""
    exactly = re.compile(f"^{re.escape(name)}$")
    expect(options(page).filter(has_text=exactly)).to_have_count(1)


@pytest.fixture
def writer(ada: Person) -> Person:
    editor_is_there(ada)
    ada.run(SETUP)
    ada.saved()
    return ada


def test_enter_runs_what_is_whole_and_goes_on_with_what_is_not(ada: Person) -> None:
    editor_is_there(ada)
    ada.code.click()
    keyboard = ada.page.keyboard
    keyboard.type("for i in range(2):")
    keyboard.press("Enter")
    keyboard.type("print('row', i)")
    keyboard.press("Enter")
    keyboard.press("Enter")
    keyboard.press("Shift+Enter")
    ada.sees("row 1")
    keyboard.type("(6 *")
    keyboard.press("Enter")
    keyboard.type("7)")
    keyboard.press("Enter")
    ada.sees("42")
    expect(ada.code).not_to_contain_text("6 *")
    keyboard.press("ArrowUp")
    expect(ada.code).to_contain_text("(6 *")
    keyboard.press("Escape")
    keyboard.press("Tab")
    expect(ada.code).not_to_be_focused()
    assert ada.errors == []


def test_completion_comes_from_the_live_namespace(writer: Person) -> None:
    page, keyboard = writer.page, writer.page.keyboard
    writer.code.click()
    keyboard.type("prices['")
    expect(options(page)).to_have_text(["apple", "pear"])
    keyboard.press("Tab")
    expect(writer.code).to_have_text("prices['apple']")
    writer.code.fill("")
    keyboard.type("words.app")
    expect(options(page)).to_have_text(["append"])
    keyboard.press("ArrowDown")
    expect(page.locator(".cm-completionInfo")).to_contain_text("end of the list")
    keyboard.press("Enter")
    expect(writer.code).to_have_text("words.append")
    keyboard.type("(")
    expect(page.locator(".help-tip")).to_contain_text("append(object)")
    writer.code.fill("")
    keyboard.type("area(1, sc")
    offers(page, "scale=")
    expect(page.locator(".help-tip")).to_contain_text("The area of a circle.")
    keyboard.press("Enter")
    expect(writer.code).not_to_contain_text("scale=")
    assert writer.errors == []


def test_help_on_a_name_by_pointer_and_by_key(writer: Person) -> None:
    page = writer.page
    writer.code.click()
    page.keyboard.type("words")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+i")
    expect(page.locator(".help-tip")).to_contain_text("['a', 'b']")
    page.keyboard.press("Escape")
    expect(page.locator(".help-tip")).to_have_count(0)
    page.locator(".cm-line").hover(position={"x": 25, "y": 8})
    expect(page.locator(".help-tip")).to_contain_text("words: list")


def test_marks_for_syntax_and_for_slips(writer: Person) -> None:
    page = writer.page
    writer.code.fill("x = 1 +* 2")
    expect(page.locator(".cm-lintRange-error")).to_have_text("*")
    writer.code.fill("prnt(prices)\ny = 2")
    expect(page.locator(".cm-lintRange-info")).to_have_text("prnt")
    expect(page.locator(".cm-lintRange-error")).to_have_count(0)
    writer.run("prnt = print")
    expect(page.locator(".cm-lintRange-info")).to_have_count(0)
    # What is written may become another word: it is marked when the person goes on.
    writer.code.fill("")
    writer.code.press_sequentially("3 +* 4; words.as")
    expect(page.locator(".cm-lintRange-error")).to_have_text("*")
    writer.code.fill("")
    writer.code.press_sequentially("words.as")
    page.wait_for_timeout(1_500)  # Nothing appears; the marks come within half a second.
    expect(page.locator(".cm-lintRange-error")).to_have_count(0)
    page.keyboard.press("Home")
    expect(page.locator(".cm-lintRange-error")).to_have_text("as")


def test_keys_go_to_the_caret_and_keep_it_in_sight(writer: Person) -> None:
    page, code, keyboard = writer.page, writer.code, writer.page.keyboard
    code.fill("ab")
    page.keyboard.press("Home")
    keyboard.type("(x")
    expect(code).to_have_text("(xab")
    keyboard.press("Shift+End")
    keyboard.type("y")
    expect(code).to_have_text("(xy")
    keyboard.press("ControlOrMeta+z")
    expect(code).to_have_text("(xab")
    code.fill("(\n" + "1,\n" * 60)
    keyboard.press("ControlOrMeta+End")
    page.locator(".cm-scroller").first.evaluate("box => box.scrollTop = 0")
    keyboard.type("2")
    expect(page.locator(".cm-line").last).to_be_in_viewport()


def test_history_is_searched(writer: Person) -> None:
    page, keyboard = writer.page, writer.page.keyboard
    writer.run("first_sum = 1 + 1")
    writer.run("second_sum = 2 + 2")
    writer.code.click()
    keyboard.press("Control+r")
    field = page.get_by_role("combobox", name="Words of the code")
    expect(field).to_be_focused()
    keyboard.type("sum")
    expect(page.get_by_role("option")).to_have_count(2)
    keyboard.press("Control+r")
    keyboard.press("Enter")
    expect(writer.code).to_have_text("first_sum = 1 + 1")
    expect(writer.code).to_be_focused()
    page.get_by_role("button", name="Search earlier code").click()
    keyboard.press("Escape")
    expect(writer.code).to_have_text("first_sum = 1 + 1")
    keyboard.press("Control+z")
    expect(writer.code).not_to_contain_text("first_sum")


def test_a_pasted_transcript_becomes_code(writer: Person) -> None:
    page = writer.page
    paste = """text => {
        const data = new DataTransfer();
        data.setData('text/plain', text);
        document.activeElement.dispatchEvent(
            new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
    }"""
    writer.code.click()
    page.evaluate(paste, ">>> n = 20\n>>> n + 3\n23\n")
    expect(writer.code).not_to_contain_text(">>>")
    page.get_by_role("button", name="Paste it as it was").click()
    expect(writer.code).to_contain_text(">>> n = 20")
    page.keyboard.press("Control+z")
    expect(writer.code).not_to_contain_text(">>>")
    page.keyboard.press("Shift+Enter")
    writer.sees("23")


def test_words_of_the_page_are_offered_while_python_is_busy(writer: Person) -> None:
    page = writer.page
    writer.type("import time; long_wait = time.sleep(60)")
    expect(page.get_by_role("button", name="Stop")).not_to_have_attribute("aria-disabled", "true")
    writer.code.click()
    page.keyboard.type("long")
    offers(page, "long_wait")
    page.get_by_role("button", name="Stop").click()


def test_a_phone_has_a_row_of_keys(people: Callable[..., Person]) -> None:
    phone = people(viewport={"width": 390, "height": 740}, has_touch=True, is_mobile=True)
    phone.open()
    editor_is_there(phone)
    keys = phone.page.get_by_role("toolbar", name="Keys for code")
    phone.code.tap()
    phone.page.keyboard.type("print")
    keys.get_by_role("button", name="Opening bracket").tap()
    phone.page.keyboard.type("1")
    expect(phone.code).to_have_text("print(1)")
    expect(phone.code).to_be_focused()
    keys.get_by_role("button", name="Closing bracket").tap()
    phone.page.get_by_role("button", name="Run", exact=True).tap()
    phone.sees("print(1)")
    keys.get_by_role("button", name=re.compile("^Up")).tap()
    expect(phone.code).to_have_text("print(1)")
    wide: int = phone.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390


def test_the_draft_is_there_after_a_reload(ada: Person) -> None:
    editor_is_there(ada)
    ada.code.fill("not yet\n    run")
    ada.reload()
    editor_is_there(ada)
    expect(ada.code).to_contain_text("not yet")
    assert ada.errors == []


def test_the_keyboard_follows_the_questions_of_a_program(ada: Person) -> None:
    page = ada.open()
    expect(page.locator(".cm-editor")).to_be_visible()
    page.keyboard.type("name = input('Who? ')\n")
    field = page.get_by_label("Who?", exact=True)
    expect(field).to_be_focused()
    page.keyboard.type("Ada\n")
    expect(ada.code).to_be_focused()
    # Who has begun to write the next thing is not torn out of it.
    page.keyboard.type("import time; time.sleep(1.5); input('And you? ')\n")
    page.keyboard.type("print(na")
    expect(page.get_by_label("And you?", exact=True)).to_be_visible()
    expect(ada.code).to_be_focused()
    page.keyboard.type("me)")
    expect(ada.code).to_have_text("print(name)")
