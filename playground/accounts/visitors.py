"""Who the visitor of a request is, and making one of a newcomer.

Other apps ask here: ``visitor`` for the person of a request, ``ensure_visitor`` to make a guest of
a newcomer in a POST.
"""

from __future__ import annotations

from django.contrib.auth import login
from django.http import HttpRequest

from playground.accounts import devices, login_sessions
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
    if user.is_pupil:
        request.session.set_expiry(login_sessions.WITH_THE_BROWSER)
    devices.note(request, user, before)


def renew(request: HttpRequest) -> None:
    """Let the visitor's sign-in live on from now, and note that they were here.

    A cookie lives for half a year; that of a pupil ends with the browser.
    """
    person = visitor(request)
    if person is not None:
        devices.seen(request, person)
    pupil = person is not None and person.is_pupil
    request.session.set_expiry(login_sessions.WITH_THE_BROWSER if pupil else None)
    request.session.modified = True
