"""The pages of teachers: their classes, the roster, cards, settings. Plain forms.

Whatever a form names is a claim; every deed goes through an action, which asks the policy.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from playground.accounts import devices
from playground.accounts.models import User
from playground.accounts.visitors import visitor
from playground.classrooms import actions, cards, queries
from playground.classrooms.arriving import card_address
from playground.classrooms.forms import SettingsForm
from playground.classrooms.models import Classroom
from playground.classrooms.policy import Deed, may
from sessions_app.errors import ActionError
from sessions_app.views import embedded
from sessions_app.writer import run_action_sync

#: The largest list of names, in characters, and the most lines of it that are read.
MOST_TEXT = 100_000
MOST_LINES = 2 * actions.MOST_PUPILS

#: Sentences about names that could not be added which one page shows.
MOST_TROUBLES = 8


def teaches(person: User | None) -> bool:
    """Whether a person may make classes."""
    return person is not None and not person.is_guest and (person.is_teacher or person.is_superuser)


class _Teacher:
    """A request of a teacher of a class."""

    def __init__(self, request: HttpRequest, user: User, classroom: Classroom, part: str) -> None:
        self.request, self.user, self.classroom, self.part = request, user, classroom, part

    def run(self, action: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """Run an action on the class as this teacher."""
        return run_action_sync(action, self.classroom.public_id, self.user.pk, *args, **options)

    def page(self, name: str, here: str, status: int = 200, **context: Any) -> HttpResponse:
        """Show a page of the class."""
        shared = {
            "classroom": self.classroom,
            "address": self.request.build_absolute_uri(f"/c/{self.classroom.code}"),
            "part": self.part,
            "here": here,
            "can": {deed: may(self.part, deed) for deed in ("roster", "cards", "settings")},
        }
        template = f"classrooms/{name}.html"
        return render(self.request, template, shared | context, status=status)


View = Callable[[_Teacher], HttpResponseBase]


def _of_class(deed: Deed) -> Callable[[View], Callable[[HttpRequest, str], HttpResponseBase]]:
    """Answer 404 to whoever is no teacher of the class, or may not do the deed."""

    def decorate(view: View) -> Callable[[HttpRequest, str], HttpResponseBase]:
        @never_cache
        @wraps(view)
        def guarded(request: HttpRequest, classroom: str) -> HttpResponseBase:
            person = visitor(request)
            found = queries.teaching_in(classroom, person.pk if person else None)
            if person is None or found is None or not may(found[1], deed):
                raise Http404
            return view(_Teacher(request, person, *found))

        return guarded

    return decorate


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def classes(request: HttpRequest) -> HttpResponseBase:
    """List a teacher's classes; a POST makes another."""
    person = visitor(request)
    taught = queries.taught_by(person.pk) if person is not None else []
    if person is None or not (taught or teaches(person)):
        return redirect("class-find" if person is None or person.is_guest else "class-mine")
    trouble, name = "", request.POST.get("name", "")
    if request.method == "POST":
        try:
            made = run_action_sync(actions.create_class, person.pk, name)
        except ActionError as error:
            trouble = error.message
        else:
            return redirect("class", classroom=made)
    context = {
        "taught": taught,
        "may_make": teaches(person),
        "trouble": trouble,
        "name": name[:200],
    }
    return render(request, "classrooms/classes.html", context, status=400 if trouble else 200)


@require_safe
@_of_class("see")
def show(teacher: _Teacher) -> HttpResponse:
    """The class: how to come in, who asks to be let in, and the roster."""
    return teacher.page(
        "class",
        "people",
        places=queries.roster(teacher.classroom),
        knocks=queries.knocks(teacher.classroom),
        closed=actions.closed(teacher.classroom),
    )


@require_safe
@_of_class("see")
def code(teacher: _Teacher) -> HttpResponse:
    """The way in for the projector: address, code and QR, as large as the screen allows."""
    address = teacher.request.build_absolute_uri(f"/c/{teacher.classroom.code}")
    closed = actions.closed(teacher.classroom)
    return teacher.page("code", "code", qr=cards.qr(address), closed=closed)


@require_safe
@_of_class("see")
def lesson(teacher: _Teacher) -> HttpResponse:
    """The wall; what it shows comes over its socket."""
    data = {"socket": f"/ws/classes/{teacher.classroom.public_id}", "name": teacher.classroom.name}
    return teacher.page("lesson", "lesson", page_data=embedded(data))


@require_safe
@_of_class("let_in")
def knocks(teacher: _Teacher) -> HttpResponse:
    """The part of the page that says who asks to be let in; its script fetches it again."""
    return teacher.page("_knocks", "people", knocks=queries.knocks(teacher.classroom))


@require_POST
@_of_class("see")
def change(teacher: _Teacher) -> HttpResponseBase:
    """Do what a form of the class page asks for, then show the page again."""
    deed = _DEEDS.get(teacher.request.POST.get("do", ""))
    if deed is not None:
        try:
            deed(teacher)
        except ActionError as error:
            messages.error(teacher.request, error.message)
    return redirect("class", classroom=teacher.classroom.public_id)


