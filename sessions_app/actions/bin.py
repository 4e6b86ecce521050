"""The bin: sessions that their owner deleted, or that nobody used for long, kept for some days.

For everything but its owner's list a session in the bin does not exist: ``locked`` and
``find_session`` do not find it, so pages, sockets, links and uploads say so. What leaves the bin is
doomed first, in one short transaction, and then removed row by row in batches, since one long
transaction would hold up everybody on SQLite. Forks have rows of their own and live on.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from sessions_app import broadcast, cache, jobs
from sessions_app.actions.change import locked, require
from sessions_app.errors import ActionError
from sessions_app.limits import limits
from sessions_app.models import Member, Session, SnapshotBlob

#: Rows that one batch of a removal takes.
BATCH_ROWS = 1_000


def bin_session(session: str, user: int, at_ms: int) -> None:
    """Put a session into its owner's bin; sessions of one deed carry the same ``at_ms``.

    Raises:
        ActionError: ``not-found``, ``forbidden``.
    """
    with transaction.atomic():
        row = locked(session)
        require(row, user, "bin")
        _bin(row, datetime.fromtimestamp(at_ms / 1000, UTC))


def bin_old_session(session: str) -> bool:
    """Put a guest's session into the bin if nobody used it for the days of the setting."""
    with transaction.atomic():
        row = locked(session)
        if not old_guest_sessions().filter(pk=row.pk).exists():
            return False
        row.binned_by_age = True
        _bin(row, timezone.now())
        return True


def old_guest_sessions(spare_days: int = 0) -> QuerySet[Session]:
    """Sessions that age takes now (or within ``spare_days``): no account or class has a part."""
    before = timezone.now() - timedelta(days=limits().guest_days - spare_days)
    keeping = Q(user__is_guest=False) | Q(granted_by__startswith="class")
    return Session.objects.filter(
        binned_at=None,
        last_activity__lt=before,
        members__role="owner",
        members__user__is_guest=True,
    ).exclude(pk__in=Member.objects.filter(keeping).values("session"))


def _bin(row: Session, at: datetime) -> None:
    row.binned_at = at
    row.save(update_fields=["binned_at", "binned_by_age"])
    _tell(row)


def _tell(row: Session) -> None:
    changed = {"type": "membership.changed"}
    transaction.on_commit(partial(broadcast.send, row.public_id, changed), robust=True)


def restore_session(session: str, user: int) -> None:
    """Take a session out of the bin.

    Raises:
        ActionError: ``not-found``, also for one that is being removed; ``forbidden``.
    """
    with transaction.atomic():
        row = _in_bin(session, user)
        if row.binned_by_age:
            # Else its age would take it again in the next round.
            row.last_activity = timezone.now()
        row.binned_at, row.binned_by_age = None, False
        row.save(update_fields=["binned_at", "binned_by_age", "last_activity"])


def doom_session(session: str, user: int) -> None:
    """Remove a session that is in the bin for good, now.

    Raises:
        ActionError: ``not-found``, ``forbidden``.
    """
    with transaction.atomic():
        _doom(_in_bin(session, user))


def doom_old_session(session: str) -> bool:
    """Remove a session for good whose days in the bin are over."""
    with transaction.atomic():
        row = locked(session, binned=True)
        over = timezone.now() - timedelta(days=limits().bin_days)
        if row.doomed or row.binned_at is None or row.binned_at > over:
            return False
        _doom(row)
        return True


def _in_bin(session: str, user: int) -> Session:
    row = locked(session, binned=True)
    require(row, user, "bin")
    if row.doomed:
        raise ActionError("not-found", "This session has been removed.")
    return row


def _doom(row: Session) -> None:
    row.doomed = True
    row.save(update_fields=["doomed"])
    jobs.enqueue("purge_session", [row.public_id], f"purge:{row.public_id}")


def doom_sessions_of(user: int) -> int:
    """Remove everything that the person owns, and their place in what others own.

    Gives how many sessions are going.
    """
    with transaction.atomic():
        members = Member.objects.filter(user=user).select_related("session")
        owned = set(members.filter(role="owner").values_list("session", flat=True))
        for row in {member.session_id: member.session for member in members}.values():
            _end_part(locked(row.public_id, binned=row.binned_at is not None), row.pk in owned)
        members.delete()
    return len(owned)


def _end_part(row: Session, owns: bool) -> None:
    if owns and not row.doomed:
        row.binned_at = row.binned_at or timezone.now()
        row.save(update_fields=["binned_at"])
        _doom(row)
    _tell(row)


def purge_session(session: str) -> bool:
    """Remove a batch of a doomed session's rows; says whether the last of it is gone.

    Its blobs' files go when no other session links them (``sweep_blob``).
    """
    with transaction.atomic():
        row = locked(session, binned=True)
        if not row.doomed:
            return True
        room = BATCH_ROWS
        for rows_of in _parts(row):
            if room <= 0:
                return False
            doomed = list(rows_of.values_list("pk", flat=True)[:room])
            for start in range(0, len(doomed), 500):
                rows_of.model._default_manager.filter(pk__in=doomed[start : start + 500]).delete()
            room -= len(doomed)
        if room <= 0:
            return False
        row.delete()
        transaction.on_commit(partial(cache.forget, session), robust=True)
        return True


def _parts(row: Session) -> list[QuerySet]:  # type: ignore[type-arg]  # of several models
    """What a session consists of, in an order in which nothing is named that is gone."""
    return [
        row.log.all(),
        row.outputs.all(),
        row.entry_blobs.all(),
        row.entries.all(),
        SnapshotBlob.objects.filter(snapshot__session=row),
        row.snapshots.all(),
        row.blob_links.all(),
        row.cursors.all(),
    ]
