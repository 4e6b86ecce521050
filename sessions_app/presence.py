"""Who has a session open: known to each web process for its own sockets, told to the others.

Presence is a hint: nothing is stored, a process that dies is forgotten after a minute.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from typing import Any, cast

from sessions_app import broadcast
from sessions_app import protocol as p

#: How long another process's word counts, and how often it is said again, in seconds.
EXPIRES_S = 60.0
REPEAT_S = 20.0

#: People named at most; more are present but not listed.
MAX_PEOPLE = 500

_PROCESS = uuid.uuid4().hex
_RANK = {"viewer": 0, "editor": 1, "owner": 2}


@dataclass(frozen=True)
class Tab:
    """One socket's person."""

    user: int
    name: str
    role: str


_here: dict[str, dict[str, Tab]] = {}
_elsewhere: dict[str, dict[str, tuple[float, list[Tab]]]] = {}
_told: dict[str, float] = {}


def join(session: str, channel: str, tab: Tab) -> None:
    """A socket of this process joined (or its role changed)."""
    first = session not in _here
    _here.setdefault(session, {})[channel] = tab
    tell(session)
    if first:
        broadcast.send(session, {"type": "presence.ask", "process": _PROCESS})


def leave(session: str, channel: str) -> None:
    """A socket of this process went."""
    tabs = _here.get(session)
    if tabs is None or tabs.pop(channel, None) is None:
        return
    tell(session)
    if not tabs:
        for known in (_here, _elsewhere, _told):
            known.pop(session, None)


def tell(session: str) -> None:
    """Tell everybody who is here."""
    _told[session] = time.monotonic()
    people = [[tab.user, tab.name, tab.role] for tab in _here.get(session, {}).values()]
    message = {"type": "presence.roster", "process": _PROCESS, "people": people}
    broadcast.send(session, message)


def repeat(session: str) -> None:
    """Say it again from time to time, since others forget it."""
    if time.monotonic() - _told.get(session, 0.0) > REPEAT_S:
        tell(session)


def answer(session: str, asking: str) -> None:
    """Another process asks who is here; one answer to many sockets' hearing it is enough."""
    if asking != _PROCESS and time.monotonic() - _told.get(session, 0.0) > 0.2:
        tell(session)


def note(session: str, message: dict[str, Any]) -> None:
    """Another process told who is there."""
    if message["process"] == _PROCESS or session not in _here:
        return
    tabs = [Tab(*entry) for entry in message["people"]]
    known = _elsewhere.setdefault(session, {})
    known[message["process"]] = (time.monotonic() + EXPIRES_S, tabs)


def people(session: str) -> tuple[p.Person, ...]:
    """Everybody, by name; several tabs of a person are one."""
    now = time.monotonic()
    tabs = list(_here.get(session, {}).values())
    for expires, theirs in _elsewhere.get(session, {}).values():
        if expires > now:
            tabs += theirs
    by_user: dict[int, list[Tab]] = {}
    for tab in tabs:
        by_user.setdefault(tab.user, []).append(tab)
    listed = [
        p.Person(
            theirs[0].name,
            cast(p.Role, max((tab.role for tab in theirs), key=_RANK.__getitem__)),
            len(theirs),
        )
        for theirs in by_user.values()
    ]
    return tuple(sorted(listed, key=lambda person: person.name)[:MAX_PEOPLE])
