"""Pages and answers of the project itself."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
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
