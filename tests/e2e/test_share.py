"""Sharing a session by a link, with two browsers: looking, copying, being let out; titles."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.person import Person
from tests.e2e.test_accessible import findings


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Share this session")


def make_link(page: Page, name: str, *, copies: bool) -> str:
    """Make a link with the dialog, which stays open; gives its address."""
    if not dialog(page).is_visible():
        page.get_by_role("button", name="Share", exact=True).click()
    form = dialog(page)
    form.get_by_label("Name of the link").fill(name)
    form.get_by_label("They may make their own copy").set_checked(copies)
    form.get_by_role("button", name="Make a link").click()
    address = form.get_by_role("textbox", name=f"Address of “{name}”")
    expect(address).to_be_focused()
    return address.input_value()


def see(person: Person, address: str) -> None:
    """Open a link and wait for the session."""
    person.page.goto(address)
    person.ready()


def test_a_link_from_making_it_to_stopping_it(ada: Person, people: Callable[..., Person]) -> None:
    ada.run("scores = [3, 1]\nprint('for', 'all')\nopen('a.txt', 'w').write('text')")
    ada.saved()
    address = make_link(ada.page, "Class", copies=False)
    drawing = dialog(ada.page)
    # All of it is in sight on a small screen.
    expect(drawing.get_by_role("textbox", name="Address of “Class”")).to_be_in_viewport(ratio=1)
    expect(drawing.get_by_role("button", name="QR code")).to_be_in_viewport(ratio=1)
    drawing.get_by_role("button", name="QR code").click()
    code = drawing.get_by_role("img", name="QR code of “Class”")
    expect(code).to_be_visible()
    assert code.evaluate("image => image.decode().then(() => image.naturalWidth > 0)")

    bob = people()
    see(bob, address)
    bob.sees("for all")
    assert "/j/" not in bob.page.url
    expect(bob.code).to_have_count(0)
    expect(bob.page.get_by_role("region", name="Variables")).to_contain_text("scores")
    bar = bob.page.get_by_role("region", name="Your place here")
    expect(bar).to_contain_text("You are looking at")
    expect(bar.get_by_role("button")).to_have_count(0)
    assert bob.page.evaluate("playground.files.read('a.txt', {as: 'text'})") == "text"
    # Nothing of Python was started, and nothing of the saved values was read.
    assert bob.page.evaluate("playground.diagnostics().runtime") is None
    assert bob.page.locator("iframe").count() == 0

    ada.run("print('later')\nscores.append(2)")
    bob.sees("later")
    expect(bob.page.get_by_role("region", name="Variables")).to_contain_text("[3, 1, 2]")
    expect(drawing).to_contain_text("opened once by 1 person")

    drawing.get_by_role("button", name="Stop sharing", exact=True).click()
    drawing.get_by_role("button", name="Stop sharing now").click()
    expect(drawing).to_contain_text("“Class” does not work any more.")
    expect(bob.page.get_by_text("not shared with you any more")).to_be_visible()
    expect(bob.page.get_by_text("for all")).to_have_count(0)
    assert bob.page.title() == "Playground"
    landed = bob.page.url
    for gone, status in ((address, 410), (landed, 404)):
        answer = bob.page.goto(gone)
        assert answer is not None
        assert answer.status == status
    assert ada.errors == bob.errors == []


def test_a_copy_by_link_is_made_with_one_click(ada: Person, people: Callable[..., Person]) -> None:
    ada.run("x = [1]")
    ada.saved()
    address = make_link(ada.page, "Copies", copies=True)
    bob = people()
    see(bob, address)
    ada.page.evaluate("async () => (await playground.links()).map(l => playground.unshare(l.id))")
    expect(bob.page.get_by_text("Copies that you made are still yours")).to_be_visible()
    see(bob, make_link(ada.page, "Again", copies=True))
    shared = bob.page.url
    bob.page.get_by_role("button", name="Make my own copy").click()
    bob.page.wait_for_url(lambda url: url != shared)
    bob.ready()
    assert bob.text("x.append(2); x") == "[1, 2]"
    assert ada.text("x") == "[1]"
    assert bob.page.evaluate("playground.session.role") == "owner"


def test_who_looks_on_reads_on_when_the_session_goes_to_the_bin(
    ada: Person, people: Callable[..., Person]
) -> None:
    ada.run("print('still to be read')")
    ada.saved()
    bob = people()
    see(bob, make_link(ada.page, "Copies", copies=True))
    landed = bob.page.url
    bob.sees("still to be read")
    ada.page.goto("/sessions")
    ada.page.locator(".session .menu summary").click()
    ada.page.locator(".session").get_by_role("button", name="Delete", exact=True).click()
    told = bob.page.get_by_role("alert").filter(has_text="put it into the bin")
    expect(told).to_contain_text("What is shown here stays until you close the page.")
    bob.sees("still to be read")
    for gone in ("Make my own copy", "Load again"):
        expect(bob.page.get_by_role("button", name=gone)).to_have_count(0)
    expect(bob.page.get_by_text("Not saved")).to_have_count(0)
    other = bob.context.new_page()
    answer = other.goto(landed)
    assert answer is not None
    assert answer.status == 404
    ada.page.get_by_role("button", name="Undo").click()
    expect(ada.page.locator(".session")).to_have_count(1)
    bob.page.reload()
    bob.sees("still to be read")
    expect(bob.page.get_by_role("button", name="Make my own copy")).to_be_visible()
    assert bob.errors == []


def test_an_editor_by_link_loads_nothing_before_asking_for_it(
    people: Callable[..., Person],
) -> None:
    ada, bob = people(), people()
    ada.open()
    ada.run("x = [1]")
    ada.saved()
    address = ada.page.evaluate(
        "playground.share({role: 'editor', expiresIn: 30}).then(({url}) => url)"
    )
    ada.page.goto("about:blank")
    see(bob, address)
    # Longer than the owner's tab keeps the lease: nothing here takes it by itself.
    bob.page.wait_for_timeout(3_500)
    assert bob.page.evaluate("playground.diagnostics()")["runtime"] is None
    assert bob.page.locator("iframe").count() == 0
    assert bob.text("x.append(2); x") == "[1, 2]"
    assert bob.page.evaluate("playground.diagnostics().isRunner") is True
    # When the time of the link is over, the page shows nothing of the session any more.
    expect(bob.page.get_by_text("not shared with you any more")).to_be_visible(timeout=40_000)
    assert bob.page.locator("iframe").count() == 0


def test_who_is_here_and_what_it_is_called(ada: Person, people: Callable[..., Person]) -> None:
    page = ada.page
    second = ada.context.new_page()
    second.goto(page.url)
    expect(page.get_by_role("button", name="Open in 2 tabs")).to_be_visible()
    heading = page.get_by_role("heading", level=1)
    heading.get_by_role("button").click()
    field = page.get_by_role("textbox", name="Title of the session")
    field.fill("x" * 10_000)
    field.press("Enter")
    expect(page.get_by_role("alert").get_by_text("this one has 10,000")).to_be_visible()
    field.fill("\u202ereversed")
    field.press("Enter")
    expect(page.get_by_role("alert").get_by_text("hidden character")).to_be_visible()
    expect(field).to_have_value("\u202ereversed")
    field.fill("<b>Sorting</b> שלום")
    field.press("Enter")
    for tab in (page, second):
        expect(tab.get_by_role("heading", level=1)).to_have_text("<b>Sorting</b> שלום")
    # Two at once: one of them comes later, and both see that one.
    for tab, title in ((page, "One"), (second, "Two")):
        tab.get_by_role("heading", level=1).get_by_role("button").click()
        tab.get_by_role("textbox", name="Title of the session").fill(title)
    for tab in (page, second):
        tab.keyboard.press("Enter")
    for tab in (page, second):
        tab.evaluate("playground.saved()")
    title = str(
        page.evaluate(
            "fetch(`/api/sessions/${playground.session.id}/state`)"
            ".then(answer => answer.json()).then(state => state.title)"
        )
    )
    assert title in ("One", "Two")
    for tab in (page, second):
        expect(tab.get_by_role("heading", level=1)).to_have_text(title)

    bob = people()
    see(bob, page.evaluate("playground.share({name: 'x'}).then(({url}) => url)"))
    bob.page.get_by_role("button", name="2 people here").click()
    listed = bob.page.get_by_role("group", name="Who is here").get_by_role("listitem")
    expect(listed).to_have_count(2)
    expect(listed.filter(has_text="you")).to_contain_text("can view")
    expect(listed.filter(has_text="owner")).to_contain_text(re.compile(r"Guest \d+"))
    bob.page.keyboard.press("Escape")
    expect(listed.first).to_be_hidden()
    expect(bob.page.get_by_role("heading", level=1)).to_have_text(title)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_sharing_is_accessible_and_fits_a_phone(people: Callable[..., Person], theme: str) -> None:
    phone = {"width": 390, "height": 844}
    ada = people(color_scheme=theme, bypass_csp=True, viewport=phone)
    ada.open()
    address = make_link(ada.page, "A rather long name of a link for class 9b", copies=True)
    dialog(ada.page).get_by_role("button", name="QR code").click()
    dialog(ada.page).get_by_role("button", name="Stop sharing", exact=True).click()
    assert findings(ada.page) == []
    bob = people(color_scheme=theme, bypass_csp=True, viewport=phone)
    see(bob, address)
    bob.page.get_by_role("button", name="2 people here").click()
    for person in (ada, bob):
        assert findings(person.page) == []
        assert person.page.evaluate("document.documentElement.scrollWidth") <= 390
    ada.page.evaluate("async () => (await playground.links()).map(l => playground.unshare(l.id))")
    expect(bob.page.get_by_text("not shared with you any more")).to_be_visible()
    assert findings(bob.page) == []
