"""Scripts and other files: written in tabs, run, kept through a reload, named, deleted, packed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.person import Person, until
from tests.e2e.test_accessible import findings


def editor(page: Page, name: str = "main.py") -> Locator:
    return page.get_by_role("textbox", name=f"Text of {name}", exact=True)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def rewrite(page: Page, text: str, name: str = "main.py") -> None:
    """Replace all that is in the editor."""
    editor(page, name).click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(text)


def read(page: Page, path: str) -> str:
    found: str = page.evaluate("path => playground.files.read(path, {as: 'text'})", path)
    return found


def drop(page: Page, name: str, content: str) -> None:
    """Drop a file on the page, as from a folder of the desktop."""
    page.evaluate(
        """([name, content]) => {
            const data = new DataTransfer();
            data.items.add(new File([content], name));
            for (const type of ['dragover', 'drop'])
                document.querySelector('main').dispatchEvent(new DragEvent(type,
                    {dataTransfer: data, bubbles: true, cancelable: true}));
        }""",
        [name, content],
    )


def test_a_script_is_written_run_and_kept(ada: Person) -> None:
    page = ada.page
    files = page.get_by_role("region", name="Files")
    expect(files).to_contain_text("No files yet. Drop one here, or write a script.")
    button(page, "New script").click()
    expect(page.get_by_role("tab", name="main.py")).to_have_attribute("aria-selected", "true")
    expect(editor(page)).to_contain_text("for number in range(3)")

    rewrite(page, "seen = 6 * 7\nprint('the answer is', seen)\n")
    page.keyboard.press("Control+Enter")
    ada.sees("the answer is 42")
    assert ada.text("seen") == "42"
    assert "6 * 7" in read(page, "main.py")

    rewrite(page, "half = 'a second before'\n")
    page.reload()
    expect(editor(page)).to_have_text("half = 'a second before'")
    ada.ready()
    expect(page.get_by_role("tab", name="main.py", exact=True)).to_be_visible()
    assert read(page, "main.py") == "half = 'a second before'\n"

    rewrite(page, "def f():\n    1 / 0\nf()\n")
    button(page, "Run main.py").click()
    ada.sees("ZeroDivisionError")
    ada.sees("main.py")


def test_a_change_elsewhere_is_shown_or_asked_about(ada: Person) -> None:
    page = ada.page
    ada.run("open('a.txt', 'w').write('first')")
    button(page, "Open a.txt").click()
    expect(editor(page, "a.txt")).to_have_text("first")
    ada.run("open('a.txt', 'w').write('second')")
    expect(editor(page, "a.txt")).to_have_text("second")

    rewrite(page, "mine", "a.txt")
    ada.run("open('a.txt', 'w').write('theirs')")
    question = page.get_by_role("alert").filter(has_text="was also changed")
    expect(question).to_be_visible()
    button(page, "See both").click()
    expect(page.get_by_role("region", name="Theirs")).to_contain_text("theirs")
    button(page, "Take theirs").click()
    expect(editor(page, "a.txt")).to_have_text("theirs")
    button(page, "Undo").click()
    expect(editor(page, "a.txt")).to_have_text("mine")
    until(page, "playground.files.read('a.txt', {as: 'text'}).then(t => t === 'mine')")


def test_files_are_named_deleted_and_packed(ada: Person, tmp_path: Path) -> None:
    page = ada.page
    files = page.get_by_role("region", name="Files")
    ada.run("open('one.txt', 'w').write('1')\nopen('two.txt', 'w').write('2')")
    button(page, "Rename one.txt").click()
    name = page.get_by_role("dialog").get_by_label("New name")
    for wrong, why in [("../x", "home folder"), ("x" * 300, "too long"), ("two.txt", "already")]:
        name.fill(wrong)
        expect(page.get_by_role("dialog")).to_contain_text(why)
    name.fill("sub/<b>one</b>.txt")
    page.keyboard.press("Enter")
    expect(button(page, "Open sub/<b>one</b>.txt")).to_be_visible()
    assert ada.text("open('sub/<b>one</b>.txt').read()") == "'1'"

    button(page, "Delete two.txt").click()
    expect(files).not_to_contain_text("two.txt")
    button(page, "Undo").last.click()
    expect(files).to_contain_text("two.txt")

    with page.expect_download() as packed:
        button(page, "Download all").click()
    packed.value.save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(io.BytesIO((tmp_path / "all.zip").read_bytes())) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == {
            "sub/<b>one</b>.txt": b"1",
            "two.txt": b"2",
        }


def test_dropped_files_are_looked_at(ada: Person) -> None:
    page = ada.page
    drop(page, "people.csv", 'name;age\nAda;36\n"Grace; H";85\n')
    button(page, "Open people.csv").click()
    table = page.get_by_role("table", name="Table of people.csv")
    expect(table.get_by_role("columnheader")).to_have_text(["name", "age"])
    expect(table.get_by_role("cell")).to_have_text(["Ada", "36", "Grace; H", "85"])

    drop(page, "facts.json", '{"sea otter": {"legs": 4, "id": 12345678901234567890}}')
    button(page, "Open facts.json").click()
    tree = page.get_by_role("group", name="What is in facts.json")
    tree.locator("summary").last.click()
    expect(tree).to_contain_text('"id": 12345678901234567890')
    drop(page, "broken.json", '{\n  "a": 1\n  "b": 2\n}')
    button(page, "Open broken.json").click()
    expect(page.get_by_role("alert").filter(has_text="Line 3, column 3")).to_be_visible()
    button(page, "Edit as text").click()
    expect(editor(page, "broken.json")).to_contain_text('"b": 2')

    drop(page, "people.csv", "other")
    button(page, "Keep both").click()
    expect(button(page, "Open people 2.csv")).to_be_visible()
    drop(page, "gpj\u202eexe.png", "x")
    expect(page.get_by_role("alert").filter(has_text="cannot be seen")).to_be_visible()
    drop(page, "raw.bin", "\u0000\u0001 text")
    button(page, "Open raw.bin").click()
    expect(page.get_by_role("region", name="Preview of raw.bin")).to_contain_text("0000  00 01 20")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_open_script_is_accessible(people: Callable[..., Person], theme: str) -> None:
    person = people(color_scheme=theme, bypass_csp=True)
    page = person.open()
    button(page, "New script").click()
    expect(editor(page)).to_contain_text("for number")
    page.evaluate("playground.files.write('t.csv', 'a,b\\n1,2\\n')")
    line = page.get_by_role("separator")
    before = line.get_attribute("aria-valuenow")
    line.press("ArrowUp")
    assert line.get_attribute("aria-valuenow") != before
    assert findings(page) == []
    button(page, "Open t.csv").click()
    expect(page.get_by_role("table")).to_be_visible()
    assert findings(page) == []
    for text, name in (('{"a": [1, {"b": null}]}', "right.json"), ('{"a": }', "wrong.json")):
        page.evaluate("([name, text]) => playground.files.write(name, text)", [name, text])
        button(page, f"Open {name}").click()
        expect(page.get_by_role("region", name=f"Preview of {name}")).to_contain_text('"a"')
        assert findings(page) == []


def test_on_a_phone_one_is_shown_at_a_time(people: Callable[..., Person]) -> None:
    person = people(viewport={"width": 390, "height": 780}, has_touch=True)
    page = person.open()
    button(page, "Files 0").click()
    button(page, "New script").click()
    expect(editor(page)).to_be_visible()
    expect(person.code).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    button(page, "Run main.py").click()
    person.sees("2 Hello, world")
    expect(person.code).to_be_visible()


def test_a_viewer_reads_along(ada: Person, people: Callable[..., Person]) -> None:
    ada.run("open('a.py', 'w').write('first = 1')")
    ada.saved()
    link = ada.page.evaluate("playground.share({role: 'viewer', fork: false})")
    bob = people()
    bob.page.goto(link["url"])
    bob.ready()
    button(bob.page, "Open a.py").click()
    expect(editor(bob.page, "a.py")).to_have_text("first = 1")
    expect(editor(bob.page, "a.py")).to_have_attribute("aria-readonly", "true")
    expect(button(bob.page, "Run a.py")).to_have_count(0)
    for name in ["New script", "Rename a.py", "Delete a.py"]:
        expect(button(bob.page, name)).to_have_count(0)

    button(ada.page, "Open a.py").click()
    rewrite(ada.page, "second = 2", "a.py")
    expect(editor(bob.page, "a.py")).to_have_text("second = 2", timeout=15_000)


def test_a_tab_keeps_its_place_and_its_steps(ada: Person) -> None:
    page = ada.page
    ada.run("open('a.py', 'w').write('a = 1\\n' * 300)\nopen('b.md', 'w').write('hello')")
    button(page, "Open a.py").click()
    rewrite(page, "b = 2", "a.py")
    button(page, "Open b.md").click()
    rewrite(page, "(", "b.md")
    expect(editor(page, "b.md")).to_have_text("(")
    # One cross for each file: the one in front has a button, the others have theirs in the tab.
    expect(page.get_by_role("tab", name="b.md").locator(".cross")).to_have_count(0)
    expect(page.get_by_role("tab", name="a.py").locator(".cross")).to_have_count(1)
    page.get_by_role("tab", name="a.py").click()
    expect(editor(page, "a.py")).to_have_text("b = 2")
    editor(page, "a.py").press("ControlOrMeta+z")
    expect(editor(page, "a.py")).to_contain_text("a = 1")
    editor(page, "a.py").press("ControlOrMeta+f")
    expect(page.get_by_role("textbox", name="Find")).to_be_focused()
    button(page, "Close a.py").click()
    expect(page.get_by_role("tab", name="a.py")).to_have_count(0)
    until(page, "playground.files.read('a.py', {as: 'text'}).then(t => t !== 'b = 2')")
