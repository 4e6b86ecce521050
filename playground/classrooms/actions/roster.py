"""The roster: names, cards, and what a teacher does with them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.db import transaction

from playground.classrooms import bells, cards, names, standings
from playground.classrooms.actions.change import MOST_PUPILS, give_card, locked, place_on
from playground.classrooms.models import Enrolment, Standing
from sessions_app import actions as core
from sessions_app.errors import ActionError


def add_pupils(classroom: str, user: int, wanted: Sequence[str]) -> tuple[int, list[str]]:
    """Write names onto the roster; gives how many are new, and a sentence for each that is not.

    Raises:
        ActionError: ``not-found``, ``forbidden``, ``limit``.
    """
    done, troubles = 0, []
    with transaction.atomic():
        row = locked(classroom, user, "roster")
        transaction.on_commit(partial(bells.roster, row.public_id), robust=True)
        room = MOST_PUPILS - row.enrolments.count()
        for typed in wanted:
            try:
                name = names.cleaned(typed)
            except names.BadNameError as error:
                troubles.append(f"“{typed[:60]}”: {error}")
                continue
            if done >= room:
                raise ActionError("limit", f"A class has {MOST_PUPILS} pupils at most.")
            values = {"name": name}
            _, new = row.enrolments.get_or_create(skeleton=names.skeleton(name), defaults=values)
            done += new
            if not new:
                troubles.append(f"“{name}” is on the list already, or looks like a name that is.")
    return done, troubles


def rename_pupil(classroom: str, user: int, pupil: int, name: str) -> None:
    """Change a pupil's name.

    Raises:
        ActionError: ``not-found``, ``forbidden``; ``invalid``, not a name or one that is taken.
    """
    try:
        name = names.cleaned(name)
    except names.BadNameError as error:
        raise ActionError("invalid", str(error)) from None
    with transaction.atomic():
        row = locked(classroom, user, "roster")
        transaction.on_commit(partial(bells.roster, row.public_id), robust=True)
        place = place_on(row, pupil)
        skeleton = names.skeleton(name)
        if row.enrolments.filter(skeleton=skeleton).exclude(pk=place.pk).exists():
            raise ActionError("invalid", f"“{name}” is on the list already, or looks the same.")
        place.name, place.skeleton = name, skeleton
        place.save(update_fields=["name", "skeleton"])
        _call(place)


def merge_pupils(classroom: str, user: int, kept: int, other: int) -> None:
    """Make one of two places: the work and the card of ``kept`` stay, sessions of both are its.

    Raises:
        ActionError: ``not-found``, ``forbidden``; ``invalid``, they are the same or an account's.
    """
    with transaction.atomic():
        row = locked(classroom, user, "roster")
        transaction.on_commit(partial(bells.roster, row.public_id), robust=True)
        target, source = place_on(row, kept), place_on(row, other)
        if target.pk == source.pk:
            raise ActionError("invalid", "Choose two different pupils.")
        if source.user is not None and not source.user.is_pupil:
            raise ActionError("invalid", f"{source.name} has an account and cannot be merged away.")
        if target.user_id is None:
            target.user, target.session = source.user, source.session
            target.words = target.words or source.words
            target.secret = target.secret or source.secret
            source.user = None
            source.save(update_fields=["user"])
            target.save(update_fields=["user", "session", "words", "secret"])
            Standing.objects.get_or_create(enrolment=target)
        elif source.user_id is not None:
            core.transfer_members(source.user_id, target.user_id)
        if source.session is not None:
            standings.forget(source.session.public_id)
        source.delete()
        _call(target)


def remove_pupil(classroom: str, user: int, pupil: int) -> int | None:
    """Take a pupil off the roster and end the teachers' part in their sessions.

    Gives the person whose sign-ins should end: one whom only this class knew.

    Raises:
        ActionError: ``not-found`` or ``forbidden``.
    """
    with transaction.atomic():
        row = locked(classroom, user, "roster")
        transaction.on_commit(partial(bells.roster, row.public_id), robust=True)
        place = place_on(row, pupil)
        if place.session is not None:
            core.set_grants(place.session.public_id, row.grant, [])
            standings.forget(place.session.public_id)
            transaction.on_commit(partial(bells.desk, place.pk), robust=True)
        person = place.user
        place.delete()
    return person.pk if person is not None and person.is_pupil else None


def new_cards(classroom: str, user: int, pupils: Sequence[int]) -> list[tuple[str, cards.Card]]:
    """Make new cards (for all when none is named); their old ones are of no use any more.

    Raises:
        ActionError: ``not-found`` or ``forbidden``.
    """
    with transaction.atomic():
        row = locked(classroom, user, "cards")
        places = row.enrolments.order_by("name")
        made = []
        for place in places.filter(pk__in=pupils) if pupils else places:
            made.append((place.name, give_card(place)))
    return made


def _call(place: Enrolment) -> None:
    """Let a pupil's person have the name of their place; accounts keep their own."""
    if place.user is not None and place.user.is_pupil:
        place.user.display_name = place.name
        place.user.save(update_fields=["display_name"])
