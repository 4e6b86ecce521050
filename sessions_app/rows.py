"""Between a session's rows and its ``SessionState``: loading, and writing a change's difference.

``persist`` compares two states by identity: ``apply_operation`` keeps what an operation does not
touch, so the rows written are those that changed, whatever the operations were.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from sessions_app import direct
from sessions_app import protocol as p
from sessions_app.models import Blob, Entry, EntryOutput, Session, Snapshot, SnapshotBlob

#: Text of outputs that one page of entries carries, in bytes, but for its newest entry.
PAGE_BYTES = 2 * 1024 * 1024

_entry = msgspec.json.Decoder(p.Entry)
_output = msgspec.json.Decoder(p.Output)
_runner = msgspec.json.Decoder(p.Runner | None)
_variables = msgspec.json.Decoder(tuple[p.VariableRow, ...])
_files = msgspec.json.Decoder(tuple[p.FileRow, ...])
_marks = msgspec.json.Decoder(tuple[p.Mark, ...])
_names = msgspec.json.Decoder(tuple[p.Name, ...])
_unsaved = msgspec.json.Decoder(tuple[p.Unsaved, ...])


def text(value: Any) -> str:
    """JSON text of a value of the protocol."""
    return msgspec.json.encode(value).decode()


def load(row: Session, entries: int | None) -> p.SessionState:
    """The state that the rows say, with at most ``entries`` of the latest entries (None: all)."""
    loaded = load_entries(row, row.next_number, entries)
    return p.SessionState(
        id=row.public_id,
        epoch=row.epoch,
        seq=row.seq,
        title=row.title,
        next_number=row.next_number,
        entries_from=loaded[0].number if loaded else row.next_number,
        entries=loaded,
        variables=_variables.decode(row.variables),
        files=_files.decode(row.files),
        snapshots=tuple(map(snapshot_info, row.snapshots.order_by("created_ms", "pk"))),
        head=row.head,
        marks=_marks.decode(row.marks),
        remakes=_names.decode(row.remakes),
        runner=_runner.decode(row.runner) if row.runner else None,
        reserved=row.reserved,
    )


def load_entries(row: Session, before: int, count: int | None) -> tuple[p.Entry, ...]:
    """Entries with numbers below ``before``: the latest, ``count`` and ``PAGE_BYTES`` at most."""
    found: list[Entry] = []
    room = PAGE_BYTES
    wanted = row.entries.filter(number__lt=before).order_by("-number")
    for entry in wanted if count is None else wanted[:count]:
        room -= entry.output_bytes + len(entry.body)
        if found and room < 0 and count is not None:
            break
        found.append(entry)
    if not found:
        return ()
    outputs: dict[int, list[p.Output]] = {entry.number: [] for entry in found}
    stored = row.outputs.filter(number__gte=found[-1].number, number__lt=before)
    for number, body in stored.order_by("number", "position").values_list("number", "body"):
        outputs[number].append(_output.decode(body))
    return tuple(
        replace(_entry.decode(entry.body), outputs=tuple(outputs[entry.number]))
        for entry in reversed(found)
    )


def load_some(row: Session, numbers: Collection[int], *, outputs: bool) -> tuple[p.Entry, ...]:
    """The entries of these numbers, as far as there are any, with their outputs if wanted."""
    found = []
    for entry in row.entries.filter(number__in=list(numbers)).order_by("number"):
        bodies: Iterable[str] = ()
        if outputs:
            stored = row.outputs.filter(number=entry.number).order_by("position")
            bodies = stored.values_list("body", flat=True)
        shown = tuple(_output.decode(body) for body in bodies)
        found.append(replace(_entry.decode(entry.body), outputs=shown))
    return tuple(found)


def snapshot_info(snapshot: Snapshot) -> p.SnapshotInfo:
    """A snapshot's row as listed in the state."""
    return p.SnapshotInfo(
        id=snapshot.snapshot,
        number=snapshot.number,
        cause=snapshot.cause,  # type: ignore[arg-type]  # written from the same type
        manifest=p.BlobRef(snapshot.manifest_hash, snapshot.manifest_size),
        bytes=snapshot.bytes,
        created_at=snapshot.created_ms,
        parent=snapshot.parent,
        unsaved=_unsaved.decode(snapshot.unsaved),
        label=snapshot.label,
    )


