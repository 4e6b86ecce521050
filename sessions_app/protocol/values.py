"""What makes up a session's state: entries, outputs, variables, files, snapshots."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from sessions_app.protocol.bounds import (
    MAX_HINT_CHARS,
    Count,
    Identifier,
    InlineText,
    Milliseconds,
    MimeType,
    Name,
    Number,
    Path,
    Sha256,
    ShortText,
    Source,
)

Role = Literal["owner", "editor", "viewer"]

#: What became, or is becoming, of an entry's run.
Status = Literal["queued", "running", "ok", "error", "interrupted", "timeout"]
FinalStatus = Literal["ok", "error", "interrupted", "timeout"]

#: Why a snapshot was taken. Only those of an execution can be gone back to by number.
#: ``edit`` is renaming or deleting a variable by hand.
Cause = Literal["execution", "files", "edit", "clear", "reset"]

#: What an entry runs: Python, a session command like ``:vars``, or a file of the session.
EntryKind = Literal["code", "command", "file"]


class Value(Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """Base of all wire types: immutable, camelCase, unknown fields refused."""


class BlobRef(Value, frozen=True):
    """Names a blob: the SHA-256 of its uncompressed bytes and their count."""

    hash: Sha256
    size: Count


class StreamOutput(Value, frozen=True, tag_field="type", tag="stream"):
    """Text written to stdout or stderr."""

    name: Literal["stdout", "stderr"]
    text: InlineText


class DisplayData(Value, frozen=True, tag_field="type", tag="display_data"):
    """A mimebundle shown by ``display()``; values above 64 K characters are blobs."""

    data: Annotated[dict[MimeType, InlineText], Meta(max_length=20)]
    blobs: Annotated[dict[MimeType, BlobRef], Meta(max_length=20)] = {}


class ExecuteResult(Value, frozen=True, tag_field="type", tag="execute_result"):
    """The mimebundle of an entry's last expression."""

    data: Annotated[dict[MimeType, InlineText], Meta(max_length=20)]
    blobs: Annotated[dict[MimeType, BlobRef], Meta(max_length=20)] = {}


class Place(Value, frozen=True):
    """A place in an entry's source: a line from 1, columns from 0 in UTF-16 units.

    Without columns it is the whole line.
    """

    line: Number
    column: Count | None = None
    end_column: Count | None = None


class ErrorOutput(Value, frozen=True, tag_field="type", tag="error"):
    """An exception, with the traceback as display lines without the playground's own frames.

    ``hint`` says in plain words what went wrong and what helps; ``place`` is where in the source of
    the entry itself it happened.
    """

    ename: Name
    evalue: InlineText
    traceback: Annotated[list[InlineText], Meta(max_length=200)]
    hint: Annotated[str, Meta(max_length=MAX_HINT_CHARS)] | None = None
    place: Place | None = None


Output = StreamOutput | DisplayData | ExecuteResult | ErrorOutput


class Entry(Value, frozen=True):
    """One input in the transcript with its outputs, executed once.

    ``executed_at`` is the server's clock in milliseconds since 1970. ``fence`` is the fencing
    number under which the run started. ``lost`` says that the server closed the entry because its
    runner vanished; the runner's own ending replaces that if it arrives after all.

    ``deleted`` makes it a tombstone: its number and how it ended stay, its text is gone. ``origin``
    is the entry that this one runs again, perhaps edited; ``path`` the file that a ``file`` ran.
    One of kind ``imported`` came in with a notebook or a file and never ran here.
    """

    number: Number
    source: Source
    status: Status
    executed_at: Count
    fence: Count
    duration_ms: Milliseconds | None = None
    outputs: tuple[Output, ...] = ()
    lost: bool = False
    deleted: bool = False
    pinned: bool = False
    kind: EntryKind | Literal["imported"] = "code"
    origin: Number | None = None
    path: Path | None = None


class VariableRow(Value, frozen=True):
    """One row of the variable table. ``size_bytes`` is the runtime's estimate.

    A value that is ``missing`` is not here, or not wholly: it could not be saved and was brought
    back without that. ``shape`` is how many elements the value has: ``"1000"``, or ``"3×4"``.
    ``reason`` says why it is not saved, or, of one that is, what of it is not kept.
    ``entry`` is the entry in whose run the variable last changed, as far as that is known.
    """

    name: Name
    type: Name
    size_bytes: Count
    preview: ShortText
    saved: bool
    reason: ShortText | None = None
    shape: Name | None = None
    entry: Number | None = None
    missing: bool = False


class FileRow(Value, frozen=True):
    """One file of the session's home folder; ``modified_at`` in milliseconds since 1970."""

    path: Path
    size_bytes: Count
    modified_at: Count


class Unsaved(Value, frozen=True):
    """A variable or file that a snapshot leaves out, with the reason in plain words."""

    name: Name
    reason: ShortText


class SnapshotInfo(Value, frozen=True):
    """A snapshot as listed. ``bytes`` is what its save sent (compressed, manifest included).

    ``number`` is the last entry that the snapshot contains, 0 for none.
    """

    id: Identifier
    number: Count
    cause: Cause
    manifest: BlobRef
    bytes: Count
    created_at: Count
    parent: Identifier | None = None
    unsaved: tuple[Unsaved, ...] = ()
    label: ShortText | None = None


class Mark(Value, frozen=True):
    """A line in the transcript after entry ``after``: the head moved without a run."""

    after: Count
    kind: Literal["restore", "clear", "reset"]
    at: Count
    to: Count | None = None


class Runner(Value, frozen=True):
    """The one tab that executes: its lease's fencing number and who it is."""

    tab: Identifier
    client: Identifier
    member: Name
    fence: Count


class SessionState(Value, frozen=True):
    """All that a session is, as of operation ``seq`` of ``epoch``.

    ``entries`` holds those from number ``entries_from`` on; older ones are asked for page by page.
    ``reserved`` is the tab to which the previous runner handed over; for a moment only it may
    become the runner. ``remakes`` are the variables that the runner makes again by itself when
    they did not come back; a fork by somebody else has none.
    """

    id: Identifier
    epoch: Identifier
    seq: Count
    title: ShortText
    next_number: Number = 1
    entries_from: Number = 1
    entries: tuple[Entry, ...] = ()
    variables: tuple[VariableRow, ...] = ()
    files: tuple[FileRow, ...] = ()
    snapshots: tuple[SnapshotInfo, ...] = ()
    head: Identifier | None = None
    marks: tuple[Mark, ...] = ()
    remakes: tuple[Name, ...] = ()
    runner: Runner | None = None
    reserved: Identifier | None = None
