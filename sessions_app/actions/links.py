"""Share links: made and ended by the owner, used by whoever has the address.

A membership from a link lives by that link: ending the link ends it in the same transaction, and
what is broadcast on commit closes its sockets in every process. What a link allows is fixed when it
is made; only its name changes.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.db.models import F

from sessions_app import broadcast, sharing, titles
from sessions_app.actions.change import locked, require, standing_of
from sessions_app.clock import now_ms
from sessions_app.errors import ActionError
from sessions_app.models import Member, Session, ShareLink

#: Open links of one session.
MAX_LINKS = 50

#: The longest name of a link, and the longest time a link can be given, in seconds (ten years).
MAX_NAME = 100
MAX_SECONDS = 10 * 366 * 24 * 3600

#: So long is remembered that there was a link, to say that it ended; in milliseconds (90 days).
REMEMBERED_MS = 90 * 24 * 3600 * 1000

_ENDED = "This link does not work any more. Ask the person who sent it for a new one."


@dataclass(frozen=True)
class NewLink:
    """What a link is to allow. An editor may take the values anyway."""

    role: str = "viewer"
    forks: bool = False
    seconds: float | None = None
    name: str = ""
    preview: bool = False


def create_link(session: str, user: int, wanted: NewLink) -> str:
    """Make a link to the person's session; gives its id.

    Raises:
        ActionError: ``not-found``, ``forbidden``, ``invalid``; ``limit``, there are too many.
    """
    _check_name(wanted.name)
    if wanted.role not in ("viewer", "editor"):
        raise ActionError("invalid", "A link lets people look (viewer) or also edit (editor).")
    if wanted.seconds is not None and not 1 <= wanted.seconds <= MAX_SECONDS:
        raise ActionError("invalid", "A link can last from one second to ten years.")
    with transaction.atomic():
        row = locked(session)
        require(row, user, "share")
        open_links = ShareLink.objects.filter(session=row, ended_ms__isnull=True)
        if open_links.count() >= MAX_LINKS:
            message = f"A session has at most {MAX_LINKS} links. Stop sharing by one of them first."
            raise ActionError("limit", message)
        now, key, salt = now_ms(), uuid.uuid4(), secrets.token_hex(16)
        link = ShareLink.objects.create(
            id=key,
            session=row,
            token_hash=sharing.hash_of(sharing.make_token(key, salt)),
            salt=salt,
            role=wanted.role,
            forks=wanted.forks or wanted.role == "editor",
            preview=wanted.preview,
            name=wanted.name.strip(),
            created_ms=now,
            expires_ms=None if wanted.seconds is None else now + int(wanted.seconds * 1000),
        )
    return link.id.hex


def rename_link(session: str, user: int, link: str, name: str) -> None:
    """Give a link another name.

    Raises:
        ActionError: ``not-found``, ``forbidden``, ``invalid``.
    """
    _check_name(name)
    with transaction.atomic():
        row = locked(session)
        require(row, user, "share")
        found = _link_in(row, link)
        found.name = name.strip()
        found.save(update_fields=["name"])


def revoke_link(session: str, user: int, link: str) -> None:
    """End a link and the memberships that came from it, now.

    Raises:
        ActionError: ``not-found`` or ``forbidden``.
    """
    with transaction.atomic():
        row = locked(session)
        require(row, user, "share")
        _end(row, _link_in(row, link))


def expire_link(link: str) -> None:
    """End a link whose time is over, or forget one that ended long ago; for the sweeper."""
    now = now_ms()
    with transaction.atomic():
        known = ShareLink.objects.filter(pk=uuid.UUID(link)).select_related("session").first()
        if known is None:
            return
        row = locked(known.session.public_id, binned=known.session.binned_at is not None)
        found = ShareLink.objects.get(pk=known.pk)
        if found.ended_ms is not None and found.ended_ms < now - REMEMBERED_MS:
            found.delete()
        elif found.ended_ms is None and found.expires_ms is not None and found.expires_ms <= now:
            _end(row, found)


def join_by_link(token_hash: str, user: int) -> str:
    """Make the person a member by a link; gives the session's id. The owner stays what they are.

    Raises:
        ActionError: ``not-found``, there is no such link; ``gone``, it has ended.
    """
    with transaction.atomic():
        known = ShareLink.objects.filter(token_hash=token_hash).select_related("session").first()
        if known is None:
            raise ActionError("not-found", "There is no such link.")
        if known.session.binned_at is not None:
            raise ActionError("gone", _ENDED)
        row = locked(known.session.public_id)
        # Read again under the lock: the link may have been ended meanwhile.
        link = ShareLink.objects.get(pk=known.pk)
        if not sharing.is_open(link):
            raise ActionError("gone", _ENDED)
        standing = standing_of(row, user)
        if standing is None or standing.role != "owner":
            _grant(row, link, user)
    return row.public_id


def _grant(row: Session, link: ShareLink, user: int) -> None:
    values = {"role": link.role, "forks": link.forks, "expires_ms": link.expires_ms}
    _, created = Member.objects.get_or_create(
        session=row, user_id=user, granted_by=link.grant, defaults=values
    )
    now = now_ms()
    ShareLink.objects.filter(pk=link.pk).update(uses=F("uses") + 1, last_used_ms=now)
    if created:
        _announce(row)


def _link_in(row: Session, link: str) -> ShareLink:
    found = ShareLink.objects.filter(pk=uuid.UUID(link), session=row, ended_ms__isnull=True).first()
    if found is None:
        raise ActionError("not-found", "There is no such link. It may have been stopped already.")
    return found


def _end(row: Session, link: ShareLink) -> None:
    link.ended_ms = now_ms()
    link.save(update_fields=["ended_ms"])
    Member.objects.filter(session=row, granted_by=link.grant).delete()
    _announce(row)


def _announce(row: Session) -> None:
    """Let every socket of the session ask again who its person is here."""
    changed = {"type": "membership.changed"}
    transaction.on_commit(partial(broadcast.send, row.public_id, changed), robust=True)


def _check_name(name: str) -> None:
    trouble = titles.problem(name, "The name of a link", MAX_NAME) if name.strip() else None
    if trouble is not None:
        raise ActionError("invalid", trouble)
