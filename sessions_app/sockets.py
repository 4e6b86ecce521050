"""What every socket of ours needs: a lean dispatch, bounds on frames, and an end that always comes.

Channels awaits a hop into one shared thread before each message of each consumer, where one slow
query holds up every socket of the process; ``dispatch`` here goes without (database work closes
its old connections itself).
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from typing import Any, Literal

from channels.consumer import get_handler_name
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer

from sessions_app import protocol as p
from sessions_app.hub import HubLayer

log = logging.getLogger(__name__)

SUBPROTOCOL = f"playground.{p.PROTOCOL_VERSION}"

#: A socket that says nothing for so long is taken for gone, in seconds.
SILENCE_S = 25.0

#: After so many messages that could not be used the socket is closed.
MAX_REFUSALS = 20

Message = dict[str, Any]

#: After these a page comes back by itself. Daphne can send no standard code but 1000.
CLOSE_SILENT = 4408
CLOSE_BUSY = 4503

RefusedCode = Literal["invalid", "too-large", "limit", "forbidden"]


class _Inbox:
    """What the peer sends, with a look at what has come but was not received yet."""

    def __init__(self, receive: Callable[[], Coroutine[Any, Any, Message]]) -> None:
        self._receive = receive
        self._next: asyncio.Task[Message] | None = None

    async def receive(self) -> Message:
        """The next message, when it comes."""
        following, self._next = self._next, None
        return await (following or self._receive())

    def peek(self) -> Message | None:
        """The next message, if it has come; it is still to be received."""
        if self._next is None:
            # Started at once, the task has ended here unless it must wait.
            loop = asyncio.get_running_loop()
            self._next = asyncio.Task(self._receive(), loop=loop, eager_start=True)
        return self._next.result() if self._next.done() else None

    def skip(self) -> None:
        """Receive what ``peek`` gave."""
        self._next = None

    def close(self) -> None:
        """Wait for nothing any more."""
        if self._next is not None:
            self._next.cancel()


class BaseSocket(AsyncWebsocketConsumer):
    """A socket that speaks text frames of the protocol."""

    scope: dict[str, Any]
    channel_layer: Any
    channel_name: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ended = self._gone = False
        self._listening: str | None = None
        self._refusals = 0
        self._heard_at = time.monotonic()
        self._watch: asyncio.TimerHandle | None = None

    async def opened(self) -> bool:
        """Look at the scope; False closes the socket as forbidden."""
        raise NotImplementedError

    async def heard(self, frame: str) -> None:
        """A text frame of bounded size came."""
        raise NotImplementedError

    async def left(self) -> None:
        """The socket is gone; called once."""
        raise NotImplementedError

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Run the socket to its end, and clean up whatever that was."""
        self._inbox = _Inbox(receive)
        try:
            await super().__call__(scope, self._inbox.receive, send)
        finally:
            self._inbox.close()
            await self._leave()

    def peek_frame(self) -> str | None:
        """The text frame that comes next, if it is here already; ``skip_frame`` takes it."""
        message = None if self.ended else self._inbox.peek()
        return message.get("text") if message is not None else None

    def skip_frame(self) -> None:
        """Take the frame that ``peek_frame`` gave."""
        self._inbox.skip()

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Call the handler of a message."""
        handler = getattr(self, get_handler_name(message), None)
        if handler is None:
            raise ValueError(f"There is no handler for {message['type']}.")
        if not self.ended or message["type"].startswith("websocket."):
            await handler(message)

    async def websocket_connect(self, message: dict[str, Any]) -> None:
        """Accept first: only then a browser's script learns the code of a close."""
        offered = SUBPROTOCOL in self.scope.get("subprotocols", [])
        await self.accept(SUBPROTOCOL if offered else None)
        if not offered:
            await self.end(p.CLOSE_PROTOCOL)
        elif not await self.opened():
            await self.end(p.CLOSE_FORBIDDEN)
        else:
            self._watch_silence()

    async def websocket_receive(self, message: dict[str, Any]) -> None:
        """Bound a frame, then hear it."""
        if self.ended:
            return
        self._heard_at = time.monotonic()
        text = message.get("text")
        if text is None:
            await self.refuse("invalid", "Only text is understood here.")
        elif len(text) > p.MAX_FRAME_BYTES or len(text.encode()) > p.MAX_FRAME_BYTES:
            await self.refuse("too-large", "The message is larger than 256 KB.")
        else:
            await self.heard(text)

    async def websocket_disconnect(self, message: dict[str, Any]) -> None:
        """The peer is gone."""
        self.ended = True
        raise StopConsumer

    async def listen(self, group: str) -> None:
        """Hear what is sent to a group of the channel layer."""
        if self._listening is None:
            await self.channel_layer.group_add(group, self.channel_name)
            self._listening = group

    async def say(self, message: p.Message) -> None:
        """Send a message."""
        await self.send_text(p.encode(message).decode())

    async def send_text(self, text: str) -> None:
        """Send a frame; after the end it goes nowhere."""
        if not self.ended:
            await self.base_send({"type": "websocket.send", "text": text})

    async def refuse(self, code: RefusedCode, message: str) -> None:
        """Say that a message could not be used; too often is the end."""
        self._refusals += 1
        if self._refusals == 1:
            log.info("A socket sent what cannot be used (%s): %s", code, message)
        await self.say(p.Refused(code, message))
        if self._refusals >= MAX_REFUSALS:
            await self.end(p.CLOSE_FLOOD)

    async def end(self, code: int) -> None:
        """Close the socket from this side."""
        if not self.ended:
            self.ended = True
            await self.close(code)
            await self._leave()

    async def _leave(self) -> None:
        if self._gone:
            return
        self.ended = self._gone = True
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        if self._listening is not None:
            group, self._listening = self._listening, None
            await self.channel_layer.group_discard(group, self.channel_name)
        await self.left()
        if isinstance(self.channel_layer, HubLayer):
            self.channel_layer.forget(self.channel_name)

    def _watch_silence(self) -> None:
        loop = asyncio.get_running_loop()
        left = self._heard_at + SILENCE_S - time.monotonic()
        if left <= 0:
            # The task is held by the loop's ready queue until it runs to its end at once.
            self._closing = asyncio.ensure_future(self.end(CLOSE_SILENT))
        else:
            self._watch = loop.call_later(left, self._watch_silence)
