"""Getting an account, signing in and out, recovery: plain forms, a browser without scripts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from playground.accounts.models import User
from playground.accounts.visitors import visitor
from tests.playground.conftest import PASSWORD, Account, GuestBrowser

pytestmark = pytest.mark.django_db


def who(client: Client) -> User | None:
    """Whom the server takes this browser for."""
    return visitor(client.get("/signed-out").wsgi_request)


def sign_up(client: Client, name: str) -> str:
    """Sign up; give the recovery code."""
    page = client.post("/sign-up", {"username": name, "password": PASSWORD})
    assert page.status_code == 200, page.content.decode()
    found = re.search(r'value="([a-z0-9-]{24})"', page.content.decode())
    assert found
    return found[1]


def sign_in(client: Client, name: str, password: str = PASSWORD) -> int:
    return client.post("/sign-in", {"username": name, "password": password}).status_code


def text(client: Client, address: str, **data: str) -> str:
    answer = client.post(address, data) if data else client.get(address)
    return answer.content.decode()


def test_a_guest_who_signs_up_stays_the_same_person(guest_browser: GuestBrowser) -> None:
    guest = who(guest_browser)
    assert guest and guest.is_guest
    sign_up(guest_browser, "Ada")
    ada = who(guest_browser)
    assert ada and ada.pk == guest.pk
    assert (ada.username, ada.name, ada.is_guest) == ("Ada", "Ada", False)


def test_a_newcomer_can_sign_up_too(client: Client) -> None:
    sign_up(client, "Ada")
    ada = who(client)
    assert ada and not ada.is_guest


def test_the_recovery_code_is_stored_as_a_hash_alone(client: Client) -> None:
    code = sign_up(client, "Ada")
    stored = User.objects.get(username="Ada").recovery_code
    assert stored
    assert code not in stored
    assert code.replace("-", "") not in stored


def test_a_name_is_taken_in_whatever_case(client: Client, account: Account) -> None:
    account("Ada")
    page = text(client, "/sign-up", username="aDA", password=PASSWORD)
    assert "This name is taken. Please choose another." in page
    assert 'aria-invalid="true"' in page
    assert who(client) is None


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"username": "Ada", "password": "short"}, "This password is too short."),
        ({"username": "Ada", "password": "password1"}, "This password is too common."),
        ({"username": "with space", "password": PASSWORD}, "Use letters, digits"),
        ({"username": "guest-1", "password": PASSWORD}, "This name is taken."),
        ({"username": "Ada", "password": PASSWORD, "email": "no"}, "valid email address"),
        ({"username": "Adalovelace", "password": "adalovelace"}, "too similar"),
    ],
)
def test_sign_up_says_what_is_wrong(client: Client, data: dict[str, str], sentence: str) -> None:
    page = client.post("/sign-up", data)
    assert page.status_code == 400
    assert sentence in page.content.decode()
    assert not User.objects.exists()


def test_signing_in_works_in_whatever_case(client: Client, account: Account) -> None:
    ada = account("Ada")
    assert sign_in(client, "ada") == 302
    assert who(client) == ada


def test_a_wrong_password_or_name_gets_the_same_answer(client: Client, account: Account) -> None:
    account("Ada")
    wrong = text(client, "/sign-in", username="Ada", password="wrong-horse-7")
    unknown = text(client, "/sign-in", username="Bob", password="wrong-horse-7")
    sentence = "Name and password do not fit together."
    assert sentence in wrong
    assert sentence in unknown
    assert who(client) is None


def test_a_guest_cannot_be_signed_in_to(client: Client, guest_browser: GuestBrowser) -> None:
    guest = who(guest_browser)
    assert guest
    assert sign_in(client, guest.username, "") == 400
    assert sign_in(client, guest.username, PASSWORD) == 400


def test_signing_in_leads_on_within_this_site_alone(client: Client, account: Account) -> None:
    account("Ada")
    data = {"username": "Ada", "password": PASSWORD}
    assert client.post("/sign-in", {**data, "next": "/s/abc"})["Location"] == "/s/abc"
    client.post("/sign-out")
    assert client.post("/sign-in", {**data, "next": "https://evil.example/"})["Location"] == "/"
    client.post("/sign-out")
    assert client.post("/sign-in", {**data, "next": "//evil.example/"})["Location"] == "/"


def test_a_new_cookie_at_each_sign_in_and_sign_out(client: Client, account: Account) -> None:
    account("Ada")
    sign_in(client, "Ada")
    first = client.cookies["playground"].value
    client.post("/sign-out")
    sign_in(client, "Ada")
    assert client.cookies["playground"].value not in {"", first}


def test_recovery_sets_a_new_password_and_a_new_code(client: Client) -> None:
    code = sign_up(client, "Ada")
    client.post("/sign-out")
    other = Client()
    typed = f"  {code.upper().replace('-', ' ')} "
    data = {"username": "ada", "code": typed, "password": "another-horse-8"}
    page = other.post("/recover", data)
    found = re.search(r'value="([a-z0-9-]{24})"', page.content.decode())
    assert found
    assert found[1] != code
    ada = who(other)
    assert ada and ada.username == "Ada"
    assert sign_in(Client(), "Ada", PASSWORD) == 400
    assert sign_in(Client(), "Ada", "another-horse-8") == 302
    assert Client().post("/recover", {**data, "password": "third-horse-9"}).status_code == 400


def test_recovery_ends_the_sign_ins_of_other_browsers(client: Client) -> None:
    code = sign_up(client, "Ada")
    thief = Client()
    sign_in(thief, "Ada")
    data = {"username": "Ada", "code": code, "password": "another-horse-8"}
    Client().post("/recover", data)
    assert who(thief) is None


@pytest.mark.parametrize("name", ["Ada", "Nobody"])
def test_a_wrong_recovery_code_does_nothing(client: Client, account: Account, name: str) -> None:
    account("Ada")
    data = {"username": name, "code": "aaaa-bbbb-cccc-dddd-eeee", "password": "another-horse-8"}
    page = client.post("/recover", data)
    assert page.status_code == 400
    assert "Name and recovery code do not fit together." in page.content.decode()
    assert sign_in(Client(), "Ada") == 302


@pytest.mark.usefixtures("rate_limited")
def test_guessing_a_password_is_stopped(client: Client, account: Account) -> None:
    account("Ada")
    for _ in range(10):
        assert sign_in(client, "Ada", "wrong-horse-7") == 400
    answer = client.post("/sign-in", {"username": "ADA", "password": PASSWORD})
    assert answer.status_code == 429
    assert "Please wait a few minutes." in answer.content.decode()
    assert sign_in(client, "Bob", "wrong-horse-7") == 400


@pytest.mark.usefixtures("rate_limited")
def test_guessing_a_recovery_code_is_stopped(client: Client, account: Account) -> None:
    account("Ada")
    data = {"username": "Ada", "code": "aaaa", "password": "another-horse-8"}
    answers = [client.post("/recover", data).status_code for _ in range(11)]
    assert answers == [400] * 10 + [429]
    # That keeps nobody from recovering who is elsewhere.
    assert client.post("/recover", data, REMOTE_ADDR="192.0.2.7").status_code == 400


@pytest.mark.usefixtures("rate_limited")
def test_nobody_chooses_the_address_that_tries_count_for(
    client: Client, account: Account, settings: Any
) -> None:
    settings.HTTPS = True
    account("Ada")
    data = {"username": "Ada", "password": "wrong-horse-7"}
    # The proxy appends where the request came from; what stands before it is made up.
    headers = [{"X-Forwarded-For": f"203.0.113.{last}, 198.51.100.1"} for last in range(11)]
    answers = [client.post("/sign-in", data, headers=one).status_code for one in headers]
    assert answers == [400] * 10 + [429]
    elsewhere = {"X-Forwarded-For": "198.51.100.1, 198.51.100.2"}
    assert client.post("/sign-in", data, headers=elsewhere).status_code == 400


def test_reading_pages_writes_nothing(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        for address in ("/sign-up", "/sign-in", "/recover", "/signed-out"):
            assert client.get(address).status_code == 200
    assert "playground" not in client.cookies


def test_a_visit_renews_the_cookie_for_half_a_year(
    guest_browser: GuestBrowser, client: Client
) -> None:
    guest_browser.cookies["playground"]["max-age"] = ""
    guest_browser.get("/profile")
    assert not guest_browser.cookies["playground"]["max-age"]
    answer = guest_browser.post("/api/visit")
    assert answer.json() == {"known": True}
    cookie = guest_browser.cookies["playground"]
    assert cookie["max-age"] == 182 * 24 * 3600
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert client.post("/api/visit").json() == {"known": False}
    assert "playground" not in client.cookies
    assert client.get("/api/visit").status_code == 405
