"""The only writes of the core. Each action is one transaction and broadcasts when it commits.

Views and consumers never call these directly but through ``sessions_app.writer``, which decides
in which thread or process a write happens. ``NAMED`` lists those that a task of another process
may ask for by name; their arguments are plain JSON.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sessions_app import jobs
from sessions_app.actions.lease import (
    Asking,
    acquire_lease,
    close_lost_executions,
    expect_runners_back,
    free_lease,
    free_stale_lease,
    release_lease,
    renew_lease,
)
from sessions_app.actions.maintenance import mark_idle, prune_operation_log
from sessions_app.actions.operations import Malformed, Pushed, apply_pushed
from sessions_app.actions.sessions import (
    DEFAULT_RUNTIME,
    DEFAULT_TITLE,
    create_session,
    fork_session,
    transfer_members,
)
from sessions_app.actions.snapshots import BlobGoneError, count_storage, link_blob, sweep_blob

#: What a task may ask the writing process to do.
NAMED: dict[str, Callable[..., Any]] = {
    "close_lost_executions": close_lost_executions,
    "free_stale_lease": free_stale_lease,
    "mark_idle": mark_idle,
    "count_storage": count_storage,
    "prune_operation_log": prune_operation_log,
    "sweep_blob": sweep_blob,
    "take_job": jobs.take_job,
    "finish_job": jobs.finish_job,
    "remove_done_jobs": jobs.remove_done_jobs,
}

__all__ = [
    "DEFAULT_RUNTIME",
    "DEFAULT_TITLE",
    "NAMED",
    "Asking",
    "BlobGoneError",
    "Malformed",
    "Pushed",
    "acquire_lease",
    "apply_pushed",
    "close_lost_executions",
    "count_storage",
    "create_session",
    "expect_runners_back",
    "fork_session",
    "free_lease",
    "free_stale_lease",
    "link_blob",
    "mark_idle",
    "prune_operation_log",
    "release_lease",
    "renew_lease",
    "sweep_blob",
    "transfer_members",
]
