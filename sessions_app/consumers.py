"""The socket of a session page: decode, ask the policy through an action, answer.

All messages of one socket, those of the browser and those of the channel layer, are handled one
after the other. Doorbells carry no content; what is sent comes from the ring of recent records or
from the database, in order of ``seq``, so a lost or doubled doorbell changes nothing.
"""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import Any, assert_never

import msgspec
from channels.db import database_sync_to_async

from sessions_app import actions, background, broadcast, crowd, frames, hooks, presence, queries
from sessions_app import protocol as p
from sessions_app.clock import now_ms
from sessions_app.delivery import Delivery
from sessions_app.errors import ActionError
from sessions_app.flood import Bucket
from sessions_app.hub import HubLayer
from sessions_app.personal import key_hash
from sessions_app.sockets import CLOSE_BUSY, BaseSocket
from sessions_app.writer import run_action

log = logging.getLogger(__name__)

#: A holder's lease is renewed this often at most.
RENEW_EVERY_MS = 8_000

#: Records read from the database at once.
READ_RECORDS = 64

#: Operations of pushes that are joined into one action, about.
JOINED_OPERATIONS = 64

#: Presence is sent this often at most, in seconds.
PRESENCE_EVERY_S = 0.5

#: Hellos of one socket. Each may bring a megabyte that a page which does not read leaves in memory.
MAX_HELLOS = 20

#: Whether a grant that ends some day still stands is looked at this often at least, in seconds.
LOOK_AGAIN_S = 3600.0


