"""Fixtures of the tests of classrooms: teachers, a class, browsers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from playground.accounts.models import User
from playground.classrooms import actions
from playground.classrooms.models import Classroom
from sessions_app import broadcast
from sessions_app import cache as states


@pytest.fixture(autouse=True)
def fresh(settings: Settings, tmp_path: Path) -> Iterator[None]:
    """An own data folder; nothing remembered from another test."""
    settings.DATA_DIR = tmp_path
    states.clear()
    broadcast.forget_recent()
    yield
    states.clear()
    broadcast.forget_recent()


@pytest.fixture
def rate_limited(settings: Settings) -> Iterator[None]:
    """Rate limits in force, with nothing counted yet."""
    settings.PLAYGROUND_RATE_LIMITS = True
    cache.clear()
    yield
    cache.clear()


def teacher_called(name: str) -> User:
    return User.objects.create_user(name, password=None, is_teacher=True)


@pytest.fixture
def tess(db: None) -> User:
    """The teacher who leads the class."""
    return teacher_called("Tess")


@pytest.fixture
def classroom(tess: User) -> Classroom:
    """Her class."""
    return Classroom.objects.get(pk=actions.create_class(tess.pk, "8b"))


@pytest.fixture
def teaching(tess: User, classroom: Classroom) -> Client:
    """Her browser."""
    return browser_of(tess)


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
