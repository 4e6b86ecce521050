"""Which socket address of a class leads where."""

from __future__ import annotations

from django.urls import re_path

from playground.classrooms.consumers import DeskConsumer, WallConsumer

websocket_urlpatterns = [
    re_path(r"^ws/classes/(?P<classroom>[0-9a-f]{32})$", WallConsumer.as_asgi()),
    re_path(r"^ws/desks/(?P<pupil>[0-9]{1,15})$", DeskConsumer.as_asgi()),
]
