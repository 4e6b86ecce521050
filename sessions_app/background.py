"""Work that goes on behind a socket, perhaps after its end."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from sessions_app import actions
from sessions_app.writer import run_action

log = logging.getLogger(__name__)

#: A closed socket frees the lease after so long, in seconds.
FREE_AFTER_S = 2.0

_tasks: set[asyncio.Task[None]] = set()


def start(work: Any) -> None:
    """Let it run; it is kept until it is done."""
    task = asyncio.ensure_future(work)
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)


async def free_later(session: str, client: str, fence: int, since_ms: int) -> None:
    """Free the lease of a client that went, unless it has come back by then."""
    await asyncio.sleep(FREE_AFTER_S)
    try:
        await run_action(actions.free_lease, session, client, fence, since_ms)
    except Exception:
        # The sweeper frees it later.
        log.warning("A lease of session %s could not be freed.", session, exc_info=True)
