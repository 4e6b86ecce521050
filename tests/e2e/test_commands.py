"""Session commands typed in the input: they answer, ask before taking away, and can be undone."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.person import Person


def enter(person: Person, text: str) -> None:
    """Type a line as people do, and press Enter."""
    person.code.click()
    person.page.keyboard.type(text)
    person.page.keyboard.press("Escape")
    person.page.keyboard.press("Enter")


def test_commands_answer_ask_and_can_be_undone(ada: Person) -> None:
    expect(ada.page.locator(".cm-content")).to_be_visible()
    ada.run("total = 41\nnames = ['Ada', 'Grace']")
    ada.page.evaluate("playground.files.write('tool.py', 'def twice(n):\\n    return n * 2\\n')")

    ada.code.click()
    ada.page.keyboard.type(":hi")
    expect(ada.page.locator(".cm-completionLabel").first).to_have_text(":history")
    ada.page.keyboard.press("Escape")
    ada.code.fill("")
    enter(ada, ":vars")
    ada.sees("['Ada', 'Grace']")
    enter(ada, ":help")
    ada.sees(":restore n")
    enter(ada, ":helo")
    ada.sees("Did you mean :help?")

    enter(ada, ":load tool.py")
    ada.sees("Ran tool.py")
    assert ada.text("twice(total)") == "82"
    enter(ada, ":save before the mess")
    ada.sees("is named “before the mess”")

    dialog = ada.page.get_by_role("dialog")
    enter(ada, ":clear total")
    dialog.get_by_role("button", name="Cancel").click()
    assert ada.text("total") == "41"
    enter(ada, ":clear total")
    dialog.get_by_role("button").last.click()
    ada.sees("Removed total")
    assert ada.text("'total' in globals()") == "False"
    enter(ada, ":restore before the mess")
    dialog.get_by_role("button").last.click()
    ada.sees("at “before the mess”")
    assert ada.text("total") == "41"

    ada.run("total = 1")
    enter(ada, ":undo")
    ada.sees("Took back the run of")
    assert ada.text("total") == "41"
    enter(ada, ":time sum(range(1000))")
    ada.sees("for one run")
    assert ada.errors == []


def test_shift_enter_runs_what_is_not_finished(ada: Person) -> None:
    expect(ada.page.locator(".cm-content")).to_be_visible()
    ada.code.click()
    ada.page.keyboard.insert_text("print((1, 2)")
    ada.page.keyboard.press("Escape")
    ada.page.keyboard.press("Shift+Enter")
    ada.sees("was never closed")


def test_the_very_first_run_can_be_taken_back(ada: Person) -> None:
    ada.run("only = 1")
    enter(ada, ":undo")
    ada.sees("Took back the run of #1")
    ada.sees("Went back to the beginning")
    assert ada.page.evaluate("playground.variables()") == []
    ada.page.locator("[data-entry='1']").get_by_role("button", name="Go forward to here").click()
    expect(ada.page.get_by_role("region", name="Variables")).to_contain_text("only")
    assert ada.text("only") == "1"