def persist(
    row: Session,
    before: p.SessionState,
    after: p.SessionState,
    snapshot_blobs: Mapping[str, Sequence[str]],
) -> set[str]:
    """Write the difference; give the names of the fields of ``row`` that were set, not saved.

    ``snapshot_blobs`` has the hashes that each new snapshot names, its manifest included.
    """
    _persist_entries(row, before, after)
    if after.snapshots is not before.snapshots:
        _persist_snapshots(row, before, after, snapshot_blobs)
    changed: dict[str, Any] = {}
    for name in ("variables", "files", "marks", "remakes"):
        if getattr(after, name) is not getattr(before, name):
            changed[name] = text(getattr(after, name))
    for name in ("seq", "title", "next_number", "head", "reserved"):
        if getattr(after, name) != getattr(before, name):
            changed[name] = getattr(after, name)
    if after.runner != before.runner:
        changed["runner"] = text(after.runner) if after.runner else None
    for name, value in changed.items():
        setattr(row, name, value)
    return set(changed)


def _persist_entries(row: Session, before: p.SessionState, after: p.SessionState) -> None:
    earlier = {entry.number: entry for entry in before.entries}
    for entry in after.entries:
        old = earlier.get(entry.number)
        if old is entry:
            continue
        body = text(replace(entry, outputs=()))
        if entry.deleted and not entry.outputs:
            _persist_tombstone(row, entry, body)
            continue
        written = _persist_outputs(row, entry.number, old.outputs if old else (), entry.outputs)
        row.history_bytes += written + (0 if old else len(body))
        if old is None:
            stored = Entry(session=row, number=entry.number, status=entry.status, body=body)
            stored.output_bytes = written
            direct.insert([stored])
            continue
        stored = direct.select(Entry, session_id=row.pk, number=entry.number)[0]
        if old.deleted:
            row.history_bytes += len(body) - len(stored.body)
        stored.status, stored.body = entry.status, body
        stored.output_bytes += written
        direct.update(stored, ("status", "body", "output_bytes"))


def _persist_tombstone(row: Session, entry: p.Entry, body: str) -> None:
    """An entry without its text; all its outputs go, whether they were loaded or not."""
    row.outputs.filter(number=entry.number).delete()
    stored = direct.select(Entry, session_id=row.pk, number=entry.number)[0]
    freed = stored.output_bytes + len(stored.body) - len(body)
    row.history_bytes = max(0, row.history_bytes - freed)
    stored.status, stored.body, stored.output_bytes = entry.status, body, 0
    direct.update(stored, ("status", "body", "output_bytes"))


def _persist_outputs(
    row: Session, number: int, before: Sequence[p.Output], after: Sequence[p.Output]
) -> int:
    """Append outputs; only the last earlier one can have grown. Gives the bytes added."""
    if after is before:
        return 0
    same = len(before)
    added = 0
    if before and after[same - 1] is not before[-1]:
        same -= 1
        added -= len(text(before[-1]))
        EntryOutput.objects.filter(session=row, number=number, position=same).delete()
    new = [
        EntryOutput(session=row, number=number, position=position, body=text(output))
        for position, output in enumerate(after[same:], start=same)
    ]
    direct.insert(new)
    return added + sum(len(output.body) for output in new)


def _persist_snapshots(
    row: Session,
    before: p.SessionState,
    after: p.SessionState,
    snapshot_blobs: Mapping[str, Sequence[str]],
) -> None:
    kept = {info.id for info in after.snapshots}
    gone = [info.id for info in before.snapshots if info.id not in kept]
    if gone:
        Snapshot.objects.filter(session=row, snapshot__in=gone).delete()
    known = {info.id: info for info in before.snapshots}
    for info in after.snapshots:
        old = known.get(info.id)
        if old is None:
            add_snapshot(row, info, snapshot_blobs[info.id])
        elif old.label != info.label or old.parent != info.parent:
            changed = row.snapshots.filter(snapshot=info.id)
            changed.update(label=info.label, parent=info.parent)


def add_snapshot(row: Session, info: p.SnapshotInfo, hashes: Sequence[str]) -> None:
    """Write a snapshot and the blobs that it names."""
    blobs = Blob.objects.in_bulk(hashes)
    snapshot = Snapshot.objects.create(
        session=row,
        snapshot=info.id,
        number=info.number,
        cause=info.cause,
        manifest_hash=info.manifest.hash,
        manifest_size=info.manifest.size,
        parent=info.parent,
        bytes=info.bytes,
        stored_bytes=sum(blob.stored_bytes for blob in blobs.values()),
        label=info.label,
        created_ms=info.created_at,
        unsaved=text(info.unsaved),
    )
    SnapshotBlob.objects.bulk_create(
        [SnapshotBlob(snapshot=snapshot, blob_id=name) for name in blobs], batch_size=400
    )
