"""Snapshots and blobs of a session: linking uploads, keeping to the limits, making room.

A blob belongs to a session by a link. A link that nothing refers to goes after a while; the blob's
file goes when no session links it (``sweep_blob``).
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from sessions_app import blobs, jobs, storage, thinning
from sessions_app import protocol as p
from sessions_app.actions.change import Change, changing, locked, require
from sessions_app.actions.checks import output_blobs
from sessions_app.clock import now_ms
from sessions_app.errors import ActionError
from sessions_app.limits import limits
from sessions_app.models import Blob, BlobLink, EntryBlob, Session, SnapshotBlob
from sessions_app.state import Invalid

#: Uploads that no snapshot has named yet are kept so long; when room is short, less long.
UNUSED_MS = 24 * 3600 * 1000
UNUSED_WHEN_FULL_MS = 10 * 60 * 1000

#: States before the present one that are kept however old they are, for undo.
UNDO_STEPS = 50

#: Snapshots that one thinning removes at most; the next one goes on.
AT_ONCE = 500

#: A file without any link is kept so long.
SWEEP_AFTER_MS = 3600 * 1000


class BlobGoneError(Exception):
    """The file was swept between its upload and its row: store it again."""


def link_blob(session: str, user: int, name: str, size: int, stored_bytes: int) -> None:
    """Say that a blob whose file is stored belongs to a session.

    Raises:
        ActionError: ``not-found``, ``forbidden``; ``limit``, the session or account is full.
        BlobGoneError: the file is not there.
    """
    with transaction.atomic():
        row = locked(session)
        require(row, user, "upload")
        if BlobLink.objects.filter(session=row, blob=name).exists():
            BlobLink.objects.filter(session=row, blob=name).update(linked_ms=now_ms())
            return
        _make_room_for_upload(row, stored_bytes)
        blob = _blob_row(name, size, stored_bytes)
        if not blobs.exists(name):
            raise BlobGoneError(name)
        BlobLink.objects.create(session=row, blob=blob, linked_ms=now_ms())
        row.stored_bytes += blob.stored_bytes
        row.save(update_fields=["stored_bytes"])


def _blob_row(name: str, size: int, stored_bytes: int) -> Blob:
    defaults = {"size": size, "stored_bytes": stored_bytes}
    # Locked, so that the sweeper cannot remove it before the link is there.
    blob, _ = Blob.objects.select_for_update().get_or_create(pk=name, defaults=defaults)
    return blob


def _make_room_for_upload(row: Session, stored_bytes: int) -> None:
    """Until a snapshot is accepted, its uploads stand beside the earlier ones: twice the limit."""
    most = 2 * limits().session_bytes
    if row.stored_bytes + stored_bytes > most:
        release_unused(row, UNUSED_WHEN_FULL_MS)
    if row.stored_bytes + stored_bytes > most:
        raise ActionError("limit", "This session has no room for more data.")
    rest = storage.of_owner_elsewhere(row)
    if rest + row.stored_bytes + stored_bytes > limits().account_bytes + limits().session_bytes:
        raise ActionError("limit", "Your sessions have no room for more data.")


def remember_blobs(change: Change, operation: p.AppendOutput | p.RestoreEntry) -> None:
    """Note which blobs an entry's outputs name, so that they stay."""
    named = {ref.hash for output in operation.outputs for ref in output_blobs(output)}
    EntryBlob.objects.bulk_create(
        [EntryBlob(session=change.row, number=operation.number, blob_id=name) for name in named],
        ignore_conflicts=True,
    )


def prune(change: Change) -> None:
    """After a save: drop the oldest snapshots, those with a label last, until the limits hold."""
    change.flush()
    row, most = change.row, limits()
    surplus = len(change.state.snapshots) - most.max_snapshots
    if surplus > 0:
        _drop(change, _oldest(change)[:surplus])
    if row.stored_bytes > most.session_bytes:
        release_unused(row, UNUSED_WHEN_FULL_MS)
    while row.stored_bytes > most.session_bytes:
        oldest = _oldest(change)
        if not oldest:
            break
        _drop(change, oldest[:1])
    change.set(stored_bytes=row.stored_bytes)


def rules() -> thinning.Rules:
    """How automatic snapshots are thinned with age."""
    most = limits()
    return thinning.Rules(most.keep_all_hours, most.keep_hourly_days, UNDO_STEPS)


