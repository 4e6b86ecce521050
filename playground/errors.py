"""Answers that refuse: JSON for the API, a plain page for everybody else.

The API has one shape of errors, ``{"code", "message"}``; docs/page-api.md lists the codes.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string


def wants_json(request: HttpRequest) -> bool:
    """Say whether the asker is a script, not a person."""
    return request.path.startswith(("/api/", "/healthz"))


def refuse(request: HttpRequest, status: int, code: str, message: str) -> HttpResponse:
    """Answer with ``status`` and a sentence that a person understands."""
    if wants_json(request):
        return JsonResponse({"code": code, "message": message}, status=status)
    page = render_to_string("error.html", {"status": status, "message": message}, request)
    return HttpResponse(page, status=status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a request whose CSRF token is missing or foreign."""
    return refuse(
        request,
        403,
        "forbidden",
        "This page was open too long or cookies are blocked. Load it again, then try once more.",
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what could not be understood."""
    return refuse(request, 400, "invalid", "The server could not understand this request.")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer somebody who may not."""
    return refuse(request, 403, "forbidden", "You may not open this page.")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a wrong address; whether something is there that is not shown stays untold."""
    return refuse(request, 404, "not-found", "There is nothing here, or it is not shared with you.")


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer after a fault of the server, without asking the database who the visitor is."""
    message = "Something went wrong on the server. Please try again in a moment."
    if wants_json(request):
        return JsonResponse({"code": "storage", "message": message}, status=500)
    page = render_to_string("error.html", {"status": 500, "message": message})
    return HttpResponse(page, status=500)
