"""The JSON addresses of share links: the owner's list, and joining by a token.

A token travels in the body of a POST or in an answer to the owner, which no cache keeps.
"""

from __future__ import annotations

import io
from typing import Annotated, NoReturn

import segno
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from msgspec import Meta, Struct

from playground import ratelimits
from sessions_app import actions, sharing
from sessions_app.api import answers_json, body_of, guest_or_visitor, made, person_of, place_of
from sessions_app.errors import ActionError
from sessions_app.sharing import ListedLink
from sessions_app.writer import run_action_sync


class WantedLink(Struct, forbid_unknown_fields=True, rename="camel"):
    """Body of a request that makes a link; ``expires_in`` in seconds."""

    role: str = "viewer"
    fork: bool = False
    expires_in: Annotated[float, Meta(ge=0, le=1e12)] | None = None
    name: Annotated[str, Meta(max_length=20_000)] = ""
    preview: bool = False


class LinkName(Struct, forbid_unknown_fields=True):
    """Body of a request that renames a link."""

    name: Annotated[str, Meta(max_length=20_000)]


class Join(Struct, forbid_unknown_fields=True):
    """Body of a request to be let in."""

    token: Annotated[str, Meta(max_length=200)]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@answers_json
def links(request: HttpRequest, session: str) -> HttpResponse:
    """List the open links of the visitor's session, or make one."""
    place_of(request, session, "share")
    if request.method != "POST":
        listed = [_line(request, link) for link in sharing.links_of(session)]
        return JsonResponse({"links": listed})
    person, body = person_of(request), body_of(request, WantedLink)
    wanted = actions.NewLink(body.role, body.fork, body.expires_in, body.name, body.preview)
    link = run_action_sync(actions.create_link, session, person.pk, wanted)
    return JsonResponse({"id": link, "url": _address(request, session, link)}, status=201)


@never_cache
@require_http_methods(["PATCH", "DELETE"])
@answers_json
def link(request: HttpRequest, session: str, link: str) -> HttpResponse:
    """Rename a link, or end it and the memberships that came from it."""
    place_of(request, session, "share")
    person = person_of(request)
    if request.method == "DELETE":
        run_action_sync(actions.revoke_link, session, person.pk, link)
    else:
        name = body_of(request, LinkName).name
        run_action_sync(actions.rename_link, session, person.pk, link, name)
    return HttpResponse(status=204)


@require_safe
@never_cache
@answers_json
def qr(request: HttpRequest, session: str, link: str) -> HttpResponse:
    """Draw a link's address as a QR code, dark on light whatever the page's colours are."""
    place_of(request, session, "share")
    drawing = io.BytesIO()
    code = segno.make(_address(request, session, link), error="m", micro=False)
    code.save(drawing, kind="svg", border=4, dark="#000", light="#fff", omitsize=True)
    return HttpResponse(drawing.getvalue(), content_type="image/svg+xml")


@require_POST
@never_cache
@sensitive_variables("token")
@answers_json
def join(request: HttpRequest) -> HttpResponse:
    """Make the visitor (a newcomer becomes a guest) a member by a link; give its session."""
    token = body_of(request, Join).token
    found = sharing.find(token)
    if found is None:
        refuse_guess(request)
    if not sharing.is_open(found):
        raise ActionError("gone", GONE)
    person = guest_or_visitor(request)
    return made(run_action_sync(actions.join_by_link, sharing.hash_of(token), person.pk))


#: What somebody reads whose link was ended or is too old.
GONE = "This link does not work any more. Ask the person who sent it for a new one."


def refuse_guess(request: HttpRequest) -> NoReturn:
    """Refuse a wrong token, counting it against the address that it came from.

    Right ones are never refused for that: else one browser could keep a whole school, which shares
    an address, from its links. With 128 bits nobody meets a right one by trying.

    Raises:
        ActionError: ``not-found``; ``busy``, there were too many.
    """
    if not ratelimits.allow("links", ratelimits.address(request)):
        raise ActionError("busy", "Too many wrong links came from here. Please wait a few minutes.")
    raise ActionError("not-found", "There is no such link. Perhaps a part of it is missing.")


def _address(request: HttpRequest, session: str, link: str) -> str:
    found = sharing.link_in(session, link)
    token = sharing.token_of(found) if found is not None else None
    if token is None:
        raise ActionError("not-found", "There is no such link, or it cannot be shown again.")
    return request.build_absolute_uri(reverse("join", args=[token]))


def _line(request: HttpRequest, listed: ListedLink) -> dict[str, object]:
    link, token = listed.link, listed.token
    path = reverse("join", args=[token]) if token is not None else None
    return {
        "id": link.id.hex,
        "url": request.build_absolute_uri(path) if path is not None else None,
        "role": link.role,
        "fork": link.forks,
        "preview": link.preview,
        "name": link.name,
        "createdAt": link.created_ms,
        "expiresAt": link.expires_ms,
        "uses": link.uses,
        "people": listed.people,
        "lastUsedAt": link.last_used_ms,
    }
