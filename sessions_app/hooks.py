"""Functions of other apps that take part in a session's changes, or hear of who looks at it.

A function for changes is called inside the action's transaction with the session's row and the
operations that were applied, so that what it writes stands or falls with them. It must be quick
and must not change the session. One for looks is called when somebody who is not the owner opens
the page, or a socket, of a session.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from sessions_app import protocol as p

if TYPE_CHECKING:
    from sessions_app.models import Session

Hook = Callable[["Session", Sequence[p.Record]], None]

#: Called with the session's id, the person and their name.
Look = Callable[[str, int, str], None]

#: Called with a session's id and the person whose page it is; gives more for the page's data.
Beside = Callable[[str, int], dict[str, Any]]

_hooks: list[Hook] = []
_beside: list[Beside] = []
_looks: list[Look] = []


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


def register_look(look: Look) -> Look:
    """Call ``look`` whenever somebody else opens a session, from now on."""
    if look not in _looks:
        _looks.append(look)
    return look


def looked(session: str, user: int, name: str) -> None:
    """Call every function that wants to know who looks."""
    for look in _looks:
        look(session, user, name)


def register_page(beside: Beside) -> Beside:
    """Let ``beside`` add to the data of session pages, from now on."""
    if beside not in _beside:
        _beside.append(beside)
    return beside


def page_data(session: str, user: int) -> dict[str, Any]:
    """What other apps add to the data of a session's page."""
    data: dict[str, Any] = {}
    for one in _beside:
        data |= one(session, user)
    return data
