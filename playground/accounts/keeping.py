"""The page after signing in that asks which sessions of the guest before shall be kept.

Until it is answered, the signed-in browser remembers the guest; signing out forgets it. Sessions
that are not kept stay with the guest, whom no browser can be any more.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from playground.accounts import belongings
from playground.accounts.models import User
from playground.accounts.visitors import visitor

#: Key in the browser's cookie session: the guest that this browser was before signing in.
LEFT_GUEST = "left_guest"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: HttpRequest) -> HttpResponseBase:
    """List the guest's sessions, all ticked, and move those that stay ticked."""
    user = visitor(request)
    guest = left_guest(request)
    if user is None or (user.is_guest and not user.is_pupil) or guest is None:
        return redirect("/")
    present = belongings.of(guest)
    if request.method == "POST":
        wanted = set(request.POST.getlist("keep"))
        kept = [item.id for item in present if item.id in wanted]
        if kept:
            belongings.transfer(guest, user, kept)
        del request.session[LEFT_GUEST]
        return redirect("/")
    return render(request, "accounts/keep.html", {"items": present, "account": user})


def left_guest(request: HttpRequest) -> User | None:
    """Give the guest that this browser was before signing in, while that is undecided."""
    key = request.session.get(LEFT_GUEST)
    guests = User.objects.filter(is_guest=True, is_pupil=False)
    return guests.filter(pk=key).first() if key is not None else None
