"""What a guest has and may take along when signing in to an account.

Accounts know nothing of sessions: the app that has them registers itself here when Django starts.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from playground.accounts.models import User


@dataclass(frozen=True)
class Belonging:
    """One thing of a guest as listed on the page that asks what to keep."""

    id: str
    title: str
    last_active: datetime


class Belongings(Protocol):
    """The app that keeps what people have."""

    def of(self, user: User) -> list[Belonging]:
        """Everything that is ``user``'s own, newest first."""

    def transfer(self, source: User, target: User, ids: Collection[str]) -> None:
        """Give ``target`` those of ``source``'s things that ``ids`` names."""


class _Nothing:
    def of(self, user: User) -> list[Belonging]:
        return []

    def transfer(self, source: User, target: User, ids: Collection[str]) -> None:
        return None


_registered: Belongings = _Nothing()


def register(keeper: Belongings) -> None:
    """Ask ``keeper`` from now on."""
    global _registered
    _registered = keeper


def registered() -> Belongings:
    """The app that is asked now."""
    return _registered


def of(user: User) -> list[Belonging]:
    """Everything that is ``user``'s own, newest first."""
    return _registered.of(user)


def transfer(source: User, target: User, ids: Collection[str]) -> None:
    """Give ``target`` those of ``source``'s things that ``ids`` names."""
    _registered.transfer(source, target, ids)
