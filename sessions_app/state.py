"""The one pure function that changes a session.

``apply_operation(state, record)`` gives the state after a record, or ``Invalid`` when the operation
does not fit the state. It knows no clock, no database and no user: the record carries all it needs,
so any replica that applies the same records has the same state. ``frontend/src/session/reducer.ts``
is the same function for browsers; ``tests/fixtures/operations/*.json`` holds both to it.

An invalid operation is ordinary: two tabs race, one comes second. It is dropped and its sender
told.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import assert_never

from msgspec.structs import replace

from sessions_app import lineage
from sessions_app import protocol as p

#: Marks kept in the state; older ones are dropped from the front.
MAX_MARKS = 200


@dataclass(frozen=True)
class Invalid:
    """The operation does not fit the state, for the reason given."""

    reason: str


def apply_operation(state: p.SessionState, record: p.Record) -> p.SessionState | Invalid:
    """Apply the record that follows ``state``: ``record.seq`` must be ``state.seq + 1``."""
    if record.seq != state.seq + 1:
        return Invalid(f"operation {record.seq} does not follow {state.seq}")
    result = _apply(state, record)
    return result if isinstance(result, Invalid) else replace(result, seq=record.seq)


def _apply(state: p.SessionState, record: p.Record) -> p.SessionState | Invalid:
    match record.operation:
        case p.StartExecution() as operation:
            return _start_execution(state, record, operation)
        case p.AppendOutput() as operation:
            return _append_output(state, operation)
        case p.FinishExecution() as operation:
            return _finish_execution(state, operation)
        case p.DeleteEntry(numbers=numbers):
            return _delete_entries(state, numbers)
        case p.RestoreEntry() as operation:
            return _restore_entry(state, operation)
        case p.ReturnSnapshot(snapshot=info, children=children):
            return _return_snapshot(state, info, children)
        case p.PinEntry(number=number, pinned=pinned):
            return _pin_entry(state, number, pinned=pinned)
        case p.SetVariables(changed=changed, removed=removed):
            rows = _merge(state.variables, changed, removed, lambda row: row.name)
            if len(rows) > p.MAX_VARIABLES:
                return Invalid("too many variables")
            return replace(state, variables=rows)
        case p.SetFiles(changed=files, removed=paths):
            listed = _merge(state.files, files, paths, lambda row: row.path)
            if len(listed) > p.MAX_FILES:
                return Invalid("too many files")
            return replace(state, files=listed)
        case p.SnapshotSaved() as operation:
            return _snapshot_saved(state, record, operation)
        case p.RestoreSnapshot(snapshot=wanted):
            target = find_snapshot(state, wanted)
            if target is None and wanted is not None:
                return Invalid("no such snapshot")
            number = target.number if target else 0
            mark = p.Mark(state.next_number - 1, "restore", record.at, number)
            return replace(state, head=wanted, marks=_with_mark(state, mark))
        case p.LabelSnapshot(snapshot=wanted, label=label):
            return _label_snapshot(state, wanted, label)
        case p.SetRemake(name=name, always=always):
            others = tuple(one for one in state.remakes if one != name)
            if always and len(others) >= p.MAX_REMAKES:
                return Invalid("too many variables are made again by themselves")
            return replace(state, remakes=(*others, name) if always else others)
        case p.RemoveSnapshots(snapshots=gone):
            if state.head in gone:
                return Invalid("the head cannot be removed")
            return replace(state, snapshots=lineage.without(state.snapshots, set(gone)))
        case p.SetRunner(runner=runner, reserved=reserved):
            return replace(state, runner=runner, reserved=reserved)
        case p.SetTitle(title=title, automatic=automatic):
            if automatic and state.title != p.DEFAULT_TITLE:
                return Invalid("the session has a name")
            return replace(state, title=title)
        case never:
            assert_never(never)


def find_entry(state: p.SessionState, number: int) -> p.Entry | None:
    """The loaded entry of that number."""
    return next((entry for entry in reversed(state.entries) if entry.number == number), None)


def find_snapshot(state: p.SessionState, snapshot: str | None) -> p.SnapshotInfo | None:
    """The snapshot of that id."""
    return next((info for info in state.snapshots if info.id == snapshot), None)


def _start_execution(
    state: p.SessionState, record: p.Record, operation: p.StartExecution
) -> p.SessionState | Invalid:
    if operation.number != state.next_number:
        return Invalid(f"the next entry is #{state.next_number}")
    if operation.origin is not None and operation.origin >= operation.number:
        return Invalid("an entry runs again what came before it")
    if (operation.kind == "file") != (operation.path is not None):
        return Invalid("the run of a file names its path, and no other does")
    entry = p.Entry(
        number=operation.number,
        source=operation.source,
        status="running",
        executed_at=record.at,
        fence=record.fence,
        kind=operation.kind,
        origin=operation.origin,
        path=operation.path,
    )
    return replace(state, entries=(*state.entries, entry), next_number=operation.number + 1)


def _append_output(state: p.SessionState, operation: p.AppendOutput) -> p.SessionState | Invalid:
    entry = find_entry(state, operation.number)
    if entry is None:
        return Invalid(f"there is no entry #{operation.number} to add output to")
    if entry.status != "running" and not entry.lost:
        return Invalid(f"entry #{operation.number} has ended")
    outputs = join_outputs(entry.outputs, operation.outputs)
    if len(outputs) > p.MAX_OUTPUTS:
        return Invalid("too many outputs")
    return _with_entry(state, replace(entry, outputs=outputs))


def _finish_execution(
    state: p.SessionState, operation: p.FinishExecution
) -> p.SessionState | Invalid:
    entry = find_entry(state, operation.number)
    if entry is None:
        return Invalid(f"there is no entry #{operation.number} to end")
    if entry.status != "running" and (operation.lost or not entry.lost):
        return Invalid(f"entry #{operation.number} has ended")
    ended = replace(
        entry, status=operation.status, duration_ms=operation.duration_ms, lost=operation.lost
    )
    return _with_entry(state, ended)


def _delete_entries(state: p.SessionState, numbers: Sequence[int]) -> p.SessionState | Invalid:
    gone = set(numbers)
    problem = _missing(state, max(gone))
    if problem is not None:
        return problem
    for entry in state.entries:
        if entry.number in gone and entry.status in ("queued", "running"):
            return Invalid(f"entry #{entry.number} is still running")
    entries = tuple(_tombstone(entry) if entry.number in gone else entry for entry in state.entries)
    lost = {info.id for info in state.snapshots if is_snapshot_of(info, gone, state.head)}
    snapshots = lineage.without(state.snapshots, lost) if lost else state.snapshots
    return replace(state, entries=entries, snapshots=snapshots)


def is_snapshot_of(info: p.SnapshotInfo, numbers: Collection[int], head: str | None) -> bool:
    """Whether a snapshot goes when the entries of these numbers are deleted."""
    return info.cause == "execution" and info.number in numbers and info.id != head


def _tombstone(entry: p.Entry) -> p.Entry:
    return replace(entry, source="", outputs=(), path=None, deleted=True, pinned=False, lost=False)


def _restore_entry(state: p.SessionState, operation: p.RestoreEntry) -> p.SessionState | Invalid:
    problem = _missing(state, operation.number)
    if problem is not None:
        return problem
    entry = find_entry(state, operation.number)
    if entry is None:
        return state
    if not entry.deleted:
        return Invalid(f"entry #{operation.number} was not deleted")
    outputs = join_outputs(entry.outputs, operation.outputs)
    if len(outputs) > p.MAX_OUTPUTS:
        return Invalid("too many outputs")
    restored = replace(
        entry,
        source=entry.source + operation.source,
        outputs=outputs,
        path=operation.path,
        pinned=operation.pinned,
        deleted=operation.more,
    )
    return _with_entry(state, restored)


def _return_snapshot(
    state: p.SessionState, returned: p.SnapshotInfo, children: Collection[str]
) -> p.SessionState | Invalid:
    problem = _missing(state, returned.number)
    if problem is not None:
        return problem
    if returned.cause != "execution":
        return Invalid("only the snapshot of an execution goes with an entry")
    entry = find_entry(state, returned.number)
    if entry is not None and entry.deleted:
        return Invalid(f"entry #{returned.number} was deleted")
    if find_snapshot(state, returned.id) is not None:
        return Invalid("there is a snapshot of that id")
    return replace(state, snapshots=lineage.returned(state.snapshots, returned, children))


def _pin_entry(state: p.SessionState, number: int, *, pinned: bool) -> p.SessionState | Invalid:
    problem = _missing(state, number)
    if problem is not None:
        return problem
    entry = find_entry(state, number)
    if entry is None:
        return state
    if entry.deleted:
        return Invalid(f"entry #{number} was deleted")
    return _with_entry(state, replace(entry, pinned=pinned))


def _missing(state: p.SessionState, number: int) -> Invalid | None:
    """Entries before ``entries_from`` are not loaded: an operation on one changes nothing here."""
    return Invalid(f"there is no entry #{number}") if number >= state.next_number else None


def _label_snapshot(
    state: p.SessionState, wanted: str, label: str | None
) -> p.SessionState | Invalid:
    if find_snapshot(state, wanted) is None:
        return Invalid("no such snapshot")
    snapshots = tuple(
        replace(info, label=label) if info.id == wanted else info for info in state.snapshots
    )
    return replace(state, snapshots=snapshots)


def _snapshot_saved(
    state: p.SessionState, record: p.Record, operation: p.SnapshotSaved
) -> p.SessionState | Invalid:
    if operation.parent != state.head:
        return Invalid("the session stands on another snapshot by now")
    if find_snapshot(state, operation.snapshot) is not None:
        return Invalid("there is a snapshot of that id")
    if operation.number >= state.next_number:
        return Invalid(f"there is no entry #{operation.number}")
    info = p.SnapshotInfo(
        id=operation.snapshot,
        number=operation.number,
        cause=operation.cause,
        manifest=operation.manifest,
        bytes=operation.bytes,
        created_at=record.at,
        parent=operation.parent,
        unsaved=operation.unsaved,
    )
    moved = replace(state, snapshots=(*state.snapshots, info), head=info.id)
    if operation.cause not in ("clear", "reset"):
        return moved
    mark = p.Mark(state.next_number - 1, operation.cause, record.at)
    return replace(moved, marks=_with_mark(state, mark))


def join_outputs(earlier: Sequence[p.Output], later: Iterable[p.Output]) -> tuple[p.Output, ...]:
    """Append outputs; a chunk that continues a stream joins its last chunk while that is short.

    The bound on a chunk keeps the cost of one more line constant, however long a run prints.
    """
    joined = list(earlier)
    for output in later:
        last = joined[-1] if joined else None
        if (
            isinstance(output, p.StreamOutput)
            and isinstance(last, p.StreamOutput)
            and last.name == output.name
            and utf16_length(last.text) + utf16_length(output.text) <= p.STREAM_CHUNK_CHARS
        ):
            joined[-1] = p.StreamOutput(output.name, last.text + output.text)
        else:
            joined.append(output)
    return tuple(joined)


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, which is what JavaScript's ``length`` counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _with_entry(state: p.SessionState, entry: p.Entry) -> p.SessionState:
    entries = tuple(entry if old.number == entry.number else old for old in state.entries)
    return replace(state, entries=entries)


def _with_mark(state: p.SessionState, mark: p.Mark) -> tuple[p.Mark, ...]:
    return (*state.marks, mark)[-MAX_MARKS:]


def _merge[Row](
    rows: Sequence[Row],
    changed: Iterable[Row],
    removed: Iterable[str],
    key: Callable[[Row], str],
) -> tuple[Row, ...]:
    """Replace rows in place, append new ones, drop the removed; the order is that of arrival."""
    by_key = {key(row): row for row in rows}
    for gone in removed:
        by_key.pop(gone, None)
    for row in changed:
        by_key[key(row)] = row
    return tuple(by_key.values())
