"""Hands, messages, the pause: what happens during a lesson, and who is there."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from playground.accounts.models import User
from playground.classrooms import bells
from playground.classrooms.actions.change import locked
from playground.classrooms.models import Enrolment, HelpRequest, Note, Standing
from playground.classrooms.protocol import MAX_PAUSE_S, MAX_TEXT
from sessions_app.clock import now_ms
from sessions_app.errors import ActionError

#: A claimed hand falls back into the queue after so long, in milliseconds.
CLAIM_MS = 15 * 60 * 1000

#: Messages that a pupil has at most; the oldest go first.
MOST_NOTES = 50


def raise_hand(pupil: int, user: int, question: str, number: int) -> None:
    """Ask for help; asking again changes the question and keeps the place in the queue.

    Raises:
        ActionError: ``not-found``, the person has no such place.
    """
    with transaction.atomic():
        place = _mine(pupil, user)
        up = HelpRequest.objects.filter(enrolment=place, ended_ms__isnull=True)
        question = question.strip()[:MAX_TEXT]
        if not up.update(question=question, number=number):
            HelpRequest.objects.create(
                enrolment=place, question=question, number=number, asked_ms=now_ms()
            )
        _tell(place)


def lower_hand(pupil: int, user: int) -> None:
    """Take the question back.

    Raises:
        ActionError: ``not-found``.
    """
    with transaction.atomic():
        place = _mine(pupil, user)
        HelpRequest.objects.filter(enrolment=place, ended_ms__isnull=True).update(ended_ms=now_ms())
        _tell(place)


def claim_hand(classroom: str, user: int, hand: int) -> None:
    """Be the teacher who helps; others see it.

    Raises:
        ActionError: ``not-found``, ``forbidden``; ``busy``, somebody else is on the way.
    """
    with transaction.atomic():
        row = locked(classroom, user, "see")
        found = _hand(row.pk, hand)
        held = found.claimed_by_id is not None and _fresh(found)
        if held and found.claimed_by_id != user:
            raise ActionError("busy", "Somebody else is helping already.")
        found.claimed_by_id, found.claimed_ms = user, now_ms()
        found.save(update_fields=["claimed_by", "claimed_ms"])
        _tell(found.enrolment)


def answer_hand(classroom: str, user: int, hand: int) -> None:
    """The question is answered.

    Raises:
        ActionError: ``not-found`` or ``forbidden``.
    """
    with transaction.atomic():
        row = locked(classroom, user, "see")
        found = _hand(row.pk, hand)
        found.ended_ms, found.answered = now_ms(), True
        found.save(update_fields=["ended_ms", "answered"])
        _tell(found.enrolment)


def say(classroom: str, user: int, text: str, pupils: Sequence[int]) -> int:
    """Send a message to pupils of the class (all when none are named); gives how many get it.

    Raises:
        ActionError: ``not-found``, ``forbidden``; ``invalid``, it is empty.
    """
    text = text.strip()[:MAX_TEXT]
    if not text:
        raise ActionError("invalid", "Type a message first.")
    with transaction.atomic():
        row = locked(classroom, user, "see")
        sender = User.objects.get(pk=user).name[:60]
        places = row.enrolments.filter(user__isnull=False)
        chosen = list((places.filter(pk__in=pupils) if pupils else places).order_by("pk"))
        now = now_ms()
        Note.objects.bulk_create(
            Note(enrolment=place, sender=sender, text=text, at_ms=now) for place in chosen
        )
        for place in chosen:
            kept = place.notes.order_by("-pk").values_list("pk", flat=True)[:MOST_NOTES]
            if len(kept) == MOST_NOTES:
                place.notes.filter(pk__lt=kept[MOST_NOTES - 1]).delete()
            transaction.on_commit(partial(bells.desk, place.pk), robust=True)
    return len(chosen)


def read_notes(pupil: int, user: int, note: int) -> None:
    """Messages up to ``note`` have been read.

    Raises:
        ActionError: ``not-found``.
    """
    with transaction.atomic():
        place = _mine(pupil, user)
        place.notes.filter(pk__lte=note, read=False).update(read=True)
        transaction.on_commit(partial(bells.desk, place.pk), robust=True)


def pause(classroom: str, user: int, seconds: int) -> None:
    """Eyes up: pupils' pages are covered for so long, or until 0 is asked for. Nothing stops.

    Raises:
        ActionError: ``not-found`` or ``forbidden``.
    """
    with transaction.atomic():
        row = locked(classroom, user, "see")
        seconds = min(max(seconds, 0), MAX_PAUSE_S)
        row.paused_until = timezone.now() + timedelta(seconds=seconds) if seconds else None
        row.save(update_fields=["paused_until"])
        transaction.on_commit(partial(bells.queue, row.public_id), robust=True)
        for place in row.enrolments.values_list("pk", flat=True):
            transaction.on_commit(partial(bells.desk, place), robust=True)


def note_here(pupil: int, user: int, *, here: bool) -> None:
    """A pupil's page is open, or says that it goes.

    Raises:
        ActionError: ``not-found``.
    """
    with transaction.atomic():
        place = _mine(pupil, user)
        known = Standing.objects.filter(pk=place.pk)
        was = known.values_list("seen_ms", flat=True).first() or 0
        known.update(seen_ms=now_ms() if here else 0)
        if bool(was) is not here:
            ring = partial(bells.pupil, place.classroom.public_id, place.pk)
            transaction.on_commit(ring, robust=True)


def _mine(pupil: int, user: int) -> Enrolment:
    found = Enrolment.objects.select_related("classroom").filter(pk=pupil, user=user).first()
    if found is None:
        raise ActionError("not-found", "You are not in this class any more.")
    return found


def _hand(classroom: uuid.UUID, hand: int) -> HelpRequest:
    found = HelpRequest.objects.select_related("enrolment__classroom").filter(
        pk=hand, enrolment__classroom=classroom, ended_ms__isnull=True
    )
    one = found.first()
    if one is None:
        raise ActionError("not-found", "This hand is down already.")
    return one


def _fresh(hand: HelpRequest) -> bool:
    return hand.claimed_ms is not None and hand.claimed_ms > now_ms() - CLAIM_MS


def _tell(place: Enrolment) -> None:
    """Let the class's walls, and the pages of who waits, hear that the queue changed."""
    transaction.on_commit(partial(bells.queue, place.classroom.public_id), robust=True)
    waiting = HelpRequest.objects.filter(
        enrolment__classroom=place.classroom, ended_ms__isnull=True
    )
    for one in {place.pk, *waiting.values_list("enrolment", flat=True)}:
        transaction.on_commit(partial(bells.desk, one), robust=True)
