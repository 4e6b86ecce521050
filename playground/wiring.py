"""Joins the parts that must not know each other: accounts ask for sessions through this."""

from __future__ import annotations

from collections.abc import Collection

from playground.accounts.belongings import Belonging, Export, Holdings
from playground.accounts.models import User
from sessions_app import actions, personal, queries
from sessions_app.writer import run_action_sync


class SessionsAsBelongings:
    """The sessions of a person, as accounts see them."""

    def of(self, user: User) -> list[Belonging]:
        """Everything that is ``user``'s own, newest first."""
        return [
            Belonging(row.id, row.title, row.last_activity) for row in queries.sessions_of(user.pk)
        ]

    def transfer(self, source: User, target: User, ids: Collection[str]) -> None:
        """Give ``target`` those of ``source``'s sessions that ``ids`` names."""
        run_action_sync(actions.transfer_members, source.pk, target.pk, list(ids))

    def holdings(self, user: User) -> Holdings:
        """How much ``user`` has."""
        held = personal.holdings(user.pk)
        return Holdings(held.own, held.binned, held.shared, held.bytes)

    def remove_all(self, user: User) -> None:
        """Remove for good all that is ``user``'s own, and end their part in what others own."""
        run_action_sync(actions.doom_sessions_of, user.pk)

    def signed_out(self, user: User, keys: Collection[str]) -> None:
        """Close the sockets of login sessions that have ended."""
        personal.close_sockets(user.pk, keys)

    def moved(self, user: User, keys: Collection[str]) -> None:
        """Let the sockets of login sessions that go on under another key come back."""
        personal.close_sockets(user.pk, keys, again=True)

    def exported(self, user: User) -> list[Export]:
        """The sessions of ``user``, each to be written as a session file."""
        return [Export(name, write) for name, write in personal.exported(user.pk)]
