"""Bodies of requests are bounded while they come in, at the server that really takes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from daphne.http_protocol import HTTPFactory, WebRequest
from django.test import Client
from twisted.internet.error import ConnectionDone
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure

from playground.bodies import EXTRA, bound_bodies, room_for

#: The address and the cookies that may bring a little more.
FEW = ("/large", "a=b")


class Taken:
    """Stands where Daphne's server would: counts the requests that were taken whole."""

    http_timeout = None
    proxy_forwarded_address_header = None
    root_path = ""

    def __init__(self) -> None:
        self.whole = 0

    def protocol_connected(self, protocol: Any) -> None:
        """A request begins."""

    def protocol_disconnected(self, protocol: Any) -> None:
        """A request ends."""

    def create_application(self, protocol: Any, scope: Any) -> None:
        """A request was taken whole; nobody answers it."""
        self.whole += 1


@pytest.fixture
def bounded() -> Iterator[None]:
    originals = WebRequest.gotLength, WebRequest.handleContentChunk
    bound_bodies(lambda address, cookies: EXTRA + (1000 if (address, cookies) == FEW else 0))
    yield
    WebRequest.gotLength, WebRequest.handleContentChunk = originals


def send(head: bytes, body: bytes) -> tuple[int, bytes, bool]:
    """How many requests were taken, the answer, and whether the connection was ended."""
    server, transport = Taken(), StringTransport()
    channel = HTTPFactory(server).buildProtocol(None)
    channel.makeConnection(transport)
    start_line = b"POST /large?name=x HTTP/1.1\r\nHost: localhost\r\nCookie: a=b\r\n"
    channel.dataReceived(start_line + head + b"\r\n\r\n")
    for start in range(0, len(body), 65536):
        channel.dataReceived(body[start : start + 65536])
    found = server.whole, transport.value(), transport.disconnecting
    # Closes the files in which bodies are kept.
    channel.connectionLost(Failure(ConnectionDone()))
    return found


@pytest.mark.usefixtures("bounded")
@pytest.mark.parametrize(
    ("head", "body"),
    [
        (b"Content-Length: 999999999999", b""),
        (b"Content-Length: 999999999999", b"x" * 200_000),
        (b"Content-Length: %d" % (EXTRA + 1001), b"x" * (EXTRA + 1001)),
        (b"Transfer-Encoding: chunked", b"300000\r\n" + b"x" * 0x300000),
        (b"Transfer-Encoding: chunked", b"10000\r\n%b\r\n" % (b"x" * 0x10000) * 40),
    ],
)
def test_a_body_that_is_too_long_ends_the_connection(head: bytes, body: bytes) -> None:
    whole, answer, ended = send(head, body)
    assert (whole, answer.split(b"\r\n")[0], ended) == (0, b"HTTP/1.1 413 Content Too Large", True)


@pytest.mark.usefixtures("bounded")
@pytest.mark.parametrize(
    ("head", "body"),
    [
        (b"Content-Length: 0", b""),
        (b"Content-Length: %d" % (EXTRA + 1000), b"x" * (EXTRA + 1000)),
        (b"Transfer-Encoding: chunked", b"10000\r\n%b\r\n0\r\n\r\n" % (b"x" * 0x10000)),
    ],
)
def test_other_bodies_are_taken(head: bytes, body: bytes) -> None:
    assert send(head, body) == (1, b"", False)


LARGE = ("/api/imports", "/sessions/import", f"/api/sessions/{'a' * 32}/blobs/{'b' * 64}")


@pytest.mark.django_db(transaction=True)
def test_only_somebody_brings_much_and_only_where_it_is_taken(client: Client) -> None:
    client.post("/api/start")
    cookies = f"other=1; playground={client.cookies['playground'].value}"
    assert [room_for(address, cookies) // 2**20 for address in LARGE] == [202, 202, 66]
    for made_up in (
        "",
        "playground=" + "x" * 32,
        "playground=",
        "playground=\0",
        "\xff;;=",
        "=" * 99,
    ):
        assert {room_for(address, made_up) for address in LARGE} == {EXTRA}
    for other in (
        "/",
        "/sign-in",
        "/api/sessions",
        "/api/imports/link",
        "/sessions/import/",
        LARGE[2] + "x",
    ):
        assert room_for(other, cookies) == EXTRA
    client.post("/sign-out")
    assert {room_for(address, cookies) for address in LARGE} == {EXTRA}
