"""Fixtures of the project's tests: people with accounts, a keeper of belongings, rate limits."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime
from typing import IO

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.http import HttpRequest
from django.test import Client
from pytest_django import Settings

from playground.accounts import actions, belongings
from playground.accounts.belongings import Belonging, Export, Holdings
from playground.accounts.models import User
from playground.accounts.visitors import ensure_visitor

PASSWORD = "correct-horse-7"

Account = Callable[[str], User]


class Shelf:
    """A keeper of things that are only titles: what an app with belongings looks like."""

    def __init__(self) -> None:
        self.things: dict[str, int] = {}
        self.ended: list[str] = []
        self.changed: list[str] = []

    def of(self, user: User) -> list[Belonging]:
        now = datetime(2026, 1, 1, tzinfo=UTC)
        mine = (title for title, owner in self.things.items() if owner == user.pk)
        return [Belonging(title, title, now) for title in mine]

    def transfer(self, source: User, target: User, ids: Collection[str]) -> None:
        for title in ids:
            if self.things.get(title) == source.pk:
                self.things[title] = target.pk

    def holdings(self, user: User) -> Holdings:
        return Holdings(own=len(self.of(user)))

    def remove_all(self, user: User) -> None:
        self.things = {title: owner for title, owner in self.things.items() if owner != user.pk}

    def signed_out(self, user: User, keys: Collection[str]) -> None:
        self.ended += list(keys)

    def moved(self, user: User, keys: Collection[str]) -> None:
        self.changed += list(keys)

    def exported(self, user: User) -> list[Export]:
        def writer(title: str) -> Callable[[IO[bytes]], str]:
            def write(file: IO[bytes]) -> str:
                file.write(title.encode())
                return ".json"

            return write

        return [Export(f"things/{title}", writer(title)) for title in self.titles(user)]

    def titles(self, user: User) -> list[str]:
        return [thing.title for thing in self.of(user)]


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    """What people have, in the place of sessions."""
    present = belongings.registered()
    shelf = Shelf()
    belongings.register(shelf)
    yield shelf
    belongings.register(present)


@pytest.fixture
def account(db: None) -> Account:
    """Makes people with an account, all with ``PASSWORD``."""
    return lambda name: actions.sign_up(None, name, PASSWORD)[0]


@pytest.fixture
def rate_limited(settings: Settings) -> Iterator[None]:
    """Rate limits in force, with nothing counted yet."""
    settings.PLAYGROUND_RATE_LIMITS = True
    cache.clear()
    yield
    cache.clear()


class GuestBrowser(Client):
    """A browser that can do what the start page's script does: become a guest."""

    def become_guest(self) -> None:
        request = HttpRequest()
        key = self.cookies["playground"].value if "playground" in self.cookies else None
        request.session = SessionStore(key or None)
        request.user = AnonymousUser()
        ensure_visitor(request)
        request.session.save()
        self.cookies["playground"] = request.session.session_key or ""


@pytest.fixture
def guest_browser(db: None) -> GuestBrowser:
    """A browser of somebody without an account."""
    browser = GuestBrowser()
    browser.become_guest()
    return browser
