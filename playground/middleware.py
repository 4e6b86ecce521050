"""What every request and response passes: isolation headers and refusal of foreign origins.

Pages are cross-origin isolated, which the runtime's shared memory needs. The header
``Permissions-Policy: cross-origin-isolated`` is left out on purpose: in Chromium each of its values
takes shared memory away from the runtime's frame.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile

from playground.errors import refuse
from playground.origins import same_loopback

_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}

Handler = Callable[[HttpRequest], HttpResponseBase]


class IsolationMiddleware:
    """Adds the headers that isolate pages, unless a view has set its own."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on and complete the answer's headers."""
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Embedder-Policy", "require-corp")
        return response


class SameSiteMiddleware:
    """Refuses what comes from another site or from a sandboxed frame (``Origin: null``).

    It guards the API and every method that changes something. The runtime's own files are exempt:
    their frame has the origin ``null`` by design.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer 403 or pass the request on."""
        guarded = request.method not in _SAFE_METHODS or request.path.startswith("/api/")
        if guarded and self._foreign(request):
            return refuse(request, 403, "forbidden", "This request came from another site.")
        return self.get_response(request)

    @staticmethod
    def _foreign(request: HttpRequest) -> bool:
        if request.headers.get("Origin") == "null":
            return True
        return request.headers.get("Sec-Fetch-Site") == "cross-site"


class LoopbackCsrfMiddleware(CsrfViewMiddleware):
    """Django's CSRF check, which also knows that every port of this computer is this computer.

    A page reached through a forwarded port sends the forwarder's port as its origin.
    """

    def _origin_verified(self, request: HttpRequest) -> bool:
        origin = request.headers.get("Origin", "")
        return bool(super()._origin_verified(request)) or same_loopback(  # type: ignore[misc]
            origin, request.get_host()
        )


class StaticFilesMiddleware(WhiteNoiseMiddleware):
    """Serves static files in one piece: under ASGI a stream of small pieces costs more."""

    @staticmethod
    def serve(static_file: StaticFile, request: HttpRequest) -> HttpResponse:
        """Answer with the file, or with what the browser's cache headers ask for."""
        found = static_file.get_response(request.method, request.META)
        content = b""
        if found.file is not None:
            with found.file as file:
                content = file.read()
        response = HttpResponse(content, status=int(found.status))
        del response.headers["Content-Type"]
        for name, value in found.headers:
            response.headers[name] = value
        return response
