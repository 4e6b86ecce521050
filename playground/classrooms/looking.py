"""Who looked at a pupil's session: noted as it happens, shown to the pupil.

Looks of one person that follow each other within ten minutes are one line.
"""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.utils import timezone

from playground.classrooms.models import Enrolment, Look
from sessions_app.writer import run_action_sync

#: A look that begins so soon after the last one goes on with it.
SAME_LOOK = timedelta(minutes=10)

#: Lines that are kept for a pupil.
MOST = 200


def note(session: str, user: int, name: str) -> None:
    """Note that ``user``, who is not its owner, has opened a session, if it is a pupil's."""
    places = Enrolment.objects.filter(session=uuid.UUID(session)).exclude(user=user)
    for place in places.values_list("pk", flat=True):
        run_action_sync(_note, place, user, name)


def _note(place: int, user: int, name: str) -> None:
    now = timezone.now()
    looks = Look.objects.filter(enrolment=place)
    if looks.filter(user=user, last_at__gt=now - SAME_LOOK).update(last_at=now):
        return
    looks.create(enrolment_id=place, user_id=user, name=name[:60], first_at=now, last_at=now)
    kept = looks.order_by("-first_at").values_list("pk", flat=True)
    looks.filter(pk__in=list(kept[MOST:])).delete()
