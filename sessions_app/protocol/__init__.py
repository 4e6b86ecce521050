"""Every message on the wire between a browser and the server.

The types here are the only declaration of the protocol. ``make protocol`` generates
``frontend/src/protocol.gen.ts`` from them, and a test fails when the two differ. All messages are
JSON text frames of at most ``MAX_FRAME_BYTES``; field names are camelCase on the wire; the field
``type`` tells the members of a union apart.

Four modules make up the package, and everything is imported from here:

* **values** that make up a session's state (entries, outputs, variables, files, snapshots), with
  the **manifest** of a snapshot;
* **operations**, the typed changes of that state, in one order for everybody;
* **messages**, what a socket carries: a browser sends ``ClientMessage``, the server
  ``ServerMessage``.

Everything a browser sends is a claim. The bounds below are enforced when a message is decoded, so
code behind ``decode_client_message`` never sees a longer text or list than they say.
"""

from __future__ import annotations

import msgspec

from sessions_app.protocol.bounds import (
    CLOSE_FLOOD,
    CLOSE_FORBIDDEN,
    CLOSE_GONE,
    CLOSE_PROTOCOL,
    CLOSE_SIGNED_OUT,
    DEFAULT_TITLE,
    MAX_DELETED,
    MAX_FILES,
    MAX_FRAME_BYTES,
    MAX_HINT_CHARS,
    MAX_INLINE_CHARS,
    MAX_MANIFEST_VARIABLES,
    MAX_OUTPUTS,
    MAX_REMAKES,
    MAX_SOURCE_CHARS,
    MAX_STREAM_CHARS,
    MAX_UNACKNOWLEDGED_OPERATIONS,
    MAX_UNCONFIRMED_BYTES,
    MAX_VARIABLES,
    PROTOCOL_VERSION,
    STREAM_CHUNK_CHARS,
    Count,
    Identifier,
    InlineText,
    Label,
    Milliseconds,
    MimeType,
    Name,
    Number,
    Path,
    Sha256,
    ShortText,
    Source,
)
from sessions_app.protocol.manifest import (
    Manifest,
    ManifestFile,
    ManifestRuntime,
    ManifestUnit,
    ManifestVariable,
)
from sessions_app.protocol.messages import (
    Ack,
    AcquireLease,
    ClientMessage,
    Hello,
    LeaseGranted,
    LeaseRefused,
    LeaseWanted,
    Message,
    Nack,
    NackCode,
    Operations,
    Person,
    Ping,
    Pong,
    Presence,
    Push,
    Received,
    Refused,
    ReleaseLease,
    Sent,
    ServerMessage,
    Welcome,
)
from sessions_app.protocol.operations import (
    LEASE_OPERATIONS,
    SERVER_OPERATIONS,
    AnyOperation,
    AppendOutput,
    DeleteEntry,
    FinishExecution,
    LabelSnapshot,
    Operation,
    PinEntry,
    Record,
    RemoveSnapshots,
    RestoreEntry,
    RestoreSnapshot,
    ReturnSnapshot,
    SetFiles,
    SetRemake,
    SetRunner,
    SetTitle,
    SetVariables,
    SnapshotSaved,
    StartExecution,
)
from sessions_app.protocol.values import (
    BlobRef,
    Cause,
    DisplayData,
    Entry,
    EntryKind,
    ErrorOutput,
    ExecuteResult,
    FileRow,
    FinalStatus,
    Mark,
    Output,
    Place,
    Role,
    Runner,
    SessionState,
    SnapshotInfo,
    Status,
    StreamOutput,
    Unsaved,
    Value,
    VariableRow,
)

__all__ = [
    "CLOSE_FLOOD",
    "CLOSE_FORBIDDEN",
    "CLOSE_GONE",
    "CLOSE_PROTOCOL",
    "CLOSE_SIGNED_OUT",
    "DEFAULT_TITLE",
    "LEASE_OPERATIONS",
    "MAX_DELETED",
    "MAX_FILES",
    "MAX_FRAME_BYTES",
    "MAX_HINT_CHARS",
    "MAX_INLINE_CHARS",
    "MAX_MANIFEST_VARIABLES",
    "MAX_OUTPUTS",
    "MAX_REMAKES",
    "MAX_SOURCE_CHARS",
    "MAX_STREAM_CHARS",
    "MAX_UNACKNOWLEDGED_OPERATIONS",
    "MAX_UNCONFIRMED_BYTES",
    "MAX_VARIABLES",
    "PROTOCOL_VERSION",
    "SERVER_OPERATIONS",
    "STREAM_CHUNK_CHARS",
    "Ack",
    "AcquireLease",
    "AnyOperation",
    "AppendOutput",
    "BlobRef",
    "Cause",
    "ClientMessage",
    "Count",
    "DeleteEntry",
    "DisplayData",
    "Entry",
    "EntryKind",
    "ErrorOutput",
    "ExecuteResult",
    "FileRow",
    "FinalStatus",
    "FinishExecution",
    "Hello",
    "Identifier",
    "InlineText",
    "Label",
    "LabelSnapshot",
    "LeaseGranted",
    "LeaseRefused",
    "LeaseWanted",
    "Manifest",
    "ManifestFile",
    "ManifestRuntime",
    "ManifestUnit",
    "ManifestVariable",
    "Mark",
    "Message",
    "Milliseconds",
    "MimeType",
    "Nack",
    "NackCode",
    "Name",
    "Number",
    "Operation",
    "Operations",
    "Output",
    "Path",
    "Person",
    "PinEntry",
    "Ping",
    "Place",
    "Pong",
    "Presence",
    "Push",
    "Received",
    "Record",
    "Refused",
    "ReleaseLease",
    "RemoveSnapshots",
    "RestoreEntry",
    "RestoreSnapshot",
    "ReturnSnapshot",
    "Role",
    "Runner",
    "Sent",
    "ServerMessage",
    "SessionState",
    "SetFiles",
    "SetRemake",
    "SetRunner",
    "SetTitle",
    "SetVariables",
    "Sha256",
    "ShortText",
    "SnapshotInfo",
    "SnapshotSaved",
    "Source",
    "StartExecution",
    "Status",
    "StreamOutput",
    "Unsaved",
    "Value",
    "VariableRow",
    "Welcome",
    "decode_client_message",
    "decode_manifest",
    "encode",
]

_client_decoder: msgspec.json.Decoder[ClientMessage] = msgspec.json.Decoder(ClientMessage)
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
