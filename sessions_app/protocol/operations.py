"""Operations, the typed changes of a session's state, and the record of one in its place.

``sessions_app/state.py`` says what each of them does.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from sessions_app.protocol.bounds import (
    MAX_DELETED,
    MAX_FILES,
    MAX_OUTPUTS,
    MAX_VARIABLES,
    Count,
    Identifier,
    Label,
    Milliseconds,
    Name,
    Number,
    Path,
    Source,
)
from sessions_app.protocol.values import (
    BlobRef,
    Cause,
    EntryKind,
    FileRow,
    FinalStatus,
    Output,
    Runner,
    SnapshotInfo,
    Unsaved,
    Value,
    VariableRow,
)


class Operation(Value, frozen=True, tag_field="type"):
    """Base of all operations."""


class StartExecution(Operation, frozen=True, tag="start_execution"):
    """An entry begins to run; its number must be the next free one.

    ``origin`` is the earlier entry that is run again, ``path`` the file that is run.
    """

    number: Number
    source: Source
    kind: EntryKind = "code"
    origin: Number | None = None
    path: Path | None = None


class AppendOutput(Operation, frozen=True, tag="append_output"):
    """Outputs of a running entry, in order."""

    number: Number
    outputs: Annotated[tuple[Output, ...], Meta(min_length=1, max_length=MAX_OUTPUTS)]


class FinishExecution(Operation, frozen=True, tag="finish_execution"):
    """An entry's run ended. ``lost`` is set by the server alone."""

    number: Number
    status: FinalStatus
    duration_ms: Milliseconds
    lost: bool = False


class DeleteEntry(Operation, frozen=True, tag="delete_entry"):
    """Entries become tombstones: source and outputs go, the numbers stay used.

    Their snapshots go with them, but for the head. What runs cannot be deleted.
    """

    numbers: Annotated[tuple[Number, ...], Meta(min_length=1, max_length=MAX_DELETED)]


class RestoreEntry(Operation, frozen=True, tag="restore_entry"):
    """Gives a tombstone its text back, from the page that deleted it.

    What does not fit one frame comes in parts: source and outputs are appended, and the entry stays
    a tombstone while ``more`` follows.
    """

    number: Number
    source: Source
    outputs: Annotated[tuple[Output, ...], Meta(max_length=MAX_OUTPUTS)] = ()
    path: Path | None = None
    pinned: bool = False
    more: bool = False


class ReturnSnapshot(Operation, frozen=True, tag="return_snapshot"):
    """A snapshot that went with its deleted entry is there again, after the entry itself.

    It comes from the page that deleted the entry, and only while the server still has its blobs.
    ``children`` are those that came from it: they do again.
    """

    snapshot: SnapshotInfo
    children: Annotated[tuple[Identifier, ...], Meta(max_length=MAX_DELETED)] = ()


class PinEntry(Operation, frozen=True, tag="pin_entry"):
    """An entry is pinned, or no longer."""

    number: Number
    pinned: bool


class SetVariables(Operation, frozen=True, tag="set_variables"):
    """Rows of the variable table that changed and names that are gone."""

    changed: Annotated[tuple[VariableRow, ...], Meta(max_length=MAX_VARIABLES)] = ()
    removed: Annotated[tuple[Name, ...], Meta(max_length=MAX_VARIABLES)] = ()


class SetFiles(Operation, frozen=True, tag="set_files"):
    """Rows of the file list that changed and paths that are gone."""

    changed: Annotated[tuple[FileRow, ...], Meta(max_length=MAX_FILES)] = ()
    removed: Annotated[tuple[Path, ...], Meta(max_length=MAX_FILES)] = ()


class SnapshotSaved(Operation, frozen=True, tag="snapshot_saved"):
    """A snapshot whose blobs the server already has; it becomes the head.

    ``parent`` must be the present head: a runtime that stands on another state cannot overwrite it.
    """

    snapshot: Identifier
    number: Count
    cause: Cause
    manifest: BlobRef
    bytes: Count
    parent: Identifier | None = None
    unsaved: Annotated[tuple[Unsaved, ...], Meta(max_length=200)] = ()


class RestoreSnapshot(Operation, frozen=True, tag="restore_snapshot"):
    """The head moves to an earlier or later snapshot; entries stay, a mark says so.

    None is the beginning, before anything was saved: no variables and no files.
    """

    snapshot: Identifier | None


class LabelSnapshot(Operation, frozen=True, tag="label_snapshot"):
    """A snapshot gets a name, or loses it. Those with one are the last to be removed."""

    snapshot: Identifier
    label: Label | None


class SetRemake(Operation, frozen=True, tag="set_remake"):
    """A variable that cannot be saved is made again by itself after loading, or no longer.

    The entries that make it are found each time; ``docs/history.md`` says when they run.
    """

    name: Annotated[str, Meta(min_length=1, max_length=300)]
    always: bool


class RemoveSnapshots(Operation, frozen=True, tag="remove_snapshots"):
    """The server made room: these snapshots are gone. Never the head."""

    snapshots: Annotated[tuple[Identifier, ...], Meta(max_length=10_000)]


class SetRunner(Operation, frozen=True, tag="set_runner"):
    """The lease changed hands, by the server alone."""

    runner: Runner | None
    reserved: Identifier | None = None


class SetTitle(Operation, frozen=True, tag="set_title"):
    """The session is renamed.

    ``automatic`` is a name that the page made up: it takes the place of the first one only.
    """

    title: Annotated[str, Meta(min_length=1, max_length=200)]
    automatic: bool = False


AnyOperation = (
    StartExecution
    | AppendOutput
    | FinishExecution
    | DeleteEntry
    | RestoreEntry
    | ReturnSnapshot
    | PinEntry
    | SetVariables
    | SetFiles
    | SnapshotSaved
    | RestoreSnapshot
    | LabelSnapshot
    | SetRemake
    | RemoveSnapshots
    | SetRunner
    | SetTitle
)

#: Operations that only the server makes.
SERVER_OPERATIONS = (RemoveSnapshots, SetRunner)

#: Operations that need the lease: they carry its fencing number.
LEASE_OPERATIONS = (
    StartExecution,
    AppendOutput,
    FinishExecution,
    SetVariables,
    SetFiles,
    SnapshotSaved,
    RestoreSnapshot,
)


class Record(Value, frozen=True):
    """An operation in its place: ``seq`` in the session, ``at`` the server's clock in ms.

    ``client`` and ``n`` name it at its sender: n counts up from 1 for each client. For operations
    of the server ``client`` is ``server`` and ``n`` is 0. ``fence`` is the sender's fencing number.
    """

    seq: Number
    at: Count
    client: Identifier
    n: Count
    fence: Count
    operation: AnyOperation
