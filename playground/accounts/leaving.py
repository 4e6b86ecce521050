"""The pages of what belongs to a person alone: devices, the export of everything, the way out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from playground import ratelimits
from playground.accounts import actions, belongings, devices, exporting
from playground.accounts.forms import ConfirmForm, SureForm
from playground.accounts.models import DataExport, User
from playground.accounts.visitors import visitor

_get_or_post = require_http_methods(["GET", "HEAD", "POST"])

_PIECE = 256 * 1024


@never_cache
@_get_or_post
def device_list(request: HttpRequest) -> HttpResponseBase:
    """List where the person is signed in; a POST signs out there."""
    person = visitor(request)
    if person is None:
        return redirect("sign-in")
    if request.method == "POST":
        asked = request.POST.get("device", "")
        if asked == "others":
            gone = devices.sign_out(person, but=request.session.session_key)
        else:
            known = asked.isascii() and asked.isdecimal() and len(asked) < 18
            gone = devices.sign_out(person, int(asked)) if known else 0
        messages.success(request, _("Signed out there.") if gone else _("Nothing was signed out."))
        return redirect("devices")
    return render(request, "accounts/devices.html", {"devices": devices.listed(request, person)})


@never_cache
@_get_or_post
def export(request: HttpRequest) -> HttpResponseBase:
    """Say how far the export of everything is; a POST begins one."""
    person = visitor(request)
    if person is None:
        return redirect("sign-in")
    if request.method == "POST":
        if not ratelimits.allow("exports", person.pk):
            return ratelimits.too_many(request)
        exporting.ask(person)
        return redirect("export")
    present = DataExport.objects.filter(user=person).first()
    ends = present.created_at + exporting.KEPT if present else None
    silent = bool(present and timezone.now() - present.changed_at > exporting.SILENT)
    context = {
        "export": present,
        "ends": ends,
        "silent": silent,
        "working": present is not None and present.state in ("waiting", "running"),
        "holdings": belongings.holdings(person),
    }
    return render(request, "accounts/export.html", context)


@never_cache
@require_safe
def export_file(request: HttpRequest) -> HttpResponseBase:
    """Give the person's finished export, to nobody else."""
    person = visitor(request)
    present = DataExport.objects.filter(user=person, state="done").first() if person else None
    if present is None or not exporting.file_of(present).is_file():
        raise Http404
    path = exporting.file_of(present)
    answer = StreamingHttpResponse(_pieces(path), content_type="application/zip")
    answer.headers["Content-Length"] = str(path.stat().st_size)
    answer.headers["Content-Disposition"] = 'attachment; filename="playground-everything.zip"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _open(path: Path) -> IO[bytes]:
    return path.open("rb")


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    file = await sync_to_async(_open)(path)
    try:
        while piece := await sync_to_async(file.read)(_PIECE):
            yield piece
    finally:
        file.close()


@never_cache
@sensitive_post_parameters("present")
@_get_or_post
def delete(request: HttpRequest) -> HttpResponseBase:
    """Say what goes, ask for the password (a guest: to be sure), and remove it all at once."""
    person = visitor(request)
    if person is None:
        return redirect("sign-in")
    if request.method == "POST" and ratelimits.exhausted("sign-in", "password", person.pk):
        return ratelimits.too_many(request)
    kept = person.is_superuser and not _other_administrators(person)
    data = request.POST or None
    form = SureForm(data) if person.is_guest else ConfirmForm(data, user=person)
    if request.method == "POST" and not kept:
        if form.is_valid():
            actions.delete_person(person)
            logout(request)
            answer = render(request, "accounts/deleted.html")
            answer.headers["Clear-Site-Data"] = '"cache", "storage"'
            return answer
        ratelimits.allow("sign-in", "password", person.pk)
    context = {"form": form, "holdings": belongings.holdings(person), "only_administrator": kept}
    status = 400 if request.method == "POST" else 200
    return render(request, "accounts/delete.html", context, status=status)


def _other_administrators(person: User) -> bool:
    others = User.objects.filter(is_superuser=True, is_active=True)
    return others.exclude(pk=person.pk).exists()
