"""The profile: the name that others see, e-mail, password, recovery code."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from playground import ratelimits
from playground.accounts import actions, devices
from playground.accounts.forms import ConfirmForm, GuestProfileForm, PasswordForm, ProfileForm
from playground.accounts.visitors import visitor

_get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@_get_or_post
def profile(request: HttpRequest) -> HttpResponseBase:
    """Show and change name and e-mail."""
    person = visitor(request)
    if person is None:
        return redirect("sign-in")
    kind = GuestProfileForm if person.is_guest else ProfileForm
    form = kind(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("profile")
    return _page(request, "accounts/profile.html", form)


@never_cache
@sensitive_post_parameters("present", "password")
@_get_or_post
def password(request: HttpRequest) -> HttpResponseBase:
    """Change the password; other browsers of this person are signed out by that."""
    person = visitor(request)
    if person is None or person.is_guest:
        return redirect("profile")
    if request.method == "POST" and ratelimits.exhausted("sign-in", "password", person.pk):
        return ratelimits.too_many(request)
    form = PasswordForm(request.POST or None, user=person)
    if request.method == "POST":
        if form.is_valid():
            person.set_password(form.cleaned_data["password"])
            person.save(update_fields=["password"])
            before = request.session.session_key
            update_session_auth_hash(request, person)
            devices.note(request, person, before)
            devices.sign_out(person, but=request.session.session_key)
            messages.success(request, _("Your password is changed."))
            return redirect("profile")
        ratelimits.allow("sign-in", "password", person.pk)
    return _page(request, "accounts/password.html", form)


@never_cache
@sensitive_post_parameters("present")
@_get_or_post
def recovery_code(request: HttpRequest) -> HttpResponseBase:
    """Make a new recovery code after asking for the password, and show it once."""
    person = visitor(request)
    if person is None or person.is_guest:
        return redirect("profile")
    if request.method == "POST" and ratelimits.exhausted("sign-in", "password", person.pk):
        return ratelimits.too_many(request)
    form = ConfirmForm(request.POST or None, user=person)
    if request.method == "POST":
        if form.is_valid():
            code = actions.renew_recovery_code(person)
            context = {"code": code, "account": person, "after": "renew"}
            return render(request, "accounts/recovery_code.html", context)
        ratelimits.allow("sign-in", "password", person.pk)
    return _page(request, "accounts/renew_code.html", form)


def _page(request: HttpRequest, template: str, form: object) -> HttpResponse:
    status = 400 if request.method == "POST" else 200
    return render(request, template, {"form": form}, status=status)
