"""Work that must not wait for a visitor; each task names its objects and runs one action on each.

A task only looks for what is due; the change is an action, run where writes belong (on SQLite that
is the web process). All of them can run twice, at once or never: the next round does the rest.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from celery import shared_task
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from sessions_app import actions, blobs, jobs, runs, thinning
from sessions_app.actions.lease import LEASE_MS, LOST_AFTER_MS
from sessions_app.actions.links import REMEMBERED_MS
from sessions_app.actions.snapshots import SWEEP_AFTER_MS
from sessions_app.clock import now_ms
from sessions_app.errors import ActionError
from sessions_app.exchange import transfers
from sessions_app.exchange.models import Transfer
from sessions_app.limits import limits
from sessions_app.models import (
    BlobLink,
    Job,
    OperationRecord,
    Session,
    ShareLink,
    Snapshot,
)
from sessions_app.writer import run_named

log = logging.getLogger(__name__)

#: Objects that one round of a task takes at most.
ROUND = 500

#: Batches of rows that one round removes of sessions that leave the bin.
PURGE_BATCHES = 200

#: Jobs that are done are kept for so many keys, for the admin.
KEPT_JOBS = 1_000

#: Read by ``playground/celery.py``; in seconds.
BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "sweep-jobs": {"task": "sessions_app.tasks.sweep_jobs", "schedule": 10.0},
    "free-stale-leases": {"task": "sessions_app.tasks.free_stale_leases", "schedule": 10.0},
    "close-lost-executions": {"task": "sessions_app.tasks.close_lost_executions", "schedule": 20.0},
    "expire-links": {"task": "sessions_app.tasks.expire_links", "schedule": 30.0},
    "prune-operation-log": {"task": "sessions_app.tasks.prune_operation_log", "schedule": 300.0},
    "mark-idle": {"task": "sessions_app.tasks.mark_idle", "schedule": 3600.0},
    "count-storage": {"task": "sessions_app.tasks.count_storage", "schedule": 3600.0},
    "sweep-blobs": {"task": "sessions_app.tasks.sweep_blobs", "schedule": 3600.0},
    "thin-snapshots": {"task": "sessions_app.tasks.thin_snapshots", "schedule": 3600.0},
    "remove-transfers": {"task": "sessions_app.tasks.remove_transfers", "schedule": 300.0},
    "bin-old-sessions": {"task": "sessions_app.tasks.bin_old_sessions", "schedule": 3600.0},
    "empty-bin": {"task": "sessions_app.tasks.empty_bin", "schedule": 3600.0},
    "purge-sessions": {"task": "sessions_app.tasks.purge_sessions", "schedule": 60.0},
}

#: Jobs that take long: the worker does them itself and has only their changes written elsewhere.
LONG: dict[str, Callable[..., None]] = {"transfer": transfers.do_transfer}


def _task[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Celery's decorator, which carries no types."""
    task: Callable[P, R] = shared_task(function)
    return task


def _round(function: Callable[[], int]) -> Callable[[], int]:
    """A task of the schedule: it gives how much it did, and its run is noted."""
    return _task(runs.noted(function))


def _each(action: str, keys: list[Any]) -> int:
    """Run an action for each object; one that fails does not keep the others waiting."""
    done = 0
    for key in keys:
        try:
            run_named(action, key)
            done += 1
        except ActionError as error:
            log.info("%s of %s: %s", action, key, error)
        except Exception:
            log.exception("%s of %s failed.", action, key)
            runs.failed(f"{action} of {key} failed; the log says more.")
    return done


def _open() -> QuerySet[Session]:
    """Sessions that are not in the bin, where nothing happens any more."""
    return Session.objects.filter(binned_at=None)


def _ids(rows: Any) -> list[str]:
    return [key.hex for key in rows.values_list("pk", flat=True)[:ROUND]]


@_round
def sweep_jobs() -> int:
    """Do every job that is due."""
    due = jobs.due_jobs()
    for job in due:
        do_job(job)
    newest = Job.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    if Job.objects.filter(state="done", pk__lte=newest - KEPT_JOBS).exists():
        run_named("remove_done_jobs", newest - KEPT_JOBS)
    return len(due)


@_task
def do_job(job: int) -> None:
    """Do one job, unless somebody does or did it."""
    taken = run_named("take_job", job)
    if taken is None:
        return
    kind, args = taken
    error = ""
    try:
        if kind in LONG:
            LONG[kind](*args)
        else:
            run_named(kind, *args)
    except ActionError as refusal:
        # A session that is gone needs nothing any more.
        error = "" if refusal.code == "not-found" else str(refusal)
    except Exception as fault:
        log.exception("The job %s %s failed.", job, kind)
        error = repr(fault)
    run_named("finish_job", job, error)


@_round
def free_stale_leases() -> int:
    """Free the leases of runners that say nothing any more."""
    silent = _open().filter(runner__isnull=False, lease_renewed_ms__lt=now_ms() - LEASE_MS)
    return _each("free_stale_lease", _ids(silent))


@_round
def close_lost_executions() -> int:
    """Close executions whose runner is gone."""
    lost = _open().filter(
        runner__isnull=True,
        entries__status="running",
        lease_renewed_ms__lt=now_ms() - LOST_AFTER_MS,
    )
    return _each("close_lost_executions", _ids(lost.distinct()))


