"""Fixtures of the core's tests: people, a session, an empty folder of blobs, empty caches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

from playground.accounts.models import User
from sessions_app import actions, broadcast, cache
from tests.sessions_app.helpers import Page


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