class SessionConsumer(BaseSocket):
    """One tab's socket."""

    session: str
    user: int
    name: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stream: Delivery | None = None
        self.role: str | None = None
        self.forks = False
        self.tab = self.client = ""
        self.fence: int | None = None
        self._joined = False
        self._hellos = 0
        self._counted = False
        self._renewed_ms = 0
        self._bucket = Bucket()
        self._expiry_timer: asyncio.TimerHandle | None = None
        self._presence_timer: asyncio.TimerHandle | None = None
        self._presence_sent: tuple[p.Person, ...] | None = None

    async def opened(self) -> bool:
        user = self.scope.get("user")
        if user is None or not user.is_authenticated:
            return False
        self._counted = crowd.enter(user.pk)
        if not self._counted:
            await self.end(CLOSE_BUSY)
            return False
        self.session = self.scope["url_route"]["kwargs"]["session"]
        self.user, self.name = user.pk, user.name
        return True

    # --- from the browser ----------------------------------------------------------------------

    async def heard(self, frame: str) -> None:
        if not self._bucket.take():
            await self.end(p.CLOSE_FLOOD)
            return
        try:
            message = frames.decode(frame)
        except msgspec.DecodeError as error:
            if frames.foreign_version(frame):
                await self.end(p.CLOSE_PROTOCOL)
            else:
                await self.refuse("invalid", f"The message could not be used: {error}"[:300])
            return
        try:
            await self._handle(message)
        except ActionError as error:
            await self._said_no(error)
        except Exception:
            # Most often a database that cannot write: the page keeps its work and comes back.
            log.exception("A message of session %s failed.", self.session)
            await self.refuse("limit", "The server cannot save right now.")
            await self.end(CLOSE_BUSY)

    async def _handle(self, message: frames.AnyMessage) -> None:
        if isinstance(message, p.Hello):
            await self._hello(message)
            return
        if isinstance(message, p.Ping):
            await self._ping()
            return
        if self.stream is None:
            await self.refuse("invalid", "Say hello first.")
            return
        match message:
            case frames.Pushed():
                await self._push(message, self.stream)
            case p.AcquireLease(takeover=takeover):
                await self._acquire(takeover=takeover)
            case p.ReleaseLease(fence=fence, reserved=reserved):
                await run_action(actions.release_lease, self.session, self.client, fence, reserved)
                self.fence = None
            case p.Received(seq=seq):
                self.stream.confirm(seq)
                await self._deliver()
            case never:
                assert_never(never)

    async def _said_no(self, error: ActionError) -> None:
        if error.code == "not-found":
            await self._turn_away()
        elif error.code == "forbidden":
            await self.refuse("forbidden", error.message)
        elif error.code == "busy":
            await self.refuse("limit", error.message)
            await self.end(CLOSE_BUSY)
        else:
            await self.refuse("invalid", error.message)

    async def _turn_away(self) -> None:
        """Close for who is no member, telling members whether the session is in the bin."""
        binned = await _read(queries.binned_for, self.session, self.user)
        await self.end(p.CLOSE_GONE if binned else p.CLOSE_FORBIDDEN)

    async def _hello(self, hello: p.Hello) -> None:
        if hello.protocol != p.PROTOCOL_VERSION:
            await self.end(p.CLOSE_PROTOCOL)
            return
        if hello.user is not None and hello.user != self.user:
            # Somebody else has signed in since the page was loaded: its work is not theirs.
            await self.end(p.CLOSE_SIGNED_OUT)
            return
        self._hellos += 1
        if self._hellos > MAX_HELLOS:
            await self.end(p.CLOSE_FLOOD)
            return
        if self.client and (hello.client, hello.tab) != (self.client, self.tab):
            await self.refuse("invalid", "This socket belongs to another page.")
            return
        # Listening first and reading then leaves no gap between the two.
        await self.listen(broadcast.group_of(self.session))
        joined = await _read(queries.join, self.session, self.user, hello)
        if joined is None:
            await self._turn_away()
            return
        self.client, self.tab = hello.client, hello.tab
        self.role, self.forks = joined.membership.role, joined.membership.forks
        self._watch_expiry(joined.membership.expires_ms)
        if self.role != "owner":
            await _read(hooks.looked, self.session, self.user, self.name)
        await self._welcome(hello, joined)

    async def _welcome(self, hello: p.Hello, joined: queries.Joined) -> None:
        at = joined.membership
        welcome = p.Welcome(
            protocol=p.PROTOCOL_VERSION,
            epoch=at.epoch,
            seq=at.seq,
            name=self.name,
            role=at.role,  # type: ignore[arg-type]  # constrained by the database
            resync=joined.resync,
            acknowledged=joined.acknowledged,
            forks=at.forks,
        )
        await self.say(welcome)
        if at.runner is not None and at.runner.client == self.client:
            self.fence = at.runner.fence
        if at.runner is not None and self.tab == at.runner.tab:
            await self._renew()
        self._join_presence()
        if joined.resync:
            self.stream = None
            return
        self.stream = Delivery(at.epoch, self.client, hello.seq, at.seq)
        await self._deliver()

    async def _push(self, push: frames.Pushed, stream: Delivery) -> None:
        push = self._with_waiting(push)
        stream.expect(push.client, [item.n for item in push.sent])
        pushed = await run_action(
            actions.apply_pushed, self.session, self.user, push.client, push.sent
        )
        before = stream.delivered
        stream.known = max(stream.known, pushed.seq)
        await self._deliver()
        for answer in pushed.answers:
            # Acks of what the page has not got yet stand in the stream, in their place.
            if isinstance(answer, p.Nack) or answer.seq <= before:
                stream.answered(answer.client, answer.n)
                await self.say(answer)

    def _with_waiting(self, push: frames.Pushed) -> frames.Pushed:
        """Join pushes that are here already and go on where ``push`` ends: one action for all."""
        sent = list(push.sent)
        room = p.MAX_FRAME_BYTES
        while len(sent) < JOINED_OPERATIONS and (frame := self.peek_frame()) is not None:
            room -= len(frame.encode())
            more = frames.continuation(frame, push.client, sent[-1].n) if room >= 0 else None
            if more is None or not self._bucket.take():
                break
            self.skip_frame()
            sent.extend(more.sent)
        return frames.Pushed(push.client, tuple(sent))

    async def _acquire(self, *, takeover: bool) -> None:
        asking = actions.Asking(self.user, self.name, self.client, self.tab)
        answer = await run_action(actions.acquire_lease, self.session, asking, takeover=takeover)
        if isinstance(answer, p.LeaseGranted):
            self.fence, self._renewed_ms = answer.fence, now_ms()
        await self._ask_known()
        await self.say(answer)

    async def _ping(self) -> None:
        await self.say(p.Pong())
        if self.stream is None:
            return
        if self.fence is not None and now_ms() - self._renewed_ms > RENEW_EVERY_MS:
            await self._renew()
        if not isinstance(self.channel_layer, HubLayer):
            # A layer over the network loses doorbells without a word.
            presence.repeat(self.session)
            await self.membership_changed({})
            await self._ask_known()

    async def _renew(self) -> None:
        self._renewed_ms = now_ms()
        holds = await run_action(
            actions.renew_lease, self.session, self.client, self.tab, self.user
        )
        if not holds:
            self.fence = None

    # --- the stream ----------------------------------------------------------------------------

    async def _ask_known(self) -> None:
        if self.stream is not None:
            self.stream.known = await _read(queries.last_seq, self.session)
            await self._deliver()

    async def _deliver(self) -> None:
        stream = self.stream
        while stream is not None and stream.ready:
            records = broadcast.recent(self.session, stream.epoch, stream.delivered, READ_RECORDS)
            if records is None:
                records = await _read(
                    queries.records_after, self.session, stream.delivered, READ_RECORDS
                )
            if records is None:
                await self._resync(stream)
                return
            if not records:
                return
            for frame in frames.pack(records, stream.client, stream.foreign):
                await self.send_text(frame.text)
                stream.sent(frame)

    async def _resync(self, stream: Delivery) -> None:
        """The log does not reach back to what this page has any more."""
        self.stream = None
        await self.say(
            p.Welcome(
                p.PROTOCOL_VERSION, stream.epoch, stream.known, self.name,
                self.role or "viewer",  # type: ignore[arg-type]  # constrained by the database
                resync=True, acknowledged=0, forks=self.forks,
            )
        )  # fmt: skip

    # --- from the channel layer ----------------------------------------------------------------

    async def session_changed(self, message: dict[str, Any]) -> None:
        """The doorbell."""
        broadcast.forget_text(self.session, message.get("deleted", ()))
        if self.stream is not None:
            self.stream.known = max(self.stream.known, message["seq"])
            await self._deliver()

    async def layer_overflow(self, message: dict[str, Any]) -> None:
        """Doorbells were dropped: ask."""
        await self._ask_known()
        self._presence_soon()

    async def lease_wanted(self, message: dict[str, Any]) -> None:
        """Another tab asks the runner to hand over."""
        if self.client == message["client"]:
            await self.say(p.LeaseWanted(message["tab"], message["name"]))

    async def membership_changed(self, message: dict[str, Any]) -> None:
        """Somebody's membership began, changed or ended."""
        found = await _read(queries.membership, self.session, self.user)
        if found is None:
            await self._turn_away()
        elif self.role is not None and (found.role, found.forks) != (self.role, self.forks):
            # The page comes back at once and is told by the welcome what it may do now.
            await self.end(CLOSE_BUSY)
        else:
            self._watch_expiry(found.expires_ms)

    def _watch_expiry(self, expires_ms: int | None) -> None:
        """Look again when the first of the person's grants has run out."""
        if self._expiry_timer is not None:
            self._expiry_timer.cancel()
            self._expiry_timer = None
        if expires_ms is None or self.ended:
            return
        # A longer wait is cut in pieces: clocks are set, and an event loop takes no century.
        wait = min(max(0.0, (expires_ms - now_ms()) / 1000) + 0.02, LOOK_AGAIN_S)
        look = partial(_look_again, self)
        self._expiry_timer = asyncio.get_running_loop().call_later(wait, look)

    async def login_ended(self, message: dict[str, Any]) -> None:
        """Some browsers of a person were signed out."""
        login = self.scope.get("session")
        key = login.session_key if login is not None else None
        if key and key_hash(key) in message["keys"]:
            # Who may come back says in its hello whose page it is.
            await self.end(CLOSE_BUSY if message.get("again") else p.CLOSE_SIGNED_OUT)

    async def presence_roster(self, message: dict[str, Any]) -> None:
        """A process told who is there."""
        presence.note(self.session, message)
        self._presence_soon()

    async def presence_ask(self, message: dict[str, Any]) -> None:
        """A process asks who is here."""
        presence.answer(self.session, message["process"])

    def _join_presence(self) -> None:
        self._joined = True
        tab = presence.Tab(self.user, self.name, self.role or "viewer")
        presence.join(self.session, self.channel_name, tab)

    def _presence_soon(self) -> None:
        if self._presence_timer is None and self._joined:
            loop = asyncio.get_running_loop()
            wait = PRESENCE_EVERY_S if self._presence_sent is not None else 0.0
            self._presence_timer = loop.call_later(wait, self._presence_now)

    def _presence_now(self) -> None:
        self._presence_timer = None
        people = presence.people(self.session)
        if people != self._presence_sent and not self.ended:
            self._presence_sent = people
            background.start(self.say(p.Presence(people)))

    # --- the end -------------------------------------------------------------------------------

    async def left(self) -> None:
        for timer in (self._presence_timer, self._expiry_timer):
            if timer is not None:
                timer.cancel()
        if self._counted:
            self._counted = False
            crowd.leave(self.user)
        if self._joined:
            self._joined = False
            presence.leave(self.session, self.channel_name)
        if self.fence is not None:
            background.start(background.free_later(self.session, self.client, self.fence, now_ms()))
            self.fence = None


def _look_again(socket: SessionConsumer) -> None:
    if not socket.ended:
        background.start(socket.membership_changed({}))


async def _read[**P, R](query: Any, *args: Any) -> Any:
    return await database_sync_to_async(query, thread_sensitive=False)(*args)
