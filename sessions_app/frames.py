"""Frames of the socket: decoding what a browser sends, and packing records for it.

A push is decoded operation by operation, so that a malformed one is refused by its number while
the others count; otherwise a page would have a hole in its numbering for ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from sessions_app import protocol as p
from sessions_app.actions import Malformed
from sessions_app.broadcast import Stored

_OPEN, _CLOSE = b'{"type":"operations","records":[', b"]}"


@dataclass(frozen=True)
class Pushed:
    """A push whose malformed operations are marked."""

    client: str
    sent: tuple[p.Sent | Malformed, ...]


class _LoosePush(Struct, tag_field="type", tag="push", rename="camel", forbid_unknown_fields=True):
    client: p.Identifier
    operations: Annotated[tuple[msgspec.Raw, ...], Meta(min_length=1, max_length=64)]


class _Numbered(Struct):
    n: p.Number


class _Versioned(Struct, tag_field="type", tag="hello"):
    protocol: int


_push = msgspec.json.Decoder(_LoosePush)
_sent = msgspec.json.Decoder(p.Sent)
_numbered = msgspec.json.Decoder(_Numbered)
_versioned = msgspec.json.Decoder(_Versioned)

_TOO_DEEP = msgspec.DecodeError("it is nested too deeply")

AnyMessage = p.Hello | Pushed | p.AcquireLease | p.ReleaseLease | p.Received | p.Ping


def decode(frame: str) -> AnyMessage:
    """Decode a frame.

    Raises:
        msgspec.DecodeError: it is not of the protocol.
    """
    try:
        message = p.decode_client_message(frame)
    except msgspec.ValidationError as error:
        return _decode_push(frame, error)
    except RecursionError:
        raise _TOO_DEEP from None
    if isinstance(message, p.Push):
        return Pushed(message.client, message.operations)
    return message


def continuation(frame: str, client: str, n: int) -> Pushed | None:
    """The push in a frame, if it is one of ``client`` that goes on behind number ``n``."""
    try:
        message = decode(frame)
    except msgspec.DecodeError:
        return None
    if not isinstance(message, Pushed):
        return None
    follows = message.client == client and message.sent[0].n == n + 1
    return message if follows else None


def _decode_push(frame: str, error: msgspec.ValidationError) -> Pushed:
    try:
        push = _push.decode(frame)
        return Pushed(push.client, tuple(_decode_sent(raw) for raw in push.operations))
    except (msgspec.DecodeError, RecursionError):
        raise error from None


def _decode_sent(raw: msgspec.Raw) -> p.Sent | Malformed:
    try:
        return _sent.decode(raw)
    except msgspec.ValidationError as error:
        # Raises when even the number cannot be read: then the whole frame is refused.
        return Malformed(_numbered.decode(raw).n, f"The change is malformed: {error}"[:300])


def foreign_version(frame: str) -> bool:
    """Whether the frame is a hello of another version of the protocol, whatever else it holds."""
    try:
        return _versioned.decode(frame).protocol != p.PROTOCOL_VERSION
    except (msgspec.DecodeError, RecursionError):
        return False


@dataclass(frozen=True)
class Packed:
    """A frame for the browser; after it, the browser has everything up to ``seq``."""

    text: str
    seq: int


def pack(records: Sequence[Stored], own: str, also_acked: set[tuple[str, int]]) -> Iterator[Packed]:
    """Pack records in order: acks in the place of the page's own, else batches of operations.

    Records that the page sent for another client (a closed tab's) travel whole and are
    acknowledged behind; they are taken out of ``also_acked``.
    """
    batch: list[bytes] = []
    size, last = 0, 0
    for stored in records:
        record = stored.record
        whole = record.client != own
        full = size + len(stored.body) + len(_OPEN) + len(_CLOSE) + 1 > p.MAX_FRAME_BYTES
        if batch and (not whole or full):
            yield _operations(batch, last)
            batch, size = [], 0
        if whole:
            batch.append(stored.body)
            size += len(stored.body) + 1
            last = record.seq
        key = (record.client, record.n)
        if not whole or key in also_acked:
            if batch:
                yield _operations(batch, last)
                batch, size = [], 0
            also_acked.discard(key)
            ack = p.Ack(record.client, record.n, record.seq, record.at)
            yield Packed(p.encode(ack).decode(), record.seq)
    if batch:
        yield _operations(batch, last)


def _operations(batch: Sequence[bytes], seq: int) -> Packed:
    return Packed((_OPEN + b",".join(batch) + _CLOSE).decode(), seq)
