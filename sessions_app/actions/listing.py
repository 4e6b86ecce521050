"""What a person does to a session from the list: rename, duplicate, archive, leave it."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from sessions_app import broadcast, titles
from sessions_app import protocol as p
from sessions_app.actions.change import changing, locked, require
from sessions_app.actions.sessions import fork_session
from sessions_app.errors import ActionError
from sessions_app.models import Member, Session
from sessions_app.state import Invalid


def rename_session(session: str, user: int, title: str) -> None:
    """Give a session another title; everybody who has it open sees that at once.

    Raises:
        ActionError: ``not-found``, ``forbidden``; ``invalid``, it is not one line of visible text.
    """
    title = titles.checked(title)
    with changing(session) as change:
        require(change.row, user, "set_title")
        if title == change.state.title:
            return
        result = change.apply(p.SetTitle(title))
        if isinstance(result, Invalid):
            raise ActionError("invalid", result.reason)


def duplicate_session(session: str, user: int) -> str:
    """Make a session of ``user`` that is as this one is now; gives its id.

    Raises:
        ActionError: ``not-found``, ``forbidden``; ``limit``, there is no room.
    """
    with transaction.atomic():
        copy = locked(fork_session(session, user))
        source = locked(session)
        title = f"Copy of {source.title.removeprefix('Copy of ')}"[: titles.MAX_TITLE]
        Session.objects.filter(pk=copy.pk).update(title=title)
    return copy.public_id


def archive_session(session: str, user: int, archived: bool) -> None:
    """Put a session out of the way, or back; it stays as it is and can be opened.

    Raises:
        ActionError: ``not-found``, ``forbidden``.
    """
    with transaction.atomic():
        row = locked(session)
        require(row, user, "archive")
        row.archived = archived
        row.save(update_fields=["archived"])


def leave_session(session: str, user: int) -> None:
    """End the person's part in a session of somebody else; what they did in it stays.

    Raises:
        ActionError: ``not-found``; ``forbidden``, it is the person's own.
    """
    with transaction.atomic():
        row = locked(session)
        role = require(row, user, "read")
        if role == "owner":
            raise ActionError("forbidden", "This session is your own. You can delete it.")
        Member.objects.filter(session=row, user=user).delete()
        changed = {"type": "membership.changed"}
        transaction.on_commit(partial(broadcast.send, row.public_id, changed), robust=True)
