"""Reads for the live pages: the wall's tiles, the queue, values, a pupil's desk."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import QuerySet
from django.utils import timezone

from playground.classrooms import protocol as cp
from playground.classrooms import queries
from playground.classrooms.actions.helping import CLAIM_MS
from playground.classrooms.models import Classroom, Enrolment, HelpRequest, Standing
from sessions_app import protocol as p
from sessions_app.clock import now_ms

#: A page that was not heard of for so long is taken for closed, in milliseconds.
GONE_MS = 35_000

#: Characters of a text on a tile that is grouped by.
SHOWN = 200

#: Messages that a pupil's page shows.
NOTES = 5

_variables = msgspec.json.Decoder(tuple[p.VariableRow, ...])


def whole(classroom: str) -> cp.Wall | None:
    """Everything that a wall shows; None when the class is gone."""
    row = Classroom.objects.filter(pk=uuid.UUID(classroom)).first()
    if row is None:
        return None
    queue, found = hands(classroom), tiles(row.enrolments.all())
    return cp.Wall(
        name=row.name,
        same_errors=row.same_errors,
        quiet_minutes=row.quiet_minutes,
        now=now_ms(),
        ids=tuple(tile.id for tile in found),
        tiles=found,
        hands=queue.hands,
        asking=queue.asking,
        paused_until=queue.paused_until,
    )


def some(classroom: str, pupils: Collection[int]) -> tuple[cp.Tile, ...]:
    """The tiles of these pupils."""
    return tiles(Enrolment.objects.filter(classroom=uuid.UUID(classroom), pk__in=pupils))


def tiles(places: QuerySet[Enrolment]) -> tuple[cp.Tile, ...]:
    """The tiles of places, by name."""
    now, at = now_ms(), timezone.now()
    found = places.select_related("standing", "session").order_by("name", "pk")
    return tuple(_tile(place, now, at) for place in found)


def _tile(place: Enrolment, now: int, at: datetime) -> cp.Tile:
    try:
        row = place.standing
    except Standing.DoesNotExist:
        row = Standing(enrolment=place)
    session = place.session
    return cp.Tile(
        id=place.pk,
        name=place.name,
        session=session.public_id if session is not None and session.binned_at is None else None,
        here=row.seen_ms > now - GONE_MS,
        run=row.run,  # type: ignore[arg-type]  # written by ``standings`` alone
        number=row.number,
        code=row.code,
        output=row.output,
        shown=row.shown[:SHOWN],
        error=row.error,
        error_line=row.error_line,
        same_error=row.same_error,
        runs=row.runs,
        ran_at=row.ran_ms,
        ok_at=row.ok_ms,
        trying_at=row.trying_ms,
        active_at=row.active_ms,
        locked=place.locked_until is not None and place.locked_until > at,
    )


def hands(classroom: str) -> cp.Hands:
    """The queue, longest waiting first, those that somebody is on the way to last; and the door."""
    row = Classroom.objects.get(pk=uuid.UUID(classroom))
    found = HelpRequest.objects.filter(enrolment__classroom=row, ended_ms__isnull=True)
    ordered = [_hand(one) for one in found.select_related("claimed_by").order_by("asked_ms", "pk")]
    asking = [cp.Asking(one.pk, one.enrolment.name, one.browser) for one in queries.knocks(row)]
    ordered.sort(key=lambda one: one.claimed_by is not None)
    return cp.Hands(tuple(ordered), tuple(asking), _pause(row))


def _hand(one: HelpRequest) -> cp.Hand:
    held = one.claimed_ms is not None and one.claimed_ms > now_ms() - CLAIM_MS
    helper = one.claimed_by.name if held and one.claimed_by is not None else None
    return cp.Hand(one.pk, one.enrolment_id, one.question, one.number, one.asked_ms, helper)


def _pause(row: Classroom) -> int | None:
    until = row.paused_until
    return int(until.timestamp() * 1000) if until is not None and until > timezone.now() else None


def values(classroom: str, variable: str) -> cp.Values:
    """The class grouped by the value of a variable, as pupils' pages last told it: a claim."""
    groups: defaultdict[tuple[str, str, int], list[int]] = defaultdict(list)
    without = []
    found = Enrolment.objects.filter(classroom=uuid.UUID(classroom), session__isnull=False)
    for pupil, text in found.values_list("pk", "session__variables"):
        rows = (row for row in _variables.decode(text) if row.name == variable)
        one = next(rows, None)
        if one is None:
            without.append(pupil)
        else:
            groups[one.type, one.preview, one.size_bytes].append(pupil)
    ordered = sorted(groups.items(), key=lambda item: -len(item[1]))
    return cp.Values(
        variable,
        tuple(cp.Group(f"{kind} {look}"[:200], tuple(who)) for (kind, look, _), who in ordered),
        tuple(without),
    )


def beside(session: str, user: int) -> dict[str, Any]:
    """What a pupil's own session page has to know of the class; nothing on other pages."""
    mine = Enrolment.objects.filter(session=uuid.UUID(session), user=user)
    place = mine.values_list("pk", "classroom__name").first()
    if place is None:
        return {}
    return {"classroom": {"socket": f"/ws/desks/{place[0]}", "name": place[1]}}


def desk(pupil: int) -> cp.Desk | None:
    """What a pupil's page shows of the class; None when the place is gone."""
    place = Enrolment.objects.select_related("classroom").filter(pk=pupil).first()
    if place is None:
        return None
    queue = hands(place.classroom.public_id).hands
    mine = next((one for one in queue if one.pupil == pupil), None)
    before = [one for one in queue if mine is not None and one.asked_at < mine.asked_at]
    notes = place.notes.filter(read=False).order_by("-pk")[:NOTES]
    return cp.Desk(
        name=place.classroom.name,
        now=now_ms(),
        hand=mine,
        ahead=sum(one.claimed_by is None for one in before),
        notes=tuple(cp.Note(one.pk, one.sender, one.text, one.at_ms) for one in reversed(notes)),
        paused_until=_pause(place.classroom),
    )
