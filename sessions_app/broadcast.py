"""Telling sockets that a session went on: a doorbell, and the latest records at hand.

A doorbell carries a session and a sequence number, no content, and may be lost: whoever hears one
asks for everything after what it has. The records made by this process wait in a ring for that
question; older ones, and those of other processes, come from the database.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import OrderedDict, deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from channels.layers import get_channel_layer

from sessions_app import blanking
from sessions_app import protocol as p
from sessions_app.hub import HubLayer

log = logging.getLogger(__name__)

#: Records and their bytes kept for one session, and sessions for which any are kept.
RING_RECORDS = 256
RING_BYTES = 1024 * 1024
RING_SESSIONS = 1_000


@dataclass(frozen=True)
class Stored:
    """A record and its JSON."""

    record: p.Record
    body: bytes


def group_of(session: str) -> str:
    """The channel layer's group of a session."""
    return f"session.{session}"


class _Ring:
    def __init__(self) -> None:
        self.records: deque[Stored] = deque()
        self.bytes = 0

    def add(self, stored: Stored) -> None:
        if self.records and self.records[-1].record.seq + 1 != stored.record.seq:
            self.records.clear()
            self.bytes = 0
        self.records.append(stored)
        self.bytes += len(stored.body)
        while len(self.records) > RING_RECORDS or self.bytes > RING_BYTES:
            self.bytes -= len(self.records.popleft().body)

    def blank(self, deleted: Collection[int]) -> None:
        for index, stored in enumerate(self.records):
            record = blanking.blanked(stored.record, deleted)
            if record is not None:
                self.records[index] = Stored(record, p.encode(record))
        self.bytes = sum(len(stored.body) for stored in self.records)


_lock = threading.Lock()
_rings: OrderedDict[tuple[str, str], _Ring] = OrderedDict()


def publish(
    session: str, epoch: str, records: Sequence[Stored], deleted: Collection[int] = ()
) -> None:
    """After COMMIT: keep the records at hand and ring. Never raises; callable from any thread.

    The text of ``deleted`` entries is forgotten, here and in every process that hears the bell.
    """
    forget_text(session, deleted)
    with _lock:
        ring = _rings.setdefault((session, epoch), _Ring())
        _rings.move_to_end((session, epoch))
        for stored in records:
            ring.add(stored)
        while len(_rings) > RING_SESSIONS:
            _rings.popitem(last=False)
    bell: dict[str, Any] = {"type": "session.changed", "seq": records[-1].record.seq}
    send(session, bell | {"deleted": sorted(deleted)} if deleted else bell)


def forget_text(session: str, deleted: Collection[int]) -> None:
    """Blank the text of deleted entries in the records at hand."""
    if not deleted:
        return
    with _lock:
        for (owner, _), ring in _rings.items():
            if owner == session:
                ring.blank(deleted)


def recent(session: str, epoch: str, after: int, count: int) -> list[Stored] | None:
    """Up to ``count`` records that follow ``after``, or None when the ring does not reach back."""
    with _lock:
        ring = _rings.get((session, epoch))
        if ring is None or not ring.records:
            return None
        first = ring.records[0].record.seq
        if after + 1 < first or after >= ring.records[-1].record.seq:
            return None
        start = after + 1 - first
        return [ring.records[i] for i in range(start, min(start + count, len(ring.records)))]


def forget_recent() -> None:
    """Empty all rings, as a new process would have."""
    with _lock:
        _rings.clear()


def send(session: str, message: dict[str, Any]) -> None:
    """Send a message to all sockets of a session, from any thread. A lost one is only logged."""
    ring(group_of(session), message)


def ring(group: str, message: dict[str, Any]) -> None:
    """Send a message to all sockets of a group, from any thread. A lost one is only logged."""
    layer: Any = get_channel_layer()
    if layer is None:
        return
    if isinstance(layer, HubLayer):
        layer.publish(group, message)
        return
    asyncio.run_coroutine_threadsafe(_send(layer, group, message), _bell_loop())


async def _send(layer: Any, group: str, message: dict[str, Any]) -> None:
    try:
        await layer.group_send(group, message)
    except Exception:
        log.warning("A doorbell was lost.", exc_info=True)


_bell: asyncio.AbstractEventLoop | None = None
_bell_lock = threading.Lock()


def _bell_loop() -> asyncio.AbstractEventLoop:
    """One thread that rings, so that a layer over the network keeps one connection a process."""
    global _bell
    with _bell_lock:
        if _bell is None or _bell.is_closed():
            _bell = asyncio.new_event_loop()
            threading.Thread(target=_bell.run_forever, name="doorbell", daemon=True).start()
        return _bell
