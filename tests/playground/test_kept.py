"""What never changes is answered from memory: the same bytes and headers as Django gave."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.core.asgi import get_asgi_application
from pytest_django import Settings

from playground.kept import KeptAnswers, Message, Receive, Scope, Send

FILE = "/runtime/dist/0123abcd/pyodide.asm.wasm"
FRAME = "/runtime/frame.html"


class Answer(NamedTuple):
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Counting:
    """Django's application, and how often it was asked."""

    def __init__(self) -> None:
        self.django = get_asgi_application()
        self.asked = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked += 1
        await self.django(scope, receive, send)


@pytest.fixture(autouse=True)
def built(tmp_path: Path, settings: Settings) -> Path:
    folder = tmp_path / "0123abcd"
    folder.mkdir()
    (folder / "pyodide.asm.wasm").write_bytes(b"\0asm" + bytes(5000))
    (folder / "pyodide.asm.wasm.br").write_bytes(b"brotli bytes")
    (tmp_path / "frame.html").write_text("<!doctype html><title>frame</title>")
    settings.RUNTIME_BUILD = tmp_path
    settings.FRAME_PAGE = tmp_path / "frame.html"
    return tmp_path


@pytest.fixture
def django() -> Counting:
    return Counting()


async def _get(
    application: KeptAnswers, path: str, *, method: str = "GET", query: bytes = b"", **headers: str
) -> Answer:
    named = {"host": "localhost", **headers}
    scope: dict[str, Any] = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "headers": [
            (name.replace("_", "-").encode(), value.encode()) for name, value in named.items()
        ],
    }
    requests: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]
    answers: list[Message] = []

    async def receive() -> Message:
        # The browser stays: it says nothing more.
        return requests.pop() if requests else await asyncio.Future()

    async def send(message: Message) -> None:
        answers.append(message)

    await asyncio.wait_for(application(scope, receive, send), 10)
    start, *parts = answers
    body = b"".join(part.get("body", b"") for part in parts)
    return Answer(start["status"], sorted(start["headers"]), body)


@pytest.mark.parametrize(
    "asked",
    [
        {"if_none_match": '"x"'},
        {"range": "bytes=0-3"},
        {"method": "HEAD"},
        {"query": b"v=1"},
        {"host": "127.0.0.1"},
        {"x_forwarded_proto": "https"},
    ],
)
async def test_a_request_of_another_kind_is_passed_on(
    django: Counting, asked: dict[str, Any]
) -> None:
    application = KeptAnswers(django)
    await _get(application, FILE)
    await _get(application, FILE, **asked)
    assert django.asked == 2


async def test_what_may_change_or_failed_is_not_kept(django: Counting) -> None:
    application = KeptAnswers(django)
    for path in (FRAME, "/runtime/dist/0123abcd/nothing.wasm"):
        await _get(application, path)
        await _get(application, path)
    assert django.asked == 4
    assert application.size == 0


async def test_a_file_is_kept_until_it_changes(django: Counting, built: Path) -> None:
    file = built / "frame.html"
    application = KeptAnswers(django, {FRAME: file})
    first = await _get(application, FRAME)
    assert await _get(application, FRAME) == first
    assert django.asked == 1
    file.write_text("<!doctype html><title>another</title>")
    os.utime(file, (1, 1))
    assert b"another" in (await _get(application, FRAME)).body
    file.unlink()
    assert (await _get(application, FRAME)).status == 404


async def test_the_least_used_goes_when_it_is_full(django: Counting) -> None:
    application = KeptAnswers(django, capacity=4 * 5004)
    hosts = ["localhost", "127.0.0.1", "[::1]", "localhost:1", "localhost:2"]
    for host in hosts[:4]:
        await _get(application, FILE, host=host)
    await _get(application, FILE, host=hosts[0])
    await _get(application, FILE, host=hosts[4])
    assert (django.asked, application.size) == (5, 4 * 5004)
    await _get(application, FILE, host=hosts[0])
    assert django.asked == 5
    await _get(application, FILE, host=hosts[1])
    assert django.asked == 6


async def test_what_is_large_is_passed_through(django: Counting) -> None:
    application = KeptAnswers(django, capacity=5004)
    answers = [await _get(application, FILE) for _ in range(2)]
    assert [len(answer.body) for answer in answers] == [5004, 5004]
    assert (django.asked, application.size) == (2, 0)
