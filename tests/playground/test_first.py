"""The link for the first administrator: from this computer, for an hour, once, while needed."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from playground.accounts.models import User
from playground.installation import first
from playground.origins import is_loopback
from tests.playground.conftest import PASSWORD

pytestmark = pytest.mark.django_db

FORM = {"username": "Root", "password": PASSWORD}


@pytest.fixture(autouse=True)
def own_folder(settings: Settings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


def link() -> str:
    offered = first.offer()
    assert offered
    return offered


def test_it_makes_an_administrator_once(client: Client) -> None:
    address = link()
    assert client.get(address).status_code == 200
    assert not User.objects.exists()
    assert "recovery code" in client.post(address, FORM).content.decode()
    root = User.objects.get()
    assert root.is_staff and root.is_superuser and root.is_teacher and root.check_password(PASSWORD)
    assert Client().get(address).status_code == 404
    assert Client().post(address, FORM | {"username": "Eve"}).status_code == 404
    assert first.offer() is None


@pytest.mark.parametrize(
    "asker",
    [{"REMOTE_ADDR": "192.0.2.7"}, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, {"REMOTE_ADDR": ""}],
)
def test_only_from_this_computer(asker: dict[str, str], client: Client) -> None:
    address = link()
    assert client.get(address, **asker).status_code == 404  # type: ignore[arg-type]  # environ
    assert client.post(address, FORM, **asker).status_code == 404  # type: ignore[arg-type]  # environ
    assert not User.objects.exists()


def test_a_wrong_old_or_replaced_token_is_not_there(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = link()
    new = link()
    assert client.get(old).status_code == client.get(new + "x").status_code == 404
    at = first.time.time() + first.LIFE_S + 1
    monkeypatch.setattr(first.time, "time", lambda: at)
    assert client.get(new).status_code == 404


def test_the_folder_keeps_no_token(own_folder: Path) -> None:
    token = link().rpartition("/")[2]
    file = own_folder / "first-administrator"
    assert token not in file.read_text()
    assert file.stat().st_mode & 0o077 == 0


def test_a_weak_password_is_refused(client: Client) -> None:
    assert client.post(link(), FORM | {"password": "12345678"}).status_code == 400
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("address", "here"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("", False)],
)
def test_what_this_computer_is(address: str, here: bool) -> None:
    assert is_loopback(address) is here
