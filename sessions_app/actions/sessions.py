"""Making sessions, forking them, and moving them from a guest to an account."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import msgspec
from django.db import transaction
from django.utils import timezone
from msgspec.structs import replace

from sessions_app import blobs, broadcast, rows, storage, summary, titles
from sessions_app import protocol as p
from sessions_app.actions.change import locked, require
from sessions_app.clock import now_ms
from sessions_app.errors import ActionError
from sessions_app.limits import limits
from sessions_app.lineage import heir
from sessions_app.models import (
    BlobLink,
    ClientCursor,
    Entry,
    EntryBlob,
    EntryOutput,
    Member,
    Session,
    SnapshotBlob,
)

DEFAULT_TITLE = p.DEFAULT_TITLE
DEFAULT_RUNTIME = "python"


def create_session(user: int, title: str = DEFAULT_TITLE, runtime: str = DEFAULT_RUNTIME) -> str:
    """Make an empty session that ``user`` owns; gives its id.

    Raises:
        ActionError: ``invalid``, the title cannot be one (``titles.py``) or the runtime unknown.
    """
    title = titles.checked(title)
    if runtime != DEFAULT_RUNTIME:
        raise ActionError("invalid", "There is no such runtime.")
    with transaction.atomic():
        row = Session.objects.create(title=title, runtime=runtime, last_activity=timezone.now())
        Member.objects.create(session=row, user_id=user, role="owner")
    return row.public_id


def fork_session(session: str, user: int, number: int | None = None) -> str:
    """Make a session of ``user`` from another as it was after entry ``number`` (None: as it is).

    Rows are copied and point at the same blobs. Gives the new session's id.

    Raises:
        ActionError: ``not-found``, ``forbidden``; ``invalid``, there is no such entry; ``limit``.
    """
    with transaction.atomic():
        source = locked(session)
        role = require(source, user, "fork")
        state = rows.load(source, 0)
        last = state.next_number - 1
        if number is not None and not 0 <= number <= last:
            raise ActionError("invalid", f"There is no entry #{number}.")
        upto = last if number is None else number
        head = _head_at(state, None if upto == last else upto)
        fork = Session.objects.create(
            title=_fork_title(source.title),
            runtime=source.runtime,
            last_activity=timezone.now(),
            next_number=upto + 1,
            forked_from=source,
            forked_at=upto,
            # Nothing runs by itself for somebody who did not say so.
            remakes=source.remakes if role == "owner" else "[]",
        )
        Member.objects.create(session=fork, user_id=user, role="owner")
        _copy_entries(source, fork, upto)
        _copy_snapshots(source, fork, state, upto, head)
        _copy_lists(fork, state, upto, head)
        summary.of_rows(fork)
        fork.stored_bytes = storage.of_session(fork)
        if storage.of_owner_elsewhere(fork) + fork.stored_bytes > limits().account_bytes:
            raise ActionError("limit", "Your sessions have no room for another one of this size.")
        fork.save()
    return fork.public_id


def _fork_title(title: str) -> str:
    return f"Fork of {title.removeprefix('Fork of ')}"[:200]


def _head_at(state: p.SessionState, upto: int | None) -> p.SnapshotInfo | None:
    """The snapshot that a fork stands on: the head, or the latest of the last number up to it."""
    if upto is None:
        return next((info for info in state.snapshots if info.id == state.head), None)
    candidates = [info for info in state.snapshots if info.number <= upto]
    return max(reversed(candidates), key=lambda info: info.number, default=None)


def _copy_entries(source: Session, fork: Session, upto: int) -> None:
    decode = msgspec.json.Decoder(p.Entry).decode
    copies = []
    for entry in source.entries.filter(number__lte=upto).order_by("number"):
        body = replace(decode(entry.body), fence=0)
        if body.status in ("queued", "running"):
            body = replace(body, status="interrupted", lost=True)
        copies.append(
            Entry(
                session=fork,
                number=entry.number,
                status=body.status,
                body=rows.text(body),
                output_bytes=entry.output_bytes,
            )
        )
        fork.history_bytes += entry.output_bytes + len(entry.body)
    Entry.objects.bulk_create(copies, batch_size=100)
    outputs = source.outputs.filter(number__lte=upto).order_by("number", "position")
    batch = []
    for output in outputs.iterator(chunk_size=200):
        batch.append(
            EntryOutput(
                session=fork, number=output.number, position=output.position, body=output.body
            )
        )
        if len(batch) == 200:
            EntryOutput.objects.bulk_create(batch)
            batch = []
    EntryOutput.objects.bulk_create(batch)
    named = source.entry_blobs.filter(number__lte=upto).values_list("number", "blob_id")
    EntryBlob.objects.bulk_create(
        [EntryBlob(session=fork, number=number, blob_id=blob) for number, blob in named],
        batch_size=200,
    )
    _link(fork, {blob for _, blob in named})


def _copy_snapshots(
    source: Session,
    fork: Session,
    state: p.SessionState,
    upto: int,
    head: p.SnapshotInfo | None,
) -> None:
    """Copy the snapshots that stand for entries of the fork, each below its nearest ancestor."""
    ids = {info.id for info in state.snapshots if info.number <= upto}
    if head is not None:
        ids.add(head.id)
    copied = source.snapshots.filter(snapshot__in=ids) if len(ids) < 400 else source.snapshots.all()
    others = {info.id: info.parent for info in state.snapshots if info.id not in ids}
    hashes: set[str] = set()
    for snapshot in copied.order_by("pk"):
        if snapshot.snapshot not in ids:
            continue
        names = list(snapshot.snapshot_blobs.values_list("blob_id", flat=True))
        snapshot.pk = None
        snapshot._state.adding = True
        snapshot.session = fork
        parent = heir(snapshot.parent, others)
        snapshot.parent = parent if parent in ids else None
        snapshot.save()
        SnapshotBlob.objects.bulk_create(
            [SnapshotBlob(snapshot=snapshot, blob_id=name) for name in names], batch_size=400
        )
        hashes.update(names)
    _link(fork, hashes)
    fork.head = head.id if head else None


def _copy_lists(
    fork: Session, state: p.SessionState, upto: int, head: p.SnapshotInfo | None
) -> None:
    """The tables of variables and files, as far as they are known for the fork's head.

    The table of variables at an earlier snapshot is not kept; the runtime tells it when it has
    restored the values. The files are in the manifest.
    """
    fork.marks = rows.text(tuple(mark for mark in state.marks if mark.after <= upto))
    if head is not None and head.id == state.head:
        fork.variables, fork.files = rows.text(state.variables), rows.text(state.files)
    elif head is not None:
        try:
            manifest = p.decode_manifest(blobs.read(head.manifest.hash, head.manifest.size))
        except (blobs.BlobUnreadableError, msgspec.DecodeError):
            return
        files = [p.FileRow(f.path, f.blob.size, f.modified_at) for f in manifest.files]
        fork.files = rows.text(files[: p.MAX_FILES])


def _link(fork: Session, hashes: set[str]) -> None:
    BlobLink.objects.bulk_create(
        [BlobLink(session=fork, blob_id=name, linked_ms=now_ms()) for name in sorted(hashes)],
        batch_size=200,
        ignore_conflicts=True,
    )


def transfer_members(source: int, target: int, sessions: Sequence[str] | None = None) -> int:
    """Give what the guest ``source`` has to ``target``: its sessions (of ``sessions``, if given).

    Where both are members, the higher role remains. What is in the guest's bin comes along into the
    bin, when anything does. Gives how many sessions moved that are not in the bin.
    """
    with transaction.atomic():
        mine = Session.objects.filter(members__user=source, doomed=False).distinct()
        wanted = list(mine.filter(binned_at=None).order_by("pk"))
        if sessions is not None:
            wanted = [row for row in wanted if row.public_id in set(sessions)]
        binned = list(mine.filter(binned_at__isnull=False).order_by("pk")) if wanted else []
        for row in [*wanted, *binned]:
            _transfer(locked(row.public_id, binned=row in binned), source, target)
    return len(wanted)


def _transfer(row: Session, source: int, target: int) -> None:
    for member in Member.objects.filter(session=row, user=source):
        same = Member.objects.filter(session=row, user=target, granted_by=member.granted_by)
        if same.exists():
            if member.role != "owner":
                member.delete()
                continue
            same.delete()
        member.user_id = target
        member.save(update_fields=["user"])
    # What the guest's tabs could not send yet is the account's from now on.
    ClientCursor.objects.filter(session=row, user=source).update(user=target)
    if row.runner_user_id == source:
        row.runner_user_id = target
        row.save(update_fields=["runner_user"])
    changed = {"type": "membership.changed"}
    transaction.on_commit(partial(broadcast.send, row.public_id, changed), robust=True)
