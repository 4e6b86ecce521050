"""Links, dialogs, and the pages around a session."""

from __future__ import annotations

import re
import time

from playwright.sync_api import Page, expect

from tests.e2e.person import Person
from tests.screenshots.camera import Camera, held
from tests.screenshots.session_scenes import FIRST, SECOND, open_titled

STOP_ALL = "async () => (await playground.links()).map(({id}) => playground.unshare(id))"
PASSWORD = "correct horse battery"


def sharing(camera: Camera) -> None:
    """A link: its dialog, who comes by it, and its end."""
    with camera.person() as ada, camera.person() as bob:
        open_titled(ada, "Weather")
        for source in (FIRST, SECOND):
            ada.run(source)
        ada.saved()
        address = _share(ada, camera)
        with held(bob.page, "/api/join"):
            bob.page.goto(address)
            expect(bob.page.get_by_text("Opening the session")).to_be_visible()
            camera.shoot(bob.page, "join")
        bob.ready()
        bob.sees("warm")
        camera.shoot(bob.page, "viewer")
        bob.page.get_by_role("button", name="2 people here").click()
        camera.shoot(bob.page, "who-is-here")
        _take_out_and_in(ada, camera)
        ada.page.evaluate(STOP_ALL)
        expect(bob.page.get_by_text("not shared with you any more")).to_be_visible()
        camera.shoot(bob.page, "link-ended")
        bob.page.goto(address)
        camera.shoot(bob.page, "link-gone")


def _share(ada: Person, camera: Camera) -> str:
    page = ada.page
    page.get_by_role("button", name="Share", exact=True).click()
    dialog = page.get_by_role("dialog", name="Share this session")
    dialog.get_by_label("Name of the link").fill("Class 9b")
    camera.shoot(page, "share-new")
    dialog.get_by_role("button", name="Make a link").click()
    address = dialog.get_by_role("textbox", name="Address of “Class 9b”").input_value()
    dialog.get_by_role("button", name="QR code").click()
    expect(dialog.get_by_role("img", name="QR code of “Class 9b”")).to_be_visible()
    camera.shoot(page, "share")
    page.keyboard.press("Escape")
    return address


def _take_out_and_in(ada: Person, camera: Camera) -> None:
    page = ada.page
    for item, name in (("Export…", "export"), ("Import…", "import")):
        page.get_by_role("button", name="More", exact=True).click()
        if name == "export":
            camera.shoot(page, "more")
        page.get_by_role("menuitem", name=item).or_(
            page.get_by_role("button", name=item)
        ).first.click()
        expect(page.get_by_role("dialog")).to_be_visible()
        camera.shoot(page, name)
        page.keyboard.press("Escape")


def guests(camera: Camera) -> None:
    """The lists of somebody without an account."""
    with camera.person() as ada:
        open_titled(ada, "Weather")
        ada.run(FIRST)
        ada.run("print('it is warm')")
        ada.saved()
        for title in ("Sorting games", "Ein sehr langer Titel, der nicht in eine Zeile passt " * 2):
            ada.page.evaluate("title => playground.create({title})", title)
        for address, name in (
            ("/sessions", "sessions"),
            ("/sessions?q=nothing", "sessions-not-found"),
            ("/sessions?show=bin", "bin-empty"),
            ("/sessions?show=archived", "archive-empty"),
            ("/profile", "profile-guest"),
            ("/sign-out", "not-you"),
            ("/sign-in", "sign-in"),
            ("/recover", "recover"),
            ("/s/00000000000000000000000000000000", "not-found"),
        ):
            ada.page.goto(address)
            camera.shoot(ada.page, name, whole=True)
        ada.page.goto("/sessions")
        _open_menus(ada.page, camera)
        ada.page.goto("/sessions")
        ada.page.locator(".session").filter(has_text="Ein sehr").get_by_role("checkbox").check()
        ada.page.locator("#bulk").get_by_role("button", name="Delete", exact=True).click()
        camera.shoot(ada.page, "sessions-undo")
        ada.page.goto("/sessions?show=bin")
        camera.shoot(ada.page, "bin")
        address = ada.page.get_by_role("link", name="Ein sehr").get_attribute("href")
        ada.page.goto(str(address))
        camera.shoot(ada.page, "in-the-bin")


def _open_menus(page: Page, camera: Camera) -> None:
    page.get_by_role("checkbox").nth(1).check()
    page.locator(".session .menu summary").first.click()
    camera.shoot(page, "sessions-menu")


def accounts(camera: Camera) -> None:
    """Signing up, and everything about oneself; then the operator's pages."""
    with camera.person() as ada:
        ada.open()
        page = ada.page
        page.goto("/sign-up")
        camera.shoot(page, "sign-up")
        page.get_by_label("Name", exact=True).fill(f"ada-{time.monotonic_ns() % 10**9}")
        page.get_by_label("Password", exact=True).fill("short")
        page.get_by_role("button", name="Sign up").click()
        camera.shoot(page, "sign-up-refused", whole=True)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign up").click()
        expect(page.get_by_text(re.compile("recovery code", re.I)).first).to_be_visible()
        camera.shoot(page, "recovery-code")
        for name in ("", "password", "recovery-code", "devices", "export", "delete"):
            page.goto(f"/profile/{name}" if name else "/profile")
            camera.shoot(page, f"profile-{name}" if name else "profile", whole=True)
        page.goto("/sign-out")
        camera.shoot(page, "sign-out")
        camera.server.task("tests.screenshots.operators.make_all_operators")
        for name in ("", "storage", "work", "settings"):
            page.goto(f"/operator/{name}")
            camera.shoot(page, f"operator-{name or 'health'}", whole=True)


SCENES = (sharing, guests, accounts)
