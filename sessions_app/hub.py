"""A channel layer inside one process, for the web process that serves everything by itself.

Channels' own in-memory layer drops messages silently when a queue is full and walks all channels
for every message. Here a full queue is emptied and says ``layer.overflow`` instead: whoever reads
that asks the database for what it missed. ``publish`` may be called from any thread, such as the
database's writer. Messages are shared between receivers and must not be changed by them.
"""

from __future__ import annotations

import asyncio
import threading
import uuid
from collections import deque
from collections.abc import Iterable
from typing import Any

from channels.layers import BaseChannelLayer

Message = dict[str, Any]

OVERFLOW: Message = {"type": "layer.overflow"}


class _Queue:
    """Messages for one channel; touched only in the loop that receives from it."""

    def __init__(self, loop: asyncio.AbstractEventLoop, capacity: int) -> None:
        self.loop = loop
        self.capacity = capacity
        self.messages: deque[Message] = deque()
        self.waiter: asyncio.Future[None] | None = None

    def put(self, message: Message) -> None:
        if len(self.messages) >= self.capacity:
            self.messages.clear()
            self.messages.append(OVERFLOW)
        else:
            self.messages.append(message)
        if self.waiter is not None and not self.waiter.done():
            self.waiter.set_result(None)

    async def get(self) -> Message:
        while not self.messages:
            self.waiter = self.loop.create_future()
            try:
                await self.waiter
            finally:
                self.waiter = None
        return self.messages.popleft()


class HubLayer(BaseChannelLayer):
    """Bounded queues of one process, by Channels' interface for layers."""

    extensions = ("groups",)

    def __init__(self, capacity: int = 1000, **options: Any) -> None:
        super().__init__(capacity=capacity, **options)
        self._lock = threading.Lock()
        self._queues: dict[str, _Queue] = {}
        self._groups: dict[str, set[str]] = {}

    async def new_channel(self, prefix: str = "hub") -> str:
        """Give a name that nobody has."""
        return f"{prefix}.{uuid.uuid4().hex}"

    async def receive(self, channel: str) -> Message:
        """Wait for the next message of a channel."""
        return await self._queue(channel).get()

    async def send(self, channel: str, message: Message) -> None:
        """Send to one channel; one that nobody ever received from does not exist."""
        with self._lock:
            queue = self._queues.get(channel)
        if queue is not None:
            self._deliver([queue], message)

    async def group_add(self, group: str, channel: str) -> None:
        """Let a channel receive what is sent to a group."""
        self._queue(channel)
        with self._lock:
            self._groups.setdefault(group, set()).add(channel)

    async def group_discard(self, group: str, channel: str) -> None:
        """Undo ``group_add``."""
        with self._lock:
            members = self._groups.get(group)
            if members is not None:
                members.discard(channel)
                if not members:
                    del self._groups[group]

    async def group_send(self, group: str, message: Message) -> None:
        """Send to all channels of a group."""
        self.publish(group, message)

    def publish(self, group: str, message: Message) -> None:
        """``group_send`` for any thread; it never waits."""
        with self._lock:
            members = self._groups.get(group, ())
            queues = [self._queues[name] for name in members if name in self._queues]
        self._deliver(queues, message)

    async def flush(self) -> None:
        """Forget everything; for tests."""
        with self._lock:
            self._queues.clear()
            self._groups.clear()

    async def close(self) -> None:
        """Nothing is held open."""

    def forget(self, channel: str) -> None:
        """A channel will not be received from any more."""
        with self._lock:
            self._queues.pop(channel, None)
            for group in [name for name, members in self._groups.items() if channel in members]:
                self._groups[group].discard(channel)
                if not self._groups[group]:
                    del self._groups[group]

    def _queue(self, channel: str) -> _Queue:
        loop = asyncio.get_running_loop()
        with self._lock:
            queue = self._queues.get(channel)
            if queue is None or queue.loop is not loop:
                queue = self._queues[channel] = _Queue(loop, self.get_capacity(channel))
            return queue

    def _deliver(self, queues: list[_Queue], message: Message) -> None:
        try:
            here: asyncio.AbstractEventLoop | None = asyncio.get_running_loop()
        except RuntimeError:
            here = None
        elsewhere: dict[asyncio.AbstractEventLoop, list[_Queue]] = {}
        for queue in queues:
            if queue.loop is here:
                queue.put(message)
            else:
                elsewhere.setdefault(queue.loop, []).append(queue)
        for loop, theirs in elsewhere.items():
            # A loop that was closed has nobody left who could miss the message.
            if not loop.is_closed():
                loop.call_soon_threadsafe(_put_all, theirs, message)


def _put_all(queues: Iterable[_Queue], message: Message) -> None:
    for queue in queues:
        queue.put(message)
