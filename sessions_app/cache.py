"""States of sessions that were changed lately, so that an operation need not load them again.

A cached state is used only when its ``seq`` and epoch are those of the session's locked row, and
it is put here only after COMMIT. Within a transaction that carries several actions (the writer's
group commit) the uncommitted states are in a layer of their own, of one thread, dropped when the
transaction ends.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

from msgspec.structs import replace

from sessions_app import protocol as p
from sessions_app import rows
from sessions_app.models import Session

#: Sessions whose state a process keeps.
MAX_STATES = 1_000

#: Entries loaded for validating an operation, and kept while nothing can change them any more.
LOADED_ENTRIES = 20
KEPT_ENTRIES = 3

_lock = threading.Lock()
_committed: OrderedDict[str, p.SessionState] = OrderedDict()


class _Pending(threading.local):
    def __init__(self) -> None:
        self.states: dict[str, p.SessionState] = {}


_pending = _Pending()


def state_of(row: Session) -> p.SessionState:
    """The state of a locked row, from the cache when that is as new, else loaded."""
    key = row.public_id
    with _lock:
        known = _pending.states.get(key) or _committed.get(key)
    if known is not None and (known.epoch, known.seq) == (row.epoch, row.seq):
        return known
    row.refresh_from_db(fields=["variables", "files", "marks"])
    return rows.load(row, LOADED_ENTRIES)


def put_pending(state: p.SessionState) -> None:
    """Remember a state that this thread has written but not committed."""
    _pending.states[state.id] = _trimmed(state)


def forget_pending(session: str | None = None) -> None:
    """The transaction ended (or the action of that session failed): drop what was not committed."""
    if session is None:
        _pending.states.clear()
    else:
        _pending.states.pop(session, None)


def put(state: p.SessionState) -> None:
    """Remember a committed state."""
    with _lock:
        known = _committed.get(state.id)
        if known is not None and known.epoch == state.epoch and known.seq > state.seq:
            return
        _committed[state.id] = _trimmed(state)
        _committed.move_to_end(state.id)
        while len(_committed) > MAX_STATES:
            _committed.popitem(last=False)


def forget(session: str) -> None:
    """Drop the state of a session that is gone."""
    with _lock:
        _committed.pop(session, None)


def clear() -> None:
    """Forget everything, as a new process would have."""
    with _lock:
        _committed.clear()
    forget_pending()


def _trimmed(state: p.SessionState) -> p.SessionState:
    """Drop old entries that no operation can change, for their outputs may be long."""
    entries = state.entries[-LOADED_ENTRIES:]
    while len(entries) > KEPT_ENTRIES and entries[0].status != "running" and not entries[0].lost:
        entries = entries[1:]
    first = entries[0].number if entries else state.next_number
    return replace(state, entries=entries, entries_from=first)
