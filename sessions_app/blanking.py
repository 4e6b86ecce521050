"""The text of deleted entries, taken out of records: pure, and the same for log and memory.

A record keeps its place and its kind; replaying blanked records and the deletion after them gives
the state that the session has.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from sessions_app import protocol as p

#: Finds, in the first ``HEAD_CHARS`` of a record's JSON, the entry whose text it carries.
HEAD_CHARS = 400
_CARRIES = re.compile(
    r'"operation":\{"type":"(?:start_execution|append_output|restore_entry)","number":(\d+)'
)


def carried_entry(head: str) -> int | None:
    """The number of the entry whose text a record carries, by the beginning of its JSON."""
    found = _CARRIES.search(head)
    return int(found.group(1)) if found else None


def blanked(record: p.Record, numbers: Collection[int]) -> p.Record | None:
    """The record without the text of these entries; None when it has none of it."""
    operation = record.operation
    blank: p.AnyOperation
    match operation:
        case p.StartExecution(number=number) if number in numbers:
            path = None if operation.path is None else "-"
            blank = p.StartExecution(number, "", operation.kind, operation.origin, path)
        case p.AppendOutput(number=number) if number in numbers:
            blank = p.AppendOutput(number, (p.StreamOutput("stdout", ""),))
        case p.RestoreEntry(number=number) if number in numbers:
            blank = p.RestoreEntry(number, "", more=operation.more)
        case _:
            return None
    return p.Record(record.seq, record.at, record.client, record.n, record.fence, blank)
