"""The ASGI application: HTTP by Django, sockets by Channels."""

from __future__ import annotations

import os

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "playground.settings")

# Models can be imported only after this.
_http = get_asgi_application()

from playground.sockets import SameHostOnly  # noqa: E402  # needs Django to be ready

application = ProtocolTypeRouter(
    {
        "http": _http,
        "websocket": SameHostOnly(AuthMiddlewareStack(URLRouter([]))),
    }
)
