"""The manifest of a snapshot: which blobs hold which variables and files."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from sessions_app.protocol.bounds import (
    MAX_MANIFEST_VARIABLES,
    Count,
    Digest,
    Name,
    Number,
    Path,
    ShortText,
)
from sessions_app.protocol.values import BlobRef, Unsaved, Value


class ManifestUnit(Value, frozen=True):
    """What is saved and restored together: the names in it and the blob that holds it."""

    names: Annotated[list[Name], Meta(max_length=10_000)]
    blob: BlobRef


class ManifestFile(Value, frozen=True):
    """A file of the home folder: its relative path, content and time of change."""

    path: Path
    blob: BlobRef
    modified_at: Count


class ManifestVariable(Value, frozen=True):
    """How a variable looked when it was saved: for people who look back, not for restoring.

    ``content`` is a digest of the value with all that it leads to: two points where it is the same
    have the same value. None where the value was not saved, and in snapshots of earlier versions.
    ``entry`` and ``line`` are where a function or class was defined.
    """

    name: Name
    type: Name
    size_bytes: Count
    preview: ShortText
    shape: Name | None = None
    content: Digest | None = None
    entry: Number | None = None
    line: Number | None = None


class ManifestRuntime(Value, frozen=True):
    """The runtime that made a snapshot: name (``python``), language version, build hash."""

    name: Name
    version: Name
    hash: Name


class Manifest(Value, frozen=True):
    """A snapshot's content: units of variables, files and folders, and what was left out.

    Stored as a blob of JSON. The server reads it, checks that every blob it names belongs to the
    session, and never looks into a unit. ``variables`` holds rows of the variable table of that
    instant, so that it can be looked at without a runtime; snapshots of earlier versions have none.
    """

    format: Literal[1]
    runtime: ManifestRuntime
    units: Annotated[list[ManifestUnit], Meta(max_length=10_000)]
    files: Annotated[list[ManifestFile], Meta(max_length=10_000)]
    directories: Annotated[tuple[Path, ...], Meta(max_length=10_000)] = ()
    unsaved: Annotated[tuple[Unsaved, ...], Meta(max_length=1_000)] = ()
    variables: (
        Annotated[tuple[ManifestVariable, ...], Meta(max_length=MAX_MANIFEST_VARIABLES)] | None
    ) = None
