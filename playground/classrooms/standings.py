"""Keeps each pupil's standing: one row, written inside the change of the session that it tells of.

So the wall reads one short row for a pupil, however long the history is, and a row that was lost
with its transaction never was. Which session is a pupil's is remembered: it is fixed before the
session has its first operation.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Sequence
from functools import partial
from threading import Lock

from django.db import transaction

from playground.classrooms import bells
from playground.classrooms.models import Enrolment, Standing
from sessions_app import protocol as p
from sessions_app import summary
from sessions_app.models import Session

#: Sessions whose place in a class (or that they have none) is remembered.
REMEMBERED = 20_000

#: Characters of what a run showed that are kept for grouping.
SHOWN = 1_000

_places: OrderedDict[str, tuple[int, str] | None] = OrderedDict()
_lock = Lock()

_QUOTED = re.compile(r"'[^']{0,200}'|\"[^\"]{0,200}\"")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def keep(session: Session, records: Sequence[p.Record]) -> None:
    """Bring the standing up to date with what was applied to a session; a hook of its changes."""
    place = _place_of(session)
    if place is None:
        return
    pupil, classroom = place
    row = Standing.objects.filter(pk=pupil).first()
    if row is None:
        return
    if _apply(row, records):
        row.save()
        transaction.on_commit(partial(bells.pupil, classroom, pupil), robust=True)


def _apply(row: Standing, records: Sequence[p.Record]) -> bool:
    changed = False
    for record in records:
        match record.operation:
            case p.StartExecution(number=number, source=source):
                row.number, row.run, row.code = number, "running", summary.last_line(source)
                row.before, row.error, row.error_line = row.error or row.before, "", 0
                row.output = row.shown = ""
                row.runs += 1
                row.ran_ms = record.at
                row.trying_ms = row.trying_ms or record.at
            case p.AppendOutput(number=number, outputs=outputs) if number == row.number:
                _show(row, outputs)
            case p.FinishExecution(number=number, status=status) if number == row.number:
                _finish(row, status, record.at)
            case _:
                continue
        row.active_ms = record.at
        changed = True
    return changed


def _show(row: Standing, outputs: Sequence[p.Output]) -> None:
    row.output = summary.output_line(outputs) or row.output
    for output in outputs:
        match output:
            case p.ErrorOutput(ename=kind, evalue=message, place=at):
                row.error = shape(kind, message)
                row.error_line = at.line if at is not None else 0
            case p.StreamOutput(text=text):
                row.shown = (row.shown + text)[:SHOWN]
            case _:
                row.shown = (row.shown + output.data.get("text/plain", "")[:SHOWN])[:SHOWN]


def _finish(row: Standing, status: str, at: int) -> None:
    row.run = status
    if status == "ok":
        row.ok_ms, row.trying_ms, row.same_error, row.before = at, None, 0, ""
    elif status == "error" and row.error:
        row.same_error = row.same_error + 1 if row.error == row.before else 1


def shape(kind: str, message: str) -> str:
    """What errors of a group have in common: the kind, and the message without its particulars."""
    first = message.splitlines()[0] if message else ""
    bare = _NUMBER.sub("…", _QUOTED.sub("…", first[:400]))
    return (f"{kind}: {bare}" if bare else kind)[:200]


def _place_of(session: Session) -> tuple[int, str] | None:
    """The pupil's place and the class of a session, None for a session of nobody's class."""
    key = session.public_id
    with _lock:
        if key in _places:
            return _places[key]
    found = Enrolment.objects.filter(session=session).values_list("pk", "classroom").first()
    place = (found[0], found[1].hex) if found is not None else None
    with _lock:
        _places[key] = place
        while len(_places) > REMEMBERED:
            _places.popitem(last=False)
    return place


def forget(session: str) -> None:
    """A session has a place in a class now, or has it no more."""
    with _lock:
        _places.pop(session, None)
