"""The JSON addresses below ``/api``: making sessions, reading them, their blobs.

A GET writes nothing. Errors have one shape, ``{"code", "message"}``; who is no member of a session
is told the same as of one that does not exist.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Annotated, Any

import msgspec
from django.http import (
    HttpRequest,
    HttpResponse,
    JsonResponse,
    RawPostDataException,
    UnreadablePostError,
)
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from msgspec import Meta, Struct

from playground import ratelimits
from playground.accounts.models import User
from playground.accounts.visitors import ensure_visitor, visitor
from sessions_app import actions, blobs, queries
from sessions_app import protocol as p
from sessions_app.actions import BlobGoneError
from sessions_app.errors import ActionError
from sessions_app.limits import free_disk_percent, limits
from sessions_app.models import Session
from sessions_app.policy import may
from sessions_app.writer import run_action_sync

#: The largest JSON body, in bytes.
MAX_BODY = 64 * 1024

_NOT_FOUND = "There is no such session, or it is not shared with you."


class NewSession(Struct, forbid_unknown_fields=True):
    """Body of a request that makes a session."""

    title: Annotated[str, Meta(max_length=200)] | None = None
    runtime: Annotated[str, Meta(max_length=100)] | None = None


class Fork(Struct, forbid_unknown_fields=True):
    """Body of a request that forks a session."""

    number: Annotated[int, Meta(ge=0, le=2**31 - 1)] | None = None


class Hashes(Struct, forbid_unknown_fields=True):
    """Body of the question which blobs are lacking."""

    hashes: Annotated[list[p.Sha256], Meta(max_length=500)]


def answers_json(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer an ``ActionError`` in the shape of the API's errors."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, **kwargs)
        except ActionError as error:
            answer = JsonResponse({"code": error.code, "message": error.message})
            answer.status_code = error.status
            return answer

    return wrapped


def body_of[Body](request: HttpRequest, kind: type[Body]) -> Body:
    """Decode the JSON body of a request; none counts as ``{}``.

    Raises:
        ActionError: ``invalid`` or ``too-large``.
    """
    length = request.headers.get("Content-Length", "0")
    if not length.isdecimal() or int(length) > MAX_BODY:
        raise ActionError("too-large", "The request is too large.")
    try:
        return msgspec.json.decode(request.body or b"{}", type=kind)
    except RawPostDataException:
        raise ActionError("invalid", "Send JSON here, not a form.") from None
    except (msgspec.DecodeError, RecursionError) as error:
        message = f"The request could not be understood: {error}"[:300]
        raise ActionError("invalid", message) from None


def person_of(request: HttpRequest) -> User:
    """The visitor.

    Raises:
        ActionError: ``forbidden``, a newcomer.
    """
    person = visitor(request)
    if person is None:
        raise ActionError("forbidden", "Open the start page first.")
    return person


def place_of(request: HttpRequest, session: str, deed: str) -> queries.Membership:
    """The visitor's place in a session in which they may do ``deed``.

    Raises:
        ActionError: ``not-found`` or ``forbidden``.
    """
    person = visitor(request)
    place = queries.membership(session, person.pk if person else None)
    if place is None:
        raise ActionError("not-found", _NOT_FOUND)
    if not may(place.role, deed, forks=place.forks):
        raise ActionError("forbidden", "You may look at this session, but not do this.")
    return place


def _limit_rate(kind: str, *who: object) -> None:
    if not ratelimits.allow(kind, *who):
        raise ActionError("busy", "That was too often. Please wait a few minutes.")


def made(session: str) -> JsonResponse:
    """The answer that names a new session."""
    return JsonResponse({"id": session, "url": reverse("session", args=[session])}, status=201)


def guest_or_visitor(request: HttpRequest) -> User:
    """The visitor; a newcomer becomes a guest.

    Raises:
        ActionError: ``busy`` or ``storage``, there is no room for newcomers.
    """
    person = visitor(request)
    if person is None:
        _limit_rate("guests", ratelimits.address(request))
        if free_disk_percent() < limits().free_disk_percent:
            raise ActionError("storage", "The server has no room for new guests right now.")
        person = ensure_visitor(request)
    return person


@require_POST
@answers_json
def start(request: HttpRequest) -> HttpResponse:
    """Give the visitor's latest session; make a guest and a session where there is none yet."""
    person = guest_or_visitor(request)
    latest = queries.latest_session(person.pk)
    return made(latest or run_action_sync(actions.create_session, person.pk))


@require_POST
@answers_json
def create(request: HttpRequest) -> HttpResponse:
    """Make a session of the visitor."""
    person = person_of(request)
    wanted = body_of(request, NewSession)
    _limit_rate("sessions", person.pk)
    title = wanted.title or actions.DEFAULT_TITLE
    runtime = wanted.runtime or actions.DEFAULT_RUNTIME
    return made(run_action_sync(actions.create_session, person.pk, title, runtime))


