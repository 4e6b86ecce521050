"""Reads a session file. Every part is a claim: bounds, hashes, sizes and references are checked.

First everything that is text is decoded by the protocol's own types and held against the limits;
only then are blobs stored, each one hashed on the way. Values are never looked into.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import IO

import msgspec
from msgspec.structs import replace

from sessions_app import blobs, titles
from sessions_app import protocol as p
from sessions_app.actions.checks import manifest_blobs, output_blobs, output_size, too_large
from sessions_app.errors import ActionError
from sessions_app.exchange import archive, zips
from sessions_app.exchange.incoming import (
    Plan,
    PlannedSnapshot,
    Stash,
    check_history,
    is_plain_path,
    too_much,
)
from sessions_app.exchange.source import Progress, ended
from sessions_app.limits import limits
from sessions_app.lineage import heir

_MEMBER = re.compile(r"blobs/(?P<hash>[0-9a-f]{64})(?P<gzip>\.gz)?")

_head = msgspec.json.Decoder(archive.Manifest)
_version = msgspec.json.Decoder(dict[str, msgspec.Raw])
_entry = msgspec.json.Decoder(p.Entry)


def read_archive(file: IO[bytes], stash: Stash, progress: Progress) -> Plan:
    """Make a plan from a session file.

    Raises:
        ActionError: ``invalid``, ``limit``, ``too-large``, ``storage``.
    """
    with zips.open_zip(file, archive.MAX_MEMBERS) as members:
        names = _blob_members(members)
        manifest = _manifest(zips.read_member(members, archive.MANIFEST, archive.MAX_HEAD_BYTES))
        session = manifest.session
        # Each line has what the history counts, and at most its field names beside.
        text = zips.read_member(members, archive.ENTRIES, limits().history_bytes * 2)
        entries = list(_entries(text, session.next_number))
        del text
        check_history(entries)
        _check_lists(session)
        plan = _plan(session, entries)
        snapshots = _fitting(members, names, plan, session)
        needed = _check_references(members, names, plan, snapshots)
        _store(members, names, needed, stash, progress)
    plan.blobs = stash.stored
    return plan


def _blob_members(members: zipfile.ZipFile) -> dict[str, str]:
    """The member of each blob by its hash; any other name but the two known ones is refused."""
    found: dict[str, str] = {}
    for name in members.namelist():
        match = _MEMBER.fullmatch(name)
        if match is not None and match["hash"] not in found:
            found[match["hash"]] = name
        elif name not in (archive.MANIFEST, archive.ENTRIES):
            raise zips.damaged()
    return found


def _manifest(data: bytes) -> archive.Manifest:
    try:
        parts = _version.decode(data)
        if bytes(parts.get("format", b"")) != f'"{archive.FORMAT}"'.encode():
            raise zips.damaged()
        if bytes(parts.get("version", b"")) != str(archive.VERSION).encode():
            raise ActionError(
                "invalid", "This session file is of a newer version than this playground can read."
            )
        return _head.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise zips.damaged() from None


def _entries(text: bytes, next_number: int) -> Iterator[p.Entry]:
    last = 0
    for line in text.splitlines():
        try:
            entry = _entry.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise zips.damaged() from None
        shown = sum(output_size(output) for output in entry.outputs)
        if len(entry.outputs) > p.MAX_OUTPUTS or shown > limits().entry_bytes:
            raise ActionError("limit", f"#{entry.number} shows more than a session keeps.")
        if not last < entry.number < next_number or entry.fence:
            raise zips.damaged()
        last = entry.number
        yield ended(entry)


def _check_lists(session: archive.ArchivedSession) -> None:
    snapshots = {info.id for info in session.snapshots}
    fits = (
        titles.problem(session.title) is None
        and session.runtime == "python"
        and len(snapshots) == len(session.snapshots)
        and (session.head is None or session.head in snapshots)
        and len({row.name for row in session.variables}) == len(session.variables)
        and len({row.path for row in session.files}) == len(session.files)
        and all(is_plain_path(row.path) for row in session.files)
        and all(info.number < session.next_number for info in session.snapshots)
        and all(mark.after < session.next_number for mark in session.marks)
    )
    if not fits:
        raise zips.damaged()


def _plan(session: archive.ArchivedSession, entries: list[p.Entry]) -> Plan:
    return Plan(
        title=session.title,
        runtime=session.runtime,
        next_number=session.next_number,
        entries=entries,
        variables=session.variables,
        files=session.files,
        marks=session.marks,
        head=session.head,
    )


def _fitting(
    members: zipfile.ZipFile,
    names: dict[str, str],
    plan: Plan,
    session: archive.ArchivedSession,
) -> list[tuple[p.SnapshotInfo, list[p.BlobRef]]]:
    """The snapshots that have room here, with all blobs of each; the head always is one."""
    kept: list[tuple[p.SnapshotInfo, list[p.BlobRef]]] = []
    room = limits().session_bytes - _sizes(members, names, _output_hashes(plan.entries))
    counted: set[str] = set()
    order = {info.id: place for place, info in enumerate(session.snapshots)}
    latest_first = sorted(
        session.snapshots,
        key=lambda info: (info.id != session.head, info.label is None, -order[info.id]),
    )
    for info in latest_first:
        refs = _snapshot_blobs(members, names, info)
        fresh = {ref.hash for ref in refs} - counted
        cost = _sizes(members, names, fresh)
        if info.id == session.head and cost > room:
            raise too_much()
        if cost > room or len(kept) >= limits().max_snapshots:
            plan.notes = [
                "Some earlier states had no room here, so not every #n can be gone back to."
            ]
            continue
        room -= cost
        counted |= fresh
        kept.append((info, refs))
    kept.sort(key=lambda pair: order[pair[0].id])
    ids = {info.id for info, _ in kept}
    others = {info.id: info.parent for info in session.snapshots if info.id not in ids}
    plan.snapshots = []
    for info, refs in kept:
        parent = heir(info.parent, others)
        placed = replace(info, parent=parent if parent in ids else None)
        plan.snapshots.append(PlannedSnapshot(placed, sorted({ref.hash for ref in refs})))
    return kept


def _snapshot_blobs(
    members: zipfile.ZipFile, names: dict[str, str], info: p.SnapshotInfo
) -> list[p.BlobRef]:
    ref = info.manifest
    if ref.size > limits().max_manifest_bytes:
        raise ActionError("limit", "The list of what was saved is too long.")
    # Stored here rather than at the end, so that it is read by the same bounded path.
    single = Stash()
    _store_one(members, names, ref, single)
    try:
        manifest = p.decode_manifest(blobs.read(ref.hash, ref.size))
    except (blobs.BlobUnreadableError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise zips.damaged() from None
    refusal = too_large(manifest)
    if refusal is not None:
        raise ActionError("limit", refusal.message)
    if len(manifest_blobs(manifest)) > limits().max_manifest_blobs:
        raise ActionError("limit", "A state of the session has too many parts.")
    if not all(is_plain_path(path) for path in _paths(manifest)):
        raise zips.damaged()
    return [ref, *manifest_blobs(manifest)]


def _paths(manifest: p.Manifest) -> list[str]:
    return [file.path for file in manifest.files] + list(manifest.directories)


def _check_references(
    members: zipfile.ZipFile,
    names: dict[str, str],
    plan: Plan,
    snapshots: list[tuple[p.SnapshotInfo, list[p.BlobRef]]],
) -> dict[str, p.BlobRef]:
    """Every blob that is named must be there, under one size."""
    needed: dict[str, p.BlobRef] = {}
    shown = [
        ref for entry in plan.entries for output in entry.outputs for ref in output_blobs(output)
    ]
    for ref in [*shown, *(ref for _, refs in snapshots for ref in refs)]:
        if needed.setdefault(ref.hash, ref) != ref or ref.hash not in names:
            raise zips.damaged()
    return needed


def _store(
    members: zipfile.ZipFile,
    names: dict[str, str],
    needed: dict[str, p.BlobRef],
    stash: Stash,
    progress: Progress,
) -> None:
    for place, ref in enumerate(needed.values()):
        _store_one(members, names, ref, stash)
        progress((place + 1) / len(needed))


def _store_one(
    members: zipfile.ZipFile, names: dict[str, str], ref: p.BlobRef, stash: Stash
) -> None:
    if ref.hash not in names:
        raise zips.damaged()
    name = names[ref.hash]
    with zips.open_member(members, name) as body:
        try:
            stash.take(ref.hash, ref.size, body, compressed=name.endswith(".gz"))
        except zips.READING_ERRORS:
            raise zips.damaged() from None


def _output_hashes(entries: list[p.Entry]) -> set[str]:
    return {
        ref.hash for entry in entries for output in entry.outputs for ref in output_blobs(output)
    }


def _sizes(members: zipfile.ZipFile, names: dict[str, str], hashes: set[str]) -> int:
    """What the blobs take as they are in the file; one that is not there is found out later."""
    return sum(members.getinfo(names[name]).file_size for name in hashes if name in names)
