"""Sessions and accounts as a person meets them: the list, the bin, devices, everything about me."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.person import Person
from tests.harness.server import Server

PASSWORD = "correct-horse-7"


def titles(page: Page) -> list[str]:
    return page.locator(".session-title a").all_inner_texts()


def test_the_list_by_keyboard_and_by_mouse(people: Callable[..., Person]) -> None:
    person = people()
    page = person.open()
    person.run("total = sum(range(10))\nprint('it is', total)")
    person.saved()
    for title in ("Alpha", "Beta", "<i>Gamma</i>"):
        page.evaluate("title => playground.create({title})", title)
    page.goto("/sessions")
    expect(page.locator("#sessions")).to_contain_text("it is 45")
    assert titles(page) == ["<i>Gamma</i>", "Beta", "Alpha", "total = sum(range(10))"]
    _rename(page)
    _delete_two_and_undo(page)
    _search(page)
    assert person.errors == []


def _rename(page: Page) -> None:
    page.get_by_role("link", name="Alpha").focus()
    page.keyboard.press("F2")
    page.keyboard.type("Omega")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Renamed.")).to_be_visible()
    assert "Omega" in titles(page)


def _delete_two_and_undo(page: Page) -> None:
    before = titles(page)
    page.get_by_role("link", name=before[0]).focus()
    page.keyboard.press("Shift+ArrowDown")
    expect(page.get_by_text("2 sessions selected")).to_be_visible()
    page.keyboard.press("Delete")
    expect(page.get_by_text("2 sessions are in the bin.")).to_be_visible()
    assert titles(page) == before[2:]
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("2 sessions restored.")).to_be_visible()
    assert sorted(titles(page)) == sorted(before)


def _search(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("it is")
    expect(page.locator(".session")).to_have_count(1, timeout=10_000)
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_an_open_tab_hears_of_the_bin_and_comes_back(people: Callable[..., Person]) -> None:
    person = people()
    page = person.open()
    person.run("kept = 41")
    person.saved()
    address = page.url
    other = person.context.new_page()
    other.goto("/sessions")
    other.locator(".session .menu summary").click()
    other.locator(".session").get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("This session is in the bin now.")).to_be_visible()
    page.goto(address)
    expect(page.get_by_role("heading", name="This session is in the bin")).to_be_visible()
    page.get_by_role("button", name="Restore and open").click()
    person.ready()
    assert person.text("kept + 1") == "42"


def test_an_account_from_beginning_to_end(
    people: Callable[..., Person], server: Server, tmp_path: Path
) -> None:
    person = people()
    page = person.open()
    person.run("mine = 1")
    person.saved()
    address = page.url
    page.goto("/sign-up")
    page.get_by_label("Name").fill("Leaving-Ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("heading", name="Your recovery code")).to_be_visible()
    elsewhere = people()
    elsewhere.page.goto("/sign-in")
    elsewhere.page.get_by_label("Name").fill("Leaving-Ada")
    elsewhere.page.get_by_label("Password").fill(PASSWORD)
    elsewhere.page.get_by_role("button", name="Sign in").click()
    elsewhere.page.goto(address)
    expect(elsewhere.transcript).to_contain_text("mine = 1")
    page.goto("/profile/devices")
    page.get_by_role("button", name="Sign out there").or_(
        page.get_by_role("button", name="Sign out on")
    ).first.click()
    expect(elsewhere.page.get_by_text("You were signed out in this browser.")).to_be_visible()
    _export(page, server, tmp_path)
    page.goto("/profile/delete")
    page.get_by_label("Current password").fill(PASSWORD)
    page.get_by_role("button", name="Delete everything").click()
    expect(page.get_by_role("heading", name="Everything is deleted")).to_be_visible()
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 404


def _export(page: Page, server: Server, folder: Path) -> None:
    page.goto("/profile/export")
    page.get_by_role("button", name="Make the file").click()
    expect(page.get_by_text("It starts in a moment.")).to_be_visible()
    server.task("playground.tasks.make_exports")
    # The page looks again by itself.
    ready = page.get_by_role("link", name="Download", exact=True)
    expect(ready).to_be_visible(timeout=30_000)
    with page.expect_download() as begun:
        ready.click()
    file = folder / "everything.zip"
    begun.value.save_as(file)
    names = zipfile.ZipFile(file).namelist()
    assert names[0] == "account.json"
    assert [name.rpartition(".")[2] for name in names[1:]] == ["playground"]


def test_the_list_on_a_phone_and_without_scripts(people: Callable[..., Person]) -> None:
    phone = people(viewport={"width": 390, "height": 800}, has_touch=True)
    page = phone.open()
    page.evaluate("title => playground.create({title})", "W" * 200)
    page.goto("/sessions")
    page.locator(".session .menu summary").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    state = phone.context.storage_state()
    plain = people(java_script_enabled=False, storage_state=state).page
    plain.goto("/sessions")
    plain.locator(".session input.tick").first.check()
    plain.locator("#bulk").get_by_role("button", name="Delete").click()
    expect(plain.get_by_text("1 session is in the bin.")).to_be_visible()
