"""Pages of getting an account, signing in and out, and recovering a lost password."""

from __future__ import annotations

from django.contrib.auth import authenticate, logout
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from playground import ratelimits
from playground.accounts import actions, belongings, devices
from playground.accounts.forms import RecoverForm, SignInForm, SignUpForm
from playground.accounts.keeping import LEFT_GUEST
from playground.accounts.models import User
from playground.accounts.visitors import enter, renew, visitor

_get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@require_POST
def visit(request: HttpRequest) -> JsonResponse:
    """Renew the visitor's cookie: the one thing that a visit writes."""
    person = visitor(request)
    if person is not None:
        renew(request)
    return JsonResponse({"known": person is not None})


@never_cache
@sensitive_post_parameters("password")
@_get_or_post
def sign_up(request: HttpRequest) -> HttpResponseBase:
    """Turn a guest or newcomer into an account and show the recovery code once."""
    person = visitor(request)
    if person is not None and not person.is_guest:
        return redirect("/")
    form = SignUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not ratelimits.allow("sign-up", ratelimits.address(request)):
            return ratelimits.too_many(request)
        data = form.cleaned_data
        try:
            user, code = actions.sign_up(person, data["username"], data["password"], data["email"])
        except IntegrityError:
            form.add_error("username", _("This name is taken. Please choose another."))
        else:
            enter(request, user)
            return _show_code(request, user, code, after="sign-up")
    return _form_page(request, "accounts/sign_up.html", form)


@never_cache
@sensitive_post_parameters("password")
@_get_or_post
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Let somebody with an account in; ask a guest with sessions which of them to keep."""
    person = visitor(request)
    if person is not None and not person.is_guest:
        return redirect(_next(request))
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name, password = form.cleaned_data["username"], form.cleaned_data["password"]
        who = (name.lower(), ratelimits.address(request))
        if ratelimits.exhausted("sign-in", *who):
            return ratelimits.too_many(request)
        user = _authenticate(request, name, password)
        if user is not None:
            return _enter_account(request, person, user)
        ratelimits.allow("sign-in", *who)
        form.add_error(None, _("Name and password do not fit together. Please try again."))
    return _form_page(request, "accounts/sign_in.html", form)


@never_cache
@_get_or_post
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """Ask first, then forget the visitor; the page's script clears what the browser keeps."""
    person = visitor(request)
    if person is None:
        return redirect("signed-out")
    if request.method == "POST":
        devices.forget(request, person)
        logout(request)
        response = redirect("signed-out")
        # The script has asked about unsent work by now; this also clears where no script runs.
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response
    context = {"sessions": belongings.of(person) if person.is_guest else []}
    return render(request, "accounts/sign_out.html", context)


@never_cache
@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    """Say that nobody is signed in, without making a new guest at once."""
    return render(request, "accounts/signed_out.html")


@never_cache
@sensitive_post_parameters("code", "password")
@_get_or_post
def recover(request: HttpRequest) -> HttpResponseBase:
    """Set a new password for somebody who has the recovery code, and show a new code."""
    form = RecoverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["username"]
        # Not for the name alone: else anybody could keep its owner from getting back in.
        if not ratelimits.allow("recover", name.lower(), ratelimits.address(request)):
            return ratelimits.too_many(request)
        user = _recoverable(name, form.cleaned_data["code"])
        if user is not None:
            code = actions.reset_password(user, form.cleaned_data["password"])
            devices.sign_out(user)
            person = visitor(request)
            _enter_account(request, person, user)
            return _show_code(request, user, code, after="recover")
        form.add_error(None, _("Name and recovery code do not fit together."))
    return _form_page(request, "accounts/recover.html", form)


def _enter_account(request: HttpRequest, guest: User | None, user: User) -> HttpResponseBase:
    target = _next(request)
    has_sessions = guest is not None and guest.is_guest and bool(belongings.of(guest))
    enter(request, user)
    if guest is not None and has_sessions:
        request.session[LEFT_GUEST] = guest.pk
        return redirect(reverse("keep"))
    return redirect(target)


def _authenticate(request: HttpRequest, name: str, password: str) -> User | None:
    known = User.objects.filter(username__iexact=User.normalize_username(name)).first()
    user = authenticate(request, username=known.username if known else name, password=password)
    return user if isinstance(user, User) and not user.is_guest else None


def _recoverable(name: str, code: str) -> User | None:
    wanted = User.normalize_username(name)
    user = User.objects.filter(username__iexact=wanted, is_guest=False, is_active=True).first()
    if user is None:
        # As slow as checking a code, so that the time does not tell which names exist.
        make_password(code)
        return None
    return user if actions.recovery_code_fits(user, code) else None


def _next(request: HttpRequest) -> str:
    target = request.POST.get("next") or request.GET.get("next") or "/"
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if safe else "/"


def _form_page(request: HttpRequest, template: str, form: object) -> HttpResponse:
    status = 400 if request.method == "POST" else 200
    return render(request, template, {"form": form, "next": _next(request)}, status=status)


def _show_code(request: HttpRequest, user: User, code: str, *, after: str) -> HttpResponse:
    context = {"code": code, "account": user, "after": after, "keep": LEFT_GUEST in request.session}
    return render(request, "accounts/recovery_code.html", context)