def thin_snapshots(session: str) -> int:
    """Remove the automatic snapshots of a session that have outgrown; gives how many went.

    Their blobs stay linked for a day, as an undone deletion may need them, and are counted then.
    """
    with changing(session) as change:
        dated = [
            thinning.Dated(info.id, info.created_at, info.label is not None, info.parent)
            for info in change.state.snapshots
        ]
        gone = thinning.outgrown(dated, change.state.head, change.now, rules())[:AT_ONCE]
        if not gone:
            return 0
        candidates = _named_by(change, gone)
        result = change.apply(p.RemoveSnapshots(gone))
        if isinstance(result, Invalid):
            raise ActionError("invalid", result.reason)
        change.flush()
        for start in range(0, len(candidates), 500):
            some = _unused(change.row).filter(blob__in=candidates[start : start + 500])
            some.update(linked_ms=change.now)
        jobs.enqueue("count_storage", [session], f"count:{session}", UNUSED_MS + 60_000)
        return len(gone)


def _named_by(change: Change, ids: Sequence[str]) -> list[str]:
    """The blobs that some snapshots name."""
    named = SnapshotBlob.objects.filter(
        snapshot__session=change.row, snapshot__snapshot__in=list(ids)
    )
    return list(set(named.values_list("blob_id", flat=True)))


def _oldest(change: Change) -> list[str]:
    state = change.state
    others = [info for info in state.snapshots if info.id != state.head]
    return [info.id for info in sorted(others, key=lambda info: info.label is not None)]


def _drop(change: Change, ids: Sequence[str]) -> None:
    if not ids:
        return
    candidates = set(_named_by(change, ids))
    result = change.apply(p.RemoveSnapshots(tuple(ids)))
    if isinstance(result, Invalid):
        raise ActionError("invalid", result.reason)
    change.flush()
    release(change.row, candidates)


def let_go(row: Session, candidates: set[str]) -> None:
    """Keep the blobs of deleted entries and their snapshots only for as long as that can be undone.

    They count as uploaded a while ago: nobody reads them, and they go first when room is short.
    """
    names = list(candidates)
    for start in range(0, len(names), 500):
        some = _unused(row).filter(blob__in=names[start : start + 500])
        some.update(linked_ms=now_ms() - UNUSED_WHEN_FULL_MS)


def release(row: Session, candidates: set[str]) -> None:
    """Unlink those blobs of a removed snapshot that nothing in the session names any more."""
    names = list(candidates)
    for start in range(0, len(names), 500):
        _unused(row).filter(blob__in=names[start : start + 500]).delete()
    row.stored_bytes = storage.of_session(row)


def release_unused(row: Session, age_ms: int) -> None:
    """Unlink uploads older than ``age_ms`` that nothing names; count what remains."""
    _unused(row).filter(linked_ms__lte=now_ms() - age_ms).delete()
    row.stored_bytes = storage.of_session(row)
    row.save(update_fields=["stored_bytes"])


def _unused(row: Session) -> QuerySet[BlobLink]:
    in_snapshot = SnapshotBlob.objects.filter(blob=OuterRef("blob"), snapshot__session=row)
    in_output = EntryBlob.objects.filter(blob=OuterRef("blob"), session=row)
    return BlobLink.objects.filter(~Exists(in_snapshot), ~Exists(in_output), session=row)


def count_storage(session: str) -> None:
    """Let go of old uploads that nothing names and count the session's stored bytes afresh."""
    with transaction.atomic():
        release_unused(locked(session), UNUSED_MS)


def sweep_blob(name: str, after_ms: int = SWEEP_AFTER_MS) -> bool:
    """Remove a blob that no session links, file and row, if it was not touched for ``after_ms``.

    Says whether it did.
    """
    with transaction.atomic():
        # A file without a row gets one for as long as this takes: there is nothing else to lock
        # against an upload of the same bytes on a database of several writers.
        defaults = {"size": 0, "stored_bytes": 0}
        blob, _ = Blob.objects.select_for_update().get_or_create(pk=name, defaults=defaults)
        if BlobLink.objects.filter(blob=blob).exists():
            return False
        if blobs.age_ms(name) < after_ms:
            return _keep(blob)
        blob.delete()
        # Before the row's removal commits, so that an upload that waits for it sees the file gone.
        blobs.remove(name)
        return True


def _keep(blob: Blob) -> bool:
    """Leave a young file as it was; a row that only served as a lock goes."""
    if blob.stored_bytes == 0:
        blob.delete()
    return False
