"""The operator's pages: for staff alone, true, without a secret or a word of what people wrote."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as in_force
from django.test import Client
from django.utils import timezone

from playground import env
from playground.accounts.models import User
from playground.installation import figures, health
from sessions_app import actions, jobs, tasks
from sessions_app.models import Job, Session, TaskRun
from tests.playground.conftest import PASSWORD, Account

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = ["/operator/", "/operator/storage", "/operator/work", "/operator/settings"]


@pytest.fixture
def staff(db: None) -> Client:
    """A member of the staff."""
    client = Client()
    client.force_login(User.objects.create_user("root", password=PASSWORD, is_staff=True))
    return client


def shown(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_the_pages_are_there_for_staff_alone(path: str, account: Account, staff: Client) -> None:
    shown(staff, path)
    other = Client()
    assert other.get(path).status_code == 404
    other.force_login(account("Ada"))
    assert other.get(path).status_code == 404
    assert staff.post(path).status_code == 405
    User.objects.filter(username="root").update(is_active=False)
    assert staff.get(path).status_code == 404


def test_health_of_what_works_and_of_what_does_not(
    staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "no task has run yet" in shown(staff, "/operator/")
    actions.note_run("sweep_jobs", 0, 0.1, 0, "")
    TaskRun.objects.update(started_at=timezone.now())
    good = {check.name: check.level for check in health.checks()}
    assert (
        good["Database"] == good["Messages between tabs"] == good["Worker and its clock"] == "good"
    )
    TaskRun.objects.update(started_at=timezone.now() - timedelta(minutes=10))
    Job.objects.create(kind="x", state="failed")
    monkeypatch.setattr(health, "database", lambda: (_ for _ in ()).throw(OSError("hunter2")))
    bad = {check.name: check for check in health.checks()}
    assert bad["Worker and its clock"].level == "bad"
    assert bad["Work that waits"].level == "warning"
    assert (bad["Database"].level, bad["Database"].says) == ("bad", "fails: OSError")


def test_storage_names_sessions_by_id_alone(staff: Client, account: Account) -> None:
    session = actions.create_session(account("Ada").pk, "Private title")
    Session.objects.update(stored_bytes=2048, preview_code="private_code")
    page = shown(staff, "/operator/storage")
    assert session in page
    assert "2.0 KB" in page or "2.0\xa0KB" in page
    assert "Private title" not in page
    assert "private_code" not in page


def test_work_shows_what_failed(staff: Client) -> None:
    jobs.enqueue("no_such_action", ["abc"], "x")
    tasks.sweep_jobs()
    Job.objects.update(state="failed")
    page = shown(staff, "/operator/work")
    assert "no_such_action" in page
    assert "sweep_jobs" in page


def test_no_secret_is_shown(staff: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, str] = {
        "SECRET_KEY": "hunter2-secret-key",
        "DATABASE_URL": "postgres://me:hunter2@db.example:5433/play?password=hunter2",
        "REDIS_URL": "redis://:hunter2@cache.example/0",
        "PLAYGROUND_MAIL_PASSWORD": "hunter2",
        "PLAYGROUND_HOOK": "https://user:hunter2@hook.example/hunter2",
    }
    for name, value in given.items():
        monkeypatch.setitem(os.environ, name, value)
        known: Any = env.DECLARED.get(name) or env.Declared(name, "", "For this test.")
        monkeypatch.setitem(env.DECLARED, name, known)
    page = shown(staff, "/operator/settings")
    assert "hunter2" not in page
    assert in_force.SECRET_KEY not in page
    assert "postgres://db.example:5433/…" in page
    assert "redis://cache.example/…" in page
    assert "https://hook.example/…" in page
    for name in env.DECLARED:
        assert f"<code>{name}</code>" in page
    others = "".join(shown(staff, path) for path in PAGES)
    assert "hunter2" not in others
    assert in_force.SECRET_KEY not in others


@pytest.mark.parametrize("value", ["no address", "postgres://[broken", "://", "x://"])
def test_an_address_that_is_none_is_not_shown(value: str) -> None:
    assert figures._value("DATABASE_URL", value) == "set, not shown"
    assert figures._value("DATABASE_URL", "") == ""
