"""The pages of the core: the way in, and a session."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_safe

from playground import runtime_files
from playground.accounts.models import User
from playground.accounts.visitors import visitor
from playground.errors import refuse
from sessions_app import hooks, lists, queries, sharing
from sessions_app import protocol as p
from sessions_app.errors import ActionError
from sessions_app.limits import limits
from sessions_app.links_api import GONE, refuse_guess
from sessions_app.models import Session

#: What would end the script element or begin a comment, as JSON escapes.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


#: Sessions and links are for those who were given the address, never for search engines.
NO_ROBOTS = "noindex, nofollow"


@require_safe
@never_cache
@ensure_csrf_cookie
def home(request: HttpRequest) -> HttpResponseBase:
    """Lead to the latest session, or let a newcomer's page ask for one."""
    person = visitor(request)
    latest = queries.latest_session(person.pk) if person else None
    if latest is not None:
        return redirect("session", session=latest)
    return render(request, "sessions_app/start.html")


@require_safe
@never_cache
@ensure_csrf_cookie
def session(request: HttpRequest, session: str) -> HttpResponse:
    """Show a session with its state embedded, so that the history paints at once."""
    person = visitor(request)
    place = queries.membership(session, person.pk if person else None)
    if place is None or person is None:
        return _in_bin(request, session, person)
    try:
        state = queries.load_state(place.session)
    except Session.DoesNotExist:
        raise Http404 from None
    if place.role != "owner":
        hooks.looked(place.session, person.pk, person.name)
    data = {
        "state": msgspec.Raw(p.encode(state)),
        "socket": f"/ws/sessions/{place.session}",
        "name": person.name,
        "role": place.role,
        "forks": place.forks,
        "owner": queries.owner_name(place.session),
        "guest": _alone(person),
        "user": person.pk,
        "limits": _capture_limits(),
        "agesAt": _ages_at(place) if _alone(person) else None,
    } | hooks.page_data(place.session, person.pk)
    distribution = runtime_files.current()
    soon = distribution is not None and place.role == "owner" and _is_free(state, person)
    context = {
        "page_data": embedded(data),
        "start_data": embedded({"distribution": distribution}),
        "early_script": runtime_files.early_script() if soon else "",
        "title": state.title,
        "role": place.role,
    }
    response = render(request, "sessions_app/session.html", context)
    response.headers["X-Robots-Tag"] = NO_ROBOTS
    return response


@require_safe
@never_cache
@ensure_csrf_cookie
@sensitive_variables("token")
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Show the page of a share link. It writes nothing: its script asks to be let in by a POST.

    So whatever fetches addresses to show a card for them becomes no guest, and learns the title
    only where the owner allows it.
    """
    link = sharing.find(token)
    if link is None:
        try:
            refuse_guess(request)
        except ActionError as error:
            return _outside(refuse(request, error.status, error.code, error.message))
    if not sharing.is_open(link):
        return _outside(refuse(request, 410, "gone", GONE))
    card = link.session.title if link.preview else ""
    return _outside(render(request, "sessions_app/join.html", {"card": card}))


def _outside(response: HttpResponse) -> HttpResponse:
    """What leads away from a link's page does not carry its address along."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = NO_ROBOTS
    return response


def _in_bin(request: HttpRequest, session: str, person: User | None) -> HttpResponse:
    """Offer the owner of a session in the bin to restore it; for others there is nothing here."""
    found = queries.binned_for(session, person.pk if person else None)
    if found is None or person is None or not queries.owns(found, person.pk):
        raise Http404
    leaves = (found.binned_at or timezone.now()) + timedelta(days=limits().bin_days)
    return render(request, "sessions_app/binned.html", {"found": found, "leaves": leaves})


def _alone(person: User) -> bool:
    """Whether only this browser knows the person: neither an account nor a class does."""
    return person.is_guest and not person.is_pupil


def _is_free(state: p.SessionState, person: User) -> bool:
    """Whether the page will start Python at once: nobody runs the session, or a tab of the same
    person does, which may be this one before it was reloaded."""
    return state.runner is None or state.runner.member == person.name


def _capture_limits() -> dict[str, int]:
    now = limits()
    return {
        # A file, and most of a variable, travel as one blob.
        "variableBytes": min(now.variable_bytes, now.max_blob_bytes),
        "fileBytes": min(now.variable_bytes, now.max_blob_bytes),
        "totalBytes": now.session_bytes,
        "blobBytes": now.max_blob_bytes,
    }


def _ages_at(place: queries.Membership) -> str | None:
    at = lists.ages_at(place.session)
    return at.isoformat() if at else None


def embedded(value: Any) -> SafeString:
    """JSON that can stand in a script element, whatever text it holds."""
    return mark_safe(msgspec.json.encode(value).decode().translate(_ESCAPES))  # noqa: S308  # escaped
