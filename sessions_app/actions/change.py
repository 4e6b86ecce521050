"""A change of one session: its row locked, operations applied, the difference written.

Every action that touches a session's state goes through ``changing``. It is one transaction; what
it publishes goes out on commit. On PostgreSQL the row is locked; on SQLite the transaction begins
IMMEDIATE, which locks the database.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import msgspec
from django.db import transaction
from django.db.models.functions import Substr
from django.utils import timezone
from msgspec.structs import replace

from sessions_app import blanking, broadcast, cache, direct, hooks, rows, summary
from sessions_app import protocol as p
from sessions_app.clock import now_ms
from sessions_app.errors import ActionError
from sessions_app.limits import limits
from sessions_app.models import Member, OperationRecord, Session
from sessions_app.policy import may
from sessions_app.state import Invalid, apply_operation, find_entry

SERVER = "server"

#: Room for a record's frame around it on the wire, in bytes.
FRAME_ROOM = 128

_RANK = {"viewer": 0, "editor": 1, "owner": 2}

_LOOK_ONLY = "You may look at this session, but not change it."
_OWNER_ONLY = "Only the owner of this session can do that."

_DEFERRED = ("variables", "files", "marks")


class Change:
    """The session's row under lock and its state, which ``apply`` moves on."""

    def __init__(self, row: Session) -> None:
        self.row = row
        self.now = now_ms()
        self.state = cache.state_of(row)
        self.snapshot_blobs: dict[str, list[str]] = {}
        self._written = self.state
        self._records: list[broadcast.Stored] = []
        self._fields: set[str] = set()
        self._blanked: frozenset[int] = frozenset()

    def set(self, **fields: object) -> None:
        """Set fields of the row that are not part of the state."""
        for name, value in fields.items():
            setattr(self.row, name, value)
        self._fields |= set(fields)

    def apply(
        self, operation: p.AnyOperation, *, client: str = SERVER, n: int = 0, fence: int = 0
    ) -> p.Record | Invalid:
        """Give the operation its place and apply it; an invalid one changes nothing."""
        record = p.Record(self.state.seq + 1, self.now, client, n, fence, operation)
        body = p.encode(record)
        if len(body) > p.MAX_FRAME_BYTES - FRAME_ROOM:
            return Invalid("the operation is too large")
        after = apply_operation(self.state, record)
        if isinstance(after, Invalid):
            return after
        self.state = after
        self._records.append(broadcast.Stored(record, body))
        return record

    @property
    def records(self) -> list[p.Record]:
        """What was applied, in order."""
        return [stored.record for stored in self._records]

    def load_entries(self, numbers: Sequence[int], *, outputs: bool) -> None:
        """Put older entries into the state, which holds only the latest ones by itself."""
        absent = [number for number in set(numbers) if find_entry(self.state, number) is None]
        found = rows.load_some(self.row, absent, outputs=outputs)
        if found:
            self.flush()
            entries = tuple(sorted((*found, *self.state.entries), key=lambda entry: entry.number))
            self.state = self._written = replace(self.state, entries=entries)

    def blank(self, numbers: Collection[int]) -> None:
        """Take the text of deleted entries out of the log and out of what will be published."""
        self._blanked |= frozenset(numbers)
        self._records = [_without_text(stored, self._blanked) for stored in self._records]
        heads = self.row.log.values_list("pk", Substr("body", 1, blanking.HEAD_CHARS))
        named = [
            key
            for key, head in heads.iterator(chunk_size=500)
            if blanking.carried_entry(head) in self._blanked
        ]
        for key in named:
            logged = self.row.log.get(pk=key)
            record = msgspec.json.decode(logged.body, type=p.Record)
            stored = _without_text(broadcast.Stored(record, b""), self._blanked)
            self.row.log_bytes = max(0, self.row.log_bytes - len(logged.body) + len(stored.body))
            logged.body = stored.body.decode()
            logged.save(update_fields=["body"])

    def record_of(self, client: str, n: int) -> p.Record | None:
        """A record of this change that is not written yet."""
        return next(
            (
                stored.record
                for stored in self._records
                if (stored.record.client, stored.record.n) == (client, n)
            ),
            None,
        )

    def flush(self) -> None:
        """Write what was applied so far, so that queries see it."""
        if self.state is self._written:
            return
        self._fields |= rows.persist(self.row, self._written, self.state, self.snapshot_blobs)
        self._written = self.state

    def save(self) -> None:
        """Write everything; what others must hear goes out when the transaction commits."""
        self.flush()
        if self._records:
            self._log()
            self.set(last_activity=timezone.now(), idle=False, log_bytes=self.row.log_bytes)
            self._fields.add("history_bytes")
            self.set(**summary.moved_on(self.row, self.state, self.records))
            hooks.run(self.row, self.records)
        if self._fields:
            direct.update(self.row, self._fields)
        if self._records:
            cache.put_pending(self.state)
            publish = partial(_publish, self.state, tuple(self._records), self._blanked)
            transaction.on_commit(publish, robust=True)

    def _log(self) -> None:
        new = [
            OperationRecord(
                session=self.row,
                seq=stored.record.seq,
                at_ms=stored.record.at,
                client=stored.record.client,
                n=stored.record.n,
                fence=stored.record.fence,
                body=stored.body.decode(),
            )
            for stored in self._records
        ]
        direct.insert(new)
        self.row.log_bytes += sum(len(stored.body) for stored in self._records)
        if self.row.log_bytes > limits().log_bytes:
            self.row.log_bytes = shorten_log(self.row, limits().log_bytes // 2)


def _publish(
    state: p.SessionState, records: tuple[broadcast.Stored, ...], deleted: frozenset[int]
) -> None:
    cache.put(state)
    broadcast.publish(state.id, state.epoch, records, deleted)


def _without_text(stored: broadcast.Stored, deleted: Collection[int]) -> broadcast.Stored:
    blank = blanking.blanked(stored.record, deleted)
    return stored if blank is None else broadcast.Stored(blank, p.encode(blank))


def shorten_log(row: Session, room: int) -> int:
    """Remove the oldest records until at most ``room`` bytes remain; gives what remains."""
    kept = 0
    sizes = row.log.order_by("-seq").values_list("seq", "body")
    for seq, body in sizes.iterator(chunk_size=100):
        if kept + len(body) > room:
            row.log.filter(seq__lte=seq).delete()
            break
        kept += len(body)
    return kept


@contextmanager
def changing(session: str) -> Iterator[Change]:
    """Lock a session for a change and save that at the end; an exception undoes all.

    Raises:
        ActionError: ``not-found``, there is no such session.
    """
    try:
        with transaction.atomic():
            change = Change(locked(session))
            yield change
            change.save()
    except BaseException:
        cache.forget_pending(session)
        raise


def locked(session: str, *, binned: bool = False) -> Session:
    """The session's row, locked until the transaction ends; one in the bin only when asked for.

    Raises:
        ActionError: ``not-found``.
    """
    try:
        found = direct.select(Session, defer=_DEFERRED, lock=True, id=uuid.UUID(session))
    except ValueError:
        found = []
    if not found or (found[0].binned_at is not None) is not binned:
        raise ActionError("not-found", "There is no such session.")
    return found[0]


@dataclass(frozen=True)
class Standing:
    """What all of a person's grants in a session come to, until ``expires_ms`` (None: for good).

    ``forks`` is whether they may read the saved values and take them into a session of their own.
    """

    role: str
    forks: bool
    expires_ms: int | None


def standing_of(row: Session, user: int) -> Standing | None:
    """What the person may be in the session now; None for who is no member (any more)."""
    now = now_ms()
    found = direct.select(Member, session_id=row.pk, user_id=user)
    grants = [grant for grant in found if grant.expires_ms is None or grant.expires_ms > now]
    if not grants:
        return None
    role = max((grant.role for grant in grants), key=_RANK.__getitem__)
    ends = [grant.expires_ms for grant in grants if grant.expires_ms is not None]
    forks = role != "viewer" or any(grant.forks for grant in grants)
    return Standing(role, forks, min(ends, default=None))


def role_of(row: Session, user: int) -> str | None:
    """The highest role that the person has in the session now."""
    standing = standing_of(row, user)
    return standing.role if standing else None


def require(row: Session, user: int, deed: str) -> str:
    """The person's role if it allows the deed.

    Raises:
        ActionError: ``not-found`` for who is no member, ``forbidden`` for who may not.
    """
    standing = standing_of(row, user)
    if standing is None:
        raise ActionError("not-found", "There is no such session.")
    if not may(standing.role, deed, forks=standing.forks):
        look_only = standing.role == "viewer"
        raise ActionError("forbidden", _LOOK_ONLY if look_only else _OWNER_ONLY)
    return standing.role
