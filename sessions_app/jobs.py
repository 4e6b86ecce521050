"""The job table: work that must happen, written in the transaction of what needs it.

A Celery message only reminds of a job; a lost one costs seconds, since the sweeper looks for jobs
that are due. A job is taken by a lease, so two workers never do it at once and one that dies does
not keep it. Jobs name sessions and do idempotent work.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.db import transaction

from sessions_app.clock import now_ms
from sessions_app.models import Job

#: A job whose worker said nothing for so long is taken by another.
JOB_LEASE_MS = 120_000

#: After so many tries a job counts as failed and waits for a person.
MAX_TRIES = 8

Reminder = Callable[[int], None]

_reminder: Reminder | None = None


def set_reminder(reminder: Reminder) -> None:
    """Say how a worker is reminded of a job (``tasks.py`` sends a Celery message)."""
    global _reminder
    _reminder = reminder


def enqueue(kind: str, args: Sequence[Any], unique_key: str, after_ms: int = 0) -> None:
    """Note a job, in the caller's transaction; the same key waits only once."""
    defaults = {"kind": kind, "args": list(args), "run_after_ms": now_ms() + after_ms}
    job, created = Job.objects.get_or_create(unique_key=unique_key, defaults=defaults)
    if not created and after_ms:
        job.run_after_ms = now_ms() + after_ms
        job.save(update_fields=["run_after_ms"])
    if _reminder is not None and not after_ms:
        transaction.on_commit(partial(_reminder, job.pk), robust=True)


def take_job(pk: int) -> tuple[str, list[Any]] | None:
    """Take a job that is due; gives its kind and arguments, or None when it is not to be done."""
    now = now_ms()
    with transaction.atomic():
        open_jobs = Job.objects.select_for_update().filter(state__in=["waiting", "running"])
        job = open_jobs.filter(pk=pk).first()
        if job is None or job.run_after_ms > now or job.lease_until_ms > now:
            return None
        job.tries += 1
        job.state = "running" if job.tries <= MAX_TRIES else "failed"
        job.lease_until_ms = now + JOB_LEASE_MS
        job.save(update_fields=["tries", "state", "lease_until_ms"])
        return (job.kind, list(job.args)) if job.state == "running" else None


def finish_job(pk: int, error: str = "") -> None:
    """A job is done; with an error it waits to be tried again, later each time."""
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(pk=pk, state="running").first()
        if job is None:
            return
        job.error, job.lease_until_ms = error[:2000], 0
        if error:
            job.state, job.run_after_ms = "waiting", now_ms() + 5_000 * 2 ** min(job.tries, 8)
        else:
            # The same work may be asked for anew.
            job.state, job.unique_key = "done", None
        job.save()


def remove_done_jobs(before_pk: int) -> None:
    """Forget jobs that are done, up to a key."""
    Job.objects.filter(state="done", pk__lte=before_pk).delete()


def due_jobs(count: int = 100) -> list[int]:
    """Keys of jobs that somebody should do now."""
    now = now_ms()
    due = Job.objects.filter(
        state__in=["waiting", "running"], run_after_ms__lte=now, lease_until_ms__lte=now
    )
    return list(due.order_by("pk").values_list("pk", flat=True)[:count])
