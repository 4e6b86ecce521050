"""Which snapshot came from which, also when some of them go.

``frontend/src/session/lineage.ts`` is the same for browsers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from msgspec.structs import replace

from sessions_app import protocol as p


def heir(parent: str | None, gone: Mapping[str, str | None]) -> str | None:
    """What stands in a parent's place: its nearest ancestor that is not ``gone``.

    ``gone`` has the parents of those that go. Where all ancestors go, it is the first of them: none
    would mean that a snapshot began with nothing, and those that share it still belong together.
    """
    for _ in gone:
        above = gone.get(parent) if parent is not None else None
        if above is None:
            break
        parent = above
    return parent


def without(
    snapshots: Sequence[p.SnapshotInfo], ids: Collection[str]
) -> tuple[p.SnapshotInfo, ...]:
    """The snapshots but for some; what came from those hangs on what they came from."""
    gone = {info.id: info.parent for info in snapshots if info.id in ids}
    kept = [info for info in snapshots if info.id not in gone]
    return tuple(
        replace(info, parent=heir(info.parent, gone)) if info.parent in gone else info
        for info in kept
    )


def returned(
    snapshots: Sequence[p.SnapshotInfo], info: p.SnapshotInfo, children: Collection[str]
) -> tuple[p.SnapshotInfo, ...]:
    """The snapshots with one that is there again, in its place, with those that came from it.

    A child that does not hang on an ancestor of it by now stays where it is.
    """
    parents = {one.id: one.parent for one in snapshots}
    above: set[str] = set()
    parent = info.parent
    while parent is not None and parent not in above:
        above.add(parent)
        parent = parents.get(parent)
    moved = tuple(
        replace(one, parent=info.id)
        if one.id in children and one.id not in above and one.parent in above
        else one
        for one in snapshots
    )
    earlier = tuple(one for one in moved if one.created_at <= info.created_at)
    later = tuple(one for one in moved if one.created_at > info.created_at)
    return (*earlier, info, *later)
