"""The lease: which tab runs a session, under which fencing number.

A lease is renewed by its holder's heartbeat; one that was not renewed for ``LEASE_MS`` is free. The
server closes what an earlier runner left running as ``lost``; the runner's own word still replaces
that as long as no higher number has written.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import msgspec
from django.db import transaction

from sessions_app import broadcast, jobs
from sessions_app import protocol as p
from sessions_app.actions.change import Change, changing, locked, require
from sessions_app.clock import now_ms
from sessions_app.errors import ActionError
from sessions_app.models import ClientCursor, Session
from sessions_app.state import Invalid

#: A lease that was not renewed for so long is free.
LEASE_MS = 30_000

#: After a restart of the only web process a runner keeps its lease for so long.
RETURN_MS = 6_000

#: After a handover only the reserved tab may take the lease for so long.
RESERVED_MS = 3_000

#: An execution without a runner is closed after so long.
LOST_AFTER_MS = 30_000

#: Fencing numbers remembered for one client.
KEPT_FENCES = 20


@dataclass(frozen=True)
class Asking:
    """Who asks for the lease."""

    user: int
    name: str
    client: str
    tab: str


def acquire_lease(
    session: str, asking: Asking, *, takeover: bool = False
) -> p.LeaseGranted | p.LeaseRefused:
    """Make a tab the runner if the lease is free or its own; else say who holds it.

    With ``takeover`` a holder is asked to hand over. A client that comes back before any other was
    granted a higher number goes on under its old one.

    Raises:
        ActionError: ``not-found`` or ``forbidden``.
    """
    with changing(session) as change:
        require(change.row, asking.user, "run")
        cursor = _cursor(change, asking)
        refused = _refused(change, asking, takeover)
        if refused is not None:
            return refused
        fence = _grant(change, cursor)
        runner = p.Runner(asking.tab, asking.client, asking.name, fence)
        change.set(runner_user_id=asking.user, lease_renewed_ms=change.now)
        if change.state.runner != runner or change.state.reserved is not None:
            _must(change.apply(p.SetRunner(runner), fence=fence))
        close_running(change, below=fence)
    return p.LeaseGranted(fence)


def release_lease(session: str, client: str, fence: int, reserved: str | None = None) -> None:
    """The runner gives the lease up; ``reserved`` is the tab that may take it first."""
    with changing(session) as change:
        if _holds(change, client, fence):
            _free(change, reserved)


def free_lease(session: str, client: str, fence: int, since_ms: int) -> None:
    """Take the lease from a client that went, unless it was renewed after ``since_ms``."""
    with changing(session) as change:
        if _holds(change, client, fence) and change.row.lease_renewed_ms <= since_ms:
            _free(change, None)


def free_stale_lease(session: str) -> None:
    """Take the lease from a runner that was silent for too long; for the sweeper."""
    with changing(session) as change:
        if change.state.runner is not None and _expired(change):
            _free(change, None)


def renew_lease(session: str, client: str, tab: str, user: int) -> bool:
    """The holder, or a reload of its tab, is alive. Gives whether it holds the lease."""
    with transaction.atomic():
        row = locked(session)
        runner = msgspec.json.decode(row.runner, type=p.Runner) if row.runner else None
        if runner is None or row.runner_user_id != user:
            return False
        if client != runner.client and tab != runner.tab:
            return False
        row.lease_renewed_ms = now_ms()
        row.save(update_fields=["lease_renewed_ms"])
        return client == runner.client


def expect_runners_back() -> None:
    """The only web process starts, so no socket is open: runners have ``RETURN_MS`` to return."""
    almost = now_ms() - LEASE_MS + RETURN_MS
    held = Session.objects.filter(runner__isnull=False, lease_renewed_ms__gt=almost)
    held.update(lease_renewed_ms=almost)


def close_lost_executions(session: str) -> None:
    """End what runs without a runner; for the sweeper and for the job of a freed lease."""
    with changing(session) as change:
        waited = change.now - change.row.lease_renewed_ms
        if change.state.runner is None and waited >= LOST_AFTER_MS:
            close_running(change)


def close_running(change: Change, below: int | None = None) -> None:
    """End running entries (of fencing numbers below ``below``) as interrupted and lost."""
    for entry in change.state.entries:
        if entry.status == "running" and (below is None or entry.fence < below):
            ending = p.FinishExecution(
                entry.number, "interrupted", float(max(0, change.now - entry.executed_at)), True
            )
            _must(change.apply(ending, fence=change.row.fence))


def _cursor(change: Change, asking: Asking) -> ClientCursor:
    cursor = ClientCursor.objects.filter(session=change.row, client=asking.client).first()
    if cursor is None:
        cursor = ClientCursor(session=change.row, client=asking.client, user_id=asking.user)
    elif cursor.user_id != asking.user:
        raise ActionError("forbidden", "This page belongs to somebody else. Load it again.")
    return cursor


def _refused(change: Change, asking: Asking, takeover: bool) -> p.LeaseRefused | None:
    runner = change.state.runner
    if runner is None:
        waited = change.now - change.row.lease_renewed_ms
        if change.state.reserved in (None, asking.tab) or waited >= RESERVED_MS:
            return None
        return p.LeaseRefused(None, "Another tab is about to run this session.")
    same_user = change.row.runner_user_id == asking.user
    own = runner.tab == asking.tab or runner.client == asking.client
    if (same_user and own) or _expired(change):
        return None
    if not takeover:
        return p.LeaseRefused(runner, f"{runner.member} runs this session in another tab.")
    wanted = {
        "type": "lease.wanted",
        "client": runner.client,
        "tab": asking.tab,
        "name": asking.name,
    }
    ring = partial(broadcast.send, change.row.public_id, wanted)
    transaction.on_commit(ring, robust=True)
    return p.LeaseRefused(runner, f"{runner.member} was asked to hand over.")


def _grant(change: Change, cursor: ClientCursor) -> int:
    """The client's fencing number: its last one while that is the highest, else the next."""
    row = change.row
    fences: list[int] = msgspec.json.decode(cursor.fences, type=list[int])
    if row.fence == 0 or row.fence not in fences:
        change.set(fence=row.fence + 1)
        cursor.fences = msgspec.json.encode([*fences, row.fence][-KEPT_FENCES:]).decode()
        cursor.save()
    return row.fence


def _holds(change: Change, client: str, fence: int) -> bool:
    runner = change.state.runner
    return runner is not None and (runner.client, runner.fence) == (client, fence)


def _expired(change: Change) -> bool:
    return change.now - change.row.lease_renewed_ms > LEASE_MS


def _free(change: Change, reserved: str | None) -> None:
    change.set(runner_user_id=None, lease_renewed_ms=change.now)
    _must(change.apply(p.SetRunner(None, reserved), fence=change.row.fence))
    if any(entry.status == "running" for entry in change.state.entries):
        session = change.row.public_id
        jobs.enqueue("close_lost_executions", [session], f"lost:{session}", LOST_AFTER_MS)


def _must(result: p.Record | Invalid) -> p.Record:
    """An operation of the server always fits.

    Raises:
        ActionError: ``invalid``; the state and the server's rules have come apart.
    """
    if isinstance(result, Invalid):
        raise ActionError("invalid", result.reason)
    return result
