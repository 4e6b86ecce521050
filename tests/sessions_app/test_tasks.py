"""The tasks: each finds what is due, does it once, and can run again."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from sessions_app import actions, blobs, jobs, tasks
from sessions_app import protocol as p
from sessions_app.clock import now_ms
from sessions_app.models import BlobLink, Job, OperationRecord, Session
from tests.sessions_app.helpers import Page, state, verify_action

pytestmark = pytest.mark.django_db


def test_every_scheduled_task_exists() -> None:
    for entry in tasks.BEAT_SCHEDULE.values():
        module, _, name = str(entry["task"]).rpartition(".")
        assert module == "sessions_app.tasks"
        assert callable(getattr(tasks, name))


def test_a_runner_that_died_is_cleared_away(runner: Page) -> None:
    runner.push(p.StartExecution(1, "slow()"))
    assert (tasks.free_stale_leases(), tasks.close_lost_executions()) == (0, 0)
    Session.objects.update(lease_renewed_ms=now_ms() - 60_000)
    with verify_action(runner.session):
        assert tasks.free_stale_leases() == 1
        Session.objects.update(lease_renewed_ms=now_ms() - 60_000)
        assert tasks.close_lost_executions() == 1
    assert (tasks.free_stale_leases(), tasks.close_lost_executions()) == (0, 0)
    assert state(runner.session).entries[0].lost


def test_the_job_of_a_freed_lease_is_done(runner: Page) -> None:
    runner.push(p.StartExecution(1, "slow()"))
    actions.free_lease(runner.session, runner.client, runner.fence, now_ms())
    assert tasks.sweep_jobs() == 0
    Session.objects.update(lease_renewed_ms=0)
    Job.objects.update(run_after_ms=0)
    assert tasks.sweep_jobs() == 1
    assert state(runner.session).entries[0].lost
    assert Job.objects.get().state == "done"
    assert tasks.sweep_jobs() == 0


def test_a_job_of_a_session_that_is_gone_is_done(db: None) -> None:
    jobs.enqueue("count_storage", ["0" * 32], "count:0")
    tasks.sweep_jobs()
    assert Job.objects.get().state == "done"


def test_a_job_that_fails_waits_for_another_try(
    session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs.enqueue("no_such_action", [session], "x")
    tasks.sweep_jobs()
    job = Job.objects.get()
    assert (job.state, job.tries) == ("waiting", 1)
    assert "no_such_action" in job.error


def test_idle_sessions(runner: Page) -> None:
    assert tasks.mark_idle() == 0
    Session.objects.update(last_activity=timezone.now() - timedelta(days=8))
    assert tasks.mark_idle() == 1
    assert Session.objects.get().idle
    assert tasks.mark_idle() == 0


def test_storage_is_counted(runner: Page) -> None:
    runner.push(runner.snapshot(b"x" * 1000))
    right = Session.objects.get().stored_bytes
    Session.objects.update(stored_bytes=1)
    tasks.count_storage()
    assert Session.objects.get().stored_bytes == right > 0


def test_logs_are_pruned(runner: Page) -> None:
    runner.run()
    assert tasks.prune_operation_log() == 0
    OperationRecord.objects.update(at_ms=0)
    assert tasks.prune_operation_log() == 1
    assert not OperationRecord.objects.exists()


def test_unlinked_files_are_swept(runner: Page) -> None:
    ref, kept = runner.upload(b"gone"), runner.upload(b"kept")
    BlobLink.objects.filter(blob=ref.hash).delete()
    assert tasks.sweep_blobs() == 0
    for name in (ref.hash, kept.hash):
        found = blobs.find(name)
        assert found is not None
        os.utime(found.path, (time.time() - 7200,) * 2)
    assert tasks.sweep_blobs() == 1
    assert (blobs.exists(ref.hash), blobs.exists(kept.hash)) == (False, True)


@pytest.mark.parametrize(
    "model", ["session", "member", "entry", "snapshot", "operationrecord", "blob", "job"]
)
def test_the_admin_is_for_staff_and_shows_no_contents(
    runner: Page, model: str, settings: Any
) -> None:
    runner.run("print('secret of ada')", "secret output")
    runner.push(runner.snapshot(b"x"))
    jobs.enqueue("count_storage", [runner.session], "k")
    path = f"/admin/sessions_app/{model}/"
    visitor = Client()
    visitor.force_login(get_user_model().objects.get(username="ada"))
    assert visitor.get(path).status_code == 302
    staff = get_user_model().objects.create_superuser("root", password="x")
    visitor.force_login(staff)
    answer = visitor.get(path)
    assert answer.status_code == 200
    links = [part.split('"')[0] for part in answer.content.decode().split(f'href="{path}')[1:]]
    changes = [link for link in links if link.endswith("/change/")]
    assert changes
    shown = visitor.get(path + changes[0]).content.decode()
    assert "secret" not in shown
    assert 'name="_save"' not in shown
