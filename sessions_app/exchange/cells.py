"""Makes entries of what comes in as cells: numbered, within the protocol's bounds, never run."""

from __future__ import annotations

from sessions_app import protocol as p
from sessions_app.errors import ActionError
from sessions_app.exchange.incoming import Stash

#: Entries that one import makes of cells.
MAX_CELLS = 10_000


class Maker:
    """Numbers entries from 1 and collects notes about what had to be left out."""

    def __init__(self, now: int) -> None:
        self.entries: list[p.Entry] = []
        self.notes: list[str] = []
        self._now = now

    @property
    def next_number(self) -> int:
        """The number that the next entry gets."""
        return len(self.entries) + 1

    def note(self, text: str) -> None:
        """Remember what was left out, once."""
        if text not in self.notes:
            self.notes.append(text)

    def code(self, source: str, outputs: tuple[p.Output, ...] = ()) -> int:
        """Add code with the outputs it had elsewhere; gives its number.

        Raises:
            ActionError: ``too-large``.
        """
        if len(source) > p.MAX_SOURCE_CHARS:
            raise ActionError(
                "too-large",
                f"Cell {self.next_number} has more than {p.MAX_SOURCE_CHARS:,} characters. "
                "Split it where it comes from, and try again.",
            )
        failed = any(isinstance(output, p.ErrorOutput) for output in outputs)
        return self._add(source, outputs, "error" if failed else "ok")

    def text(self, text: str, mime: str, stash: Stash) -> None:
        """Add text between code; it shows as an output of an entry without code."""
        if not text.strip():
            return
        if len(text) > p.MAX_INLINE_CHARS:
            output = p.DisplayData({}, {mime: stash.add(text.encode("utf-8"))})
        else:
            output = p.DisplayData({mime: text})
        self._add("", (output,), "ok")

    def _add(self, source: str, outputs: tuple[p.Output, ...], status: p.FinalStatus) -> int:
        number = self.next_number
        if number > MAX_CELLS:
            raise ActionError("limit", f"This has more than {MAX_CELLS:,} cells.")
        self.entries.append(
            p.Entry(
                number=number,
                source=source,
                status=status,
                executed_at=self._now,
                fence=0,
                outputs=outputs,
                kind="imported",
            )
        )
        return number
