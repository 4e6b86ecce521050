"""What an export is made of: a session's state with all its entries, and the blobs it names."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from msgspec.structs import replace

from sessions_app import blobs, queries
from sessions_app import protocol as p
from sessions_app.models import Session

#: Told after each part how much of the work is done, from 0 to 1.
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Source:
    """A session as of one instant; ``entries`` are those whose text is still there.

    ``lost`` collects in plain words what could not be read and is not in the file.
    """

    state: p.SessionState
    runtime: str
    lost: list[str] = field(default_factory=list)

    @property
    def shown(self) -> Iterator[p.Entry]:
        """The entries that another program can use: no session commands, nothing deleted."""
        return (
            entry for entry in self.state.entries if not entry.deleted and entry.kind != "command"
        )

    def value(self, entry: p.Entry, ref: p.BlobRef) -> str | None:
        """A large value of an output; None when its blob is gone, which is noted."""
        try:
            return blobs.read(ref.hash, ref.size).decode("utf-8")
        except (blobs.BlobUnreadableError, UnicodeDecodeError):
            self.lost.append(f"A large output of #{entry.number} could not be read.")
            return None

    def bundle(self, entry: p.Entry, output: p.DisplayData | p.ExecuteResult) -> dict[str, str]:
        """A mimebundle with its large values in place."""
        large = {mime: self.value(entry, ref) for mime, ref in output.blobs.items()}
        return output.data | {mime: text for mime, text in large.items() if text is not None}


def source_of(session: str) -> Source:
    """Read a session for an export.

    Raises:
        Session.DoesNotExist: there is none.
    """
    state = queries.load_state(session, entries=None)
    runtime = Session.objects.values_list("runtime", flat=True).get(pk=uuid.UUID(session))
    entries = tuple(ended(entry) for entry in state.entries)
    return Source(replace(state, entries=entries), runtime)


def ended(entry: p.Entry) -> p.Entry:
    """An entry outside its runtime: what runs is as good as interrupted, nobody holds a lease."""
    if entry.status in ("queued", "running"):
        return replace(entry, status="interrupted", lost=True, fence=0)
    return replace(entry, fence=0)


def note_of(entry: p.Entry) -> tuple[str, str] | None:
    """The text of an entry that came in as text between code, with its kind: markdown or raw."""
    if entry.kind != "imported" or entry.source or len(entry.outputs) != 1:
        return None
    output = entry.outputs[0]
    if not isinstance(output, p.DisplayData) or len(output.data) != 1 or output.blobs:
        return None
    for mime, kind in (("text/markdown", "markdown"), ("text/plain", "raw")):
        if mime in output.data:
            return kind, output.data[mime]
    return None


def file_name(title: str, ending: str) -> str:
    """A name for the file that every system takes, from the session's title."""
    kept = "".join(char if char.isalnum() or char in "-_" else " " for char in title)
    return f"{' '.join(kept.split()).strip('- ')[:80] or 'session'}.{ending}"
