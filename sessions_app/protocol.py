"""Every message on the wire between a browser and the server.

The types here are the only declaration of the protocol. ``make protocol`` generates
``frontend/src/protocol.gen.ts`` from them, and a test fails when the two differ. All messages are
JSON text frames of at most ``MAX_FRAME_BYTES``; field names are camelCase on the wire; the field
``type`` tells the members of a union apart.

Three families live here:

* **values** that make up a session's state (entries, outputs, variables, files, snapshots);
* **operations**, the typed changes of that state, in one order for everybody;
* **messages**, what a socket carries: a browser sends ``ClientMessage``, the server
  ``ServerMessage``.

Everything a browser sends is a claim. The bounds below are enforced when a message is decoded, so
code behind ``decode_client_message`` never sees a longer text or list than they say.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

#: Raised by one whenever an older browser page could misread what is sent now.
PROTOCOL_VERSION = 1

#: The largest socket frame either side sends, in bytes of UTF-8.
MAX_FRAME_BYTES = 256 * 1024

#: Operations that a browser may have sent without an answer.
MAX_UNACKNOWLEDGED_OPERATIONS = 64

#: Bytes of frames that the server sends before the browser has confirmed them with ``received``.
MAX_UNCONFIRMED_BYTES = 1024 * 1024

#: An output value above this size travels as a blob, in characters.
MAX_INLINE_CHARS = 64 * 1024

#: Adjacent chunks of one stream are joined up to this length, in characters (see ``state.py``).
STREAM_CHUNK_CHARS = 16 * 1024

#: Text of one execution's streams that a session keeps, in characters.
MAX_STREAM_CHARS = 1_000_000

#: The longest source of one entry, in characters.
MAX_SOURCE_CHARS = 100_000

#: Variables and files that a session lists; more exist in the runtime but are not shown.
MAX_VARIABLES = 2_000
MAX_FILES = 2_000

#: Outputs of one entry.
MAX_OUTPUTS = 2_000

# ``$`` alone would let a trailing newline through.
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$(?!\n)")]
Identifier = Annotated[str, Meta(pattern=r"^[0-9A-Za-z_-]{1,64}$(?!\n)")]
Number = Annotated[int, Meta(ge=1, le=2**31 - 1)]
Count = Annotated[int, Meta(ge=0, le=2**53 - 1)]
Milliseconds = Annotated[float, Meta(ge=0, le=1e12)]
Name = Annotated[str, Meta(max_length=300)]
ShortText = Annotated[str, Meta(max_length=1_000)]
Path = Annotated[str, Meta(min_length=1, max_length=400)]
Source = Annotated[str, Meta(max_length=MAX_SOURCE_CHARS)]
InlineText = Annotated[str, Meta(max_length=MAX_INLINE_CHARS)]
MimeType = Annotated[str, Meta(max_length=120, pattern=r"^[\w.+-]+/[\w.+-]+$(?!\n)")]

Role = Literal["owner", "editor", "viewer"]

#: What became, or is becoming, of an entry's run.
Status = Literal["queued", "running", "ok", "error", "interrupted", "timeout"]
FinalStatus = Literal["ok", "error", "interrupted", "timeout"]

#: Why a snapshot was taken. Only those of an execution can be gone back to by number.
Cause = Literal["execution", "files", "clear", "reset"]


class Value(Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """Base of all wire types: immutable, camelCase, unknown fields refused."""


# --- values ------------------------------------------------------------------------------------


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


class ErrorOutput(Value, frozen=True, tag_field="type", tag="error"):
    """An exception, with the traceback as display lines without the playground's own frames."""

    ename: Name
    evalue: InlineText
    traceback: Annotated[list[InlineText], Meta(max_length=200)]


Output = StreamOutput | DisplayData | ExecuteResult | ErrorOutput


class Entry(Value, frozen=True):
    """One input in the transcript with its outputs, executed once.

    ``executed_at`` is the server's clock in milliseconds since 1970. ``fence`` is the fencing
    number under which the run started. ``lost`` says that the server closed the entry because its
    runner vanished; the runner's own ending replaces that if it arrives after all.
    """

    number: Number
    source: Source
    status: Status
    executed_at: Count
    fence: Count
    duration_ms: Milliseconds | None = None
    outputs: tuple[Output, ...] = ()
    lost: bool = False


