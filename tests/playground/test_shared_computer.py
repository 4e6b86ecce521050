"""Several people at one browser: nobody gets what is another's, nothing is lost by surprise."""

from __future__ import annotations

import pytest
from django.test import Client

from playground.accounts.models import User
from tests.playground.conftest import PASSWORD, Account, GuestBrowser, Shelf
from tests.playground.test_accounts import sign_in, sign_up, who

pytestmark = pytest.mark.django_db


def guest_with(client: Client, shelf: Shelf, *titles: str) -> User:
    guest = who(client)
    assert guest
    shelf.things.update(dict.fromkeys(titles, guest.pk))
    return guest


def test_after_signing_out_the_next_visitor_sees_nothing(
    guest_browser: GuestBrowser, shelf: Shelf
) -> None:
    ada = guest_with(guest_browser, shelf, "homework")
    sign_up(guest_browser, "Ada")
    answer = guest_browser.post("/sign-out")
    assert answer["Location"] == "/signed-out"
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert who(guest_browser) is None
    page = guest_browser.get("/signed-out").content.decode()
    assert "Ada" not in page
    guest_browser.become_guest()
    next_one = who(guest_browser)
    assert next_one and next_one.pk != ada.pk
    assert shelf.titles(next_one) == []
    assert shelf.titles(ada) == ["homework"]


def test_other_tabs_do_not_go_on_as_who_left(
    guest_browser: GuestBrowser, shelf: Shelf, account: Account
) -> None:
    account("Ada")
    keys = [guest_browser.cookies["playground"].value]
    sign_up(guest_browser, "Bob")
    keys.append(guest_browser.cookies["playground"].value)
    assert (shelf.changed, shelf.ended) == (keys[:1], [])
    guest_browser.post("/sign-out")
    assert shelf.ended == keys[1:]
    guest_browser.become_guest()
    keys.append(guest_browser.cookies["playground"].value)
    sign_in(guest_browser, "Ada")
    assert shelf.changed == [keys[0], keys[2]]


def test_signing_in_asks_a_guest_which_sessions_to_keep(
    guest_browser: GuestBrowser, shelf: Shelf, account: Account
) -> None:
    ada = account("Ada")
    shelf.things["old"] = ada.pk
    guest = guest_with(guest_browser, shelf, "mine", "not mine")
    answer = guest_browser.post("/sign-in", {"username": "Ada", "password": PASSWORD})
    assert answer["Location"] == "/keep"
    page = guest_browser.get("/keep").content.decode()
    assert page.count("checked") == 2
    assert "cannot be opened from this browser again" in page
    guest_browser.post("/keep", {"keep": ["mine", "old", "made up"]})
    assert shelf.titles(ada) == ["old", "mine"]
    assert shelf.titles(guest) == ["not mine"]
    assert guest_browser.get("/keep")["Location"] == "/"
    guest_browser.post("/keep", {"keep": ["not mine"]})
    assert shelf.titles(guest) == ["not mine"]


def test_the_question_stays_open_until_it_is_answered(
    guest_browser: GuestBrowser, shelf: Shelf, account: Account
) -> None:
    ada = account("Ada")
    guest_with(guest_browser, shelf, "mine")
    sign_in(guest_browser, "Ada")
    assert 'href="/keep"' in guest_browser.get("/profile").content.decode()
    assert "can never be opened again" in guest_browser.get("/sign-out").content.decode()
    guest_browser.post("/keep", {"keep": ["mine"]})
    assert 'href="/keep"' not in guest_browser.get("/profile").content.decode()
    assert shelf.titles(ada) == ["mine"]


def test_a_guest_without_sessions_is_not_asked(
    guest_browser: GuestBrowser, shelf: Shelf, account: Account
) -> None:
    account("Ada")
    answer = guest_browser.post("/sign-in", {"username": "Ada", "password": PASSWORD})
    assert answer["Location"] == "/"


def test_recovery_asks_a_guest_too(guest_browser: GuestBrowser, shelf: Shelf) -> None:
    code = sign_up(Client(), "Ada")
    guest_with(guest_browser, shelf, "mine")
    data = {"username": "Ada", "code": code, "password": "another-horse-8"}
    assert 'href="/keep"' in guest_browser.post("/recover", data).content.decode()
    guest_browser.post("/keep", {"keep": ["mine"]})
    assert shelf.titles(User.objects.get(username="Ada")) == ["mine"]


def test_nobody_can_claim_the_guest_of_another_browser(
    guest_browser: GuestBrowser, shelf: Shelf, account: Account
) -> None:
    account("Eve")
    guest = guest_with(guest_browser, shelf, "mine")
    eve = Client()
    sign_in(eve, "Eve")
    assert eve.get("/keep")["Location"] == "/"
    eve.post("/keep", {"keep": ["mine"], "left_guest": str(guest.pk)})
    assert shelf.titles(guest) == ["mine"]


def test_a_guest_is_told_what_leaving_means(guest_browser: GuestBrowser, shelf: Shelf) -> None:
    guest = guest_with(guest_browser, shelf, "one", "two")
    page = guest_browser.get("/sign-out").content.decode()
    assert "2 sessions can never be opened again" in page
    assert guest.name in page
    assert 'id="sign-out"' in page


def test_whose_browser_it_is_stands_on_every_page(guest_browser: GuestBrowser) -> None:
    guest = who(guest_browser)
    assert guest
    for address in ("/signed-out", "/sign-in", "/nowhere"):
        page = guest_browser.get(address).content.decode()
        assert guest.name in page
        assert "Not you?" in page
