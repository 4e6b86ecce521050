"""A bare Channels echo under Daphne: the floor that the server benchmark compares with."""

from typing import Any

import django
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter
from django.conf import settings

if not settings.configured:
    settings.configure(DATABASES={}, INSTALLED_APPS=[])
    django.setup()


class Echo(AsyncWebsocketConsumer):  # type: ignore[misc]
    """Sends back what it gets."""

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        await self.send(text_data=text_data, bytes_data=bytes_data)


application: Any = ProtocolTypeRouter({"websocket": Echo.as_asgi()})
