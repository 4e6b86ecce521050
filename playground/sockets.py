"""The guard before every WebSocket: only pages of the same host may open one.

Browsers do not apply the same-origin rule to sockets, and they send cookies along, so the server
has to look at ``Origin`` itself. A sandboxed frame, such as the runtime's, has the origin ``null``.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from playground.origins import same_host
from sessions_app.protocol import CLOSE_FORBIDDEN

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

log = logging.getLogger(__name__)


class SameHostOnly:
    """An ASGI middleware that closes sockets of foreign origins before they are accepted."""

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the socket on when its origin has the host name of the ``Host`` header."""
        headers = {name: value.decode("latin-1") for name, value in scope.get("headers", [])}
        if same_host(headers.get(b"origin", ""), headers.get(b"host", "")):
            await self.application(scope, receive, send)
            return
        log.info("Refused a socket of a foreign origin.")
        await send({"type": "websocket.close", "code": CLOSE_FORBIDDEN})
