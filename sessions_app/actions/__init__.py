"""The only writes of the core. Each action is one transaction and broadcasts when it commits.

Views and consumers never call these directly but through ``sessions_app.writer``, which decides
in which thread or process a write happens. ``NAMED`` lists those that a task of another process
may ask for by name; their arguments are plain JSON.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sessions_app import jobs
from sessions_app.actions.bin import (
    bin_old_session,
    bin_session,
    doom_old_session,
    doom_session,
    doom_sessions_of,
    old_guest_sessions,
    purge_session,
    restore_session,
)
from sessions_app.actions.exchange import (
    begin_transfer,
    fail_transfer,
    finish_transfer,
    import_planned,
    import_session,
    note_progress,
    remove_transfer,
)
from sessions_app.actions.grants import set_grants
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
from sessions_app.actions.links import (
    NewLink,
    create_link,
    expire_link,
    join_by_link,
    rename_link,
    revoke_link,
)
from sessions_app.actions.listing import (
    archive_session,
    duplicate_session,
    leave_session,
    rename_session,
)
from sessions_app.actions.maintenance import mark_idle, note_run, prune_operation_log
from sessions_app.actions.operations import Malformed, Pushed, apply_pushed
from sessions_app.actions.sessions import (
    DEFAULT_RUNTIME,
    DEFAULT_TITLE,
    create_session,
    fork_session,
    transfer_members,
)
from sessions_app.actions.snapshots import (
    BlobGoneError,
    count_storage,
    link_blob,
    sweep_blob,
    thin_snapshots,
)

#: What a task may ask the writing process to do.
NAMED: dict[str, Callable[..., Any]] = {
    "close_lost_executions": close_lost_executions,
    "free_stale_lease": free_stale_lease,
    "expire_link": expire_link,
    "mark_idle": mark_idle,
    "count_storage": count_storage,
    "prune_operation_log": prune_operation_log,
    "sweep_blob": sweep_blob,
    "thin_snapshots": thin_snapshots,
    "bin_old_session": bin_old_session,
    "doom_old_session": doom_old_session,
    "purge_session": purge_session,
    "note_run": note_run,
    "note_progress": note_progress,
    "finish_transfer": finish_transfer,
    "fail_transfer": fail_transfer,
    "import_planned": import_planned,
    "remove_transfer": remove_transfer,
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
    "NewLink",
    "Pushed",
    "acquire_lease",
    "apply_pushed",
    "archive_session",
    "begin_transfer",
    "bin_old_session",
    "bin_session",
    "close_lost_executions",
    "count_storage",
    "create_link",
    "create_session",
    "doom_old_session",
    "doom_session",
    "doom_sessions_of",
    "duplicate_session",
    "expect_runners_back",
    "expire_link",
    "fail_transfer",
    "finish_transfer",
    "fork_session",
    "free_lease",
    "free_stale_lease",
    "import_planned",
    "import_session",
    "join_by_link",
    "leave_session",
    "link_blob",
    "mark_idle",
    "note_progress",
    "note_run",
    "old_guest_sessions",
    "prune_operation_log",
    "purge_session",
    "release_lease",
    "remove_transfer",
    "rename_link",
    "rename_session",
    "renew_lease",
    "restore_session",
    "revoke_link",
    "set_grants",
    "sweep_blob",
    "thin_snapshots",
    "transfer_members",
]
