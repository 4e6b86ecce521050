"""What session lists show of a session, kept in its row while things happen.

``moved_on`` is asked by every change, with the operations that it applied; a list then never reads
histories. ``of_rows`` finds the same for a session whose rows were written without operations: a
fork, an import.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from sessions_app import protocol as p
from sessions_app.models import PREVIEW, Session

_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?")

_entry = msgspec.json.Decoder(p.Entry)
_output = msgspec.json.Decoder(p.Output)
_variables = msgspec.json.Decoder(list[msgspec.Raw])


def moved_on(row: Session, state: p.SessionState, records: Sequence[p.Record]) -> dict[str, Any]:
    """The columns that these records changed, with their new values."""
    changed: dict[str, Any] = {}
    for record in records:
        match record.operation:
            case p.StartExecution(number=number, source=source):
                changed["entry_count"] = changed.get("entry_count", row.entry_count) + 1
                changed["preview_number"] = number
                changed["preview_code"] = last_line(source)
                changed["preview_output"] = ""
            case p.AppendOutput(number=number, outputs=outputs):
                if number == changed.get("preview_number", row.preview_number):
                    line = output_line(outputs)
                    if line:
                        changed["preview_output"] = line
            case p.DeleteEntry(numbers=numbers):
                if changed.get("preview_number", row.preview_number) in numbers:
                    changed |= _latest(row)
            case p.SetVariables():
                changed["variable_count"] = len(state.variables)
            case _:
                pass
    return changed


def of_rows(row: Session) -> None:
    """Set the columns of a row from its entries and its table of variables; does not save."""
    row.variable_count = len(_variables.decode(row.variables))
    row.entry_count = row.entries.count()
    for column, value in _latest(row).items():
        setattr(row, column, value)


def _latest(row: Session) -> dict[str, Any]:
    """The preview of the latest entry that was not deleted."""
    columns = {"preview_number": 0, "preview_code": "", "preview_output": ""}
    # Quotes within a text are escaped in JSON, so only a tombstone has this in its body.
    entries = row.entries.exclude(body__contains='"deleted":true')
    latest = entries.order_by("-number").first()
    if latest is None:
        return columns
    bodies = row.outputs.filter(number=latest.number).order_by("-position")
    last = bodies.values_list("body", flat=True).first()
    return {
        "preview_number": latest.number,
        "preview_code": last_line(_entry.decode(latest.body).source),
        "preview_output": output_line([_output.decode(last)]) if last else "",
    }


def output_line(outputs: Sequence[p.Output]) -> str:
    """The last line that the outputs show, empty when they show no text."""
    for output in reversed(outputs):
        match output:
            case p.StreamOutput(text=text):
                line = last_line(text)
            case p.ErrorOutput(ename=ename, evalue=evalue):
                line = last_line(f"{ename}: {evalue.splitlines()[0] if evalue else ''}")
            case _:
                line = last_line(output.data.get("text/plain", ""))
        if line:
            return line
    return ""


def last_line(text: str) -> str:
    """The last line with something on it, as much as fits a list; without control characters."""
    # Only the end is looked at: what is printed may be a megabyte of one line.
    for line in reversed(_ANSI.sub("", text[-20 * PREVIEW :]).splitlines()):
        clean = "".join(letter if letter.isprintable() else " " for letter in line).strip()
        if clean:
            return clean[:PREVIEW]
    return ""
