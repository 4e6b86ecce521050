"""Which socket address leads where."""

from __future__ import annotations

from django.urls import re_path

from sessions_app.consumers import SessionConsumer

websocket_urlpatterns = [
    re_path(r"^ws/sessions/(?P<session>[0-9a-f]{32})$", SessionConsumer.as_asgi()),
]
