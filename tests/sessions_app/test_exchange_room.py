"""Exports and imports leave the disk the room that saving needs."""

from __future__ import annotations

import pytest

from playground.accounts.models import User
from sessions_app import blobs
from sessions_app.exchange import transfers
from tests.sessions_app.helpers import Page
from tests.sessions_app.test_exchange_out import client_of

pytestmark = pytest.mark.django_db


def test_nothing_is_begun_on_a_full_disk(
    runner: Page, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner.run("x = 1", "hello")
    usage = type("Usage", (), {"free": blobs.LEAST_FREE_BYTES - 1})()
    monkeypatch.setattr(transfers.shutil, "disk_usage", lambda path: usage)
    client = client_of(ada)
    brought = client.post("/api/imports?name=a.py", b"x = 1", content_type="text/plain")
    assert (brought.status_code, brought.json()["code"]) == (507, "storage")
    address = f"/api/sessions/{runner.session}/exports"
    taken = client.post(address, {"form": "py"}, content_type="application/json").json()
    assert (taken["state"], taken["message"]) == (
        "failed",
        "The server's disk is full. Try again later.",
    )
