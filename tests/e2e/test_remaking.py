"""What could not be saved is listed after a reload and made again by its entries, when asked to."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.person import START_MS, Person
from tests.e2e.test_accessible import findings

READ = "def read():\n    total = 0\n    while True:\n        total += 1\n        yield total"
CONNECTION = """class Wire:
    def __init__(self, peer):
        self.peer, self.channel = peer, read()
    def receive(self):
        return next(self.channel)"""


def made(person: Person) -> None:
    """A generator in a dict, something like an open connection, a list that is too large."""
    for source in (
        READ,
        CONNECTION,
        "peer = 'there'; count = 1",
        "wire = Wire(peer); count += 1",
        "jobs = {'first': wire.channel}",
        "big = [bytes(11_000_000)]",
    ):
        assert person.run(source)["status"] == "ok"
    person.run("wire.receive(), wire.receive()")
    person.saved()


def rows(page: Page) -> dict[str, dict[str, object]]:
    found = page.evaluate("() => playground.variables()")
    return {row["name"]: row for row in found}


def sources(person: Person) -> list[tuple[str, int | None]]:
    found = person.page.evaluate("() => playground.entries()")
    return [(entry["source"], entry["origin"]) for entry in found]


def wait(page: Page, ready: Callable[[dict[str, dict[str, object]]], bool]) -> None:
    """Wait until the table of variables is as ``ready`` wants it."""
    end = time.monotonic() + START_MS / 1_000
    while not ready(found := rows(page)):
        assert time.monotonic() < end, found
        page.wait_for_timeout(100)


def loaded(page: Page) -> None:
    """Wait for values that did not come back: at first the page before may still be the runner."""
    wait(page, lambda found: any(row["missing"] for row in found.values()))


def offer(page: Page) -> None:
    page.locator(".notices").get_by_role("button", name="Make again…").click()
    expect(
        page.get_by_role("dialog").get_by_role("heading", name="Code to run again")
    ).to_be_visible()


def test_offered_shown_run(ada: Person) -> None:
    page = ada.page
    made(ada)
    before = rows(page)
    assert before["wire"]["reason"] == (
        "wire.channel -> a running generator 'read', which cannot be saved"
    )
    assert str(before["big"]["reason"]).startswith("too large: ")
    assert [before[name]["missing"] for name in ("wire", "jobs", "big")] == [False] * 3
    ada.reload()
    loaded(page)
    after = rows(page)
    assert [after[name]["missing"] for name in ("wire", "jobs", "big")] == [True] * 3
    assert after["wire"]["reason"] == before["wire"]["reason"]
    assert after["count"]["saved"]
    count = len(sources(ada))
    error = ada.run("wire.receive()")["error"]
    assert error["ename"] == "NotSavedError"
    assert "`:remake wire`" in error["hint"]

    offer(page)
    dialog = page.get_by_role("dialog")
    for text in ("makes wire", "makes jobs", "makes big", "This also changes count."):
        expect(dialog.get_by_text(text)).to_be_visible()
    expect(dialog.get_by_role("checkbox", name="Run #4 again")).to_be_checked()
    assert len(sources(ada)) == count + 1, "nothing runs before it is asked for"
    dialog.get_by_role("checkbox", name="Run #6 again").uncheck()
    dialog.get_by_role("button", name="Run 2 entries").click()
    expect(dialog).to_be_hidden()
    wait(page, lambda found: [name for name in found if found[name]["missing"]] == ["big"])
    again = sources(ada)[count + 1 :]
    assert again == [
        ("wire = Wire(peer); count += 1", 4),
        ("jobs = {'first': wire.channel}", 5),
    ]
    assert (
        ada.text("wire.receive(), next(jobs['first']), jobs['first'] is wire.channel")
        == "(1, 2, True)"
    )
    assert str(ada.text("big")).startswith("<not saved: list (too large")
    # The rest is still offered, in the region of the variables and by the command.
    page.get_by_role("region", name="Variables").get_by_role("button", name="Make again…").click()
    expect(dialog.get_by_role("checkbox", name="Run #6 again")).to_be_checked()
    page.keyboard.press("Escape")
    ada.type(":remake big")
    dialog.get_by_role("button", name="Run 1 entry").click()
    wait(page, lambda found: not any(row["missing"] for row in found.values()))
    assert ada.text("len(big[0])") == "11000000"
    assert page.locator(".notices").get_by_role("button", name="Make again…").count() == 0


def test_always_and_off_again(ada: Person, people: Callable[..., Person]) -> None:
    page = ada.page
    ada.run(READ)
    ada.run("g = read(); next(g)")
    ada.saved()
    ada.reload()
    loaded(page)
    offer(page)
    always = page.get_by_role("dialog").get_by_role(
        "checkbox", name="Always make g again after loading"
    )
    always.check()
    page.keyboard.press("Escape")
    assert len(sources(ada)) == 2
    ada.saved()

    ada.reload()
    expect(page.get_by_text("Made again after loading, as you asked: g (#3).")).to_be_visible(
        timeout=START_MS
    )
    assert sources(ada)[2:] == [("g = read(); next(g)", 2)]
    assert ada.text("next(g)") == "2"
    ada.saved()

    # Who looks on runs nothing, and a copy of theirs does not run by itself either.
    link = page.evaluate("() => playground.share({fork: true}).then(({url}) => url)")
    bob = people()
    bob.open(link, ready=False)
    expect(
        bob.page.get_by_role("region", name="Variables").get_by_text("Made again after loading")
    ).to_be_attached(timeout=START_MS)
    assert bob.page.evaluate("playground.ready.then(() => playground.session.role)") == "viewer"
    expect(bob.page.get_by_role("button", name="Make again…")).to_have_count(0)
    fork = bob.page.evaluate("() => playground.fork().then(({url}) => url)")
    count = len(sources(ada))
    bob.open(fork)
    loaded(bob.page)
    assert rows(bob.page)["g"]["missing"]
    assert len(sources(bob)) == count
    offer(bob.page)
    expect(bob.page.get_by_role("checkbox", name="Always make g again")).not_to_be_checked()
    bob.leave()

    # Where it is said it is switched off.
    page.get_by_role("rowheader", name="g Made again").click()
    page.get_by_role("button", name="Do not make g again by itself").click()
    ada.saved()
    count = len(sources(ada))
    ada.reload()
    loaded(page)
    assert rows(page)["g"]["missing"]
    assert len(sources(ada)) == count


def test_what_asks_does_not_run_by_itself_and_what_fails_stops(ada: Person) -> None:
    page = ada.page
    ada.run(READ)
    ada.page.evaluate("() => playground.on('input', ({reply}) => reply('3'))")
    ada.run("g = (n for n in range(int(input('How many?'))))\nfirst = next(g)")
    ada.saved()
    ada.reload()
    loaded(page)
    offer(page)
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("It asks a question (input).")).to_be_visible()
    expect(dialog.get_by_text("What asks a question does not run by itself.")).to_be_visible()
    expect(dialog.get_by_role("checkbox", name="Always make g again")).to_have_count(0)
    dialog.get_by_role("button", name="Run 1 entry").click()
    field = page.get_by_label("How many?")
    field.fill("not a number")
    field.press("Enter")
    expect(page.get_by_text("did not end well, so the rest was not run.")).to_be_visible()
    assert rows(page)["g"]["missing"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_dialog_is_accessible_and_fits_a_phone(
    people: Callable[..., Person], theme: str
) -> None:
    ada = people(color_scheme=theme, bypass_csp=True)
    ada.open()
    made(ada)
    ada.reload()
    loaded(ada.page)
    offer(ada.page)
    dialog = ada.page.get_by_role("dialog")
    expect(dialog.get_by_text("makes wire")).to_be_visible(timeout=START_MS)
    assert findings(ada.page) == []
    ada.page.set_viewport_size({"width": 360, "height": 740})
    assert dialog.evaluate("it => it.scrollWidth <= it.clientWidth")
    dialog.get_by_role("button", name="Run 3 entries").scroll_into_view_if_needed()
    assert findings(ada.page) == []
