"""Joins the parts that must not know each other: accounts ask for sessions through this."""

from __future__ import annotations

from collections.abc import Collection

from playground.accounts.belongings import Belonging
from playground.accounts.models import User
from sessions_app import actions, queries
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
