"""Pages and answers of the project itself."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponseRedirect, JsonResponse
from django.shortcuts import resolve_url
from django.views.decorators.http import require_safe


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Say whether the server can read its database: 200 or 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT app FROM django_migrations LIMIT 1")
            cursor.fetchone()
    except DatabaseError:
        message = "The database does not answer."
        return JsonResponse({"code": "storage", "message": message}, status=503)
    return JsonResponse({"status": "ok"})


@require_safe
def admin_login(request: HttpRequest) -> HttpResponseRedirect:
    """Send staff to the playground's own sign-in, which counts failures; others get a 403."""
    if request.user.is_authenticated and not getattr(request.user, "is_guest", False):
        raise PermissionDenied
    return HttpResponseRedirect(f"{resolve_url(settings.LOGIN_URL)}?next=/admin/")
