"""Making and changing a class, and who teaches it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction

from playground.accounts.models import User
from playground.classrooms import bells, cards
from playground.classrooms.actions.change import locked, teachers_of
from playground.classrooms.models import CLASS_NAME, Classroom, Teaching
from sessions_app import actions as core
from sessions_app import titles
from sessions_app.errors import ActionError

#: Teachers of one class, classes of one teacher.
MOST_TEACHERS = 30
MOST_CLASSES = 200


def create_class(user: int, name: str) -> str:
    """Make a class that ``user`` leads; gives its id.

    Raises:
        ActionError: ``forbidden``, they are no teacher; ``invalid``; ``limit``.
    """
    name = _class_name(name)
    with transaction.atomic():
        teacher = User.objects.select_for_update().get(pk=user)
        if not (teacher.is_teacher or teacher.is_superuser):
            raise ActionError("forbidden", "Only teachers can make a class.")
        if Teaching.objects.filter(user=user, role="lead").count() >= MOST_CLASSES:
            raise ActionError("limit", f"You can have {MOST_CLASSES} classes at most.")
        made = Classroom.objects.create(name=name, code=_free_code())
        Teaching.objects.create(classroom=made, user_id=user, role="lead")
    return made.public_id


@dataclass(frozen=True)
class Settings:
    """What the settings page of a class holds."""

    name: str
    joining: bool
    opens_at: datetime | None
    closes_at: datetime | None
    same_errors: int = 3
    quiet_minutes: int = 5


def change_settings(classroom: str, user: int, wanted: Settings) -> None:
    """Change a class's settings.

    Raises:
        ActionError: ``not-found``, ``forbidden``, ``invalid``.
    """
    name = _class_name(wanted.name)
    if wanted.opens_at and wanted.closes_at and wanted.opens_at >= wanted.closes_at:
        raise ActionError("invalid", "The class must open before it closes.")
    with transaction.atomic():
        row = locked(classroom, user, "settings")
        transaction.on_commit(partial(bells.roster, row.public_id), robust=True)
        row.name, row.joining = name, wanted.joining
        row.opens_at, row.closes_at = wanted.opens_at, wanted.closes_at
        row.same_errors, row.quiet_minutes = wanted.same_errors, wanted.quiet_minutes
        row.save(
            update_fields=[
                "name",
                "joining",
                "opens_at",
                "closes_at",
                "same_errors",
                "quiet_minutes",
            ]
        )


def renew_code(classroom: str, user: int) -> None:
    """Give the class another join code; the old one is of no use any more.

    Raises:
        ActionError: ``not-found`` or ``forbidden``.
    """
    with transaction.atomic():
        row = locked(classroom, user, "settings")
        row.code = _free_code()
        row.save(update_fields=["code"])


def archive_class(classroom: str, user: int, *, archived: bool) -> None:
    """Put a class away, or take it back; nobody comes into one that is put away.

    Raises:
        ActionError: ``not-found`` or ``forbidden``.
    """
    with transaction.atomic():
        row = locked(classroom, user, "archive")
        row.archived = archived
        row.save(update_fields=["archived"])


def add_teacher(classroom: str, user: int, username: str) -> None:
    """Let another teacher help in a class: they see it and all its pupils' sessions.

    Raises:
        ActionError: ``not-found``, ``forbidden``, ``limit``; ``invalid``, there is no such teacher.
    """
    with transaction.atomic():
        row = locked(classroom, user, "teachers")
        wanted = User.normalize_username(username.strip())
        other = User.objects.filter(username__iexact=wanted, is_guest=False, is_active=True).first()
        if other is None or not (other.is_teacher or other.is_superuser):
            raise ActionError("invalid", "There is no teacher of this name on this installation.")
        if row.teachings.count() >= MOST_TEACHERS:
            raise ActionError("limit", f"A class has {MOST_TEACHERS} teachers at most.")
        Teaching.objects.get_or_create(classroom=row, user=other, defaults={"role": "helper"})
        _grant_all(row)


def remove_teacher(classroom: str, user: int, teacher: int) -> None:
    """End a helper's part in a class; helpers may end their own.

    Raises:
        ActionError: ``not-found`` or ``forbidden``.
    """
    with transaction.atomic():
        row = locked(classroom, user, "see" if teacher == user else "teachers")
        Teaching.objects.filter(classroom=row, user=teacher, role="helper").delete()
        transaction.on_commit(partial(bells.roster, row.public_id), robust=True)
        _grant_all(row)


def _grant_all(row: Classroom) -> None:
    teachers = teachers_of(row)
    for place in row.enrolments.filter(session__isnull=False).select_related("session"):
        if place.session is not None:
            core.set_grants(place.session.public_id, row.grant, teachers)


def _class_name(name: str) -> str:
    name = name.strip()
    trouble = titles.problem(name, "The name of a class", CLASS_NAME)
    if trouble is not None:
        raise ActionError("invalid", trouble)
    return name


def _free_code() -> str:
    """A join code that no class has."""
    while True:
        code = cards.new_code()
        if not Classroom.objects.filter(code=code).exists():
            return code
