"""What one socket has been sent of its session's operations, and how much more it may be sent.

The page confirms frames with ``received``. Beyond ``MAX_UNCONFIRMED_BYTES`` without that nothing
more is sent; nothing is kept for it either, since the database has it.
"""

from __future__ import annotations

from collections import deque

from sessions_app import protocol as p
from sessions_app.frames import Packed

#: Operations of other clients that a socket waits to see acknowledged.
MAX_FOREIGN = 10_000


class Delivery:
    """The stream of one socket: ``delivered`` was sent last, ``known`` is the latest there is."""

    def __init__(self, epoch: str, client: str, delivered: int, known: int) -> None:
        self.epoch = epoch
        self.client = client
        self.delivered = delivered
        self.known = known
        #: Operations that this socket pushed for closed tabs.
        self.foreign: set[tuple[str, int]] = set()
        self._unconfirmed: deque[tuple[int, int]] = deque()
        self._bytes = 0

    @property
    def ready(self) -> bool:
        """Whether there is something to send and room for it."""
        return self.delivered < self.known and self._bytes < p.MAX_UNCONFIRMED_BYTES

    def sent(self, frame: Packed) -> None:
        """A frame was sent."""
        self.delivered = max(self.delivered, frame.seq)
        self._unconfirmed.append((frame.seq, len(frame.text)))
        self._bytes += len(frame.text)

    def confirm(self, seq: int) -> None:
        """The page has everything up to ``seq``."""
        while self._unconfirmed and self._unconfirmed[0][0] <= seq:
            self._bytes -= self._unconfirmed.popleft()[1]

    def expect(self, client: str, numbers: list[int]) -> None:
        """The socket pushes operations of a client; those of a closed tab are acked behind."""
        if client != self.client and len(self.foreign) < MAX_FOREIGN:
            self.foreign.update((client, n) for n in numbers)

    def answered(self, client: str, n: int) -> None:
        """An operation needs no ack from the stream any more."""
        self.foreign.discard((client, n))
