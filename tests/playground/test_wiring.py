"""Accounts and sessions together: what a guest made is the account's, and nobody else's."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from tests.playground.conftest import PASSWORD, Account
from tests.playground.test_accounts import sign_in, sign_up, who

pytestmark = pytest.mark.django_db(transaction=True)


def start(client: Client) -> str:
    """Do what the start page's script does; give the session's address."""
    answer = client.post("/api/start", json.dumps({}), content_type="application/json")
    assert answer.status_code == 201, answer.content
    url: str = answer.json()["url"]
    return url


def opens(client: Client, url: str) -> bool:
    return client.get(url.removesuffix("/") + "/state").status_code == 200


def api(url: str) -> str:
    return f"/api/sessions/{url.rstrip('/').rpartition('/')[2]}"


def test_a_newcomer_becomes_a_guest_with_a_session(client: Client) -> None:
    assert who(client) is None
    url = start(client)
    guest = who(client)
    assert guest and guest.is_guest
    assert opens(client, api(url))
    assert client.get("/")["Location"].endswith(url)


def test_signing_up_keeps_the_sessions_and_signing_out_hides_them(client: Client) -> None:
    url = start(client)
    sign_up(client, "Ada")
    assert opens(client, api(url))
    client.post("/sign-out")
    assert not opens(client, api(url))
    other = start(client)
    assert other != url
    assert not opens(client, api(url))
    elsewhere = Client()
    sign_in(elsewhere, "Ada")
    assert opens(elsewhere, api(url))
    assert not opens(elsewhere, api(other))


def test_kept_sessions_move_and_the_others_cannot_be_opened(
    client: Client, account: Account
) -> None:
    account("Ada")
    mine = start(client)
    answer = client.post("/api/sessions", json.dumps({}), content_type="application/json")
    foreign = answer.json()["url"]
    signed = client.post("/sign-in", {"username": "Ada", "password": PASSWORD})
    assert signed["Location"] == "/keep"
    assert not opens(client, api(mine))
    client.post("/keep", {"keep": [api(mine).rpartition("/")[2]]})
    assert opens(client, api(mine))
    assert not opens(client, api(foreign))
