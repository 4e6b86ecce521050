"""What the server does by itself from time to time; each action is small and can be repeated."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from sessions_app.actions.change import locked
from sessions_app.clock import now_ms
from sessions_app.limits import limits
from sessions_app.models import TaskRun


def mark_idle(session: str) -> bool:
    """Mark a session that nobody touched for the days of the setting; says whether it is."""
    with transaction.atomic():
        row = locked(session)
        row.idle = row.last_activity < timezone.now() - timedelta(days=limits().idle_days)
        row.save(update_fields=["idle"])
        return row.idle


def prune_operation_log(session: str) -> int:
    """Drop records that are too old or too many; gives how many went.

    Whoever needs an older one is told to fetch the state.
    """
    with transaction.atomic():
        row = locked(session)
        too_old = row.log.filter(at_ms__lt=now_ms() - limits().log_hours * 3600 * 1000)
        too_many = row.log.filter(seq__lte=max(0, row.seq - limits().log_operations))
        # A few at a time: one long transaction would hold up everybody on SQLite.
        doomed = list((too_old | too_many).order_by("seq").values_list("seq", "body")[:2000])
        if not doomed:
            return 0
        row.log.filter(seq__lte=doomed[-1][0]).delete()
        row.log_bytes = max(0, row.log_bytes - sum(len(body) for _, body in doomed))
        row.save(update_fields=["log_bytes"])
        return len(doomed)


def note_run(name: str, started_ms: int, seconds: float, done: int, error: str) -> None:
    """Note when a task ran last and what came of it; a failure stays to be seen."""
    started = datetime.fromtimestamp(started_ms / 1000, UTC)
    values = {"started_at": started, "seconds": seconds, "done": done}
    if error:
        values |= {"failed_at": timezone.now(), "error": error[:2000]}
    TaskRun.objects.update_or_create(name=name, defaults=values)
