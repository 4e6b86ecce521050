"""Headers of pages, refusal of foreign origins, the guard before sockets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from channels.testing import WebsocketCommunicator
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from playground.accounts.models import User
from playground.errors import server_error
from playground.middleware import IsolationMiddleware
from playground.origins import host_name, same_host, same_loopback
from playground.sockets import SameHostOnly
from tests.playground.conftest import PASSWORD, Account
from tests.playground.test_accounts import sign_in

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; frame-src 'self'; worker-src 'none'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


@pytest.mark.parametrize("address", ["/sign-in", "/nowhere", "/static/playground/base.css"])
@pytest.mark.django_db
def test_pages_are_isolated(client: Client, address: str) -> None:
    headers = client.get(address).headers
    assert headers["Content-Security-Policy"] == POLICY
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Permissions-Policy" not in headers
    assert "Access-Control-Allow-Origin" not in headers


def test_a_view_may_set_its_own_isolation_headers(rf: RequestFactory) -> None:
    own = {"Cross-Origin-Resource-Policy": "cross-origin"}
    middleware = IsolationMiddleware(lambda request: HttpResponse(headers=own))
    answer = middleware(rf.get("/"))
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["Cross-Origin-Embedder-Policy"] == "require-corp"


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
)
@pytest.mark.django_db
def test_what_changes_something_must_come_from_this_site(
    client: Client, account: Account, headers: dict[str, str]
) -> None:
    account("Ada")
    answer = client.post("/sign-in", {"username": "Ada", "password": PASSWORD}, headers=headers)
    assert answer.status_code == 403
    assert "playground" not in client.cookies
    api = client.get("/api/visit", headers=headers)
    assert (api.status_code, api.json()["code"]) == (403, "forbidden")
    # Following a link from another site is no attack.
    assert client.get("/sign-in", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("localhost:8000", "http://localhost:8000", 302),
        ("localhost:8000", "http://localhost:9123", 302),
        ("127.0.0.1:8000", "http://127.0.0.1:9", 302),
        ("[::1]:8000", "http://[::1]:9", 302),
        ("localhost:8000", "http://evil.example", 403),
        ("localhost:8000", "http://localhost.evil.example:8000", 403),
        ("localhost:8000", "http://127.0.0.1:8000", 403),
        ("localhost:8000", "null", 403),
    ],
)
@pytest.mark.django_db
def test_forms_are_taken_from_this_host_and_any_port_of_this_computer(
    account: Account, host: str, origin: str, status: int
) -> None:
    account("Ada")
    client = Client(enforce_csrf_checks=True, headers={"Host": host})
    client.get("/sign-in")
    data = {"username": "Ada", "password": PASSWORD}
    data["csrfmiddlewaretoken"] = client.cookies["csrftoken"].value
    assert client.post("/sign-in", data, headers={"Origin": origin}).status_code == status


@pytest.mark.django_db
def test_a_form_without_a_token_is_refused_in_plain_words(account: Account) -> None:
    account("Ada")
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/sign-in", {"username": "Ada", "password": PASSWORD})
    assert answer.status_code == 403
    assert "Load it again" in answer.content.decode()


def test_an_unknown_host_is_refused(client: Client) -> None:
    assert client.get("/sign-in", headers={"Host": "evil.example"}).status_code == 400


def test_origins_are_compared_by_host_name() -> None:
    assert same_host("https://Play.example:444", "play.example")
    assert same_host("http://[::1]:3", "[::1]:8000")
    assert not same_host("file://play.example", "play.example")
    assert not same_host("http://play.example@evil.example", "play.example")
    assert not same_host("http://play.example/path", "play.example")
    assert not same_host("", "")
    assert not same_host("null", "null")
    assert not same_loopback("http://play.example", "play.example")
    assert host_name("a b") is None
    assert host_name("x;y") is None


async def _accepting(scope: Any, receive: Callable[..., Any], send: Callable[..., Any]) -> None:
    await receive()
    await send({"type": "websocket.accept"})


@pytest.mark.parametrize(
    ("origin", "accepted"),
    [
        ("http://localhost:8000", True),
        ("http://localhost:9000", True),
        ("http://evil.example", False),
        ("null", False),
        (None, False),
    ],
)
async def test_a_socket_is_opened_by_pages_of_this_host_alone(
    origin: str | None, accepted: bool
) -> None:
    headers = [(b"host", b"localhost:8000")]
    if origin is not None:
        headers.append((b"origin", origin.encode()))
    socket = WebsocketCommunicator(SameHostOnly(_accepting), "/ws", headers)
    opened, code = await socket.connect()
    assert opened is accepted
    assert accepted or code == 4403


@pytest.mark.django_db
def test_the_admin_is_signed_into_where_failures_are_counted(client: Client, db: None) -> None:
    assert client.get("/admin/login/")["Location"] == "/sign-in?next=/admin/"


def test_the_admin_is_for_staff_alone(client: Client, account: Account) -> None:
    ada = account("Ada")
    sign_in(client, "Ada")
    assert client.get("/admin/")["Location"].startswith("/admin/login")
    assert client.get("/admin/login/?next=/admin/").status_code == 403
    User.objects.filter(pk=ada.pk).update(is_staff=True, is_superuser=True)
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/accounts/user/").status_code == 200
    assert client.get(f"/admin/accounts/user/{ada.pk}/change/").status_code == 200


@pytest.mark.django_db
def test_healthz_reads_the_database(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_the_api_answers_errors_in_one_shape(client: Client, settings: Settings) -> None:
    answer = client.get("/api/nothing")
    assert answer.status_code == 404
    assert answer.json()["code"] == "not-found"


@pytest.mark.parametrize(("address", "words"), [("/x", "try again"), ("/api/x", '"storage"')])
def test_a_fault_is_told_without_the_database(rf: RequestFactory, address: str, words: str) -> None:
    answer = server_error(rf.get(address))
    assert answer.status_code == 500
    assert words in answer.content.decode()
