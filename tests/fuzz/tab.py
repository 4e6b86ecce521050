"""A tab as the protocol sees it: an outbox that outlives it, a confirmed replica, a socket.

It keeps the rules of docs/protocol.md and nothing else, so a fuzz test can drive many of them
through dropped sockets, repeats and restarts, and then compare their replicas with the server.
"""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from dataclasses import dataclass, field

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

from sessions_app import protocol as p
from sessions_app.sockets import SUBPROTOCOL
from sessions_app.state import Invalid, apply_operation
from tests.harness.visitor import Visitor

_decoder = msgspec.json.Decoder(p.ServerMessage)


@dataclass
class Outbox:
    """The unsent operations of one client; survives its tab.

    ``holder`` is the tab that sends them: its own, or after that has closed the one that found
    them. A page holds a Web Lock for that, since an ack has no body.
    """

    holder: Tab | None = None
    client: str = field(default_factory=lambda: uuid.uuid4().hex)
    unsent: dict[int, p.Sent] = field(default_factory=dict)
    last: int = 0


class Tab:
    """One tab on ``session``; ``outboxes`` is the browser's IndexedDB, shared by its tabs."""

    def __init__(self, visitor: Visitor, session: str, outboxes: list[Outbox]) -> None:
        self.visitor = visitor
        self.session = session
        self.tab = uuid.uuid4().hex
        self.outbox = Outbox(self)
        self.outboxes = outboxes
        outboxes.append(self.outbox)
        self.state: p.SessionState | None = None
        self.fence: int | None = None
        self.acknowledged: dict[str, set[int]] = {}
        self.refused: list[p.Nack] = []
        self.failures: list[str] = []
        self._socket: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None
        self._welcomed = asyncio.Event()

    @property
    def connected(self) -> bool:
        """Whether the socket is open and welcomed."""
        return self._socket is not None and self._welcomed.is_set()

    async def join(self) -> bool:
        """Connect, catch up, push what every dead client of this browser left unsent."""
        await self.drop()
        try:
            if self.state is None:
                await self._fetch_state()
            await self._connect()
            await asyncio.wait_for(self._welcomed.wait(), 10)
        except (OSError, TimeoutError, WebSocketException, RuntimeError):
            await self.drop()
            return False
        await self.push_all()
        return True

    async def push_all(self) -> None:
        """Push its own unsent operations, and those of tabs that are gone."""
        for outbox in list(self.outboxes):
            if outbox.holder is None:
                outbox.holder = self
            if outbox.holder is self:
                await self.push(outbox)

    async def close(self) -> None:
        """Be gone for good; what is unsent is for whoever finds it."""
        await self.drop()
        for outbox in self.outboxes:
            if outbox.holder is self:
                outbox.holder = None

    async def push(self, outbox: Outbox, repeats: int = 1) -> None:
        """Send all that is unsent, in order, ``repeats`` times over."""
        for _ in range(repeats):
            waiting = tuple(outbox.unsent[n] for n in sorted(outbox.unsent))
            for start in range(0, len(waiting), 16):
                await self.send(p.Push(outbox.client, waiting[start : start + 16]))

    async def send(self, message: p.ClientMessage) -> None:
        """Send a message; a dead socket is a dropped message."""
        if self._socket is not None:
            with contextlib.suppress(WebSocketException, OSError):
                await self._socket.send(p.encode(message).decode())

    async def do(self, operation: p.AnyOperation, fence: int) -> p.Sent:
        """Number an operation, keep it, send it."""
        self.outbox.last += 1
        sent = p.Sent(self.outbox.last, fence, operation)
        self.outbox.unsent[sent.n] = sent
        await self.send(p.Push(self.outbox.client, (sent,)))
        return sent

    async def acquire(self, *, takeover: bool = False) -> None:
        """Ask for the lease."""
        await self.send(p.AcquireLease(takeover))

    def view(self) -> p.SessionState | None:
        """The replica with this tab's own unsent operations, as its person would see it."""
        state = self.state
        for sent in self.outbox.unsent.values():
            if state is not None:
                record = p.Record(
                    state.seq + 1, 0, self.outbox.client, sent.n, sent.fence, sent.operation
                )
                result = apply_operation(state, record)
                state = state if isinstance(result, Invalid) else result
        return state

    async def drop(self) -> None:
        """Cut the socket without a word; a runner goes on under its fencing number."""
        self._welcomed.clear()
        if self._reader:
            self._reader.cancel()
        if self._socket:
            self._socket.transport.abort()
        self._socket = self._reader = None

    async def _connect(self) -> None:
        address = self.visitor.base.replace("http", "ws") + f"/ws/sessions/{self.session}"
        self._socket = await connect(
            address,
            origin=self.visitor.base,  # type: ignore[arg-type]
            subprotocols=[Subprotocol(SUBPROTOCOL)],
            additional_headers={"Cookie": self.visitor.cookie_header()},
            max_size=p.MAX_FRAME_BYTES,
            open_timeout=10,
        )
        self._reader = asyncio.create_task(self._read(self._socket))
        await self._hello()

    async def _hello(self) -> None:
        assert self.state is not None
        hello = p.Hello(
            p.PROTOCOL_VERSION, self.outbox.client, self.tab, self.state.epoch, self.state.seq
        )
        await self.send(hello)

    async def _fetch_state(self) -> None:
        path = f"/api/sessions/{self.session}/state"
        answer = await asyncio.to_thread(self.visitor.get, path)
        if answer.status != 200:
            raise RuntimeError(f"state: {answer.status}")
        self.state = msgspec.json.decode(answer.body, type=p.SessionState)

    async def _read(self, socket: ClientConnection) -> None:
        with contextlib.suppress(WebSocketException, OSError):
            async for frame in socket:
                await self._receive(_decoder.decode(frame))
        if socket is self._socket:
            self._welcomed.clear()  # the server died, or closed it

    async def _receive(self, message: p.ServerMessage) -> None:
        match message:
            case p.Welcome(resync=True):
                self.state = None
                await self._fetch_state()
                await self._hello()
            case p.Welcome():
                self._welcomed.set()
            case p.Operations(records=records):
                for record in records:
                    self._apply(record)
                await self.send(p.Received(records[-1].seq))
            case p.Ack():
                self._acknowledge(message)
                await self.send(p.Received(message.seq))
            case p.Nack(code="expect"):
                pass  # a number was lost with a socket: the next join pushes all in order
            case p.Nack():
                self.refused.append(message)
                self.fence = None  # it follows now, and asks again before it runs
                self._box(message.client).unsent.pop(message.n, None)
            case p.LeaseGranted(fence=fence):
                self.fence = fence
            case p.LeaseRefused():
                self.fence = None
            case p.LeaseWanted(tab=tab) if self.fence is not None:
                await self.send(p.ReleaseLease(self.fence, tab))
                self.fence = None
            case _:
                pass

    def _acknowledge(self, ack: p.Ack) -> None:
        outbox = self._box(ack.client)
        sent = outbox.unsent.pop(ack.n, None)
        self.acknowledged.setdefault(ack.client, set()).add(ack.n)
        if ack.seq == 0 or self.state is None or ack.seq <= self.state.seq:
            return  # a repeat: the replica has it already
        if sent is None:
            self.failures.append(f"ack of {ack.client}/{ack.n} in the stream twice")
            return
        self._apply(p.Record(ack.seq, ack.at, ack.client, ack.n, sent.fence, sent.operation))

    def _apply(self, record: p.Record) -> None:
        assert self.state is not None
        if record.seq <= self.state.seq:
            return
        for outbox in self.outboxes:
            if outbox.client == record.client and outbox.holder in (self, None):
                # Its ack was lost; the record says as much.
                outbox.unsent.pop(record.n, None)
        result = apply_operation(self.state, record)
        if isinstance(result, Invalid):
            self.failures.append(f"{record}: {result.reason}")
        else:
            self.state = result

    def _box(self, client: str) -> Outbox:
        return next(outbox for outbox in self.outboxes if outbox.client == client)
