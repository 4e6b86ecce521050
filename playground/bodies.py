"""A bound on the bodies of HTTP requests, kept while they come in.

Daphne writes a whole body into a temporary file before Django learns of the request, so without
this anybody could fill the disk with one request to any address.
"""

from __future__ import annotations

from typing import Any

from daphne.http_protocol import WebRequest

#: Room for what a form or an upload adds to its content, in bytes.
_EXTRA = 2 * 1024 * 1024

_TOO_LARGE = b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def bound_bodies(most: int) -> None:
    """From now on end the connection of a request whose body has more than ``most`` bytes."""
    WebRequest.gotLength = _checks_length(WebRequest.gotLength, most + _EXTRA)
    WebRequest.handleContentChunk = _counts(WebRequest.handleContentChunk, most + _EXTRA)


def _checks_length(original: Any, most: int) -> Any:
    def got_length(self: Any, length: int | None) -> None:
        self.body_bytes = 0
        original(self, 0 if length is not None and length > most else length)
        if length is not None and length > most:
            _refuse(self, most)

    return got_length


def _counts(original: Any, most: int) -> Any:
    def handle_content_chunk(self: Any, data: bytes) -> None:
        if self.body_bytes > most:
            return
        self.body_bytes += len(data)
        if self.body_bytes > most:
            _refuse(self, most)
        else:
            original(self, data)

    return handle_content_chunk


def _refuse(request: Any, most: int) -> None:
    request.body_bytes = most + 1
    # The rest of the body may be on its way already; the request must not count as whole.
    request.process = lambda: None
    request.channel.transport.write(_TOO_LARGE)
    request.channel.loseConnection()
