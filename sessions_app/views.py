"""The pages of the core: the way in, a session, the list of sessions."""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_safe

from playground import ratelimits, runtime_files
from playground.accounts.visitors import visitor
from sessions_app import actions, queries
from sessions_app import protocol as p
from sessions_app.limits import limits
from sessions_app.models import Session
from sessions_app.writer import run_action_sync

#: What would end the script element or begin a comment, as JSON escapes.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


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
        raise Http404
    try:
        state = queries.load_state(place.session)
    except Session.DoesNotExist:
        raise Http404 from None
    data = {
        "state": msgspec.Raw(p.encode(state)),
        "socket": f"/ws/sessions/{place.session}",
        "name": person.name,
        "role": place.role,
        "guest": person.is_guest,
        "user": person.pk,
        "limits": _capture_limits(),
        "runtime": runtime_files.current(),
    }
    context = {"page_data": embedded(data), "title": state.title, "role": place.role}
    return render(request, "sessions_app/session.html", context)


def _capture_limits() -> dict[str, int]:
    now = limits()
    return {
        "variableBytes": now.variable_bytes,
        "fileBytes": now.variable_bytes,
        # All values travel as one blob; more would be captured only to be refused.
        "totalBytes": min(now.session_bytes, now.max_blob_bytes),
        "blobBytes": now.max_blob_bytes,
    }


def embedded(value: Any) -> SafeString:
    """JSON that can stand in a script element, whatever text it holds."""
    return mark_safe(msgspec.json.encode(value).decode().translate(_ESCAPES))  # noqa: S308  # escaped


@never_cache
@ensure_csrf_cookie
@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest) -> HttpResponseBase:
    """List the visitor's sessions; a POST makes another."""
    person = visitor(request)
    if person is None:
        return redirect("home")
    if request.method == "POST":
        if not ratelimits.allow("sessions", person.pk):
            return ratelimits.too_many(request)
        return redirect("session", session=run_action_sync(actions.create_session, person.pk))
    listed = queries.sessions_of(person.pk)
    return render(request, "sessions_app/sessions.html", {"sessions": listed})
