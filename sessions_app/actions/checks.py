"""What the server asks of an operation beyond the pure state: limits, and blobs that must be there.

``check`` answers before an operation is applied: None, or why it is refused.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from sessions_app import blobs, storage, titles
from sessions_app import protocol as p
from sessions_app.actions.change import Change
from sessions_app.limits import limits
from sessions_app.models import BlobLink
from sessions_app.state import find_entry, utf16_length


@dataclass(frozen=True)
class Refusal:
    """Why an operation is refused, as its ``Nack`` will say."""

    code: p.NackCode
    message: str


_NOT_UPLOADED = Refusal("missing", "Some of the data was not uploaded to this session.")
_HISTORY_FULL = Refusal(
    "limit", "The history of this session is full. Fork it or make a new session to go on."
)


def check(change: Change, operation: p.AnyOperation) -> Refusal | None:
    """Check one operation of a browser against limits and blobs."""
    match operation:
        case p.StartExecution():
            return _HISTORY_FULL if change.row.history_bytes > limits().history_bytes else None
        case p.AppendOutput():
            return _check_output(change, operation)
        case p.RestoreEntry():
            return _check_restored(change, operation)
        case p.LabelSnapshot(label=label):
            return _check_label(label)
        case p.FinishExecution(lost=True):
            return Refusal("forbidden", "Only the server says that a run was lost.")
        case p.SnapshotSaved(snapshot=snapshot, manifest=manifest):
            return _check_snapshot(change, snapshot, manifest)
        case p.ReturnSnapshot(snapshot=info):
            return _check_label(info.label) or _check_snapshot(change, info.id, info.manifest)
        case p.SetTitle(title=title):
            trouble = titles.problem(title)
            return Refusal("invalid", trouble) if trouble else None
    return None


def _check_restored(change: Change, operation: p.RestoreEntry) -> Refusal | None:
    entry = find_entry(change.state, operation.number)
    if entry is not None and len(entry.source) + len(operation.source) > p.MAX_SOURCE_CHARS:
        return Refusal("invalid", "The text of the entry is too long.")
    return _check_output(change, operation)


def _check_output(change: Change, operation: p.AppendOutput | p.RestoreEntry) -> Refusal | None:
    if change.row.history_bytes > limits().history_bytes:
        return _HISTORY_FULL
    entry = find_entry(change.state, operation.number)
    earlier = entry.outputs if entry else ()
    streamed = sum(
        utf16_length(output.text)
        for output in (*earlier, *operation.outputs)
        if isinstance(output, p.StreamOutput)
    )
    if streamed > p.MAX_STREAM_CHARS + p.STREAM_CHUNK_CHARS:
        return Refusal("limit", "This run has printed more than a session keeps.")
    shown = sum(output_size(output) for output in (*earlier, *operation.outputs))
    if shown > limits().entry_bytes:
        return Refusal("limit", "This run has shown more than a session keeps.")
    named = [ref for output in operation.outputs for ref in output_blobs(output)]
    return None if _linked(change, named) else _NOT_UPLOADED


def output_blobs(output: p.Output) -> list[p.BlobRef]:
    """The blobs that an output names."""
    if isinstance(output, p.DisplayData | p.ExecuteResult):
        return list(output.blobs.values())
    return []


def output_size(output: p.Output) -> int:
    """How much an output counts against the limit of its entry."""
    match output:
        case p.StreamOutput(text=text):
            return len(text)
        case p.ErrorOutput():
            return len(output.evalue) + len(output.hint or "") + sum(map(len, output.traceback))
        case _:
            return sum(map(len, output.data.values()))


def _check_label(label: str | None) -> Refusal | None:
    if label is None or (label.isprintable() and label.strip()):
        return None
    return Refusal("invalid", "A label is one line of visible text.")


def _check_snapshot(change: Change, snapshot: str, ref: p.BlobRef) -> Refusal | None:
    if ref.size > limits().max_manifest_bytes:
        return Refusal("limit", "The list of what to save is too long.")
    if not _linked(change, [ref]):
        return _NOT_UPLOADED
    try:
        manifest = p.decode_manifest(blobs.read(ref.hash, ref.size))
    except blobs.BlobUnreadableError:
        return _NOT_UPLOADED
    except msgspec.DecodeError:
        return Refusal("invalid", "The snapshot's manifest cannot be read.")
    named = manifest_blobs(manifest)
    if len(named) > limits().max_manifest_blobs:
        return Refusal("limit", "The snapshot has too many parts.")
    if not _linked(change, named):
        return _NOT_UPLOADED
    oversized = too_large(manifest)
    if oversized is not None:
        return oversized
    hashes = list({ref.hash, *(blob.hash for blob in named)})
    change.snapshot_blobs[snapshot] = hashes
    return _check_quota(change, hashes)


def manifest_blobs(manifest: p.Manifest) -> list[p.BlobRef]:
    """The blobs that a manifest names."""
    return [unit.blob for unit in manifest.units] + [file.blob for file in manifest.files]


def too_large(manifest: p.Manifest) -> Refusal | None:
    """Why a manifest names a variable or file that is too large, if it does."""
    most = limits().variable_bytes
    # Pickling costs a little more than the values themselves.
    for unit in manifest.units:
        if unit.blob.size > (most + 64 * 1024) * max(1, len(unit.names)):
            return Refusal("limit", f"A variable is larger than {most // 2**20} MB.")
    for file in manifest.files:
        if file.blob.size > most:
            return Refusal("limit", f"The file {file.path} is larger than {most // 2**20} MB.")
    return None


def _check_quota(change: Change, hashes: list[str]) -> Refusal | None:
    """The head alone, with what outputs hold, must fit the session; all sessions the account."""
    alone = storage.bytes_of(hashes) + storage.output_bytes(change.row)
    if alone > limits().session_bytes:
        most = limits().session_bytes // 2**20
        return Refusal("limit", f"This session holds more than the {most} MB it may keep.")
    if storage.of_owner_elsewhere(change.row) + alone > limits().account_bytes:
        return Refusal("limit", "Your sessions together hold more than your account may keep.")
    return None


def _linked(change: Change, refs: list[p.BlobRef]) -> bool:
    """Whether every blob belongs to this session and has the size that is said."""
    wanted = {ref.hash: ref.size for ref in refs}
    if len(wanted) != len({(ref.hash, ref.size) for ref in refs}):
        return False
    names = list(wanted)
    for start in range(0, len(names), 500):
        some = names[start : start + 500]
        links = BlobLink.objects.filter(session=change.row, blob__in=some)
        found = dict(links.values_list("blob_id", "blob__size"))
        if any(found.get(name) != wanted[name] for name in some):
            return False
    return True
