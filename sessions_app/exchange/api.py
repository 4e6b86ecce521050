"""The addresses of exports and imports: ask for one, follow it, fetch what came of it.

What is asked for is a *transfer*, which only who asked for it can see. A small one is done when the
answer comes; for a large one the answer says ``waiting`` and the page asks again.
"""

from __future__ import annotations

import uuid
from typing import Annotated, Any, Literal
from urllib.parse import unquote, urlsplit

from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from msgspec import Meta, Struct

from playground import ratelimits
from playground.accounts.models import User
from sessions_app import actions, blobs, sharing
from sessions_app.actions import NAMED
from sessions_app.api import answers_json, body_of, made, person_of, place_of
from sessions_app.errors import ActionError
from sessions_app.exchange import transfers
from sessions_app.exchange.source import file_name
from sessions_app.limits import limits
from sessions_app.links_api import GONE, refuse_guess
from sessions_app.models import Transfer
from sessions_app.policy import may
from sessions_app.queries import membership
from sessions_app.writer import run_action_sync

_NOT_FOUND = "There is no such export or import; they are kept for an hour."
_NO_LINK = "This is no link to a session here. It looks like /s/… or /j/…"


class Export(Struct, forbid_unknown_fields=True):
    """Body of a request for an export."""

    form: Literal["ipynb", "py", "html", "session"]


class Link(Struct, forbid_unknown_fields=True):
    """Body of a request to make a session from another by its link."""

    url: Annotated[str, Meta(min_length=1, max_length=1000)]


@require_POST
@answers_json
def exports(request: HttpRequest, session: str) -> HttpResponse:
    """Export a session in one of the forms."""
    person = person_of(request)
    form = body_of(request, Export).form
    try:
        place = place_of(request, session, transfers.deed_of(form))
    except ActionError as error:
        if error.code != "forbidden":
            raise
        message = "You may look at this session, but not take its values with you."
        raise ActionError("forbidden", message) from None
    _limit_rate(person)
    name = file_name(place.title, transfers.ENDINGS[form])
    later = transfers.bytes_of_session(session) > transfers.AT_ONCE_BYTES
    return _answer(begin(person, "export", form, name, session=session, later=later))


@require_POST
@answers_json
def imports(request: HttpRequest) -> HttpResponse:
    """Import the file that is the body of the request; ``?name=`` says what it is called."""
    person = person_of(request)
    try:
        return _answer(bring(person, request.GET.get("name", ""), request))
    except UnreadablePostError:
        raise ActionError("invalid", "The upload was cut off. Send it again.") from None


@require_POST
@answers_json
def from_link(request: HttpRequest) -> HttpResponse:
    """Make a session of the visitor from the session that a link leads to."""
    person = person_of(request)
    return made(fork_by_link(request, person, body_of(request, Link).url))


@require_safe
@never_cache
@answers_json
def transfer(request: HttpRequest, transfer: str) -> HttpResponse:
    """Say how far an export or import is."""
    return _answer(mine(request, transfer), status=200)


@require_safe
@never_cache
@answers_json
def transfer_file(request: HttpRequest, transfer: str) -> HttpResponse:
    """Give the file of an export."""
    found = mine(request, transfer)
    if found.kind != "export" or found.state != "done":
        raise ActionError("not-found", _NOT_FOUND)
    # Somebody whom the session was taken from does not get it from here either.
    place_of(request, found.session, transfers.deed_of(found.form))
    try:
        # In one piece: under ASGI Django would gather the pieces of a file anyway.
        data = transfers.result_file(transfer).read_bytes()
    except FileNotFoundError:
        raise ActionError("not-found", _NOT_FOUND) from None
    answer = HttpResponse(data, content_type=transfers.MEDIA[found.form])
    disposition = content_disposition_header(as_attachment=True, filename=found.name)
    answer.headers["Content-Disposition"] = disposition or "attachment"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def begin(
    person: User, kind: str, form: str, name: str, *, session: str = "", later: bool, key: str = ""
) -> Transfer:
    """Begin a transfer, and end it too unless it is for ``later``."""
    key = key or uuid.uuid4().hex
    run_action_sync(actions.begin_transfer, person.pk, kind, form, name, session, key, later=later)
    found = transfers.find(key, person.pk)
    if found is None:
        raise ActionError("busy", "Please try again.")
    if not later:
        transfers.carry_out(found, _write, _make)
        found.refresh_from_db()
    return found


