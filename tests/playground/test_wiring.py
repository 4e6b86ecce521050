"""Accounts and sessions together: what a guest made is the account's, and nobody else's."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from playground.accounts import exporting
from sessions_app.models import Session
from sessions_app.tasks import purge_sessions
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


def test_deleting_everything_takes_the_sessions_at_once(client: Client, account: Account) -> None:
    url = start(client)
    sign_up(client, "Ada")
    elsewhere = Client()
    sign_in(elsewhere, "Ada")
    client.post("/profile/delete", {"present": PASSWORD})
    assert not opens(client, api(url))
    assert not opens(elsewhere, api(url))
    purge_sessions()
    assert not Session.objects.exists()


def test_a_guest_who_signs_up_keeps_the_bin_too(client: Client) -> None:
    url = start(client)
    key = api(url).rpartition("/")[2]
    client.post("/sessions/change", {"do": "delete", "session": key})
    assert not opens(client, api(url))
    sign_up(client, "Ada")
    client.post("/sessions/change", {"do": "restore", "session": key})
    assert opens(client, api(url))


def test_the_export_has_the_sessions(client: Client, tmp_path: Path, settings: Settings) -> None:
    settings.DATA_DIR = tmp_path
    start(client)
    person = who(client)
    assert person
    export = exporting.ask(person)
    assert exporting.make(export.pk.hex)
    archive = zipfile.ZipFile(exporting.file_of(export))
    (name,) = [name for name in archive.namelist() if name.startswith("sessions/")]
    assert name.endswith(".playground")
    session = zipfile.ZipFile(io.BytesIO(archive.read(name)))
    assert json.loads(session.read("manifest.json"))["format"] == "playground-session"
