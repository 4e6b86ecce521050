"""Reads of the core. Nothing here writes, and nothing here decides who may read."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.db import transaction
from django.db.models import Max, Q

from sessions_app import blobs, broadcast, rows
from sessions_app import protocol as p
from sessions_app.actions.change import role_of, standing_of
from sessions_app.actions.snapshots import UNUSED_WHEN_FULL_MS
from sessions_app.clock import now_ms
from sessions_app.models import (
    BlobLink,
    ClientCursor,
    EntryBlob,
    Member,
    OperationRecord,
    Session,
    SnapshotBlob,
)

#: Entries that a page of the transcript carries.
PAGE_ENTRIES = 100

_record = msgspec.json.Decoder(p.Record)


@dataclass(frozen=True)
class Membership:
    """A person's place in a session: ``seq`` and ``epoch`` are the session's as of the query.

    ``forks`` and ``expires_ms`` are as in ``change.Standing``.
    """

    session: str
    epoch: str
    seq: int
    title: str
    runtime: str
    role: str
    forks: bool
    expires_ms: int | None
    runner: p.Runner | None


@dataclass(frozen=True)
class Listed:
    """A line of the session list."""

    id: str
    title: str
    last_activity: datetime
    stored_bytes: int
    role: str
    idle: bool


def find_session(session: str) -> Session | None:
    """The session's row by its public id; one in the bin is not found."""
    try:
        return Session.objects.filter(pk=uuid.UUID(session), binned_at=None).first()
    except ValueError:
        return None


def membership(session: str, user: int | None) -> Membership | None:
    """The person's place in the session; None for who is no member and when there is none."""
    row = find_session(session) if user is not None else None
    standing = standing_of(row, user) if row is not None and user is not None else None
    if row is None or standing is None:
        return None
    return Membership(
        session=row.public_id,
        epoch=row.epoch,
        seq=row.seq,
        title=row.title,
        runtime=row.runtime,
        role=standing.role,
        forks=standing.forks,
        expires_ms=standing.expires_ms,
        runner=msgspec.json.decode(row.runner, type=p.Runner) if row.runner else None,
    )


def binned_for(session: str, user: int | None) -> Session | None:
    """The session if it is in the bin and the person is a member of it; not one that is going."""
    try:
        key = uuid.UUID(session)
    except ValueError:
        return None
    row = Session.objects.filter(pk=key, binned_at__isnull=False, doomed=False).first()
    if row is None or user is None or role_of(row, user) is None:
        return None
    return row


def owns(row: Session, user: int) -> bool:
    """Whether the session is the person's own."""
    return role_of(row, user) == "owner"


def load_state(session: str, entries: int | None = PAGE_ENTRIES) -> p.SessionState:
    """The session's state of one instant, with its latest entries (None: all).

    Raises:
        Session.DoesNotExist: there is none.
    """
    # Several queries of one state: a transaction is what keeps another's commit from between.
    with transaction.atomic():
        _repeatable()
        return rows.load(Session.objects.get(pk=uuid.UUID(session)), entries)


def _repeatable() -> None:
    connection = transaction.get_connection()
    if connection.vendor == "postgresql" and len(connection.savepoint_ids) == 0:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def entries_before(session: str, number: int) -> tuple[p.Entry, ...]:
    """Up to ``PAGE_ENTRIES`` entries with lower numbers, in order."""
    row = Session.objects.get(pk=uuid.UUID(session))
    return rows.load_entries(row, number, PAGE_ENTRIES)


def records_after(session: str, after: int, count: int) -> list[broadcast.Stored] | None:
    """Up to ``count`` records that follow ``after``, or None when the log does not reach back."""
    bodies = OperationRecord.objects.filter(session=uuid.UUID(session), seq__gt=after)
    found = [
        broadcast.Stored(_record.decode(body), body.encode())
        for body in bodies.order_by("seq").values_list("body", flat=True)[:count]
    ]
    if found and found[0].record.seq != after + 1:
        return None
    return found


@dataclass(frozen=True)
class Joined:
    """What a page that says hello is told: its place, and whether it must fetch the state."""

    membership: Membership
    acknowledged: int
    resync: bool


