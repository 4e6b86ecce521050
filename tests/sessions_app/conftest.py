"""Fixtures of the core's tests: people, a session, an empty folder of blobs, empty caches."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from channels.layers import get_channel_layer
from django.db import close_old_connections, connection

from playground.accounts.models import User
from sessions_app import actions, background, broadcast, cache, writer
from tests.sessions_app.helpers import Page
from tests.sessions_app.wire import Socket


@pytest.fixture(autouse=True)
def fresh(settings: object, tmp_path: Path) -> Iterator[None]:
    """An own data folder; nothing remembered from another test."""
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]
    cache.clear()
    broadcast.forget_recent()
    yield
    cache.clear()
    broadcast.forget_recent()


@pytest.fixture
def person(db: None) -> Callable[[str], User]:
    """Makes people."""
    return lambda name: User.objects.create_user(name, password=None)


@pytest.fixture
def ada(person: Callable[[str], User]) -> User:
    """The owner."""
    return person("ada")


@pytest.fixture
def bob(person: Callable[[str], User]) -> User:
    """Somebody else."""
    return person("bob")


@pytest.fixture
def session(ada: User) -> str:
    """Ada's session."""
    return actions.create_session(ada.pk)


@pytest.fixture
def runner(session: str, ada: User) -> Page:
    """Ada's page, which runs the session."""
    runner = Page(session, ada.pk)
    runner.acquire()
    return runner


@pytest.fixture(scope="session", autouse=True)
def closed_pool(django_db_setup: None) -> Iterator[None]:
    """PostgreSQL drops no database to which a pool still has connections."""
    yield
    connection.close()
    if getattr(connection, "pool", None):
        connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's wrapper has it


@pytest.fixture
async def connect(
    session: str, ada: User, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Callable[..., Socket]]:
    """Makes sockets on Ada's session, hers unless said otherwise."""
    # Channels' communicator keeps connections open, which empties a pool.
    monkeypatch.setattr("channels.testing.application.no_op", close_old_connections)
    made: list[Socket] = []
    writer.start_web_process()

    def make(user: User | None = None, page: Page | None = None) -> Socket:
        made.append(Socket(session, user or ada, page))
        return made[-1]

    yield make
    for socket in made:
        await socket.wire.disconnect()
    for task in list(background._tasks):
        task.cancel()
    await asyncio.to_thread(writer.stop_web_process)
    await get_channel_layer().flush()
