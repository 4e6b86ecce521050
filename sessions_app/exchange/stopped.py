"""The end of a run that was stopped: not a failure, so one quiet line, as on the session page."""

from __future__ import annotations

from sessions_app import protocol as p

_SAID = {"interrupted": "Stopped.", "timeout": "The time was up."}


def stopped(entry: p.Entry, output: p.ErrorOutput) -> str | None:
    """What is said in the place of a traceback; None when the entry was not stopped by it."""
    said = _SAID.get(entry.status)
    if said is None or output.ename != "KeyboardInterrupt":
        return None
    return said if output.place is None else f"{said} Line {output.place.line} was running."
