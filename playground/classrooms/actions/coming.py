"""How pupils come in: as newcomers, by their card, by a teacher's tap, or with an account.

Nobody is let in under a name that is on the roster without one of these, so nobody can take
another's place.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.db import IntegrityError, transaction
from django.utils import timezone

from playground.accounts.actions import create_pupil
from playground.classrooms import bells, cards, names, standings
from playground.classrooms.actions.change import (
    MOST_PUPILS,
    give_card,
    known,
    locked,
    opened,
    teachers_of,
)
from playground.classrooms.models import Enrolment, Knock, Standing
from sessions_app import actions as core
from sessions_app.errors import ActionError

#: Wrong tries after which a card locks, and for how long.
TRIES = 5
LOCK = timedelta(minutes=15)

#: A browser that knocked is let in within this time or has to knock again.
KNOCK_LIFE = timedelta(minutes=15)


@dataclass(frozen=True)
class Came:
    """A pupil who is in: who they are, their session, and the card if it was made just now."""

    user: int
    session: str
    card: cards.Card | None = None


def join(classroom: str, name: str) -> Came:
    """Take a newcomer into a class under a name that is free.

    Raises:
        ActionError: ``invalid``, not a name; ``busy``, the name is somebody's; ``gone``, the class
            is closed; ``limit``.
    """
    try:
        name = names.cleaned(name)
    except names.BadNameError as error:
        raise ActionError("invalid", str(error)) from None
    with transaction.atomic():
        row = opened(classroom, newcomers=True)
        if row.enrolments.count() >= MOST_PUPILS:
            raise ActionError("limit", "This class is full. Tell your teacher.")
        try:
            with transaction.atomic():
                place = Enrolment.objects.create(
                    classroom=row, name=name, skeleton=names.skeleton(name)
                )
        except IntegrityError:
            raise ActionError("busy", TAKEN) from None
        return _enter(place, card=give_card(place))


TAKEN = (
    "Somebody of this class has this name, or one that looks like it. If it is you, use your card"
    " or ask your teacher to let you in. If not, add a letter to your name."
)


def come_by_words(classroom: str, name: str, words: str) -> Came | None:
    """Let a pupil in by the three words of their card; None when they are wrong.

    Five wrong tries lock the card for 15 minutes, from wherever they come.

    Raises:
        ActionError: ``gone``, the class is closed; ``busy``, the card is locked.
    """
    with transaction.atomic():
        row = opened(classroom)
        place = row.enrolments.filter(skeleton=names.skeleton(name)).first()
        if place is None:
            cards.words_fit(words, "")
            return None
        now = timezone.now()
        if place.locked_until is not None and place.locked_until > now:
            raise ActionError("busy", LOCKED)
        if not cards.words_fit(words, place.words):
            place.wrong_tries += 1
            if place.wrong_tries >= TRIES:
                place.wrong_tries, place.locked_until = 0, now + LOCK
                transaction.on_commit(partial(bells.roster, row.public_id), robust=True)
            place.save(update_fields=["wrong_tries", "locked_until"])
            return None
        return _enter(place)


LOCKED = (
    "This card was tried too often with wrong words, so it is locked for 15 minutes. Your teacher"
    " can let you in now."
)


def come_by_secret(classroom: str, secret: str) -> Came | None:
    """Let a pupil in by the QR code of their card; None when it is no card's any more.

    Raises:
        ActionError: ``gone``, the class is closed.
    """
    hashed = cards.hash_of(secret)
    with transaction.atomic():
        row = opened(classroom)
        place = row.enrolments.filter(secret=hashed).first() if hashed else None
        return _enter(place) if place is not None else None


def knock(classroom: str, name: str, secret: str, browser: str) -> bool:
    """Ask to be let in under a name of the roster; False when nobody has it.

    Raises:
        ActionError: ``gone``, the class is closed; ``busy``, too many ask.
    """
    with transaction.atomic():
        row = opened(classroom)
        place = row.enrolments.filter(skeleton=names.skeleton(name)).first()
        if place is None:
            return False
        Knock.objects.filter(enrolment=place, asked_at__lt=timezone.now() - KNOCK_LIFE).delete()
        if place.knocks.count() >= TRIES:
            raise ActionError("busy", "Too many ask for this name. Tell your teacher.")
        Knock.objects.create(enrolment=place, secret=cards.hash_of(secret), browser=browser[:60])
        transaction.on_commit(partial(bells.queue, row.public_id), robust=True)
        return True


def answer_knock(classroom: str, user: int, asked: int, *, let_in: bool) -> None:
    """Let the browser in that asked, or send it away.

    Raises:
        ActionError: ``not-found`` or ``forbidden``.
    """
    with transaction.atomic():
        row = locked(classroom, user, "let_in")
        found = Knock.objects.filter(pk=asked, enrolment__classroom=row)
        if let_in:
            found.update(let_in=True)
        else:
            found.delete()
        transaction.on_commit(partial(bells.queue, row.public_id), robust=True)


def come_after_knock(classroom: str, secret: str) -> Came | None:
    """Let a browser in whose knock was answered; None while it was not.

    Raises:
        ActionError: ``gone``, it was sent away or came too late, or the class is closed.
    """
    with transaction.atomic():
        row = opened(classroom)
        asked = Knock.objects.filter(
            secret=cards.hash_of(secret),
            enrolment__classroom=row,
            asked_at__gt=timezone.now() - KNOCK_LIFE,
        ).first()
        if asked is None:
            raise ActionError("gone", "Nobody let you in. Ask your teacher, then try again.")
        if not asked.let_in:
            return None
        place = asked.enrolment
        asked.delete()
        return _enter(place)


def enrol_account(classroom: str, user: int, name: str) -> Came:
    """Take somebody with an account into a class, as the person they are.

    Raises:
        ActionError: as ``join``.
    """
    with transaction.atomic():
        row = opened(classroom)
        place = row.enrolments.filter(user=user).first()
        if place is None:
            row = opened(classroom, newcomers=True)
            try:
                name = names.cleaned(name)
            except names.BadNameError as error:
                raise ActionError("invalid", str(error)) from None
            skeleton = names.skeleton(name)
            if row.enrolments.filter(skeleton=skeleton).exists():
                raise ActionError("busy", TAKEN)
            place = Enrolment.objects.create(
                classroom=row, user_id=user, name=name, skeleton=skeleton
            )
        return _enter(place)


def _enter(place: Enrolment, card: cards.Card | None = None) -> Came:
    """Give the pupil of a place a person and a session if they have none yet."""
    if place.user_id is None:
        place.user = create_pupil(place.name)
    if place.session is None or place.session.binned_at is not None:
        made = core.create_session(known(place.user_id), place.classroom.name[:200])
        place.session_id = uuid.UUID(made)
        place.save(update_fields=["user", "session"])
        place.refresh_from_db(fields=["session"])
        core.set_grants(made, place.classroom.grant, teachers_of(place.classroom))
    place.wrong_tries, place.locked_until, place.came_at = 0, None, timezone.now()
    place.save(update_fields=["user", "wrong_tries", "locked_until", "came_at"])
    assert place.session is not None
    Standing.objects.get_or_create(enrolment=place)
    standings.forget(place.session.public_id)
    transaction.on_commit(partial(bells.roster, place.classroom.public_id), robust=True)
    return Came(known(place.user_id), place.session.public_id, card)
