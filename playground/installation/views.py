"""The operator's pages, for staff alone; to everybody else they are not there."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from playground.accounts.visitors import visitor
from playground.installation import figures, health

View = Callable[[HttpRequest], HttpResponse]


def staff_only(view: View) -> View:
    """Answer 404 to who is not staff, so that the address tells nothing."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        person = visitor(request)
        if person is None or not person.is_active or not person.is_staff:
            raise Http404
        return view(request)

    return never_cache(require_safe(guarded))


def _page(request: HttpRequest, name: str, **context: Any) -> HttpResponse:
    return render(request, f"installation/{name}.html", {"here": name, **context})


@staff_only
def show_health(request: HttpRequest) -> HttpResponse:
    """Say whether everything answers."""
    return _page(request, "health", checks=health.checks())


@staff_only
def show_storage(request: HttpRequest) -> HttpResponse:
    """Say what takes room."""
    return _page(request, "storage", storage=figures.storage())


@staff_only
def show_work(request: HttpRequest) -> HttpResponse:
    """Say what the worker does and what failed."""
    return _page(request, "work", work=figures.work())


@staff_only
def show_settings(request: HttpRequest) -> HttpResponse:
    """Say which settings are in force."""
    return _page(request, "settings", settings=figures.settings_in_force())


urlpatterns: list[URLPattern] = [
    path("", show_health, name="operator"),
    path("storage", show_storage, name="operator-storage"),
    path("work", show_work, name="operator-work"),
    path("settings", show_settings, name="operator-settings"),
]