def bring(person: User, name: str, body: blobs.Readable) -> Transfer:
    """Import a file that is read from ``body``.

    Raises:
        ActionError: ``invalid``, ``too-large``, ``busy``.
    """
    _limit_rate(person)
    name = name.replace("\\", "/").rpartition("/")[2][-300:] or "session"
    key = uuid.uuid4().hex
    path = transfers.brought_file(key)
    try:
        size = transfers.keep_brought(key, body, limits().import_bytes)
        with path.open("rb") as file:
            form = transfers.form_of(name, file.read(4096))
        later = size > transfers.AT_ONCE_BYTES
        return begin(person, "import", form, name, later=later, key=key)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def fork_by_link(request: HttpRequest, person: User, url: str) -> str:
    """Make a session of ``person`` from what a link of this playground leads to; gives its id.

    Raises:
        ActionError: ``invalid``, it is no such link; ``not-found``, ``gone``, ``forbidden``.
    """
    _limit_rate(person)
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        raise ActionError("invalid", _NO_LINK) from None
    if parts.netloc and parts.netloc != request.get_host():
        raise ActionError("invalid", "This link leads to another place; only links to here work.")
    kind, _, rest = parts.path.strip("/").partition("/")
    if kind == "s" and len(rest) == 32:
        session = rest
    elif kind == "j" and rest:
        session = _joined(request, person, unquote(rest))
    else:
        raise ActionError("invalid", _NO_LINK)
    return run_action_sync(actions.fork_session, session, person.pk)


def _joined(request: HttpRequest, person: User, token: str) -> str:
    link = sharing.find(token)
    if link is None:
        refuse_guess(request)
    if not sharing.is_open(link):
        raise ActionError("gone", GONE)
    place = membership(link.session.public_id, person.pk)
    mine = place is not None and may(place.role, "fork", forks=place.forks)
    if not mine and not may(link.role, "fork", forks=link.forks):
        raise ActionError("forbidden", "This link lets you look, but not make a copy. Open it.")
    return run_action_sync(actions.join_by_link, sharing.hash_of(token), person.pk)


def mine(request: HttpRequest, key: str) -> Transfer:
    """The visitor's transfer of that id.

    Raises:
        ActionError: ``not-found``.
    """
    found = transfers.find(key, person_of(request).pk)
    if found is None:
        raise ActionError("not-found", _NOT_FOUND)
    return found


def described(found: Transfer) -> dict[str, Any]:
    """A transfer as the API tells it."""
    told: dict[str, Any] = {
        "id": found.public_id,
        "kind": found.kind,
        "form": found.form,
        "name": found.name,
        "state": found.state,
        "progress": found.progress,
        "size": found.size,
        "message": found.message,
        "notes": found.notes,
        "url": None,
    }
    if found.state == "done" and found.kind == "export":
        told["url"] = reverse("api-transfer-file", args=[found.public_id])
    elif found.state == "done":
        told["url"] = reverse("session", args=[found.session])
    return told


def _answer(found: Transfer, status: int = 201) -> JsonResponse:
    return JsonResponse(described(found), status=status)


def _write(name: str, *args: Any) -> Any:
    return run_action_sync(NAMED[name], *args)


def _make(user: int, plan: Any, key: str) -> str:
    return run_action_sync(actions.import_session, user, plan, key)


def _limit_rate(person: User) -> None:
    if not ratelimits.allow("transfers", person.pk):
        raise ActionError("busy", "That was too often. Please wait a few minutes.")