def _add(teacher: _Teacher) -> None:
    file = teacher.request.FILES.get("file")
    text = teacher.request.POST.get("names", "")[:MOST_TEXT]
    if file is not None:
        text += "\n" + file.read(MOST_TEXT).decode("utf-8-sig", "replace")
    wanted = names_in(text)
    if not wanted:
        messages.info(teacher.request, _("Type or choose a list of names first."))
        return
    done, troubles = teacher.run(actions.add_pupils, wanted)
    added = ngettext("%(count)d name added.", "%(count)d names added.", done) % {"count": done}
    messages.success(teacher.request, added)
    for trouble in troubles[:MOST_TROUBLES]:
        messages.error(teacher.request, trouble)
    if len(troubles) > MOST_TROUBLES:
        more = len(troubles) - MOST_TROUBLES
        messages.error(teacher.request, _("… and %d more that could not be added.") % more)


def names_in(text: str) -> list[str]:
    """The names in a list: one a line, or the first column of a table in CSV.

    A first line that says "name" is a heading.
    """
    try:
        dialect: Any = csv.Sniffer().sniff(text[:4000], delimiters=",;\t")
    except csv.Error:
        dialect = csv.excel
    rows = list(csv.reader(io.StringIO(text), dialect))[:MOST_LINES]
    found = [row[0].strip() for row in rows if row and row[0].strip()]
    headings = {"name", "names", "nickname", "pupil", "student"}
    return found[1:] if found and found[0].casefold() in headings else found


def _rename(teacher: _Teacher) -> None:
    teacher.run(actions.rename_pupil, _pupil(teacher), teacher.request.POST.get("name", ""))


def _merge(teacher: _Teacher) -> None:
    teacher.run(actions.merge_pupils, _pupil(teacher, "into"), _pupil(teacher))
    messages.success(teacher.request, _("The two are one now, with the work of both."))


def _remove(teacher: _Teacher) -> None:
    person = teacher.run(actions.remove_pupil, _pupil(teacher))
    if person is not None:
        devices.sign_out(User.objects.get(pk=person))


def _let_in(teacher: _Teacher) -> None:
    teacher.run(actions.answer_knock, _pupil(teacher, "knock"), let_in=True)


def _send_away(teacher: _Teacher) -> None:
    teacher.run(actions.answer_knock, _pupil(teacher, "knock"), let_in=False)


_DEEDS: dict[str, Callable[[_Teacher], None]] = {
    "add": _add,
    "rename": _rename,
    "merge": _merge,
    "remove": _remove,
    "let-in": _let_in,
    "send-away": _send_away,
}


def _pupil(teacher: _Teacher, field: str = "pupil") -> int:
    """The number that a form names; 0, which nobody has, for what is none."""
    typed = teacher.request.POST.get(field, "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 16 else 0


@require_POST
@_of_class("cards")
def print_cards(teacher: _Teacher) -> HttpResponse:
    """Make new cards for the whole class, or for those chosen, and show them once, for printing."""
    chosen = [int(one) for one in teacher.request.POST.getlist("pupil") if one.isdecimal()]
    made = teacher.run(actions.new_cards, chosen[: actions.MOST_PUPILS])
    lines = [
        (name, card, cards.qr(card_address(teacher.request, teacher.classroom, card)))
        for name, card in made
    ]
    return teacher.page("cards", "people", cards=lines)


@require_http_methods(["GET", "HEAD", "POST"])
@_of_class("settings")
def settings(teacher: _Teacher) -> HttpResponseBase:
    """Name, code, times, teachers, and putting the class away: all on one page."""
    row, form, trouble = teacher.classroom, SettingsForm(teacher.request.POST or None), ""
    if teacher.request.method == "POST":
        try:
            if _settle(teacher, form):
                return redirect(reverse("class-settings", args=[row.public_id]))
        except ActionError as error:
            trouble = error.message
    else:
        form = SettingsForm(initial=SettingsForm.of(row))
    return teacher.page(
        "settings",
        "settings",
        status=400 if trouble or form.errors else 200,
        form=form,
        trouble=trouble,
        teachers=queries.teachers_of(row),
    )


def _settle(teacher: _Teacher, form: SettingsForm) -> bool:
    match teacher.request.POST.get("do"):
        case "code":
            teacher.run(actions.renew_code)
            messages.success(teacher.request, _("The class has a new code. The old one is dead."))
        case "archive" | "unarchive" as wish:
            teacher.run(actions.archive_class, archived=wish == "archive")
        case "add-teacher":
            teacher.run(actions.add_teacher, teacher.request.POST.get("teacher", "")[:100])
        case "remove-teacher":
            teacher.run(actions.remove_teacher, _pupil(teacher, "teacher"))
        case _:
            if not form.is_valid():
                return False
            teacher.run(actions.change_settings, form.settings())
            messages.success(teacher.request, _("Saved."))
    return True
