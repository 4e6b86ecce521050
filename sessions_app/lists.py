"""Reads of the session list: one person's sessions, searched, sorted, a page at a time.

Everything shown stands in the sessions' own rows (``summary.py``); no history is read.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from sessions_app.actions import old_guest_sessions
from sessions_app.limits import limits
from sessions_app.models import Member, Session

Show = Literal["all", "shared", "archived", "bin"]
SHOWS: tuple[Show, ...] = get_args(Show)

#: How lists can be sorted: the latest, the largest first.
SORTS = {
    "used": ("-last_activity",),
    "title": ("title", "-last_activity"),
    "size": ("-bytes_together", "-last_activity"),
    "variables": ("-variable_count", "-last_activity"),
    "executions": ("-entry_count", "-last_activity"),
}

#: Sessions on one page of a list.
PAGE = 50

#: Characters of a search that are looked at.
LONGEST_SEARCH = 200


@dataclass(frozen=True)
class Asked:
    """Which part of the list is asked for."""

    show: Show = "all"
    search: str = ""
    sort: str = "used"
    page: int = 1


@dataclass(frozen=True)
class Line:
    """A line of the list; ``leaves`` is when age or the end of its days in the bin takes it."""

    id: str
    title: str
    last_activity: datetime
    bytes: int
    variables: int
    entries: int
    code: str
    output: str
    role: str
    archived: bool
    binned_at: datetime | None
    by_age: bool
    leaves: datetime | None


@dataclass(frozen=True)
class Listing:
    """A page of the list, how many there are, and how many each other list holds."""

    asked: Asked
    lines: list[Line]
    total: int
    pages: int
    counts: dict[Show, int]


def listing(user: int, asked: Asked) -> Listing:
    """What the person sees under these questions."""
    found = _searched(_shown(user, asked.show), asked.search)
    total = found.count()
    pages = max(1, math.ceil(total / PAGE))
    page = min(max(1, asked.page), pages)
    order = ("-binned_at",) if asked.show == "bin" and asked.sort == "used" else SORTS[asked.sort]
    together = found.annotate(bytes_together=F("stored_bytes") + F("history_bytes"))
    rows = together.order_by(*order, "pk")[(page - 1) * PAGE : page * PAGE]
    counts = {show: _shown(user, show).count() for show in SHOWS}
    ageing = set(_ageing(user))
    lines = [_line(row, row.pk in ageing) for row in rows]
    return Listing(Asked(asked.show, asked.search, asked.sort, page), lines, total, pages, counts)


def _shown(user: int, show: Show) -> QuerySet[Session]:
    mine = Member.objects.filter(session=OuterRef("pk"), user=user)
    sessions = Session.objects.annotate(
        owned=Exists(mine.filter(role="owner")), edited=Exists(mine.filter(role="editor"))
    ).filter(Exists(mine), doomed=False)
    match show:
        case "bin":
            return sessions.filter(owned=True, binned_at__isnull=False)
        case "archived":
            return sessions.filter(owned=True, binned_at=None, archived=True)
        case "shared":
            return sessions.filter(owned=False, binned_at=None)
        case "all":
            return sessions.filter(Q(archived=False) | Q(owned=False), binned_at=None)


def _searched(sessions: QuerySet[Session], search: str) -> QuerySet[Session]:
    """Sessions whose title or preview has every word of the search."""
    for word in search[:LONGEST_SEARCH].split():
        wanted = Q()
        # SQLite knows the cases of ASCII letters alone.
        for form in {word, word.lower(), word.upper(), word.capitalize()}:
            wanted |= Q(title__icontains=form) | Q(preview_code__icontains=form)
            wanted |= Q(preview_output__icontains=form)
        sessions = sessions.filter(wanted)
    return sessions


def _ageing(user: int) -> QuerySet[Session]:
    """Keys of the person's sessions that age takes soon."""
    soon = old_guest_sessions(limits().guest_notice_days)
    own = Member.objects.filter(user=user, role="owner").values("session")
    return soon.filter(pk__in=own).values_list("pk", flat=True)  # type: ignore[return-value]


def _line(row: Session, ages: bool) -> Line:
    leaves = None
    if row.binned_at is not None:
        leaves = row.binned_at + timedelta(days=limits().bin_days)
    elif ages:
        leaves = row.last_activity + timedelta(days=limits().guest_days)
    return Line(
        id=row.public_id,
        title=row.title,
        last_activity=row.last_activity,
        bytes=row.stored_bytes + row.history_bytes,
        variables=row.variable_count,
        entries=row.entry_count,
        code=row.preview_code,
        output=row.preview_output,
        role="owner" if row.owned else "editor" if row.edited else "viewer",  # type: ignore[attr-defined]
        archived=row.archived,
        binned_at=row.binned_at,
        by_age=row.binned_by_age,
        leaves=leaves,
    )


def ages_at(session: str) -> datetime | None:
    """When age would take a guest's session, if that is soon."""
    soon = old_guest_sessions(limits().guest_notice_days).filter(pk=session)
    last = soon.values_list("last_activity", flat=True).first()
    return last + timedelta(days=limits().guest_days) if last else None


def deleted_together(user: int, at_ms: int) -> list[str]:
    """The sessions that the person put into the bin at that instant, for undoing it."""
    try:
        at = datetime.fromtimestamp(at_ms / 1000, timezone.get_current_timezone())
    except (ValueError, OverflowError):
        return []
    own = _shown(user, "bin").filter(binned_at=at)
    return [key.hex for key in own.values_list("pk", flat=True)]
