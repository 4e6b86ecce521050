"""The session list: a page of plain forms that also works without JavaScript.

Each form names a deed and the sessions it is for; every one of them goes through an action, which
asks the policy. Whatever a form brings is a claim: an id that is not the visitor's is "not there".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_POST

from playground import ratelimits
from playground.accounts.models import User
from playground.accounts.visitors import visitor
from sessions_app import actions, lists
from sessions_app.clock import now_ms
from sessions_app.errors import ActionError
from sessions_app.limits import limits
from sessions_app.writer import run_action_sync

#: Sessions that one form may name.
MOST_AT_ONCE = 200

Deed = Callable[[str, int], Any]


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
    asked = _asked(request.GET)
    found = lists.listing(person.pk, asked)
    context = {
        "listing": found,
        "asked": found.asked,
        "undo": _undo(request, person),
        "limits": limits(),
        "query": _query(found.asked),
        "more": _query(found.asked, page=found.asked.page + 1),
        "less": _query(found.asked, page=found.asked.page - 1),
    }
    return render(request, "sessions_app/sessions.html", context)


def _asked(query: QueryDict) -> lists.Asked:
    wanted = query.get("show")
    show: lists.Show = next((name for name in lists.SHOWS if name == wanted), "all")
    sort = query.get("sort", "")
    page = query.get("page", "")
    return lists.Asked(
        show=show,
        search=query.get("q", "").replace("\0", "")[: lists.LONGEST_SEARCH],
        sort=sort if sort in lists.SORTS else "used",
        page=int(page) if page.isascii() and page.isdecimal() and len(page) < 7 else 1,
    )


def _query(asked: lists.Asked, **changes: Any) -> str:
    """The query of a list, without what is as always."""
    given = {"show": asked.show, "q": asked.search, "sort": asked.sort, "page": asked.page}
    usual = {"show": "all", "q": "", "sort": "used", "page": 1}
    return urlencode({k: v for k, v in (given | changes).items() if v != usual.get(k)})


def _undo(request: HttpRequest, person: User) -> dict[str, Any] | None:
    at = request.GET.get("undo", "")
    if not at.isascii() or not at.isdecimal() or len(at) > 15:
        return None
    there = lists.deleted_together(person.pk, int(at))
    return {"at": at, "count": len(there)} if there else None


@require_POST
def change(request: HttpRequest) -> HttpResponseBase:
    """Do what a form of the list asks for, then show the list again."""
    person = visitor(request)
    if person is None:
        return redirect("home")
    if "undo" in request.POST:
        return _put_back(request, person)
    ids = list(dict.fromkeys(request.POST.getlist("session")))[:MOST_AT_ONCE]
    if not ids:
        messages.info(request, _("Tick a session first."))
        return _back(request)
    match request.POST.get("do"):
        case "rename":
            return _rename(request, person, ids[0])
        case "duplicate":
            return _duplicate(request, person, ids[0])
        case "delete":
            return _delete(request, person, ids)
        case str(deed) if deed in _DEEDS:
            return _do(request, person, ids, deed)
    return _back(request)


def _do(request: HttpRequest, person: User, ids: list[str], deed: str) -> HttpResponse:
    action, one, many = _DEEDS[deed]
    done = _each(request, person, ids, action)
    if done:
        messages.success(request, ngettext(one, many, done) % {"count": done})
    if done and request.POST.get("open"):
        return redirect("session", session=ids[0])
    return _back(request)


def _delete(request: HttpRequest, person: User, ids: list[str]) -> HttpResponse:
    at = now_ms()
    done = _each(request, person, ids, lambda one, user: actions.bin_session(one, user, at))
    return _back(request, undo=str(at) if done else "")


def _archive(session: str, user: int) -> None:
    actions.archive_session(session, user, archived=True)


def _unarchive(session: str, user: int) -> None:
    actions.archive_session(session, user, archived=False)


#: What a form does to each session that it names, and how that is told of one and of many.
_DEEDS: dict[str, tuple[Deed, str, str]] = {
    "archive": (
        _archive,
        gettext_noop("%(count)d session archived."),
        gettext_noop("%(count)d sessions archived."),
    ),
    "unarchive": (
        _unarchive,
        gettext_noop("%(count)d session taken out of the archive."),
        gettext_noop("%(count)d sessions taken out of the archive."),
    ),
    "restore": (
        actions.restore_session,
        gettext_noop("%(count)d session restored."),
        gettext_noop("%(count)d sessions restored."),
    ),
    "doom": (
        actions.doom_session,
        gettext_noop("%(count)d session deleted for good."),
        gettext_noop("%(count)d sessions deleted for good."),
    ),
    "leave": (
        actions.leave_session,
        gettext_noop("%(count)d session removed from your list."),
        gettext_noop("%(count)d sessions removed from your list."),
    ),
}


def _each(request: HttpRequest, person: User, ids: list[str], act: Deed) -> int:
    """Do it to each; what does not work does not keep the others from it."""
    done, troubles = 0, set()
    for session in ids:
        try:
            run_action_sync(act, session, person.pk)
            done += 1
        except ActionError as error:
            troubles.add(error.message)
    for trouble in sorted(troubles):
        messages.error(request, trouble)
    return done


def _put_back(request: HttpRequest, person: User) -> HttpResponse:
    at = request.POST["undo"]
    known = at.isascii() and at.isdecimal() and len(at) <= 15
    ids = lists.deleted_together(person.pk, int(at)) if known else []
    return _do(request, person, ids, "restore")


def _rename(request: HttpRequest, person: User, session: str) -> HttpResponse:
    title = request.POST.get("title", "")
    try:
        run_action_sync(actions.rename_session, session, person.pk, title)
    except ActionError as error:
        context = {
            "session": session,
            "title": title,
            "trouble": error.message,
            "next": _next(request),
        }
        return render(request, "sessions_app/rename.html", context, status=error.status)
    messages.success(request, _("Renamed."))
    return _back(request)


def _duplicate(request: HttpRequest, person: User, session: str) -> HttpResponse:
    if not ratelimits.allow("sessions", person.pk):
        return ratelimits.too_many(request)
    if _each(request, person, [session], actions.duplicate_session):
        messages.success(request, _("Copied, with its history, values and files."))
    return _back(request)


def _next(request: HttpRequest) -> str:
    """The list's own query, made anew from what the form says it was."""
    return _query(_asked(QueryDict(request.POST.get("next", "")[:1000])))


def _back(request: HttpRequest, undo: str = "") -> HttpResponse:
    query = "&".join(part for part in (_next(request), f"undo={undo}" if undo else "") if part)
    return redirect(reverse("sessions") + (f"?{query}" if query else ""))
