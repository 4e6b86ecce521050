"""The question ``remake``: which entries make variables again, to be shown before any runs."""

from typing import Any

from playground_runtime.remaking.finding import Entry, Found, find
from playground_runtime.remaking.lineage import Mark, lineage
from playground_runtime.session import Session
from playground_runtime.state.forms.lost import Placeholder


def remake(session: Session, args: dict[str, Any]) -> dict[str, Any]:
    """Find the entries that make ``names`` again.

    Args:
        session: Its variables are what is here.
        args: ``names`` that are wanted; ``absent``, names that are not to count as here;
            ``entries``, rows ``{number, source, failed, line, deleted}`` of all entries of code;
            ``marks``, rows ``{after, to}`` of where the session went back; ``hints``, by name the
            entry after which a variable was new.

    Returns:
        ``{entries: [{number, makes, changes, stale, warnings}], unknown: [{name, deleted}]}``
    """
    absent = set(args["absent"])
    names = session.interpreter.namespace.names
    here = [
        name
        for name in session.interpreter.namespace.user_names()
        if name not in absent and type(names[name]) is not Placeholder
    ]
    marks = [Mark(row["after"], row["to"]) for row in args["marks"]]
    entries = {row["number"]: _entry(row) for row in args["entries"]}
    led = [entries[number] for number in lineage(entries, marks)]
    found = find(led, args["names"], here, args["hints"])
    return _answer(found)


def _entry(row: dict[str, Any]) -> Entry:
    source = row["source"]
    failed = (row["line"] or source.count("\n") + 1) if row["failed"] else None
    return Entry(row["number"], source, failed, row["deleted"])


def _answer(found: Found) -> dict[str, Any]:
    return {
        "entries": [one._asdict() for one in found.entries],
        "unknown": [one._asdict() for one in found.unknown],
    }
