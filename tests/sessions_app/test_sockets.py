"""The socket of a session page over the real writer: the stream, the lease, presence."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Sequence

import msgspec
import pytest
from channels.layers import get_channel_layer
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from playground.accounts.models import User
from sessions_app import actions, background, broadcast, crowd, personal, queries
from sessions_app import protocol as p
from sessions_app.models import ClientCursor, Member, OperationRecord, Session
from sessions_app.sockets import CLOSE_BUSY
from tests.sessions_app.wire import Socket, db

pytestmark = pytest.mark.django_db(transaction=True)


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


async def test_pushes_that_wait_are_taken_together_and_in_order(
    connect: Callable[..., Socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    actions_of: list[tuple[str, list[int]]] = []
    apply = actions.apply_pushed

    def noting(session: str, user: int, client: str, sent: Sequence[p.Sent]) -> actions.Pushed:
        actions_of.append((client, [item.n for item in sent]))
        return apply(session, user, client, sent)

    monkeypatch.setattr(actions, "apply_pushed", noting)
    socket = connect()
    await socket.open()
    for number in range(1, 101):
        await socket.push(p.SetTitle(f"title {number}"))
    await socket.say(p.Push("another", (p.Sent(1, 0, p.SetTitle("of another")),)))
    await socket.say(p.Push(socket.page.client, (p.Sent(103, 0, p.SetTitle("too early")),)))
    await socket.raw("no push at all")
    await socket.push(p.SetTitle("the last"))
    answers: list[tuple[str, int]] = []
    while len(answers) < 104:
        answer = await socket.next()
        if isinstance(answer, p.Ack | p.Nack):
            answers.append((answer.client, answer.n))
        elif isinstance(answer, p.Refused):
            answers.append((answer.code, 0))
    client = socket.page.client
    assert actions_of == [
        (client, list(range(1, 65))),
        (client, list(range(65, 101))),
        ("another", [1]),
        (client, [103]),
        (client, [101]),
    ]
    assert answers == [
        *((client, number) for number in range(1, 101)),
        ("another", 1),
        (client, 103),
        ("invalid", 0),
        (client, 101),
    ]


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
    monkeypatch.setattr(background, "FREE_AFTER_S", 0.2)
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
    monkeypatch.setattr(background, "FREE_AFTER_S", 0.2)
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


async def test_a_page_of_somebody_else_is_not_taken(
    connect: Callable[..., Socket], session: str, ada: User, bob: User
) -> None:
    """Bob has signed in beside a page that was loaded for Ada; both may edit the session."""
    await db(Member.objects.create)(session_id=uuid.UUID(session), user=bob, role="editor")
    stale, own = connect(bob), connect(bob)
    await own.open()
    await stale.wire.connect()
    assert own.state is not None
    hello = p.Hello(p.PROTOCOL_VERSION, "c" * 32, "t" * 32, own.state.epoch, 0, ada.pk)
    await stale.say(hello)
    assert await stale.closed() == p.CLOSE_SIGNED_OUT
    assert (await own.hello(user=bob.pk)).role == "editor"


async def test_tabs_of_an_earlier_login_come_back_anew(
    connect: Callable[..., Socket], ada: User
) -> None:
    tab = connect()
    tab.wire.scope["session"] = SessionStore("key-before")
    await tab.open()
    await db(personal.close_sockets)(ada.pk, ["key-before"], again=True)
    assert await tab.closed() == CLOSE_BUSY


async def test_every_session_hears_of_a_sign_out(
    connect: Callable[..., Socket], session: str, ada: User
) -> None:
    """However many newer ones there are."""
    tab = connect()
    tab.wire.scope["session"] = SessionStore("key-lasting")
    await tab.open()
    newer = [Session(title="newer", last_activity=timezone.now()) for _ in range(300)]
    await db(Session.objects.bulk_create)(newer)
    await db(Member.objects.bulk_create)(
        [Member(session=one, user=ada, role="owner") for one in newer]
    )
    await db(personal.close_sockets)(ada.pk, ["key-lasting"])
    assert await tab.closed() == p.CLOSE_SIGNED_OUT


async def test_one_person_opens_only_so_many_sockets(
    connect: Callable[..., Socket], ada: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crowd, "MAX_SOCKETS", 2)
    first, second, third = connect(), connect(), connect()
    await first.open()
    await second.open()
    await third.wire.connect()
    assert await third.closed() == CLOSE_BUSY
    await first.wire.disconnect()
    again = connect()
    await again.open()
    await again.wire.disconnect()
    await second.wire.disconnect()
    assert crowd.count(ada.pk) == 0


async def test_a_viewer_leaves_no_rows(
    connect: Callable[..., Socket], session: str, bob: User
) -> None:
    await db(Member.objects.create)(session_id=uuid.UUID(session), user=bob, role="viewer")
    socket = connect(bob)
    await socket.open()
    for client in ("a", "b"):
        await socket.say(p.Push(client * 32, (p.Sent(1, 0, p.SetTitle("mine")),)))
        assert (await socket.until(p.Nack)).code == "forbidden"
    assert not await db(ClientCursor.objects.filter(user=bob).exists)()


async def test_a_browser_that_is_signed_out_from_afar_is_closed(
    connect: Callable[..., Socket], ada: User
) -> None:
    here, there = connect(), connect()
    for socket, key in ((here, "key-here"), (there, "key-there")):
        socket.wire.scope["session"] = SessionStore(key)
        await socket.open()
    await db(personal.close_sockets)(ada.pk, ["key-there"])
    assert await there.closed() == p.CLOSE_SIGNED_OUT
    await here.say(p.Ping())
    await here.until(p.Pong)