class VariableRow(Value, frozen=True):
    """One row of the variable table. ``size_bytes`` is the runtime's estimate."""

    name: Name
    type: Name
    size_bytes: Count
    preview: ShortText
    saved: bool
    reason: ShortText | None = None


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
    become the runner.
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
    runner: Runner | None = None
    reserved: Identifier | None = None


# --- the manifest of a snapshot ----------------------------------------------------------------


class ManifestUnit(Value, frozen=True):
    """What is saved and restored together: the names in it and the blob that holds it."""

    names: Annotated[list[Name], Meta(max_length=10_000)]
    blob: BlobRef


class ManifestFile(Value, frozen=True):
    """A file of the home folder: its relative path, content and time of change."""

    path: Path
    blob: BlobRef
    modified_at: Count


class ManifestRuntime(Value, frozen=True):
    """The runtime that made a snapshot: name (``python``), language version, build hash."""

    name: Name
    version: Name
    hash: Name


class Manifest(Value, frozen=True):
    """A snapshot's content: units of variables, files and folders, and what was left out.

    Stored as a blob of JSON. The server reads it, checks that every blob it names belongs to the
    session, and never looks into a unit.
    """

    format: Literal[1]
    runtime: ManifestRuntime
    units: Annotated[list[ManifestUnit], Meta(max_length=10_000)]
    files: Annotated[list[ManifestFile], Meta(max_length=10_000)]
    directories: Annotated[list[Path], Meta(max_length=10_000)] = []
    unsaved: Annotated[list[Unsaved], Meta(max_length=1_000)] = []


# --- operations --------------------------------------------------------------------------------


class Operation(Value, frozen=True, tag_field="type"):
    """Base of all operations."""


class StartExecution(Operation, frozen=True, tag="start_execution"):
    """An entry begins to run; its number must be the next free one."""

    number: Number
    source: Source


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
    """The head moves to an earlier or later snapshot; entries stay, a mark says so."""

    snapshot: Identifier


class RemoveSnapshots(Operation, frozen=True, tag="remove_snapshots"):
    """The server made room: these snapshots are gone. Never the head."""

    snapshots: Annotated[tuple[Identifier, ...], Meta(max_length=10_000)]


class SetRunner(Operation, frozen=True, tag="set_runner"):
    """The lease changed hands, by the server alone."""

    runner: Runner | None
    reserved: Identifier | None = None


class SetTitle(Operation, frozen=True, tag="set_title"):
    """The session is renamed."""

    title: Annotated[str, Meta(min_length=1, max_length=200)]


