"""The socket of a session page, from the handshake to the end, over the real writer."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import msgspec
import pytest
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.db import close_old_connections

from playground.accounts.models import User
from sessions_app import actions, broadcast, consumers, queries, sockets, writer
from sessions_app import protocol as p
from sessions_app.models import Member, OperationRecord
from sessions_app.routing import websocket_urlpatterns
from sessions_app.state import Invalid, apply_operation
from tests.sessions_app.helpers import Page

pytestmark = pytest.mark.django_db(transaction=True)

_decode = msgspec.json.Decoder(p.ServerMessage).decode


class Socket:
    """A page's socket with a replica that follows the stream."""

    def __init__(self, session: str, user: User, page: Page | None = None) -> None:
        self.user = user
        self.page = page or Page(session, user.pk)
        self.state: p.SessionState | None = None
        self.wire = WebsocketCommunicator(
            URLRouter(websocket_urlpatterns),
            f"/ws/sessions/{session}",
            subprotocols=["playground.1"],
        )
        self.wire.scope["user"] = user

    async def open(self) -> p.Welcome:
        """Connect and say hello with the present state."""
        connected, protocol = await self.wire.connect()
        assert (connected, protocol) == (True, "playground.1")
        if self.state is None:
            self.state = await db(queries.load_state)(self.page.session)
        return await self.hello()

    async def hello(self, **changes: Any) -> p.Welcome:
        assert self.state is not None
        fields = {
            "protocol": 1,
            "client": self.page.client,
            "tab": self.page.tab,
            "epoch": self.state.epoch,
            "seq": self.state.seq,
        }
        await self.say(p.Hello(**(fields | changes)))
        return await self.until(p.Welcome)

    async def say(self, message: p.Message) -> None:
        await self.wire.send_to(text_data=p.encode(message).decode())

    async def raw(self, text: str) -> None:
        await self.wire.send_to(text_data=text)

    async def next(self) -> p.ServerMessage:
        return _decode(await self.wire.receive_from(timeout=3))

    async def until[M](self, kind: type[M]) -> M:
        """The next message of that kind; presence and the stream in between are followed."""
        while True:
            message = await self.next()
            if isinstance(message, p.Operations):
                for record in message.records:
                    self.apply(record)
            if isinstance(message, kind):
                return message

    def apply(self, record: p.Record) -> None:
        assert self.state is not None
        after = apply_operation(self.state, record)
        assert not isinstance(after, Invalid), after
        self.state = after

    async def push(self, *operations: p.AnyOperation) -> None:
        sent = tuple(self.page.number(operation) for operation in operations)
        await self.say(p.Push(self.page.client, sent))

    async def acquire(self, *, takeover: bool = False) -> p.LeaseGranted | p.LeaseRefused:
        await self.say(p.AcquireLease(takeover))
        answer = await self.until(p.LeaseGranted | p.LeaseRefused)  # type: ignore[arg-type]
        if isinstance(answer, p.LeaseGranted):
            self.page.fence = answer.fence
        return answer  # type: ignore[no-any-return]

    async def closed(self) -> int:
        """Wait for the server to close; gives the code."""
        while True:
            event = await self.wire.receive_output(timeout=3)
            if event["type"] == "websocket.close":
                return int(event["code"])


def db[**P, R](query: Callable[P, R]) -> Callable[P, Awaitable[R]]:
    return database_sync_to_async(query, thread_sensitive=False)  # type: ignore[no-any-return]


@pytest.fixture
async def connect(
    session: str, ada: User, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Callable[..., Socket]]:
    """Makes sockets on Ada's session, hers unless said otherwise."""
    # Channels' communicator keeps connections open, which empties a pool.
    monkeypatch.setattr("channels.testing.application.no_op", close_old_connections)
    made: list[Socket] = []
    writer.start_web_process()

    def make(user: User | None = None, page: Page | None = None) -> Socket:
        made.append(Socket(session, user or ada, page))
        return made[-1]

    yield make
    for socket in made:
        await socket.wire.disconnect()
    for task in list(consumers._background):
        task.cancel()
    await asyncio.to_thread(writer.stop_web_process)
    await get_channel_layer().flush()


