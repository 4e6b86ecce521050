"""The tokens of share links: made, hashed, found. Reads only.

A token has 128 bits. The database keeps its hash, by which it is found: how long that takes tells
nothing about other tokens. So that the owner can see a link again, the token is not random by
itself but made from a random salt of the link's row and the server's secret key. Whoever reads the
database alone, or knows the key alone, cannot make it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import uuid
from dataclasses import dataclass

from django.conf import settings

from sessions_app.clock import now_ms
from sessions_app.models import Member, ShareLink

_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}\Z")


def make_token(link: uuid.UUID, salt: str) -> str:
    """The token of a link, 22 characters of URL-safe base64."""
    key = hashlib.sha256(f"share link:{settings.SECRET_KEY}".encode()).digest()
    mac = hmac.digest(key, f"{link.hex}:{salt}".encode(), "sha256")
    return base64.urlsafe_b64encode(mac[:16]).rstrip(b"=").decode()


def hash_of(token: str) -> str:
    """What the database has of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def token_of(link: ShareLink) -> str | None:
    """The token, to show it to the owner again; None when the secret key was changed since."""
    token = make_token(link.id, link.salt)
    return token if hmac.compare_digest(hash_of(token), link.token_hash) else None


def find(token: str) -> ShareLink | None:
    """The link of a token, ended or not."""
    if not _TOKEN.match(token):
        return None
    links = ShareLink.objects.select_related("session")
    return links.filter(token_hash=hash_of(token)).first()


def is_open(link: ShareLink) -> bool:
    """Whether the link still makes members; while its session is in the bin it does not."""
    return _runs(link) and link.session.binned_at is None


def _runs(link: ShareLink) -> bool:
    return link.ended_ms is None and (link.expires_ms is None or link.expires_ms > now_ms())


@dataclass(frozen=True)
class ListedLink:
    """A link as its session's owner sees it; ``people`` counts its members."""

    link: ShareLink
    token: str | None
    people: int


def links_of(session: str) -> list[ListedLink]:
    """The open links of a session, the newest first."""
    links = ShareLink.objects.filter(session=uuid.UUID(session), ended_ms__isnull=True)
    grants = Member.objects.filter(session=uuid.UUID(session), granted_by__startswith="link:")
    people: dict[str, int] = {}
    for grant in grants.values_list("granted_by", flat=True):
        people[grant] = people.get(grant, 0) + 1
    return [
        ListedLink(link, token_of(link), people.get(link.grant, 0))
        for link in links.order_by("-created_ms", "-id")
        if _runs(link)
    ]


def link_in(session: str, link: str) -> ShareLink | None:
    """An open link of the session."""
    found = ShareLink.objects.filter(pk=uuid.UUID(link), session=uuid.UUID(session)).first()
    return found if found is not None and _runs(found) else None
