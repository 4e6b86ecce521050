"""Sockets that break the rules: each gets a bounded answer, and the session goes on."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from playground.accounts.models import User
from sessions_app import broadcast, consumers, sockets
from sessions_app import protocol as p
from sessions_app.models import Member
from tests.sessions_app.helpers import Page
from tests.sessions_app.wire import Socket, db

pytestmark = pytest.mark.django_db(transaction=True)


async def test_a_malformed_operation_is_refused_by_its_number(
    connect: Callable[..., Socket],
) -> None:
    socket = connect()
    await socket.open()
    good = {"n": 2, "fence": 0, "operation": {"type": "set_title", "title": "good"}}
    bad = {"n": 1, "fence": 0, "operation": {"type": "steal_everything"}}
    await socket.raw(
        json.dumps({"type": "push", "client": socket.page.client, "operations": [bad, good]})
    )
    answers = [await socket.until(p.Ack), await socket.until(p.Nack)]
    assert [(type(answer).__name__, answer.n) for answer in answers] == [("Ack", 2), ("Nack", 1)]


@pytest.mark.parametrize(
    "frame",
    [
        " ",
        "{",
        "[]",
        "null",
        '{"type":"unknown"}',
        '{"type":"ping","more":1}',
        '{"type":"push","client":"../../x","operations":[]}',
        '{"type":"push","client":"x\\n","operations":[{"n":1,"fence":0,"operation":{}}]}',
        '{"type":"push","client":"x","operations":[{"n":0}]}',
        '{"type":"acquire_lease","takeover":"yes"}',
        '{"type":"received","seq":-1}',
        '"\\ud800"',
        "[" * 100_000,
        '{"type":"hello","protocol":1,"x":' + "[" * 100_000,
        '{"type":"push","client":"x","operations":[' + "[" * 100_000,
        '{"type":"push","client":"x","operations":[{"n":1,"operation":'
        + "[" * 50_000
        + "]" * 50_000
        + "}]}",
    ],
)
async def test_what_cannot_be_used_is_refused(connect: Callable[..., Socket], frame: str) -> None:
    socket = connect()
    await socket.open()
    await socket.raw(frame)
    assert (await socket.until(p.Refused)).code == "invalid"
    await socket.say(p.Ping())
    await socket.until(p.Pong)


async def test_bytes_and_large_frames_are_refused(connect: Callable[..., Socket]) -> None:
    socket = connect()
    await socket.open()
    await socket.wire.send_to(bytes_data=b"\x00\x01")
    assert (await socket.until(p.Refused)).code == "invalid"
    await socket.raw("é" * (p.MAX_FRAME_BYTES // 2 + 1))
    assert (await socket.until(p.Refused)).code == "too-large"
    await socket.push(p.SetTitle("goes on"))
    await socket.until(p.Ack)


async def test_too_many_bad_frames_close(
    connect: Callable[..., Socket], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "sessions_app")
    socket = connect()
    await socket.open()
    for _ in range(sockets.MAX_REFUSALS):
        await socket.raw("nonsense")
    assert await socket.closed() == p.CLOSE_FLOOD
    assert len([r for r in caplog.records if "cannot be used" in r.message]) == 1


async def test_hello_without_end_closes(connect: Callable[..., Socket]) -> None:
    socket = connect()
    await socket.open()
    for _ in range(consumers.MAX_HELLOS - 1):
        await socket.hello()
    await socket.say(p.Hello(p.PROTOCOL_VERSION, socket.page.client, socket.page.tab, "epoch", 0))
    assert await socket.closed() == p.CLOSE_FLOOD


async def test_too_fast_closes(connect: Callable[..., Socket], settings: Any) -> None:
    settings.PLAYGROUND_RATE_LIMITS = True
    settings.PLAYGROUND_RATES = {"messages": type("Rate", (), {"count": 4, "seconds": 1})}
    socket = connect()
    await socket.open()
    for _ in range(25):
        await socket.say(p.Ping())
    assert await socket.closed() == p.CLOSE_FLOOD


@pytest.mark.parametrize("version", [0, p.PROTOCOL_VERSION - 1, p.PROTOCOL_VERSION + 1])
async def test_another_version_reloads(connect: Callable[..., Socket], version: int) -> None:
    socket = connect()
    await socket.wire.connect()
    await socket.raw(json.dumps({"type": "hello", "protocol": version, "news": []}))
    assert await socket.closed() == p.CLOSE_PROTOCOL


async def test_hello_comes_first(connect: Callable[..., Socket]) -> None:
    socket = connect()
    await socket.wire.connect()
    await socket.say(p.AcquireLease())
    assert (await socket.until(p.Refused)).code == "invalid"


async def test_who_may_not_come_in(connect: Callable[..., Socket], bob: User) -> None:
    stranger = connect(bob)
    await stranger.wire.connect()
    await stranger.say(p.Hello(p.PROTOCOL_VERSION, "c", "t", "e", 0))
    assert await stranger.closed() == p.CLOSE_FORBIDDEN
    from django.contrib.auth.models import AnonymousUser

    nobody = connect(AnonymousUser())  # type: ignore[arg-type]
    nobody.wire.scope["user"] = AnonymousUser()
    await nobody.wire.connect()
    assert await nobody.closed() == p.CLOSE_FORBIDDEN
    unspoken = connect()
    unspoken.wire.scope["subprotocols"] = []
    await unspoken.wire.connect()
    assert await unspoken.closed() == p.CLOSE_PROTOCOL


async def test_a_forged_client_id_is_turned_away(
    connect: Callable[..., Socket], session: str, bob: User
) -> None:
    socket = connect()
    await socket.open()
    await socket.push(p.SetTitle("Ada's"))
    await socket.until(p.Ack)
    await db(Member.objects.create)(session_id=uuid.UUID(session), user=bob, role="editor")
    forger = connect(bob, Page(session, bob.pk, client=socket.page.client))
    await forger.wire.connect()
    await forger.say(p.Hello(p.PROTOCOL_VERSION, socket.page.client, "t", "e", 0))
    assert await forger.closed() == p.CLOSE_FORBIDDEN


async def test_membership_that_ends_closes(
    connect: Callable[..., Socket], session: str, bob: User
) -> None:
    member = await db(Member.objects.create)(session_id=uuid.UUID(session), user=bob, role="editor")
    socket = connect(bob)
    await socket.open()
    await db(Member.objects.filter(pk=member.pk).delete)()
    broadcast.send(session, {"type": "membership.changed"})
    assert await socket.closed() == p.CLOSE_FORBIDDEN


async def test_a_member_no_more_cannot_push(
    connect: Callable[..., Socket], session: str, bob: User
) -> None:
    await db(Member.objects.create)(session_id=uuid.UUID(session), user=bob, role="editor")
    socket = connect(bob)
    await socket.open()
    await db(Member.objects.filter(user=bob).delete)()
    await socket.push(p.SetTitle("x"))
    assert await socket.closed() == p.CLOSE_FORBIDDEN


async def test_silence_closes(
    connect: Callable[..., Socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "SILENCE_S", 0.3)
    socket = connect()
    await socket.open()
    assert await socket.closed() == sockets.CLOSE_SILENT
