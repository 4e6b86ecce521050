"""Exports and imports as the database knows them, and the one action that writes an import."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import msgspec
from django.db import transaction
from django.utils import timezone
from msgspec.structs import replace

from sessions_app import blobs, jobs, rows, storage, summary
from sessions_app import protocol as p
from sessions_app.actions.checks import output_blobs
from sessions_app.actions.snapshots import BlobGoneError
from sessions_app.clock import now_ms
from sessions_app.errors import ActionError
from sessions_app.exchange.incoming import Plan, plan_file
from sessions_app.limits import limits
from sessions_app.models import (
    Blob,
    BlobLink,
    Entry,
    EntryBlob,
    EntryOutput,
    Job,
    Member,
    Session,
    Transfer,
)

#: What came of an export or import is kept so long.
KEPT_MS = 3600 * 1000

#: Exports and imports of one person that are kept at once.
MAX_KEPT = 30

#: Of these at most so many wait or run.
MAX_OPEN = 4

JOB = "transfer"


def begin_transfer(
    user: int, kind: str, form: str, name: str, session: str, key: str, *, later: bool
) -> None:
    """Note an export or import under the id ``key``; with ``later`` a worker does it.

    Raises:
        ActionError: ``busy``, the person has too many already.
    """
    now = now_ms()
    with transaction.atomic():
        mine = Transfer.objects.filter(owner_id=user, expires_ms__gt=now)
        if mine.filter(state__in=["waiting", "running"]).count() >= MAX_OPEN:
            raise ActionError("busy", "Wait until your other exports and imports are done.")
        if mine.count() >= MAX_KEPT:
            raise ActionError("busy", "That were many exports and imports. Try again in an hour.")
        Transfer.objects.create(
            pk=uuid.UUID(key),
            owner_id=user,
            kind=kind,
            form=form,
            name=name[:300],
            session=session,
            state="waiting" if later else "running",
            created_ms=now,
            expires_ms=now + KEPT_MS,
        )
        if later:
            jobs.enqueue(JOB, [key], f"{JOB}:{key}")


def note_progress(key: str, progress: float) -> None:
    """Say how far it is, from 0 to 1; the worker that says so keeps its job."""
    with transaction.atomic():
        Transfer.objects.filter(pk=uuid.UUID(key), state__in=["waiting", "running"]).update(
            state="running", progress=progress
        )
        Job.objects.filter(unique_key=f"{JOB}:{key}", state="running").update(
            lease_until_ms=now_ms() + jobs.JOB_LEASE_MS
        )


def finish_transfer(key: str, name: str, size: int, notes: list[str]) -> None:
    """It is done; its result is kept from now on."""
    Transfer.objects.filter(pk=uuid.UUID(key), state__in=["waiting", "running"]).update(
        state="done",
        progress=1,
        name=name[:300],
        size=size,
        notes=notes,
        expires_ms=now_ms() + KEPT_MS,
    )


def fail_transfer(key: str, message: str) -> None:
    """It could not be done, for the reason given."""
    Transfer.objects.filter(pk=uuid.UUID(key), state__in=["waiting", "running"]).update(
        state="failed", message=message[:1000], expires_ms=now_ms() + KEPT_MS
    )


def remove_transfer(key: str) -> None:
    """Forget one whose time is over."""
    Transfer.objects.filter(pk=uuid.UUID(key), expires_ms__lte=now_ms()).delete()


def import_session(user: int, plan: Plan, transfer: str) -> str:
    """Write a plan as a session of ``user``, and note its id; a second time it gives the first.

    Raises:
        ActionError: ``not-found``, nobody waits for it any more; ``limit``.
        BlobGoneError: a blob was swept since it was stored.
    """
    with transaction.atomic():
        asked = Transfer.objects.select_for_update().filter(pk=uuid.UUID(transfer)).first()
        if asked is None or asked.owner_id != user:
            raise ActionError("not-found", "This import was given up.")
        if asked.session:
            return asked.session
        row = Session.objects.create(
            title=plan.title,
            runtime=plan.runtime,
            last_activity=timezone.now(),
            next_number=plan.next_number,
            head=plan.head,
            variables=rows.text(plan.variables),
            files=rows.text(plan.files),
            marks=rows.text(plan.marks),
        )
        Member.objects.create(session=row, user_id=user, role="owner")
        _write_blobs(row, plan)
        _write_entries(row, plan)
        for planned in plan.snapshots:
            rows.add_snapshot(row, planned.info, planned.hashes)
        summary.of_rows(row)
        row.stored_bytes = storage.of_session(row)
        if storage.of_owner_elsewhere(row) + row.stored_bytes > limits().account_bytes:
            raise ActionError("limit", "Your sessions have no room for another one of this size.")
        row.save()
        asked.session = row.public_id
        asked.save(update_fields=["session"])
    return row.public_id


def import_planned(user: int, transfer: str) -> str:
    """``import_session`` with the plan that a worker left in a file.

    Raises:
        ActionError: as that does; ``busy``, another worker did it just now.
    """
    path = plan_file(transfer)
    try:
        plan = msgspec.msgpack.decode(path.read_bytes(), type=Plan)
    except FileNotFoundError:
        raise ActionError("busy", "Please try again.") from None
    try:
        return import_session(user, plan, transfer)
    finally:
        path.unlink(missing_ok=True)


def _write_blobs(row: Session, plan: Plan) -> None:
    for name, planned in plan.blobs.items():
        defaults = {"size": planned.size, "stored_bytes": planned.stored_bytes}
        # Locked, so that the sweeper cannot remove it before the link is there.
        Blob.objects.select_for_update().get_or_create(pk=name, defaults=defaults)
        if not blobs.exists(name):
            raise BlobGoneError(name)
    now = now_ms()
    BlobLink.objects.bulk_create(
        [BlobLink(session=row, blob_id=name, linked_ms=now) for name in plan.blobs],
        batch_size=200,
    )


def _write_entries(row: Session, plan: Plan) -> None:
    stored: list[Entry] = []
    for entry in plan.entries:
        body = rows.text(replace(entry, outputs=()))
        shown = [rows.text(output) for output in entry.outputs]
        size = sum(map(len, shown))
        row.history_bytes += size + len(body)
        stored.append(
            Entry(
                session=row,
                number=entry.number,
                status=entry.status,
                body=body,
                output_bytes=size,
            )
        )
        EntryOutput.objects.bulk_create(
            [
                EntryOutput(session=row, number=entry.number, position=place, body=text)
                for place, text in enumerate(shown)
            ],
            batch_size=200,
        )
    Entry.objects.bulk_create(stored, batch_size=100)
    EntryBlob.objects.bulk_create(
        [EntryBlob(session=row, number=number, blob_id=name) for number, name in _named(plan)],
        batch_size=200,
    )


def _named(plan: Plan) -> Iterator[tuple[int, str]]:
    for entry in plan.entries:
        refs: list[p.BlobRef] = [ref for output in entry.outputs for ref in output_blobs(output)]
        for name in {ref.hash for ref in refs}:
            yield entry.number, name
