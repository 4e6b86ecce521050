"""Share links over HTTP: the owner's list, the page that writes nothing, being let in by POST."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from django.apps import apps
from django.core.cache import cache
from django.test import Client

from playground.accounts.models import User
from playground.logs import HideTokens
from sessions_app import protocol as p
from sessions_app.models import Member, Session, ShareLink
from tests.sessions_app.helpers import Page, codes, manifest_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(ada: User) -> Client:
    """The owner's browser."""
    client = Client()
    client.force_login(ada)
    return client


@pytest.fixture
def limited(settings: Any) -> Iterator[Any]:
    """Rate limits in force."""
    settings.PLAYGROUND_RATE_LIMITS = True
    cache.clear()
    yield settings
    cache.clear()


def send(client: Client, method: str, path: str, value: Any = None) -> Any:
    return getattr(client, method)(path, value, content_type="application/json")


def share(client: Client, session: str, **wanted: Any) -> tuple[str, str]:
    """A new link: its address in the API, and its token."""
    answer = send(client, "post", f"/api/sessions/{session}/links", wanted)
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert made["url"].startswith("http://testserver/j/")
    return f"/api/sessions/{session}/links/{made['id']}", made["url"].rsplit("/", 1)[1]


def row_counts() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in apps.get_models()}


def test_the_owners_list(browser: Client, session: str, bob: User) -> None:
    address, token = share(browser, session, name="<b>", fork=True, expiresIn=3600, preview=True)
    stranger = Client()
    stranger.force_login(bob)
    assert send(stranger, "post", "/api/join", {"token": token}).json()["id"] == session
    answer = browser.get(f"/api/sessions/{session}/links")
    assert "no-store" in answer.headers["Cache-Control"]
    (line,) = answer.json()["links"]
    link = ShareLink.objects.get()
    assert line == {
        "id": link.id.hex,
        "url": f"http://testserver/j/{token}",
        "role": "viewer",
        "fork": True,
        "preview": True,
        "name": "<b>",
        "createdAt": link.created_ms,
        "expiresAt": link.created_ms + 3_600_000,
        "uses": 1,
        "people": 1,
        "lastUsedAt": link.last_used_ms,
    }
    assert send(browser, "patch", address, {"name": "Class"}).status_code == 204
    assert browser.get(f"/api/sessions/{session}/links").json()["links"][0]["name"] == "Class"
    drawing = browser.get(f"{address}/qr.svg")
    assert drawing.headers["Content-Type"] == "image/svg+xml"
    assert "no-store" in drawing.headers["Cache-Control"]
    assert b"<svg" in drawing.content
    assert b"<script" not in drawing.content
    assert send(browser, "delete", address).status_code == 204
    assert browser.get(f"/api/sessions/{session}/links").json() == {"links": []}
    assert browser.get(f"{address}/qr.svg").status_code == 404


@pytest.mark.parametrize("member", ["editor", "viewer", None])
def test_nobody_else_sees_or_changes_links(
    browser: Client, session: str, bob: User, member: str | None
) -> None:
    address, token = share(browser, session)
    other = Client()
    other.force_login(bob)
    if member:
        Member.objects.create(session_id=uuid.UUID(session), user=bob, role=member, forks=True)
    status = 403 if member else 404
    answers = [
        other.get(f"/api/sessions/{session}/links"),
        send(other, "post", f"/api/sessions/{session}/links", {}),
        send(other, "patch", address, {"name": "x"}),
        send(other, "delete", address),
        other.get(f"{address}/qr.svg"),
    ]
    assert [answer.status_code for answer in answers] == [status] * len(answers)
    assert all(token.encode() not in answer.content for answer in answers)
    assert ShareLink.objects.get().ended_ms is None
    if member:
        assert token.encode() not in other.get(f"/s/{session}").content


def test_wrong_wishes(browser: Client, session: str) -> None:
    path = f"/api/sessions/{session}/links"
    for wrong in ({"role": "owner"}, {"rol": "x"}, {"expiresIn": "x"}, {"expiresIn": 0}, []):
        refused = send(browser, "post", path, wrong)
        assert (refused.status_code, refused.json()["code"]) == (400, "invalid"), wrong
    long = send(browser, "post", path, {"name": "\u200f" * 10_000})
    assert long.json()["code"] == "invalid"
    assert not ShareLink.objects.exists()


def test_the_page_of_a_link_writes_nothing_and_leads_nowhere(browser: Client, session: str) -> None:
    Session.objects.update(title="Secret <title>")
    _, quiet = share(browser, session)
    _, telling = share(browser, session, preview=True)
    before = row_counts()
    for client in (Client(), browser):
        page = client.get(f"/j/{quiet}")
        assert page.status_code == 200
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in page.headers["X-Robots-Tag"]
        html = page.content.decode()
        assert '<meta name="robots" content="noindex' in html
        assert "Secret" not in html
        assert "og:" not in html
    card = Client().get(f"/j/{telling}").content.decode()
    assert '<meta property="og:title" content="Secret &lt;title&gt;">' in card
    assert "noindex" in card
    assert row_counts() == before
    assert "noindex" in browser.get(f"/s/{session}").headers["X-Robots-Tag"]


