"""What the core has of one person as a whole: how much, its export, the sockets of a browser."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from typing import IO

from django.db.models import F, Sum

from sessions_app import broadcast
from sessions_app import protocol as p
from sessions_app.errors import ActionError
from sessions_app.exchange.archive import write_archive
from sessions_app.exchange.source import source_of
from sessions_app.models import Member, Session


@dataclass(frozen=True)
class Held:
    """How many sessions somebody owns, how many of them are in the bin, and their bytes."""

    own: int
    binned: int
    shared: int
    bytes: int


def _own(user: int) -> list[Session]:
    owned = Member.objects.filter(user=user, role="owner").values("session")
    return list(Session.objects.filter(pk__in=owned, doomed=False).order_by("created_at"))


def holdings(user: int) -> Held:
    """How much the person has."""
    owned = Member.objects.filter(user=user, role="owner").values("session")
    mine = Session.objects.filter(pk__in=owned, doomed=False)
    others = Member.objects.filter(user=user).exclude(session__in=owned)
    counted = mine.aggregate(bytes=Sum(F("stored_bytes") + F("history_bytes")))
    return Held(
        own=mine.count(),
        binned=mine.filter(binned_at__isnull=False).count(),
        shared=others.values("session").distinct().count(),
        bytes=counted["bytes"] or 0,
    )


def exported(user: int) -> list[tuple[str, Callable[[IO[bytes]], str]]]:
    """The person's own sessions, those in the bin too: a file name, and what writes the file."""
    return [
        (f"sessions/{number:04}-{row.public_id}", partial(_write, row.public_id))
        for number, row in enumerate(_own(user), start=1)
    ]


def _write(session: str, file: IO[bytes]) -> str:
    """Write the session file, or when a part of it is lost, all that is there as JSON."""
    try:
        source = source_of(session)
    except Session.DoesNotExist:
        file.write(b"null")
        return ".json"
    try:
        write_archive(source, file, lambda _part: None)
    except ActionError:
        file.seek(0)
        file.truncate()
        file.write(p.encode(source.state))
        return ".json"
    return ".playground"


def key_hash(key: str) -> str:
    """What sockets compare, so that no key of a login session travels."""
    return hashlib.sha256(key.encode()).hexdigest()


def close_sockets(user: int, keys: Collection[str], *, again: bool = False) -> None:
    """Close the sockets that these login sessions have open; with ``again`` they may come back.

    Every session is told, however many there are: one that was left out would stay open.
    """
    if not keys:
        return
    message = {"type": "login.ended", "keys": [key_hash(key) for key in keys], "again": again}
    rows = Member.objects.filter(user=user, session__binned_at=None).values_list("session")
    for (key,) in rows.distinct().iterator():
        broadcast.send(key.hex, message)
