"""A page's socket for tests: it speaks the protocol and follows the stream with a replica."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from channels.db import database_sync_to_async
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator

from playground.accounts.models import User
from sessions_app import protocol as p
from sessions_app import queries
from sessions_app.routing import websocket_urlpatterns
from sessions_app.sockets import SUBPROTOCOL
from sessions_app.state import Invalid, apply_operation
from tests.sessions_app.helpers import Page

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
            subprotocols=[SUBPROTOCOL],
        )
        self.wire.scope["user"] = user

    async def open(self) -> p.Welcome:
        """Connect and say hello with the present state."""
        connected, protocol = await self.wire.connect()
        assert (connected, protocol) == (True, SUBPROTOCOL)
        if self.state is None:
            self.state = await db(queries.load_state)(self.page.session)
        return await self.hello()

    async def hello(self, **changes: Any) -> p.Welcome:
        assert self.state is not None
        fields = {
            "protocol": p.PROTOCOL_VERSION,
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