AnyOperation = (
    StartExecution
    | AppendOutput
    | FinishExecution
    | SetVariables
    | SetFiles
    | SnapshotSaved
    | RestoreSnapshot
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


# --- from the browser --------------------------------------------------------------------------


class Message(Value, frozen=True, tag_field="type"):
    """Base of all socket messages."""


class Hello(Message, frozen=True, tag="hello"):
    """The first message: who speaks, for which tab, and the last operation it has."""

    protocol: int
    client: Identifier
    tab: Identifier
    epoch: Identifier
    seq: Count


class Sent(Value, frozen=True):
    """An operation on its way to the server, numbered by its client."""

    n: Number
    fence: Count
    operation: AnyOperation


class Push(Message, frozen=True, tag="push"):
    """Operations of ``client`` in the order of their numbers.

    A tab that finds the unsent operations of a closed tab sends them under that tab's client id.
    """

    client: Identifier
    operations: Annotated[tuple[Sent, ...], Meta(min_length=1, max_length=64)]


class AcquireLease(Message, frozen=True, tag="acquire_lease"):
    """Asks to become the runner, after all unsent operations were pushed.

    With ``takeover`` a present runner is asked to finish, save and hand over.
    """

    takeover: bool = False


class ReleaseLease(Message, frozen=True, tag="release_lease"):
    """The runner gives its lease up, for ``reserved`` if that tab asked for it."""

    fence: Count
    reserved: Identifier | None = None


class Received(Message, frozen=True, tag="received"):
    """Confirms all frames up to operation ``seq``: the server may send more."""

    seq: Count


class Ping(Message, frozen=True, tag="ping"):
    """Sent every 10 s; a peer that is silent for 25 s is taken for gone."""


ClientMessage = Hello | Push | AcquireLease | ReleaseLease | Received | Ping


# --- from the server ---------------------------------------------------------------------------


class Person(Value, frozen=True):
    """Somebody who has the session open, in ``tabs`` tabs."""

    name: Name
    role: Role
    tabs: int


class Welcome(Message, frozen=True, tag="welcome"):
    """The answer to ``hello``. With ``resync`` the browser fetches the state over HTTP, then
    says hello again; otherwise newer operations follow. ``acknowledged`` is the highest number
    that the server has from this client."""

    protocol: int
    epoch: Identifier
    seq: Count
    name: Name
    role: Role
    resync: bool
    acknowledged: Count


class Operations(Message, frozen=True, tag="operations"):
    """Operations of others (and the server's), in order."""

    records: tuple[Record, ...]


class Ack(Message, frozen=True, tag="ack"):
    """Operation ``n`` of ``client`` is durable as ``seq``, at ``at``.

    It stands in the stream in the place of the operation itself. ``seq`` is 0 when a repeated
    operation is older than the log.
    """

    client: Identifier
    n: Number
    seq: Count
    at: Count


NackCode = Literal[
    "expect",  # a number was skipped: go on from ``expect``
    "fenced",  # another runner has written since
    "invalid",  # does not fit the state, or is malformed
    "forbidden",  # this member may not
    "missing",  # names a blob that was not uploaded for this session
    "limit",  # over a limit of the session or account
    "storage",  # the server cannot store it now
]


class Nack(Message, frozen=True, tag="nack"):
    """Operation ``n`` of ``client`` was refused; it changed nothing and is not to be sent again,
    but for ``expect``."""

    client: Identifier
    n: Number
    code: NackCode
    message: ShortText
    expect: Number | None = None


class LeaseGranted(Message, frozen=True, tag="lease_granted"):
    """This tab is the runner, under ``fence``."""

    fence: Number


class LeaseRefused(Message, frozen=True, tag="lease_refused"):
    """Another tab is the runner; with a takeover it has been asked to hand over."""

    runner: Runner | None
    message: ShortText


class LeaseWanted(Message, frozen=True, tag="lease_wanted"):
    """To the runner: ``tab`` of ``name`` asks for the lease."""

    tab: Identifier
    name: Name


class Presence(Message, frozen=True, tag="presence"):
    """Who has the session open now."""

    people: tuple[Person, ...]


class Pong(Message, frozen=True, tag="pong"):
    """The answer to ``ping``."""


class Refused(Message, frozen=True, tag="refused"):
    """A message could not be used; the socket stays open. Too many of them close it."""

    code: Literal["invalid", "too-large", "limit", "forbidden"]
    message: ShortText


ServerMessage = (
    Welcome
    | Operations
    | Ack
    | Nack
    | LeaseGranted
    | LeaseRefused
    | LeaseWanted
    | Presence
    | Pong
    | Refused
)

#: Close codes of the socket that end reconnection, and what they mean.
CLOSE_PROTOCOL = 4400  #: another protocol version: reload the page
CLOSE_FORBIDDEN = 4403  #: not a member (any more), or a foreign Origin
CLOSE_FLOOD = 4429  #: too many bad messages or too fast; reconnect later


_client_decoder = msgspec.json.Decoder(ClientMessage)
_manifest_decoder = msgspec.json.Decoder(Manifest)
_encoder = msgspec.json.Encoder()


def decode_client_message(frame: str | bytes) -> ClientMessage:
    """Decode one frame from a browser.

    Raises:
        msgspec.DecodeError: the frame is not JSON, not of the protocol, or exceeds a bound
            (``msgspec.ValidationError`` is a subclass).
    """
    return _client_decoder.decode(frame)


def decode_manifest(data: bytes) -> Manifest:
    """Decode a snapshot's manifest.

    Raises:
        msgspec.DecodeError: as for ``decode_client_message``.
    """
    return _manifest_decoder.decode(data)


def encode(value: Value) -> bytes:
    """Encode any value, operation or message as JSON in UTF-8."""
    return _encoder.encode(value)
