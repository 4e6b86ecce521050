"""What the writes of classrooms have in common: locking a class, its places, their cards."""

from __future__ import annotations

import uuid

from django.utils import timezone

from playground.classrooms import cards
from playground.classrooms.models import Classroom, Enrolment
from playground.classrooms.policy import Deed, may
from sessions_app.errors import ActionError

#: Places on one roster.
MOST_PUPILS = 1000

_NO_CLASS = "There is no such class."


def locked(classroom: str, user: int, deed: Deed) -> Classroom:
    """The class's row, locked until the transaction ends, for who may do the deed.

    Raises:
        ActionError: ``not-found`` for who has no part in it, ``forbidden`` for who may not.
    """
    row = Classroom.objects.select_for_update().filter(pk=uuid.UUID(classroom)).first()
    teaching = row.teachings.filter(user=user).first() if row is not None else None
    if row is None or teaching is None:
        raise ActionError("not-found", _NO_CLASS)
    if not may(teaching.role, deed):
        raise ActionError("forbidden", "Only the teacher who made this class can do that.")
    return row


def opened(classroom: str, *, newcomers: bool = False) -> Classroom:
    """The class's row, locked, if pupils can come in now.

    Raises:
        ActionError: ``gone``, with the reason for the pupil.
    """
    row = Classroom.objects.select_for_update().filter(pk=uuid.UUID(classroom)).first()
    if row is None:
        raise ActionError("not-found", _NO_CLASS)
    trouble = closed(row, newcomers=newcomers)
    if trouble is not None:
        raise ActionError("gone", trouble)
    return row


def closed(row: Classroom, *, newcomers: bool = False) -> str | None:
    """Why nobody can come in now, in a sentence for pupils; None when they can."""
    now = timezone.now()
    if row.archived:
        return "This class is over."
    if row.opens_at is not None and now < row.opens_at:
        return "This class is not open yet. Come back when your lesson begins."
    if row.closes_at is not None and now >= row.closes_at:
        return "This class is closed now. Ask your teacher."
    if newcomers and not row.joining:
        return "Your teacher does not take new pupils in now. With your card you can come in."
    return None


def place_on(row: Classroom, pupil: int) -> Enrolment:
    found = row.enrolments.select_related("user", "session").filter(pk=pupil).first()
    if found is None:
        raise ActionError("not-found", "This pupil is not on the list any more.")
    return found


def teachers_of(row: Classroom) -> list[int]:
    return list(row.teachings.order_by("pk").values_list("user_id", flat=True))


def known(user: int | None) -> int:
    assert user is not None
    return user


def give_card(place: Enrolment) -> cards.Card:
    card = cards.new_card()
    place.words, place.secret = card.words_hash, card.secret_hash
    place.wrong_tries, place.locked_until = 0, None
    place.save(update_fields=["words", "secret", "wrong_tries", "locked_until"])
    return card
