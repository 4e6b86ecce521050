"""Taking a notebook out and putting it in again in a real browser; no page asks the network."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import nbformat
from playwright.sync_api import expect

from tests.e2e.person import Person


def take_out(person: Person, form: str, folder: Path) -> Path:
    """Export through the dialog; gives the file that was downloaded."""
    page = person.page
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Export…").click()
    dialog = page.get_by_role("dialog", name="Export this session")
    dialog.get_by_role("radio", name=form).check()
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Export", exact=True).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    dialog.get_by_role("button", name="Close").click()
    return path


def put_in(person: Person, path: Path) -> None:
    """Import through the dialog and wait for the new session."""
    page = person.page
    before = page.url
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Import…").click()
    dialog = page.get_by_role("dialog", name="Import")
    dialog.get_by_label("Notebook (.ipynb)").set_input_files(path)
    dialog.get_by_role("button", name="Import", exact=True).click()
    page.wait_for_url(lambda url: "/s/" in url and url != before, timeout=20_000)
    person.ready()


def test_a_notebook_and_a_session_go_out_and_come_in(
    ada: Person, people: Callable[..., Person], tmp_path: Path
) -> None:
    page = ada.page
    ada.run("x = [1, 2, 3]\nprint('total', sum(x))")
    ada.run(
        "class T:\n    def _repr_html_(self): return '<b id=bold>bold</b><script>1</script>'\nT()"
    )
    ada.run("def gen():\n    yield 1\ng = gen()")
    ada.run("1 / 0")
    ada.saved()

    # The notebook is one that Jupyter takes.
    notebook = take_out(ada, "Notebook (.ipynb)", tmp_path)
    nbformat.validate(json.loads(notebook.read_text()))
    cells = nbformat.read(notebook, as_version=4).cells
    assert cells[0].outputs[0].text == "total 6\n"
    assert cells[3].outputs[0].ename == "ZeroDivisionError"

    # What a session file lacks is said before it is made.
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Export…").click()
    page.get_by_role("radio", name="Session file").check()
    expect(page.get_by_role("dialog")).to_contain_text("These are not in the file:")
    expect(page.get_by_role("dialog").get_by_text("g", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    session = take_out(ada, "Session file", tmp_path)

    # The web page shows everything without a network and asks for nothing.
    web = take_out(ada, "Web page", tmp_path)
    reader = people(offline=True)
    asked: list[str] = []
    reader.page.on("request", lambda request: asked.append(request.url))
    reader.page.goto(web.as_uri())
    expect(reader.page.get_by_text("total 6")).to_be_visible()
    frame = reader.page.frame_locator("iframe")
    expect(frame.locator("#bold")).to_be_visible()
    assert reader.page.locator("iframe").evaluate("frame => frame.offsetHeight") < 100
    assert [url for url in asked if url.startswith(("http", "ws"))] == []
    assert reader.errors == []

    # The notebook comes in; nothing runs until all is run.
    put_in(ada, notebook)
    ada.sees("Imported, not run here")
    ada.sees("total 6")
    assert page.evaluate("playground.variables()") == []
    page.get_by_role("button", name="Run all").click()
    ada.sees("#8", timeout=30_000)
    expect(page.get_by_text("Stopped after #8")).to_be_visible()
    assert ada.text("sum(x)") == "6"

    # The session file brings the values with it, for somebody else too.
    bob = people()
    bob.open()
    put_in(bob, session)
    assert bob.text("sum(x)") == "6"
    bob.run("x.append(4)")
    bob.saved()
    bob.page.evaluate("playground.restore(1)")
    assert bob.text("sum(x)") == "6"
    assert ada.errors == bob.errors == []


def test_what_cannot_be_read_is_said(ada: Person, tmp_path: Path) -> None:
    page = ada.page
    wrong = tmp_path / "holiday.ipynb"
    wrong.write_bytes(b"\x89PNG not a notebook")
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Import…").click()
    dialog = page.get_by_role("dialog", name="Import")
    dialog.get_by_role("button", name="Import", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("Choose a file first")
    dialog.get_by_label("Notebook (.ipynb)").set_input_files(wrong)
    dialog.get_by_role("button", name="Import", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("not a Jupyter notebook")