async def test_a_followers_replica_is_the_state(connect: Callable[..., Socket]) -> None:
    runner, follower = connect(), connect()
    await runner.open()
    welcome = await follower.open()
    assert (welcome.role, welcome.name, welcome.resync) == ("owner", "ada", False)
    await runner.acquire()
    await runner.push(
        p.StartExecution(1, "print(1)"),
        p.AppendOutput(1, (p.StreamOutput("stdout", "1\n"),)),
        p.FinishExecution(1, "ok", 2.0),
    )
    acks = [await runner.until(p.Ack) for _ in range(3)]
    assert [(ack.n, ack.seq) for ack in acks] == [(1, 2), (2, 3), (3, 4)]
    while follower.state is None or follower.state.seq < 4:
        await follower.until(p.Operations)
    assert follower.state == await db(queries.load_state)(follower.page.session)


async def test_an_ack_stands_in_the_place_of_its_operation(connect: Callable[..., Socket]) -> None:
    one, two = connect(), connect()
    await one.open()
    await two.open()
    await two.push(p.SetTitle("by two"))
    await two.until(p.Ack)
    await one.push(p.SetTitle("by one"))
    seqs = []
    while len(seqs) < 2:
        message = await one.next()
        if isinstance(message, p.Operations):
            seqs += [record.seq for record in message.records]
        elif isinstance(message, p.Ack):
            seqs.append(message.seq)
    assert seqs == [1, 2]


async def test_coming_back_resumes(connect: Callable[..., Socket]) -> None:
    writing = connect()
    await writing.open()
    for i in range(5):
        await writing.push(p.SetTitle(f"title {i}"))
        await writing.until(p.Ack)
    back = connect(page=writing.page)
    back.state = await db(queries.load_state)(writing.page.session)
    back.state = msgspec.structs.replace(back.state, seq=2)
    welcome = await back.open()
    assert (welcome.seq, welcome.acknowledged, welcome.resync) == (5, 5, False)
    assert [(await back.until(p.Ack)).seq for _ in range(3)] == [3, 4, 5]
    await back.say(p.Push(back.page.client, (p.Sent(1, 0, p.SetTitle("title 0")),)))
    assert (await back.until(p.Ack)).seq == 1


async def test_who_is_too_far_behind_fetches_the_state(connect: Callable[..., Socket]) -> None:
    socket = connect()
    await socket.open()
    await socket.push(p.SetTitle("a"), p.SetTitle("b"))
    await socket.until(p.Ack)
    await socket.until(p.Ack)
    await db(OperationRecord.objects.all().delete)()
    late = connect()
    await late.wire.connect()
    late.state = await db(queries.load_state)(socket.page.session)
    assert (await late.hello(seq=0)).resync
    assert (await late.hello(seq=99)).resync
    assert (await late.hello(epoch="another")).resync
    assert not (await late.hello()).resync


async def test_a_closed_tabs_operations_are_sent_by_another(connect: Callable[..., Socket]) -> None:
    dead = connect()
    await dead.open()
    await dead.push(p.SetTitle("sent"))
    await dead.until(p.Ack)
    unsent = dead.page.number(p.SetTitle("never sent"))
    await dead.wire.disconnect()
    heir = connect()
    await heir.open()
    await heir.say(p.Push(dead.page.client, (p.Sent(1, 0, p.SetTitle("sent")), unsent)))
    acks = {ack.n: ack.seq for ack in [await heir.until(p.Ack), await heir.until(p.Ack)]}
    assert acks == {1: 1, 2: 2}
    assert heir.state is not None
    assert heir.state.title == "never sent"


async def test_nacks(connect: Callable[..., Socket]) -> None:
    socket = connect()
    await socket.open()
    await socket.push(p.StartExecution(1, "1"))
    assert (await socket.until(p.Nack)).code == "fenced"
    await socket.say(p.Push(socket.page.client, (p.Sent(9, 0, p.SetTitle("x")),)))
    nack = await socket.until(p.Nack)
    assert (nack.code, nack.expect) == ("expect", 2)


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


async def test_too_fast_closes(connect: Callable[..., Socket], settings: Any) -> None:
    settings.PLAYGROUND_RATE_LIMITS = True
    settings.PLAYGROUND_RATES = {"messages": type("Rate", (), {"count": 4, "seconds": 1})}
    socket = connect()
    await socket.open()
    for _ in range(25):
        await socket.say(p.Ping())
    assert await socket.closed() == p.CLOSE_FLOOD


