"""The pages of pupils: coming into a class by its code, by a card, by a teacher's tap; their class.

A page that is only fetched writes nothing and makes nobody a pupil; a code that fits shows the
name of the class and nothing more.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from playground import ratelimits
from playground.accounts import belongings, devices
from playground.accounts.keeping import LEFT_GUEST
from playground.accounts.models import User
from playground.accounts.visitors import enter, visitor
from playground.classrooms import actions, cards, names, queries
from playground.classrooms.models import Classroom
from playground.errors import refuse
from sessions_app.errors import ActionError
from sessions_app.writer import run_action_sync

#: Key in the browser's cookie session: what it knocked with, until it is let in.
KNOCKED = "knocked"

View = Callable[[HttpRequest, Classroom], HttpResponseBase]

_WRONG_CARD = "Name and words do not fit together. Look at your card, or ask your teacher."
_OLD_CARD = "This card does not work any more. Ask your teacher for the new one."


def _with_class(view: View) -> Callable[[HttpRequest, str], HttpResponseBase]:
    """Find the class of a code; wrong codes count against the address that they come from."""

    @wraps(view)
    def found(request: HttpRequest, code: str) -> HttpResponseBase:
        who = ratelimits.address(request)
        classroom = queries.by_code(cards.code_of(code))
        if classroom is not None:
            response = view(request, classroom)
            response.headers["Referrer-Policy"] = "same-origin"
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
            return response
        if not ratelimits.allow("class-codes", who):
            return ratelimits.too_many(request)
        context = {"typed": code[:20], "wrong": True}
        return render(request, "classrooms/find.html", context, status=404)

    return found


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponseBase:
    """Ask for the code of a class."""
    typed = request.POST.get("code", "")[:40]
    code = cards.code_of(typed)
    if request.method == "POST" and code:
        return redirect("class-in", code=code)
    wrong = request.method == "POST"
    context = {"typed": typed, "wrong": wrong}
    return render(request, "classrooms/find.html", context, status=400 if wrong else 200)


@never_cache
@sensitive_post_parameters("words", "secret")
@require_http_methods(["GET", "HEAD", "POST"])
@_with_class
def come_in(request: HttpRequest, classroom: Classroom) -> HttpResponseBase:
    """The door of a class: a name for who is new, the card for who has been here."""
    if request.method == "POST":
        try:
            return _DOORS.get(request.POST.get("by", ""), _by_name)(request, classroom)
        except ActionError as error:
            return _door(request, classroom, error.message, status=error.status)
    return _door(request, classroom)


def _door(
    request: HttpRequest, classroom: Classroom, trouble: str = "", status: int = 200
) -> HttpResponse:
    person = visitor(request)
    places = queries.attended_by(person.pk) if person is not None else []
    known = person is not None and (not person.is_guest or person.is_pupil)
    context = {
        "classroom": classroom,
        "person": person if known else None,
        "place": next((one for one in places if one.classroom_id == classroom.pk), None),
        "closed": actions.closed(classroom),
        "newcomers": actions.closed(classroom, newcomers=True) is None,
        "trouble": trouble,
        "name": request.POST.get("name", "")[:80],
        "by": request.POST.get("by", ""),
    }
    return render(request, "classrooms/door.html", context, status=status)


def _by_name(request: HttpRequest, classroom: Classroom) -> HttpResponseBase:
    if not ratelimits.allow("joins", ratelimits.address(request)):
        return ratelimits.too_many(request)
    name = request.POST.get("name", "")
    came = run_action_sync(actions.join, classroom.public_id, name)
    return _let_in(request, classroom, came)


def _as_myself(request: HttpRequest, classroom: Classroom) -> HttpResponseBase:
    person = visitor(request)
    if person is None or (person.is_guest and not person.is_pupil):
        return _by_name(request, classroom)
    name = request.POST.get("name") or person.name
    came = run_action_sync(actions.enrol_account, classroom.public_id, person.pk, name)
    return redirect("session", session=came.session)


@sensitive_variables("words")
def _by_words(request: HttpRequest, classroom: Classroom) -> HttpResponseBase:
    name, words = request.POST.get("name", ""), request.POST.get("words", "")[:200]
    came = run_action_sync(actions.come_by_words, classroom.public_id, _plain(name), words)
    if came is None:
        raise ActionError("forbidden", _(_WRONG_CARD))
    return _let_in(request, classroom, came)


@sensitive_variables("secret")
def _by_secret(request: HttpRequest, classroom: Classroom) -> HttpResponseBase:
    secret = request.POST.get("secret", "")[:100]
    came = run_action_sync(actions.come_by_secret, classroom.public_id, secret)
    if came is None:
        raise ActionError("forbidden", _(_OLD_CARD))
    return _let_in(request, classroom, came)


def _knock(request: HttpRequest, classroom: Classroom) -> HttpResponseBase:
    if not ratelimits.allow("joins", ratelimits.address(request)):
        return ratelimits.too_many(request)
    name, secret = _plain(request.POST.get("name", "")), secrets.token_urlsafe(16)
    browser = devices.family(request.headers.get("User-Agent", "")[:400])
    if not run_action_sync(actions.knock, classroom.public_id, name, secret, browser):
        raise ActionError("invalid", _("There is nobody of this name in the class."))
    request.session[KNOCKED] = [classroom.public_id, secret]
    return redirect("class-wait", code=classroom.code)


_DOORS: dict[str, Callable[[HttpRequest, Classroom], HttpResponseBase]] = {
    "name": _by_name,
    "myself": _as_myself,
    "words": _by_words,
    "secret": _by_secret,
    "knock": _knock,
}


@never_cache
@require_safe
@_with_class
def wait(request: HttpRequest, classroom: Classroom) -> HttpResponseBase:
    """The page of a browser that knocked; its script asks again and again."""
    if KNOCKED not in request.session:
        return redirect("class-in", code=classroom.code)
    return render(request, "classrooms/wait.html", {"classroom": classroom})


@never_cache
@require_POST
@_with_class
def ask_again(request: HttpRequest, classroom: Classroom) -> HttpResponseBase:
    """Say whether a teacher has let this browser in, and let it in."""
    known, secret = request.session.get(KNOCKED, ["", ""])
    if known != classroom.public_id:
        return JsonResponse({"state": "over"})
    try:
        came = run_action_sync(actions.come_after_knock, classroom.public_id, secret)
    except ActionError as error:
        del request.session[KNOCKED]
        return JsonResponse({"state": "over", "message": error.message})
    if came is None:
        return JsonResponse({"state": "waiting"})
    answer = _let_in(request, classroom, came)
    request.session.pop(KNOCKED, None)
    return JsonResponse({"state": "in", "url": answer.headers["Location"]})


def _let_in(request: HttpRequest, classroom: Classroom, came: actions.Came) -> HttpResponse:
    """Make this browser the pupil's, remembering the guest it was; show a new card once."""
    before = visitor(request)
    pupil = User.objects.get(pk=came.user)
    if before is None or before.pk != pupil.pk:
        left = before if before is not None and before.is_guest and not before.is_pupil else None
        has_sessions = left is not None and bool(belongings.of(left))
        enter(request, pupil)
        if left is not None and has_sessions:
            request.session[LEFT_GUEST] = left.pk
    if came.card is None:
        return redirect("session", session=came.session)
    context = {
        "classroom": classroom,
        "name": pupil.name,
        "card": came.card,
        "qr": cards.qr(card_address(request, classroom, came.card)),
        "session": came.session,
    }
    return render(request, "classrooms/card.html", context)


def card_address(request: HttpRequest, classroom: Classroom, card: cards.Card) -> str:
    """What a card's QR code leads to; the secret is behind the ``#``, so no server log has it."""
    return request.build_absolute_uri(f"/c/{classroom.code}#{card.secret}")


def _plain(name: str) -> str:
    """A name as it was typed, if it could be one."""
    try:
        return names.cleaned(name)
    except names.BadNameError as error:
        raise ActionError("invalid", str(error)) from None


@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponseBase:
    """A pupil's own page: their classes, their teachers, and who looked at their work."""
    person = visitor(request)
    if person is None:
        return redirect("class-find")
    places = queries.attended_by(person.pk)
    if not places:
        return refuse(request, 404, "not-found", _("You are in no class."))
    teachers = {place.pk: queries.teachers_of(place.classroom) for place in places}
    lines = [(place, teachers[place.pk]) for place in places]
    context = {"places": lines, "looks": queries.looks_at(places)}
    return render(request, "classrooms/mine.html", context)
