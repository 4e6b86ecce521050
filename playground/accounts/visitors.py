"""Who the visitor of a request is, and making one of a newcomer.

Other apps ask here: ``visitor`` for the person of a request, ``ensure_visitor`` to make a guest of
a newcomer in a POST.
"""

from __future__ import annotations

from django.contrib.auth import login
from django.http import HttpRequest

from playground.accounts import devices
from playground.accounts.actions import create_guest
from playground.accounts.models import User

_BACKEND = "django.contrib.auth.backends.ModelBackend"


def visitor(request: HttpRequest) -> User | None:
    """Give the guest or account of this browser, None for a newcomer."""
    return request.user if isinstance(request.user, User) else None


def ensure_visitor(request: HttpRequest) -> User:
    """Give the visitor, making a guest and its cookie for a newcomer."""
    present = visitor(request)
    if present is not None:
        return present
    guest = create_guest()
    enter(request, guest)
    return guest


def enter(request: HttpRequest, user: User) -> None:
    """Let this browser be ``user`` from now on, under a fresh cookie."""
    before = request.session.session_key
    login(request, user, backend=_BACKEND)
    devices.note(request, user, before)


def renew(request: HttpRequest) -> None:
    """Let the visitor's cookie live for half a year from now, and note that they were here."""
    if isinstance(request.user, User):
        devices.seen(request, request.user)
    request.session.set_expiry(None)
    request.session.modified = True