def join(session: str, user: int, hello: p.Hello) -> Joined | None:
    """Where a page that says hello stands; None for who is no member, or not its client's user."""
    found = membership(session, user)
    if found is None:
        return None
    cursor = ClientCursor.objects.filter(session=uuid.UUID(session), client=hello.client).first()
    if cursor is not None and cursor.user_id != user:
        return None
    resync = hello.epoch != found.epoch or not log_reaches(session, hello.seq, found.seq)
    return Joined(found, cursor.last_n if cursor else 0, resync)


def log_reaches(session: str, after: int, seq: int) -> bool:
    """Whether the log has everything from ``after`` to ``seq``."""
    if after >= seq:
        return after == seq
    return OperationRecord.objects.filter(session=uuid.UUID(session), seq=after + 1).exists()


def sessions_of(user: int) -> list[Listed]:
    """The person's sessions, the latest first."""
    live = Q(expires_ms__isnull=True) | Q(expires_ms__gt=now_ms())
    members = Member.objects.filter(live, user=user, session__binned_at=None).select_related(
        "session"
    )
    best: dict[str, Member] = {}
    for member in members:
        known = best.get(member.session.public_id)
        if known is None or known.role != "owner":
            best[member.session.public_id] = member
    listed = [
        Listed(
            id=member.session.public_id,
            title=member.session.title,
            last_activity=member.session.last_activity,
            stored_bytes=member.session.stored_bytes + member.session.history_bytes,
            role=member.role,
            idle=member.session.idle,
        )
        for member in best.values()
    ]
    return sorted(listed, key=lambda line: line.last_activity, reverse=True)


def owner_name(session: str) -> str:
    """What others see of the session's owner; empty when there is none."""
    owners = Member.objects.filter(session=uuid.UUID(session), role="owner")
    owner = owners.select_related("user").first()
    return str(owner.user.name) if owner else ""


def latest_session(user: int) -> str | None:
    """The person's own session that was used last; one that others share is not home."""
    own = Session.objects.filter(
        members__user=user, members__role="owner", binned_at=None, archived=False
    )
    row = own.order_by("-last_activity").first()
    return row.public_id if row else None


def lacking(session: str, hashes: list[str]) -> list[str]:
    """Which of the blobs do not belong to the session."""
    links = BlobLink.objects.filter(session=uuid.UUID(session), blob__in=hashes)
    known = set(links.values_list("blob_id", flat=True))
    return [name for name in hashes if name not in known]


def blob_in_outputs(session: str, name: str) -> bool:
    """Whether an output of the session names the blob."""
    return EntryBlob.objects.filter(session=uuid.UUID(session), blob=name).exists()


def blob_in_snapshots(session: str, name: str) -> bool:
    """Whether a snapshot of the session names the blob; those of deleted entries are none."""
    return SnapshotBlob.objects.filter(snapshot__session=uuid.UUID(session), blob=name).exists()


def blob_just_uploaded(session: str, name: str) -> bool:
    """Whether the blob was uploaded for the session just now, so that nothing may name it yet.

    A link alone does not say that: what belonged to deleted entries stays linked for a while.
    """
    recent = BlobLink.objects.filter(linked_ms__gt=now_ms() - UNUSED_WHEN_FULL_MS)
    return recent.filter(session=uuid.UUID(session), blob=name).exists()


def head_file(session: str, path: str) -> p.BlobRef | None:
    """The blob of a file as the session's head has it."""
    row = Session.objects.filter(pk=uuid.UUID(session)).only("head").first()
    head = row.snapshots.filter(snapshot=row.head).first() if row and row.head else None
    if head is None:
        return None
    try:
        manifest = p.decode_manifest(blobs.read(head.manifest_hash, head.manifest_size))
    except (blobs.BlobUnreadableError, msgspec.DecodeError):
        return None
    return next((file.blob for file in manifest.files if file.path == path), None)


def last_seq(session: str) -> int:
    """The session's last operation."""
    found = Session.objects.filter(pk=uuid.UUID(session)).aggregate(seq=Max("seq"))
    return found["seq"] or 0
