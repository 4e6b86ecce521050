"""Fixtures of the project's tests: browsers without scripts, people, a keeper of belongings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.test import Client

from playground.accounts import actions, belongings
from playground.accounts.belongings import Belonging
from playground.accounts.models import User

PASSWORD = "correct-horse-7"


@pytest.fixture
def account(db: None) -> Callable[[str], User]:
    """Makes people with an account, all with ``PASSWORD``."""

    def make(name: str) -> User:
        return actions.sign_up(None, name, PASSWORD)[0]

    return make


@pytest.fixture
def rate_limited(settings: object) -> Iterator[None]:
    """Rate limits in force, with nothing counted yet."""
    settings.PLAYGROUND_RATE_LIMITS = True  # type: ignore[attr-defined]
    cache.clear()
    yield
    cache.clear()
