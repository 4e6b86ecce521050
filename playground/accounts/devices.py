"""The browsers in which a person is signed in: what their list shows, and signing out from afar.

A device is a row beside Django's own session of that browser. It keeps the family of the browser
and when it was last seen, no address and no more of what the browser said of itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.sessions.models import Session as LoginSession
from django.http import HttpRequest
from django.utils import timezone

from playground.accounts import belongings
from playground.accounts.models import Device, User

#: "Last seen" is renewed so often at most.
SEEN_EVERY = timedelta(minutes=10)

#: What a browser says of itself, and what it is called; the first that fits.
_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    (r"iPhone", "an iPhone"),
    (r"iPad", "an iPad"),
    (r"Android", "Android"),
    (r"CrOS", "a Chromebook"),
    (r"Windows", "Windows"),
    (r"Mac OS X|Macintosh", "a Mac"),
    (r"Linux", "Linux"),
)


@dataclass(frozen=True)
class Seen:
    """A line of the list of devices."""

    id: int
    browser: str
    since: datetime
    last_seen: datetime
    here: bool


def family(user_agent: str) -> str:
    """The kind of browser and computer, in words."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "A browser")
    system = next((name for mark, name in _SYSTEMS if re.search(mark, user_agent)), "")
    return f"{browser} on {system}" if system else browser


def note(request: HttpRequest, user: User, before: str | None = None) -> None:
    """Note that this browser is the person's now; ``before`` was its key until a moment ago."""
    if not request.session.session_key:
        request.session.create()
    if before:
        gone = Device.objects.filter(session_key=before)
        earlier = User.objects.filter(devices__in=gone).first()
        gone.delete()
        # Tabs that are open under the old key ask again who they are.
        belongings.moved(earlier or user, [before])
    named = {"user": user, "browser": family(request.headers.get("User-Agent", "")[:400])}
    Device.objects.update_or_create(
        session_key=request.session.session_key, defaults={**named, "last_seen": timezone.now()}
    )


def seen(request: HttpRequest, user: User) -> None:
    """Renew when this browser was last seen; browsers from before there was a list join it."""
    lately = timezone.now() - SEEN_EVERY
    key = request.session.session_key
    if not Device.objects.filter(session_key=key, user=user, last_seen__gt=lately).exists():
        note(request, user)


def listed(request: HttpRequest, user: User) -> list[Seen]:
    """The browsers that are signed in now, this one first."""
    live = LoginSession.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    rows = Device.objects.filter(user=user, session_key__in=live).order_by("-last_seen")
    here = request.session.session_key
    found = [
        Seen(row.pk, row.browser, row.created_at, row.last_seen, row.session_key == here)
        for row in rows
    ]
    return sorted(found, key=lambda one: not one.here)


def forget(request: HttpRequest, user: User) -> None:
    """This browser signs out by itself: its other tabs must not go on as the person."""
    key = request.session.session_key
    Device.objects.filter(session_key=key).delete()
    if key:
        belongings.signed_out(user, [key])


def sign_out(user: User, device: int | None = None, *, but: str | None = None) -> int:
    """Sign the person out on one device, or on all (but that with the key ``but``)."""
    doomed = Device.objects.filter(user=user)
    doomed = doomed.filter(pk=device) if device is not None else doomed.exclude(session_key=but)
    keys = list(doomed.values_list("session_key", flat=True))
    LoginSession.objects.filter(session_key__in=keys).delete()
    doomed.delete()
    belongings.signed_out(user, keys)
    return len(keys)