@require_safe
@never_cache
@answers_json
def state(request: HttpRequest, session: str) -> HttpResponse:
    """Give the session's state with its latest entries."""
    place_of(request, session, "read")
    return _json(p.encode(_present(queries.load_state, session)))


@require_safe
@never_cache
@answers_json
def entries(request: HttpRequest, session: str) -> HttpResponse:
    """Give a page of earlier entries."""
    place_of(request, session, "read")
    before = request.GET.get("before", "")
    readable = before.isascii() and before.isdecimal() and len(before) <= 10
    if not readable or not 0 < int(before) < 2**31:
        raise ActionError("invalid", "Say before which entry: ?before=N.")
    found = _present(queries.entries_before, session, int(before))
    return _json(msgspec.json.encode(found))


def _present[**P, R](query: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    try:
        return query(*args, **kwargs)
    except Session.DoesNotExist:
        raise ActionError("not-found", _NOT_FOUND) from None


def _json(body: bytes) -> HttpResponse:
    return HttpResponse(body, content_type="application/json")


@require_POST
@answers_json
def fork(request: HttpRequest, session: str) -> HttpResponse:
    """Make a session of the visitor from this one."""
    place_of(request, session, "fork")
    person = person_of(request)
    wanted = body_of(request, Fork)
    _limit_rate("sessions", person.pk)
    return made(run_action_sync(actions.fork_session, session, person.pk, wanted.number))


@require_POST
@answers_json
def lacks(request: HttpRequest, session: str) -> HttpResponse:
    """Say which blobs do not belong to the session."""
    place_of(request, session, "upload")
    asked = body_of(request, Hashes)
    return JsonResponse({"lacks": queries.lacking(session, asked.hashes)})


@require_http_methods(["GET", "HEAD", "PUT"])
@answers_json
def blob(request: HttpRequest, session: str, name: str) -> HttpResponse:
    """Store or give a blob of the session."""
    if request.method == "PUT":
        return _put_blob(request, session, name)
    return _get_blob(request, session, name)


def _put_blob(request: HttpRequest, session: str, name: str) -> HttpResponse:
    place_of(request, session, "upload")
    person = person_of(request)
    _limit_rate("uploads", person.pk)
    size = request.headers.get("X-Blob-Size", "")
    if not size.isascii() or not size.isdecimal() or len(size) > 15:
        raise ActionError("invalid", "X-Blob-Size must say how many bytes the blob has.")
    encoding = request.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in ("", "identity", "gzip"):
        raise ActionError("invalid", "A blob is sent as gzip or as it is.")
    try:
        stored = blobs.store(name, int(size), request, compressed=encoding == "gzip")
        _link_blob(session, person, name, int(size), stored)
    except UnreadablePostError:
        raise ActionError("invalid", "The upload was cut off. Send it again.") from None
    except BlobGoneError:
        raise ActionError("busy", "Send it again.") from None
    return HttpResponse(status=204)


def _link_blob(session: str, person: User, name: str, size: int, stored: int) -> None:
    try:
        run_action_sync(actions.link_blob, session, person.pk, name, size, stored)
    except ActionError:
        # What was refused must not stay, or refused uploads would fill the disk.
        run_action_sync(actions.sweep_blob, name, 0)
        raise


def _get_blob(request: HttpRequest, session: str, name: str) -> HttpResponse:
    place = place_of(request, session, "read")
    reads = may(place.role, "read_values", forks=place.forks)
    shown = queries.blob_in_outputs(session, name)
    kept = reads and (
        queries.blob_in_snapshots(session, name) or queries.blob_just_uploaded(session, name)
    )
    found = blobs.find(name) if shown or kept else None
    if found is None:
        raise ActionError("not-found", "This session has no such data.")
    try:
        return _blob_answer(request, name, found)
    except FileNotFoundError:
        # Its session went for good between the two.
        raise ActionError("not-found", "This session has no such data.") from None


@require_safe
@never_cache
@answers_json
def file(request: HttpRequest, session: str, path: str) -> HttpResponse:
    """Give a file as it was saved last, also to who may not read saved values."""
    place_of(request, session, "read")
    ref = queries.head_file(session, path)
    found = blobs.find(ref.hash) if ref is not None else None
    if ref is None or found is None:
        raise ActionError("not-found", f"There is no file {path[:400]}.")
    answer = _blob_answer(request, ref.hash, found)
    del answer.headers["Cache-Control"]
    return answer


def _blob_answer(request: HttpRequest, name: str, found: blobs.StoredBlob) -> HttpResponse:
    gzip_taken = "gzip" in request.headers.get("Accept-Encoding", "")
    if found.compressed and not gzip_taken:
        answer = HttpResponse(blobs.inflate(found), content_type="application/octet-stream")
    else:
        answer = HttpResponse(found.path.read_bytes(), content_type="application/octet-stream")
        if found.compressed:
            answer.headers["Content-Encoding"] = "gzip"
    answer.headers["Vary"] = "Accept-Encoding, Cookie"
    answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
