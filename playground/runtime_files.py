"""Serves the isolated runtime: its frame, the frame's script, and the Pyodide distribution.

The frame has an opaque origin (``sandbox``), so it can reach nothing of the visitor's. Its headers
are the proven recipe of docs/security.md; each of them is needed by some browser. The
distribution's files are named by the hash of the whole, so browsers keep them for ever.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from playground.origins import host_name

_FOR_EVER = "public, max-age=31536000, immutable"
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]*")
_ENCODINGS = (("zstd", ".zst"), ("br", ".br"), ("gzip", ".gz"))
_TYPES = {
    ".mjs": "text/javascript; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".wasm": "application/wasm",
    ".zip": "application/zip",
}

#: Where the frame lies, and the file that each answer is made of.
FILES = {
    "/runtime/frame.html": Path(settings.FRAME_PAGE),
    "/runtime/frame.js": Path(settings.FRAME_SCRIPT),
}

_parsed: dict[Path, tuple[int, dict[str, Any]]] = {}


def current() -> dict[str, Any] | None:
    """Give the description of the distribution that is served now, None when none was built.

    It is ``current.json`` of docs/runtime.md, read again whenever the file has changed.
    """
    file = Path(settings.RUNTIME_BUILD) / "current.json"
    try:
        changed = file.stat().st_mtime_ns
        known = _parsed.get(file)
        if known is None or known[0] != changed:
            known = (changed, json.loads(file.read_text("utf-8")))
            _parsed[file] = known
    except FileNotFoundError:
        return None
    return known[1]


def early_script() -> SafeString:
    """Give the script that the session page carries in its HTML; empty when none was built."""
    try:
        source = Path(settings.EARLY_SCRIPT).read_text("utf-8")
    except FileNotFoundError:
        return SafeString("")
    # Our own code; only an end tag, in a string, would not be understood there.
    return SafeString(source.replace("</", r"<\/"))


def frame_policy(origin: str) -> str:
    """Give the Content-Security-Policy of the frame for the app at ``origin``.

    ``connect-src 'none'`` is what keeps user code from sending anything anywhere.
    """
    return (
        "sandbox allow-scripts; default-src 'none'; "
        f"script-src {origin}/runtime/frame.js blob: 'wasm-unsafe-eval'; worker-src blob:; "
        "connect-src 'none'; base-uri 'none'; form-action 'none'; "
        f"frame-ancestors {origin}"
    )


@require_safe
@xframe_options_exempt
def frame_page(request: HttpRequest) -> HttpResponse:
    """Serve the page inside the isolated frame."""
    host = request.get_host()
    if host_name(host) is None:
        raise Http404
    response = HttpResponse(_read(Path(settings.FRAME_PAGE)), content_type="text/html")
    response.headers["Content-Security-Policy"] = frame_policy(f"{request.scheme}://{host}")
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-cache"
    return _for_opaque_origin(response)


@require_safe
@csp_override({})
def frame_script(request: HttpRequest) -> HttpResponse:
    """Serve the frame's script, which the frame loads from the origin ``null``."""
    response = HttpResponse(_read(Path(settings.FRAME_SCRIPT)), content_type=_TYPES[".js"])
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "no-cache"
    return _for_opaque_origin(response)


@require_safe
@csp_override({})
def distribution_file(request: HttpRequest, build: str, name: str) -> HttpResponse:
    """Serve one file of a distribution, compressed as the browser allows."""
    if not _NAME.fullmatch(build) or not _NAME.fullmatch(name):
        raise Http404
    file = Path(settings.RUNTIME_BUILD) / build / name
    if not file.is_file():
        raise Http404
    accepted = _accepted(request.headers.get("Accept-Encoding", ""))
    for encoding, suffix in _ENCODINGS:
        compressed = file.with_name(name + suffix)
        if encoding in accepted and compressed.is_file():
            response = _file(compressed, name)
            response.headers["Content-Encoding"] = encoding
            break
    else:
        response = _file(file, name)
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = _FOR_EVER
    return response


def _file(file: Path, name: str) -> HttpResponse:
    kind = _TYPES.get(Path(name).suffix, "application/octet-stream")
    return HttpResponse(file.read_bytes(), content_type=kind)


def _accepted(header: str) -> set[str]:
    offers = (offer.replace(" ", "").partition(";") for offer in header.lower().split(","))
    return {name for name, _, quality in offers if quality not in {"q=0", "q=0.0", "q=0.00"}}


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise Http404 from None


def _for_opaque_origin(response: HttpResponse) -> HttpResponse:
    response.headers["Cross-Origin-Embedder-Policy"] = "require-corp"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


urlpatterns: list[URLPattern] = [
    path("frame.html", frame_page, name="frame-page"),
    path("frame.js", frame_script, name="frame-script"),
    path("dist/<str:build>/<str:name>", distribution_file, name="distribution-file"),
]
