"""Deleting entries for good: their text leaves the rows, the log and what waits for other sockets.

A deletion is one operation and one transaction. Its record stays in the log and says only numbers;
the records that carried the text are blanked where they stand, so that whoever replays the log
comes to the same state without it.
"""

from __future__ import annotations

from collections.abc import Sequence

from sessions_app import protocol as p
from sessions_app.actions.change import Change
from sessions_app.actions.snapshots import let_go
from sessions_app.models import EntryBlob, SnapshotBlob
from sessions_app.state import is_snapshot_of


def prepare(change: Change, operation: p.AnyOperation) -> None:
    """Load the entries that the operation is about, however old they are."""
    match operation:
        case p.DeleteEntry(numbers=numbers):
            # What the operations before it in the same push wrote must be there to be removed.
            change.flush()
            change.load_entries(numbers, outputs=False)
        case (
            p.RestoreEntry(number=number)
            | p.PinEntry(number=number)
            | p.ReturnSnapshot(snapshot=p.SnapshotInfo(number=number))
        ):
            change.load_entries([number], outputs=True)


class Deletion:
    """What a deletion must remove, noted before it is applied."""

    def __init__(self, change: Change, numbers: Sequence[int]) -> None:
        self._change = change
        self._numbers = frozenset(numbers)
        gone = [
            info.id
            for info in change.state.snapshots
            if is_snapshot_of(info, self._numbers, change.state.head)
        ]
        named = SnapshotBlob.objects.filter(
            snapshot__session=change.row, snapshot__snapshot__in=gone
        )
        self._blobs = set(named.values_list("blob_id", flat=True)) if gone else set()

    def finish(self) -> None:
        """After the operation was applied: write it, and remove the text everywhere."""
        change = self._change
        change.flush()
        change.blank(self._numbers)
        shown = EntryBlob.objects.filter(session=change.row, number__in=self._numbers)
        named = self._blobs | set(shown.values_list("blob_id", flat=True))
        shown.delete()
        if named:
            let_go(change.row, named)
