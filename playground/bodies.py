"""A bound on the bodies of HTTP requests, kept while they come in.

Daphne writes a whole body into a temporary file before Django learns of the request, so without
this anybody could fill the disk with one request to any address. Only the few addresses that take
large bodies take more than a form, and only from a browser that is somebody's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.cookies import CookieError, SimpleCookie
from typing import Any

from daphne.http_protocol import WebRequest
from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

#: What a request may bring to any address, and what a form adds to its file, in bytes.
EXTRA = 2 * 1024 * 1024

#: How long it may take to learn whose a browser is, in seconds.
_LOOK_S = 5.0

_TOO_LARGE = b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

_BLOB = re.compile(r"/api/sessions/[0-9a-f]{32}/blobs/[0-9a-f]{64}\Z")
_IMPORTS = {"/api/imports", "/sessions/import"}
_KEY = re.compile(r"[a-z0-9]{32}\Z")

#: How many bytes a body may have, from the address and the cookies of its request.
Room = Callable[[str, str], int]

_looker = ThreadPoolExecutor(1, "bodies")


def room_for(address: str, cookies: str) -> int:
    """What a request to ``address`` (without its query) may bring."""
    if address in _IMPORTS:
        most = settings.PLAYGROUND_IMPORT_BYTES
    elif _BLOB.match(address):
        most = settings.PLAYGROUND_MAX_BLOB_BYTES
    else:
        return EXTRA
    return int(most) + EXTRA if _is_somebody(cookies) else EXTRA


def _is_somebody(cookies: str) -> bool:
    try:
        found = SimpleCookie(cookies).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return False
    if found is None or not _KEY.match(found.value):
        return False
    try:
        # One indexed read, in a thread of its own since this one runs the event loop.
        return _looker.submit(_is_signed_in, found.value).result(_LOOK_S)
    except Exception:
        return False


def _is_signed_in(key: str) -> bool:
    # Models can be imported only when Django is ready, this module before.
    from django.contrib.sessions.models import Session

    close_old_connections()
    return Session.objects.filter(session_key=key, expire_date__gt=timezone.now()).exists()


def bound_bodies(room: Room = room_for) -> None:
    """From now on end the connection of a request whose body has more bytes than ``room`` gives."""
    WebRequest.gotLength = _checks_length(WebRequest.gotLength, room)
    WebRequest.handleContentChunk = _counts(WebRequest.handleContentChunk)


def _checks_length(original: Any, room: Room) -> Any:
    def got_length(self: Any, length: int | None) -> None:
        self.body_bytes = 0
        self.body_room = EXTRA
        if length is None or length > EXTRA:
            address = self.channel._path.partition(b"?")[0].decode("latin-1")
            lines = self.requestHeaders.getRawHeaders(b"cookie") or []
            self.body_room = room(address, b"; ".join(lines).decode("latin-1"))
        too_long = length is not None and length > self.body_room
        original(self, 0 if too_long else length)
        if too_long:
            _refuse(self)

    return got_length


def _counts(original: Any) -> Any:
    def handle_content_chunk(self: Any, data: bytes) -> None:
        if self.body_bytes > self.body_room:
            return
        self.body_bytes += len(data)
        if self.body_bytes > self.body_room:
            _refuse(self)
        else:
            original(self, data)

    return handle_content_chunk


def _refuse(request: Any) -> None:
    request.body_bytes = request.body_room + 1
    # The rest of the body may be on its way already; the request must not count as whole.
    request.process = lambda: None
    request.channel.transport.write(_TOO_LARGE)
    request.channel.loseConnection()
