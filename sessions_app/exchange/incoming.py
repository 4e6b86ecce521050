"""What every import comes to: a ``Plan`` of a session whose blobs are stored but belong to nobody.

A plan is complete and checked when it is made; ``actions.import_session`` only writes it.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import msgspec

from playground import runtime_files
from sessions_app import blobs
from sessions_app import protocol as p
from sessions_app.errors import ActionError
from sessions_app.limits import data_dir, limits


class PlannedBlob(msgspec.Struct, frozen=True):
    """A blob whose file is stored: its size and that of its file."""

    size: int
    stored_bytes: int


class PlannedSnapshot(msgspec.Struct, frozen=True):
    """A snapshot with the hashes of all blobs that it names, its manifest included."""

    info: p.SnapshotInfo
    hashes: list[str]


class Plan(msgspec.Struct):
    """A session that is to be made. ``notes`` say in plain words what is not as it was."""

    title: str
    runtime: str = "python"
    next_number: int = 1
    entries: list[p.Entry] = []
    variables: tuple[p.VariableRow, ...] = ()
    files: tuple[p.FileRow, ...] = ()
    marks: tuple[p.Mark, ...] = ()
    snapshots: list[PlannedSnapshot] = []
    head: str | None = None
    blobs: dict[str, PlannedBlob] = {}
    notes: list[str] = []


@dataclass
class Stash:
    """Stores the blobs of one import and remembers them, within what one session may store."""

    stored: dict[str, PlannedBlob] = field(default_factory=dict)
    total: int = 0

    def add(self, data: bytes) -> p.BlobRef:
        """Store bytes that are in memory."""
        ref = p.BlobRef(hashlib.sha256(data).hexdigest(), len(data))
        if ref.hash not in self.stored:
            packed = gzip.compress(data, 6, mtime=0)
            smaller = len(packed) < len(data) * 0.9
            body = io.BytesIO(packed if smaller else data)
            self.take(ref.hash, ref.size, body, compressed=smaller)
        return ref

    def take(self, name: str, size: int, body: blobs.Readable, *, compressed: bool) -> None:
        """Store what comes in a stream; it must have that hash and size.

        Raises:
            ActionError: it has not; ``limit``, ``too-large``, ``storage``.
        """
        stored = blobs.store(name, size, body, compressed=compressed)
        self.stored[name] = PlannedBlob(size, stored)
        self.total += stored
        if self.total > 2 * limits().session_bytes:
            raise too_much()


def too_much() -> ActionError:
    """The refusal of a file that holds more than a session may store."""
    most = limits().session_bytes // 2**20
    return ActionError("limit", f"This holds more than the {most} MB that a session may keep.")


def check_history(entries: Sequence[p.Entry]) -> None:
    """Hold the text of all entries against the limit of a session's history.

    Raises:
        ActionError: ``limit``.
    """
    total = sum(len(p.encode(entry)) for entry in entries)
    if total > limits().history_bytes:
        most = limits().history_bytes // 2**20
        raise ActionError(
            "limit",
            f"This holds {total // 2**20} MB of text and outputs; a session keeps {most} MB. "
            "Clear large outputs where it comes from, and try again.",
        )


def is_plain_path(path: str) -> bool:
    """Whether a path names a file inside the home folder and nothing else."""
    parts = path.split("/")
    plain = path.isprintable() and "\\" not in path and not PurePosixPath(path).is_absolute()
    return plain and all(part not in ("", ".", "..") for part in parts)


def title_of(name: str, fallback: str) -> str:
    """A session's title from the name of a file, or ``fallback``."""
    stem = name.replace("\\", "/").rpartition("/")[2]
    stem = stem.rpartition(".")[0] or stem
    shown = " ".join("".join(char if char.isprintable() else " " for char in stem).split())
    return shown[:200] or fallback


def plan_files(stash: Stash, contents: dict[str, bytes], now: int) -> dict[str, object]:
    """A first snapshot that holds only files, as the fields of a plan."""
    current = runtime_files.current() or {}
    runtime = p.ManifestRuntime(
        "python", str(current.get("version", ""))[:300], str(current.get("hash", ""))[:300]
    )
    named = {path: stash.add(data) for path, data in contents.items()}
    files = [p.ManifestFile(path, ref, now) for path, ref in named.items()]
    manifest = stash.add(p.encode(p.Manifest(1, runtime, [], files)))
    info = p.SnapshotInfo(
        id="imported", number=0, cause="files", manifest=manifest, bytes=0, created_at=now
    )
    hashes = sorted({manifest.hash, *(ref.hash for ref in named.values())})
    rows = tuple(p.FileRow(path, ref.size, now) for path, ref in named.items())
    return {"snapshots": [PlannedSnapshot(info, hashes)], "head": info.id, "files": rows}


def folder() -> Path:
    """Where the files of exports and imports lie."""
    path = data_dir() / "transfers"
    path.mkdir(parents=True, exist_ok=True)
    return path


def plan_file(key: str) -> Path:
    """Where a worker leaves a plan for the process that writes."""
    return folder() / f"{uuid.UUID(key).hex}.plan"