def test_a_newcomer_is_let_in_as_a_guest(browser: Client, session: str) -> None:
    address, token = share(browser, session)
    newcomer = Client()
    answer = send(newcomer, "post", "/api/join", {"token": token})
    assert (answer.status_code, answer.json()) == (201, {"id": session, "url": f"/s/{session}"})
    html = newcomer.get(f"/s/{session}").content.decode()
    assert '"role":"viewer","forks":false,"owner":"ada"' in html
    assert newcomer.get(f"/api/sessions/{session}/state").status_code == 200
    # Home is a session of one's own, not the one that was shared.
    assert newcomer.get("/").status_code == 200
    send(browser, "delete", address)
    for path in (f"/s/{session}", f"/api/sessions/{session}/state"):
        assert newcomer.get(path).status_code == 404
    gone = newcomer.get(f"/j/{token}")
    assert gone.status_code == 410
    assert b"does not work any more" in gone.content
    assert gone.headers["Referrer-Policy"] == "no-referrer"
    again = send(newcomer, "post", "/api/join", {"token": token})
    assert (again.status_code, again.json()["code"]) == (410, "gone")
    guests = User.objects.filter(is_guest=True).count()
    assert send(Client(), "post", "/api/join", {"token": token}).status_code == 410
    assert User.objects.filter(is_guest=True).count() == guests


def test_joining_needs_the_csrf_token(browser: Client, session: str) -> None:
    _, token = share(browser, session)
    client = Client(enforce_csrf_checks=True)
    assert send(client, "post", "/api/join", {"token": token}).status_code == 403
    client.get(f"/j/{token}")
    headers = {"X-CSRFToken": client.cookies["csrftoken"].value}
    body = f'{{"token": "{token}"}}'
    answer = client.post("/api/join", body, content_type="application/json", headers=headers)
    assert answer.status_code == 201


@pytest.mark.parametrize("fork", [False, True])
def test_what_a_viewer_reads_of_the_values(browser: Client, runner: Page, fork: bool) -> None:
    image = runner.upload(b"image")
    runner.push(
        p.StartExecution(1, "plot()"),
        p.AppendOutput(1, (p.DisplayData({}, {"image/png": image}),)),
        p.FinishExecution(1, "ok", 1.0),
    )
    values = runner.upload(b"values")
    saved = runner.snapshot_of(values)
    runner.push(saved)
    _, token = share(browser, runner.session, fork=fork)
    viewer = Client()
    send(viewer, "post", "/api/join", {"token": token})
    path = f"/api/sessions/{runner.session}"
    assert viewer.get(f"{path}/blobs/{image.hash}").content == b"image"
    status = 200 if fork else 404
    for name in (values.hash, saved.manifest.hash):
        assert viewer.get(f"{path}/blobs/{name}").status_code == status
    answer = send(viewer, "post", f"{path}/fork", {"number": 1})
    assert answer.status_code == (201 if fork else 403)
    asked = send(viewer, "post", f"{path}/blobs/lacks", {"hashes": [values.hash]})
    assert asked.status_code == 403
    if fork:
        theirs = answer.json()["id"]
        got = viewer.get(f"/api/sessions/{theirs}/blobs/{values.hash}")
        assert got.content == b"values"


def test_a_viewer_reads_the_files_as_they_are_now(browser: Client, runner: Page) -> None:
    runner.run("1")
    text, values = runner.upload(b"a,b"), runner.upload(b"values")
    files = [p.ManifestFile("data/öl 1.csv", text, 1)]
    base = manifest_of(values)
    manifest = runner.upload(p.encode(msgspec.structs.replace(base, files=files)))
    saved = runner.snapshot_of(values)
    answers = runner.push(msgspec.structs.replace(saved, manifest=manifest))
    assert codes(answers) == ["ack"]
    _, token = share(browser, runner.session)
    viewer = Client()
    send(viewer, "post", "/api/join", {"token": token})
    path = f"/api/sessions/{runner.session}/files"
    answer = viewer.get(f"{path}/data/öl 1.csv")
    assert answer.content == b"a,b"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer.headers["Cache-Control"]
    assert viewer.get(f"{path}/v0").status_code == 404
    assert Client().get(f"{path}/data/öl 1.csv").status_code == 404


def test_tokens_cannot_be_tried_without_end(browser: Client, session: str, limited: Any) -> None:
    _, token = share(browser, session)
    rate = type("Rate", (), {"count": 3, "seconds": 600})()
    limited.PLAYGROUND_RATES = {**limited.PLAYGROUND_RATES, "links": rate}
    client = Client()
    tries = [send(client, "post", "/api/join", {"token": "x" * 22}).status_code for _ in range(2)]
    assert tries == [404, 404]
    assert client.get(f"/j/{'y' * 22}").status_code == 404
    assert client.get(f"/j/{'z' * 22}").status_code == 429
    refused = send(client, "post", "/api/join", {"token": "x" * 22})
    assert (refused.status_code, refused.json()["code"]) == (429, "busy")
    # The rest of the school, behind the same address, comes in all the same.
    assert client.get(f"/j/{token}").status_code == 200
    assert send(Client(), "post", "/api/join", {"token": token}).status_code == 201


def test_the_log_keeps_no_token() -> None:
    record = logging.LogRecord("x", 40, "", 1, "Failed: %s", ("/j/abc_DEF-123?x",), None)
    HideTokens().filter(record)
    assert record.getMessage() == "Failed: /j/…?x"
