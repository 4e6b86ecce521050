"""Reads of classrooms: what their pages show."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils import timezone

from playground.classrooms.actions.coming import KNOCK_LIFE
from playground.classrooms.models import Classroom, Enrolment, Knock, Look, Teaching

#: Looks that a pupil's page lists.
LOOKS = 30


@dataclass(frozen=True)
class Taught:
    """A class in its teacher's list."""

    classroom: Classroom
    role: str
    pupils: int


@dataclass(frozen=True)
class Place:
    """A line of the roster, with what its session's row knows of the work."""

    enrolment: Enrolment
    session: str | None
    has_card: bool
    locked: bool
    last_activity: datetime | None
    entries: int
    code: str
    output: str


def taught_by(user: int) -> list[Taught]:
    """The classes of a teacher, those put away last."""
    mine = Teaching.objects.filter(user=user).select_related("classroom")
    counts = dict(
        Enrolment.objects.filter(classroom__teachings__user=user)
        .values_list("classroom")
        .annotate(Count("pk"))
    )
    found = [Taught(one.classroom, one.role, counts.get(one.classroom_id, 0)) for one in mine]
    return sorted(found, key=lambda one: (one.classroom.archived, one.classroom.name.casefold()))


def teaching_in(classroom: str, user: int | None) -> tuple[Classroom, str] | None:
    """A class and the person's part as a teacher of it; None for who has none."""
    found = Teaching.objects.filter(classroom=uuid.UUID(classroom), user=user)
    one = found.select_related("classroom").first() if user is not None else None
    return (one.classroom, one.role) if one is not None else None


def roster(classroom: Classroom) -> list[Place]:
    """All places of a class by name."""
    now = timezone.now()
    lines = []
    for one in classroom.enrolments.select_related("session").order_by("name", "pk"):
        work = one.session if one.session is not None and one.session.binned_at is None else None
        lines.append(
            Place(
                enrolment=one,
                session=work.public_id if work else None,
                has_card=bool(one.words),
                locked=one.locked_until is not None and one.locked_until > now,
                last_activity=work.last_activity if work and one.came_at else None,
                entries=work.entry_count if work else 0,
                code=work.preview_code if work else "",
                output=work.preview_output if work else "",
            )
        )
    return lines


def knocks(classroom: Classroom) -> list[Knock]:
    """The browsers that ask to be let in, the first to ask first."""
    asked = Knock.objects.filter(
        enrolment__classroom=classroom, let_in=False, asked_at__gt=timezone.now() - KNOCK_LIFE
    )
    return list(asked.select_related("enrolment").order_by("asked_at"))


def by_code(code: str) -> Classroom | None:
    """The class that pupils come into by a code."""
    return Classroom.objects.filter(code=code).first() if code else None


def attended_by(user: int) -> list[Enrolment]:
    """A pupil's places, the one used last first."""
    mine = Enrolment.objects.filter(user=user).select_related("classroom", "session")
    return list(mine.order_by("-came_at"))


def teachers_of(classroom: Classroom) -> list[Teaching]:
    """The teachers of a class, its lead first."""
    return list(classroom.teachings.select_related("user").order_by("-role", "pk"))


def looks_at(places: list[Enrolment]) -> list[Look]:
    """Who looked at a pupil's sessions, the latest first."""
    found = Look.objects.filter(enrolment__in=places).select_related("enrolment__classroom")
    return list(found.order_by("-last_at")[:LOOKS])
