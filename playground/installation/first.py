"""The first administrator: made by a link that the server's own terminal prints.

The link works for an hour, once, from this computer alone, and only while nobody is staff. What the
folder of data keeps is the hash of its token.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import time
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from playground import ratelimits
from playground.accounts.actions import sign_up
from playground.accounts.forms import SignUpForm
from playground.accounts.models import User
from playground.accounts.visitors import enter
from playground.origins import is_loopback

#: How long the link works, in seconds.
LIFE_S = 3600


def offer() -> str | None:
    """Make a link for the first administrator; gives its path, or None when there is staff."""
    file = _file()
    if User.objects.filter(is_staff=True).exists():
        file.unlink(missing_ok=True)
        return None
    token = secrets.token_urlsafe(16)
    kept = json.dumps({"hash": _hash(token), "until": time.time() + LIFE_S})
    draft = file.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
        stream.write(kept)
    draft.replace(file)
    return f"/first/{token}"


def only_from_here(host: str) -> bool:
    """Whether a server on that address is reached from this computer alone."""
    return is_loopback(host) and not settings.HTTPS


@never_cache
@sensitive_post_parameters("password")
@sensitive_variables("token")
@require_http_methods(["GET", "HEAD", "POST"])
def first(request: HttpRequest, token: str) -> HttpResponseBase:
    """Ask for name and password of the first administrator, and make them.

    Whoever has no right to it gets the same answer as for an address that is not there.
    """
    if not ratelimits.allow("links", ratelimits.address(request)):
        return ratelimits.too_many(request)
    if not _fits(request, token):
        raise Http404
    form = SignUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            user, code = _make(data["username"], data["password"], data["email"])
        except IntegrityError:
            form.add_error("username", _("This name is taken. Please choose another."))
        else:
            enter(request, user)
            context = {"code": code, "account": user, "after": "sign-up"}
            return _outside(render(request, "accounts/recovery_code.html", context))
    status = 400 if request.method == "POST" else 200
    return _outside(render(request, "installation/first.html", {"form": form}, status=status))


def _make(name: str, password: str, email: str) -> tuple[User, str]:
    """Make the administrator, unless somebody became staff a moment ago."""
    with transaction.atomic():
        # Holds the rows (on SQLite the database) until this is done.
        if User.objects.select_for_update().filter(is_staff=True).exists():
            raise Http404
        user, code = sign_up(None, name, password, email)
        user.is_staff = user.is_superuser = user.is_teacher = True
        user.save(update_fields=["is_staff", "is_superuser", "is_teacher"])
    _file().unlink(missing_ok=True)
    return user, code


def _fits(request: HttpRequest, token: str) -> bool:
    direct = not settings.HTTPS and "X-Forwarded-For" not in request.headers
    if not (direct and is_loopback(str(request.META.get("REMOTE_ADDR", "")))):
        return False
    try:
        kept = json.loads(_file().read_text())
    except (OSError, ValueError):
        return False
    fits = hmac.compare_digest(_hash(token), str(kept.get("hash")))
    return fits and kept.get("until", 0) > time.time() and not _has_staff()


def _has_staff() -> bool:
    return User.objects.filter(is_staff=True).exists()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _file() -> Path:
    return Path(settings.DATA_DIR) / "first-administrator"


def _outside(response: HttpResponseBase) -> HttpResponseBase:
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
