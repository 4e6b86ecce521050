"""Memberships that another part of the product gives and ends, such as a class to its teachers."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from functools import partial

from django.db import transaction

from sessions_app import broadcast
from sessions_app.actions.change import locked
from sessions_app.models import Member, Session


def set_grants(session: str, granted_by: str, users: Collection[int]) -> None:
    """Let exactly ``users`` look at a session, and copy it, by the grant of that name.

    What the session's owner or other grants allow them stays. In the bin, too, so that nobody gets
    back what was taken when the session is restored.
    """
    with transaction.atomic():
        binned = Session.objects.filter(pk=uuid.UUID(session), binned_at__isnull=False).exists()
        row = locked(session, binned=binned)
        present = Member.objects.filter(session=row, granted_by=granted_by)
        present.exclude(user__in=users).delete()
        known = set(present.values_list("user_id", flat=True))
        owner = set(row.members.filter(role="owner").values_list("user_id", flat=True))
        new = [user for user in users if user not in known | owner]
        Member.objects.bulk_create(
            Member(session=row, user_id=user, role="viewer", forks=True, granted_by=granted_by)
            for user in new
        )
        changed = {"type": "membership.changed"}
        transaction.on_commit(partial(broadcast.send, row.public_id, changed), robust=True)
