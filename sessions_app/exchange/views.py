"""The pages of imports: the form on the list of sessions, and one that follows a large import."""

from __future__ import annotations

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe

from playground.accounts.visitors import visitor
from playground.errors import not_found
from sessions_app.errors import ActionError
from sessions_app.exchange import api
from sessions_app.exchange.transfers import find
from sessions_app.models import Transfer


@require_POST
@never_cache
def bring(request: HttpRequest) -> HttpResponseBase:
    """Import the file or the link of the form; what went wrong is said on the list."""
    person = visitor(request)
    if person is None:
        return redirect("home")
    try:
        url = request.POST.get("link", "").strip()
        if url and "file" not in request.FILES:
            return redirect("session", session=api.fork_by_link(request, person, url))
        upload = request.FILES.get("file")
        if not isinstance(upload, UploadedFile):
            raise ActionError("invalid", _("Choose a file first, or paste a link."))
        return _followed(api.bring(person, upload.name or "", upload))
    except ActionError as error:
        messages.error(request, error.message)
        return redirect("sessions")


def _followed(found: Transfer) -> HttpResponseBase:
    if found.state == "failed":
        raise ActionError("invalid", found.message)
    if found.state == "done" and not found.notes:
        return redirect("session", session=found.session)
    return redirect("transfer", transfer=found.public_id)


@require_safe
@never_cache
@ensure_csrf_cookie
def follow(request: HttpRequest, transfer: str) -> HttpResponse:
    """Show how far an import is and what came of it; the page's script asks again."""
    person = visitor(request)
    found = find(transfer, person.pk) if person else None
    if found is None:
        return not_found(request, LookupError())
    told = api.described(found)
    return render(request, "sessions_app/transfer.html", {"transfer": told})
