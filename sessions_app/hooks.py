"""Functions of other apps that take part in a session's changes.

A registered function is called inside the action's transaction with the session's row and the
operations that were applied, so that what it writes stands or falls with them. It must be quick
and must not change the session.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from sessions_app import protocol as p

if TYPE_CHECKING:
    from sessions_app.models import Session

Hook = Callable[["Session", Sequence[p.Record]], None]

_hooks: list[Hook] = []


def register(hook: Hook) -> Hook:
    """Call ``hook`` for every change from now on; usable as a decorator."""
    if hook not in _hooks:
        _hooks.append(hook)
    return hook


def unregister(hook: Hook) -> None:
    """Stop calling ``hook``."""
    if hook in _hooks:
        _hooks.remove(hook)


def run(session: Session, records: Sequence[p.Record]) -> None:
    """Call every registered function."""
    for hook in _hooks:
        hook(session, records)
