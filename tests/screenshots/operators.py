"""Gives everybody with an account the operator's pages; run inside the pictures' own server."""

from __future__ import annotations


def make_all_operators() -> None:
    """Make everybody staff."""
    from playground.accounts.models import User

    User.objects.filter(is_guest=False).update(is_staff=True)