@_round
def expire_links() -> int:
    """End links whose time is over, with their memberships, and forget those that ended long ago.

    Nobody is let in meanwhile: every read looks at the time itself.
    """
    over = Q(ended_ms__isnull=True, expires_ms__lte=now_ms())
    old = Q(ended_ms__lt=now_ms() - REMEMBERED_MS)
    return _each("expire_link", _ids(ShareLink.objects.filter(over | old)))


@_round
def mark_idle() -> int:
    """Mark sessions that nobody used for days; nothing is deleted."""
    before = timezone.now() - timedelta(days=limits().idle_days)
    return _each("mark_idle", _ids(_open().filter(idle=False, last_activity__lt=before)))


@_round
def count_storage() -> int:
    """Count afresh what sessions store that were used since yesterday."""
    since = timezone.now() - timedelta(days=2)
    return _each("count_storage", _ids(_open().filter(last_activity__gt=since)))


@_round
def prune_operation_log() -> int:
    """Drop operations from logs that are longer or older than the settings say."""
    too_old = OperationRecord.objects.filter(at_ms__lt=now_ms() - limits().log_hours * 3_600_000)
    too_many = OperationRecord.objects.filter(seq__lt=F("session__seq") - limits().log_operations)
    sessions = _open().filter(
        Q(pk__in=too_old.values("session")) | Q(pk__in=too_many.values("session"))
    )
    return _each("prune_operation_log", _ids(sessions))


@_round
def thin_snapshots() -> int:
    """Thin the automatic snapshots of sessions with age; gives in how many some went.

    A session that is being exported waits for the next round.
    """
    exported = Transfer.objects.filter(kind="export", state__in=["waiting", "running"])
    busy = set(exported.values_list("session", flat=True))
    done = 0
    for session in _thinned().iterator():
        if session.hex in busy or not _outgrown(session):
            continue
        done += _each("thin_snapshots", [session.hex])
        if done >= ROUND:
            break
    return done


def _thinned() -> QuerySet[Session, UUID]:
    """Sessions with two automatic snapshots of one hour or day that are old enough to go."""
    rules, now = actions.snapshots.rules(), now_ms()
    found: Q = Q()
    for hours, length in (
        (rules.all_hours, thinning.HOUR_MS),
        (max(rules.all_hours, rules.hourly_days * 24), thinning.DAY_MS),
    ):
        old = Snapshot.objects.filter(label=None, created_ms__lt=now - hours * thinning.HOUR_MS)
        spans = old.annotate(span=F("created_ms") / length).values("session", "span")
        found |= Q(pk__in=spans.annotate(count=Count("pk")).filter(count__gt=1).values("session"))
    return _open().filter(found).order_by("pk").values_list("pk", flat=True)


def _outgrown(session: UUID) -> bool:
    """Whether a snapshot of a session would go, without locking it."""
    head = Session.objects.filter(pk=session).values_list("head", flat=True).first()
    fields = ("snapshot", "created_ms", "label", "parent")
    rows = Snapshot.objects.filter(session=session).order_by("pk").values_list(*fields)
    dated = [thinning.Dated(one, at, label is not None, parent) for one, at, label, parent in rows]
    return bool(thinning.outgrown(dated, head, now_ms(), actions.snapshots.rules()))


@_round
def sweep_blobs() -> int:
    """Remove the files that no session links any more, and what broken uploads left."""
    blobs.remove_stale_uploads(SWEEP_AFTER_MS / 1000)
    doomed: list[str] = []
    for name in blobs.stored_names():
        if blobs.age_ms(name) >= SWEEP_AFTER_MS and not BlobLink.objects.filter(blob=name).exists():
            doomed.append(name)
        if len(doomed) >= ROUND:
            break
    return _each("sweep_blob", doomed)


@_round
def bin_old_sessions() -> int:
    """Put sessions of guests into the bin that nobody used for the days of the setting."""
    return _each("bin_old_session", _ids(actions.old_guest_sessions()))


@_round
def empty_bin() -> int:
    """Begin to remove what was in the bin for the days of the setting."""
    over = timezone.now() - timedelta(days=limits().bin_days)
    return _each("doom_old_session", _ids(Session.objects.filter(binned_at__lt=over, doomed=False)))


@_round
def purge_sessions() -> int:
    """Remove the rows of doomed sessions, some batches of them."""
    batches = PURGE_BATCHES
    removed = 0
    for session in _ids(Session.objects.filter(doomed=True).order_by("binned_at")):
        gone = False
        while not gone and batches > 0:
            batches -= 1
            try:
                gone = run_named("purge_session", session)
            except ActionError:
                gone = True
        removed += gone
    return removed


@_round
def remove_transfers() -> int:
    """Forget exports and imports whose time is over, with their files."""
    over = [key.hex for key in transfers.over().values_list("pk", flat=True)[:ROUND]]
    done = _each("remove_transfer", over)
    transfers.remove_files()
    return done


def _remind(job: int) -> None:
    task: Any = do_job
    # A broker that is down must not hold up the writer; the sweeper finds the job.
    task.apply_async((job,), retry=False)


jobs.set_reminder(_remind)