@pytest.mark.parametrize("version", [0, 2])
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
    await stranger.say(p.Hello(1, "c", "t", "e", 0))
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
    await forger.say(p.Hello(1, socket.page.client, "t", "e", 0))
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


async def test_a_takeover(connect: Callable[..., Socket]) -> None:
    first, second = connect(), connect()
    await first.open()
    await second.open()
    assert await first.acquire() == p.LeaseGranted(1)
    assert isinstance(await second.acquire(), p.LeaseRefused)
    assert isinstance(await second.acquire(takeover=True), p.LeaseRefused)
    wanted = await first.until(p.LeaseWanted)
    assert (wanted.tab, wanted.name) == (second.page.tab, "ada")
    await first.say(p.ReleaseLease(1, wanted.tab))
    while second.state is None or second.state.reserved != second.page.tab:
        await second.until(p.Operations)
    assert await second.acquire() == p.LeaseGranted(2)


async def test_a_closed_socket_frees_the_lease(
    connect: Callable[..., Socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumers, "FREE_AFTER_S", 0.2)
    first, second = connect(), connect()
    await first.open()
    await second.open()
    await first.acquire()
    await first.wire.disconnect()
    while second.state is None or second.state.seq < 2:
        await second.until(p.Operations)
    assert second.state.runner is None


async def test_a_tab_that_comes_back_keeps_the_lease(
    connect: Callable[..., Socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumers, "FREE_AFTER_S", 0.2)
    first = connect()
    await first.open()
    await first.acquire()
    await first.wire.disconnect()
    again = connect(page=first.page)
    await again.open()
    await asyncio.sleep(0.5)
    state = await db(queries.load_state)(first.page.session)
    assert state.runner is not None
    assert await again.acquire() == p.LeaseGranted(1)


async def test_silence_closes(
    connect: Callable[..., Socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "SILENCE_S", 0.3)
    socket = connect()
    await socket.open()
    assert await socket.closed() == 1001


async def test_nothing_more_is_sent_than_was_confirmed(connect: Callable[..., Socket]) -> None:
    writing, slow = connect(), connect()
    await writing.open()
    await slow.open()
    await writing.acquire()
    text = "x" * 60_000
    for number in range(1, 31):
        await writing.push(
            p.StartExecution(number, "1"),
            p.AppendOutput(number, (p.StreamOutput("stdout", text),)),
            p.FinishExecution(number, "ok", 1),
        )
        for _ in range(3):
            last = await writing.until(p.Ack)
        await writing.say(p.Received(last.seq))
    got = 0
    while not await slow.wire.receive_nothing(timeout=0.3):
        frame = await slow.wire.receive_from()
        assert len(frame) <= p.MAX_FRAME_BYTES
        got += len(frame)
    assert p.MAX_UNCONFIRMED_BYTES <= got < p.MAX_UNCONFIRMED_BYTES + 2 * p.MAX_FRAME_BYTES
    await slow.say(p.Received(last.seq))
    while not await slow.wire.receive_nothing(timeout=0.3):
        got += len(await slow.wire.receive_from())
    assert got > 30 * 60_000


async def test_lost_doorbells_are_made_up_for(connect: Callable[..., Socket], ada: User) -> None:
    socket = connect()
    await socket.open()
    sent = [p.Sent(1, 0, p.SetTitle("unheard"))]
    # As another process would: nothing in this one's ring, and its doorbell lost.
    await db(actions.apply_pushed)(socket.page.session, ada.pk, "elsewhere", sent)
    broadcast.forget_recent()
    await get_channel_layer().group_send(
        broadcast.group_of(socket.page.session), {"type": "layer.overflow"}
    )
    await socket.until(p.Operations)
    assert socket.state is not None
    assert socket.state.title == "unheard"


async def test_presence(connect: Callable[..., Socket], session: str, bob: User) -> None:
    await db(Member.objects.create)(session_id=uuid.UUID(session), user=bob, role="viewer")
    one, two, three = connect(), connect(), connect(bob)
    await one.open()
    await two.open()
    await three.open()
    both = (p.Person("ada", "owner", 2), p.Person("bob", "viewer", 1))
    while (await one.until(p.Presence)).people != both:
        pass
    await three.wire.disconnect()
    while (await one.until(p.Presence)).people != both[:1]:
        pass
