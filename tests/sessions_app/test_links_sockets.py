"""Share links and open sockets: who is let out hears nothing more, at once."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable

import pytest

from playground.accounts.models import User
from sessions_app import actions, writer
from sessions_app import protocol as p
from sessions_app.errors import ActionError
from sessions_app.models import ShareLink
from sessions_app.sockets import CLOSE_BUSY
from tests.sessions_app.wire import Socket, db

pytestmark = pytest.mark.django_db(transaction=True)


async def join(session: str, owner: User, user: User, **wanted: object) -> str:
    """Let ``user`` in by a new link; gives the link."""
    make = actions.NewLink(**wanted)  # type: ignore[arg-type]
    link: str = await writer.run_action(actions.create_link, session, owner.pk, make)
    row = await db(ShareLink.objects.get)(pk=uuid.UUID(link))
    await writer.run_action(actions.join_by_link, row.token_hash, user.pk)
    return link


async def test_revoking_closes_the_sockets(
    connect: Callable[..., Socket], session: str, ada: User, bob: User
) -> None:
    link = await join(session, ada, bob)
    owner, tabs = connect(), [connect(bob), connect(bob)]
    await owner.open()
    for tab in tabs:
        assert (await tab.open()).role == "viewer"
    await writer.run_action(actions.revoke_link, session, ada.pk, link)
    assert [await tab.closed() for tab in tabs] == [p.CLOSE_FORBIDDEN] * 2
    await owner.push(p.SetTitle("still mine"))
    assert (await owner.until(p.Ack)).n == 1
    assert all(tab.state is not None and tab.state.title != "still mine" for tab in tabs)


async def test_a_socket_closes_when_its_link_runs_out(
    connect: Callable[..., Socket], session: str, ada: User, bob: User
) -> None:
    await join(session, ada, bob, seconds=1.0)
    socket = connect(bob)
    await socket.open()
    begun = time.monotonic()
    assert await socket.closed() == p.CLOSE_FORBIDDEN
    assert time.monotonic() - begun < 2.5


async def test_an_editor_by_link_runs_until_it_is_revoked(
    connect: Callable[..., Socket], session: str, ada: User, bob: User
) -> None:
    link = await join(session, ada, bob, role="editor")
    socket = connect(bob)
    assert (await socket.open()).role == "editor"
    assert isinstance(await socket.acquire(), p.LeaseGranted)
    await socket.push(p.StartExecution(1, "1"))
    await socket.until(p.Ack)
    await writer.run_action(actions.revoke_link, session, ada.pk, link)
    assert await socket.closed() == p.CLOSE_FORBIDDEN
    late = actions.Asking(bob.pk, "bob", socket.page.client, socket.page.tab)
    with pytest.raises(ActionError):
        await writer.run_action(actions.acquire_lease, session, late)


async def test_a_page_whose_rights_change_comes_back_to_learn_them(
    connect: Callable[..., Socket], session: str, ada: User, bob: User
) -> None:
    await join(session, ada, bob)
    looking = connect(bob)
    welcome = await looking.open()
    assert (welcome.role, welcome.forks) == ("viewer", False)
    await join(session, ada, bob, forks=True)
    assert await looking.closed() == CLOSE_BUSY
    again = connect(bob, looking.page)
    welcome = await again.open()
    assert (welcome.role, welcome.forks) == ("viewer", True)
    # Another link that gives nothing more disturbs nobody.
    await join(session, ada, bob)
    await asyncio.sleep(0.2)
    await again.say(p.Ping())
    await again.until(p.Pong)
