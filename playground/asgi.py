"""The ASGI application: HTTP by Django, sockets by Channels."""

from __future__ import annotations

import os

import django
from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "playground.settings")

# Models can be imported only after this.
django.setup()

from playground.assets import ensure_collected  # noqa: E402  # needs Django to be ready
from playground.bodies import bound_bodies  # noqa: E402  # needs Django to be ready
from playground.classrooms import routing as classes  # noqa: E402  # needs Django to be ready
from playground.kept import KeptAnswers  # noqa: E402  # needs Django to be ready
from playground.runtime_files import FILES  # noqa: E402  # needs Django to be ready
from playground.sockets import SameHostOnly  # noqa: E402  # needs Django to be ready
from sessions_app import routing as sessions  # noqa: E402  # needs Django to be ready
from sessions_app.writer import start_web_process  # noqa: E402  # needs Django to be ready

ensure_collected()
bound_bodies()
start_web_process()

addresses = [*sessions.websocket_urlpatterns, *classes.websocket_urlpatterns]

application = ProtocolTypeRouter(
    {
        "http": KeptAnswers(get_asgi_application(), FILES),
        "websocket": SameHostOnly(AuthMiddlewareStack(URLRouter(addresses))),
    }
)
