"""How many sockets each person has open in this process, and how many that may be.

Each may hold a megabyte that its page does not read, so one browser must not open any number.
"""

from __future__ import annotations

#: Far more tabs than anybody has open.
MAX_SOCKETS = 100

_open: dict[int, int] = {}


def count(user: int) -> int:
    """How many sockets the person has open."""
    return _open.get(user, 0)


def enter(user: int) -> bool:
    """Count one more socket of the person; False when that is one too many."""
    if count(user) >= MAX_SOCKETS:
        return False
    _open[user] = count(user) + 1
    return True


def leave(user: int) -> None:
    """A socket that was counted is gone."""
    left = count(user) - 1
    if left > 0:
        _open[user] = left
    else:
        _open.pop(user, None)
