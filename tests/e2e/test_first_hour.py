"""The ten things that a learner does in the first hour, on one page, one after the other.

docs/first-hour.md lists them with what was mended. Each runs what it needs, so that one can be run
alone; the page is shared, as it is for the learner.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.e2e.person import Person
from tests.harness.server import Server


@pytest.fixture(scope="module")
def learner(browser: Browser, server: Server) -> Iterator[Person]:
    """Somebody who opens the start page and sees the session of a newcomer."""
    person = Person(browser, server.url)
    person.open()
    expect(person.page.locator(".cm-content")).to_be_visible()
    yield person
    assert person.errors == []
    person.leave()


def last(person: Person) -> Locator:
    """The newest entry."""
    return person.transcript.locator("[data-entry]").last


def write(person: Person, *lines: str) -> None:
    """Type lines with the keys, each ended with Enter; the box itself indents."""
    person.code.click()
    for line in lines:
        # People take longer for a key than Python for its answer whether a line is whole.
        person.page.keyboard.type(line, delay=15)
        person.page.keyboard.press("Escape")
        person.page.keyboard.press("Enter")


def button(person: Person, name: str) -> Locator:
    return person.page.get_by_role("button", name=name, exact=True)


def test_1_run_an_example_and_answer_it(learner: Person) -> None:
    learner.page.get_by_role("button", name="Run “Say hello”").click()
    field = learner.page.get_by_role("textbox", name="What is your name?")
    expect(field).to_be_focused()
    field.fill("Ada")
    field.press("Enter")
    learner.sees("Hello, Ada")


def test_2_run_code_of_ones_own(learner: Person) -> None:
    write(learner, "6 * 7")
    learner.sees("42")
    expect(learner.page.get_by_role("status").first).to_have_text("Saved", timeout=15_000)


def test_3_write_a_loop_over_several_lines(learner: Person) -> None:
    # An empty line ends the block, as in every Python shell.
    write(learner, "for i in range(3):", "print('row', i)", "")
    learner.sees("row 2")


def test_4_make_a_mistake_understand_it_and_mend_it(learner: Person) -> None:
    write(learner, "animal = 'otter'", "print(animl)")
    expect(last(learner)).to_contain_text("Did you mean animal?")
    learner.code.click()
    learner.page.keyboard.press("ArrowUp")
    expect(learner.code).to_have_text("print(animl)")
    learner.page.keyboard.press("End")
    for _ in range(2):
        learner.page.keyboard.press("Backspace")
    learner.page.keyboard.type("al)")
    learner.page.keyboard.press("Shift+Enter")
    expect(last(learner).locator(".source")).to_contain_text("print(animal)")
    expect(last(learner)).to_contain_text("otter")


def test_5_find_the_value_of_a_variable(learner: Person) -> None:
    write(learner, "score = {'Ada': 3, 'Bo': 5}")
    table = learner.page.get_by_role("grid", name="Table of variables")
    row = table.get_by_role("row").filter(has_text="score")
    expect(row).to_contain_text("{'Ada': 3, 'Bo': 5}")
    table.get_by_role("rowheader", name="score").click()
    inside = learner.page.get_by_role("region", name="Inside score", exact=True)
    expect(inside.get_by_role("option")).to_contain_text(["Ada", "Bo"])
    learner.page.keyboard.press("Escape")
    expect(inside).to_have_count(0)


def test_6_ask_what_a_value_can_do(learner: Person) -> None:
    write(learner, "word = 'python'")
    learner.sees("word = 'python'")
    expect(learner.page.get_by_role("grid", name="Table of variables")).to_contain_text("word")
    learner.code.click()
    learner.page.keyboard.type("word.upp")
    expect(learner.page.get_by_role("option").filter(has_text="upper")).to_be_visible()
    learner.page.keyboard.press("Tab")
    learner.page.keyboard.type("()")
    learner.page.keyboard.press("Shift+Enter")
    learner.sees("'PYTHON'")


def test_7_stop_what_does_not_end(learner: Person) -> None:
    learner.run("n = 0")
    learner.type("while True: n += 1")
    stop = button(learner, "Stop")
    expect(stop).not_to_have_attribute("aria-disabled", "true")
    expect(last(learner)).to_contain_text("Running")
    stop.click()
    expect(last(learner)).to_contain_text("Stopped")
    assert learner.text("n > 0") == "True"


def test_8_write_a_script_and_run_it(learner: Person) -> None:
    page = learner.page
    button(learner, "New script").click()
    text = page.get_by_role("textbox", name="Text of main.py", exact=True)
    text.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text("total = sum(range(11))\nprint('the total is', total)\n")
    button(learner, "Run main.py").click()
    learner.sees("the total is 55")
    page.get_by_role("tab", name="Console").click()
    assert learner.text("total") == "55"


def test_9_go_back_two_steps(learner: Person) -> None:
    first = learner.run("steps = ['one']")["number"]
    for step in ("two", "three"):
        learner.run(f"steps.append('{step}')")
        learner.saved()
    entry = learner.page.locator(f"[data-entry='{first}']")
    entry.get_by_role("button", name=re.compile("Go back to here")).click()
    learner.sees(f"Went back to #{first}")
    table = learner.page.get_by_role("grid", name="Table of variables")
    expect(table.get_by_role("row").filter(has_text="steps")).to_contain_text("['one']")
    assert learner.text("steps") == "['one']"


def test_10_close_the_tab_and_find_everything_again(learner: Person) -> None:
    learner.run("treasure = ['gold', 3]\nprint('kept', 'here')")
    learner.saved()
    learner.page.close()
    learner.page = learner.context.new_page()
    # The start page leads back to the latest session.
    learner.open("/")
    learner.sees("kept here")
    assert learner.text("treasure") == "['gold', 3]"
