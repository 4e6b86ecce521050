"""The session file: everything of a session in one zip that another installation imports.

``manifest.json`` (``Manifest``) has the state without entries, ``entries.jsonl`` one ``Entry`` on a
line, ``blobs/<sha256>`` or ``blobs/<sha256>.gz`` every blob that an output or a snapshot names, as
the server has it. The members of values are pickles, which only a browser's own Python ever reads.
docs/exchange.md describes the format.
"""

from __future__ import annotations

import shutil
import time
import zipfile
from typing import IO, Annotated, Literal

import msgspec
from msgspec import Meta

from sessions_app import blobs
from sessions_app import protocol as p
from sessions_app.actions.checks import manifest_blobs, output_blobs
from sessions_app.errors import ActionError
from sessions_app.exchange.source import Progress, Source
from sessions_app.state import MAX_MARKS

FORMAT: Literal["playground-session"] = "playground-session"
VERSION: Literal[1] = 1

#: Members of one session file; more blobs than that no session has.
MAX_MEMBERS = 50_000

#: The largest manifest of a session file, uncompressed.
MAX_HEAD_BYTES = 16 * 1024 * 1024

MANIFEST = "manifest.json"
ENTRIES = "entries.jsonl"
BLOBS = "blobs/"


class ArchivedSession(p.Value, frozen=True):
    """The state of a session without its entries, its identity and its runner."""

    title: Annotated[str, Meta(min_length=1, max_length=200)]
    runtime: p.Name
    next_number: p.Number
    variables: Annotated[tuple[p.VariableRow, ...], Meta(max_length=p.MAX_VARIABLES)]
    files: Annotated[tuple[p.FileRow, ...], Meta(max_length=p.MAX_FILES)]
    snapshots: Annotated[tuple[p.SnapshotInfo, ...], Meta(max_length=10_000)]
    head: p.Identifier | None
    marks: Annotated[tuple[p.Mark, ...], Meta(max_length=MAX_MARKS)]


class Manifest(p.Value, frozen=True):
    """``manifest.json``: what the file is, how many entries and blobs it has, and the session."""

    format: Literal["playground-session"]
    version: Literal[1]
    exported_at: p.Count
    entries: p.Count
    blobs: p.Count
    session: ArchivedSession


def write_archive(source: Source, file: IO[bytes], progress: Progress) -> None:
    """Write the session file.

    Raises:
        ActionError: ``storage``, a blob of a snapshot is gone; ``limit``, there are too many.
    """
    refs = _named_blobs(source)
    if len(refs) + 2 > MAX_MEMBERS:
        raise ActionError("limit", "This session has too many parts for one file.")
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, msgspec.json.encode(_manifest(source, len(refs))))
        with archive.open(_member(ENTRIES, zipfile.ZIP_DEFLATED), "w") as lines:
            for entry in source.state.entries:
                lines.write(p.encode(entry) + b"\n")
        for place, name in enumerate(refs):
            _write_blob(archive, name)
            progress((place + 1) / len(refs))
    progress(1)


def _manifest(source: Source, count: int) -> Manifest:
    state = source.state
    session = ArchivedSession(
        title=state.title,
        runtime=source.runtime,
        next_number=state.next_number,
        variables=state.variables,
        files=state.files,
        snapshots=state.snapshots,
        head=state.head,
        marks=state.marks,
    )
    now = int(time.time() * 1000)
    return Manifest(FORMAT, VERSION, now, len(state.entries), count, session)


def _named_blobs(source: Source) -> list[str]:
    """Every blob that the entries and snapshots name, each once."""
    names: dict[str, None] = {}
    for entry in source.state.entries:
        for output in entry.outputs:
            names.update((ref.hash, None) for ref in output_blobs(output))
    for info in source.state.snapshots:
        names[info.manifest.hash] = None
        try:
            data = blobs.read(info.manifest.hash, info.manifest.size)
        except blobs.BlobUnreadableError as error:
            raise _gone() from error
        names.update((ref.hash, None) for ref in manifest_blobs(p.decode_manifest(data)))
    return list(names)


def _write_blob(archive: zipfile.ZipFile, name: str) -> None:
    found = blobs.find(name)
    if found is None:
        raise _gone()
    member = BLOBS + name + (".gz" if found.compressed else "")
    # Small already, or not worth it: the server chose when it was uploaded.
    with (
        found.path.open("rb") as blob,
        archive.open(_member(member, zipfile.ZIP_STORED), "w") as to,
    ):
        shutil.copyfileobj(blob, to, 256 * 1024)


def _member(name: str, method: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, time.gmtime()[:6])
    info.compress_type = method
    return info


def _gone() -> ActionError:
    return ActionError("storage", "Some of the saved values could not be read. Try again later.")
