"""What a guest has and may take along when signing in to an account.

Accounts know nothing of sessions: the app that has them registers itself here when Django starts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Protocol

from playground.accounts.models import User


@dataclass(frozen=True)
class Belonging:
    """One thing of a guest as listed on the page that asks what to keep."""

    id: str
    title: str
    last_active: datetime


@dataclass(frozen=True)
class Export:
    """One thing for the export: its file's name without the ending, which ``write`` gives."""

    name: str
    write: Callable[[IO[bytes]], str]


@dataclass(frozen=True)
class Holdings:
    """How much somebody has: own things, of them in the bin, those of others, bytes of the own."""

    own: int = 0
    binned: int = 0
    shared: int = 0
    bytes: int = 0


class Belongings(Protocol):
    """The app that keeps what people have."""

    def of(self, user: User) -> list[Belonging]:
        """Everything that is ``user``'s own, newest first."""

    def transfer(self, source: User, target: User, ids: Collection[str]) -> None:
        """Give ``target`` those of ``source``'s things that ``ids`` names."""

    def holdings(self, user: User) -> Holdings:
        """How much ``user`` has."""

    def remove_all(self, user: User) -> None:
        """Remove for good all that is ``user``'s own, and end their part in what others own."""

    def signed_out(self, user: User, keys: Collection[str]) -> None:
        """The login sessions of these keys have ended: whatever they hold open must close."""

    def moved(self, user: User, keys: Collection[str]) -> None:
        """These keys of login sessions are no more: what they hold open must come back anew."""

    def exported(self, user: User) -> list[Export]:
        """Everything that is ``user``'s own, to be written into their export one by one."""


class _Nothing:
    def of(self, user: User) -> list[Belonging]:
        return []

    def transfer(self, source: User, target: User, ids: Collection[str]) -> None:
        return None

    def holdings(self, user: User) -> Holdings:
        return Holdings()

    def remove_all(self, user: User) -> None:
        return None

    def signed_out(self, user: User, keys: Collection[str]) -> None:
        return None

    def moved(self, user: User, keys: Collection[str]) -> None:
        return None

    def exported(self, user: User) -> list[Export]:
        return []


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


def holdings(user: User) -> Holdings:
    """How much ``user`` has."""
    return _registered.holdings(user)


def remove_all(user: User) -> None:
    """Remove for good all that is ``user``'s own, and end their part in what others own."""
    _registered.remove_all(user)


def signed_out(user: User, keys: Collection[str]) -> None:
    """The login sessions of these keys have ended."""
    _registered.signed_out(user, keys)


def moved(user: User, keys: Collection[str]) -> None:
    """These keys of login sessions are no more, since the browser signed in or up."""
    _registered.moved(user, keys)


def exported(user: User) -> list[Export]:
    """Everything that is ``user``'s own, to be written into their export one by one."""
    return _registered.exported(user)
