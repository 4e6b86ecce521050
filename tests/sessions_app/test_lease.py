"""The lease: one runner, handover, takeover, silence, and what an absent runner left running."""

from __future__ import annotations

import uuid

import pytest

from playground.accounts.models import User
from sessions_app import actions, jobs
from sessions_app import protocol as p
from sessions_app.actions import lease
from sessions_app.clock import now_ms
from sessions_app.models import Job, Member, Session
from tests.sessions_app.helpers import Page, codes, counted, state, verify_action

pytestmark = pytest.mark.django_db


def silence(session: str, ms: int) -> None:
    """Let the last heartbeat be so long ago."""
    Session.objects.filter(pk=uuid.UUID(session)).update(lease_renewed_ms=now_ms() - ms)


def test_the_first_who_asks_runs(session: str, ada: User) -> None:
    runner = Page(session, ada.pk)
    with verify_action(session):
        assert runner.acquire() == p.LeaseGranted(1)
    assert state(session).runner == p.Runner(runner.tab, runner.client, "Ada", 1)


def test_another_tab_is_told_who_runs(runner: Page) -> None:
    other = Page(runner.session, runner.user)
    assert counted(other.acquire, runner.session) == 0
    answer = other.acquire()
    assert isinstance(answer, p.LeaseRefused)
    assert answer.runner == state(runner.session).runner


def test_the_same_client_keeps_its_number(runner: Page) -> None:
    runner.push(p.StartExecution(1, "slow()"))
    assert counted(runner.acquire, runner.session) == 0
    actions.free_lease(runner.session, runner.client, runner.fence, now_ms())
    with verify_action(runner.session):
        assert runner.acquire() == p.LeaseGranted(1)
    assert state(runner.session).entries[0].status == "running"


def test_a_reload_takes_the_lease_at_once(runner: Page) -> None:
    runner.push(p.StartExecution(1, "slow()"))
    reloaded = Page(runner.session, runner.user, tab=runner.tab)
    with verify_action(runner.session):
        assert reloaded.acquire() == p.LeaseGranted(2)
    entry = state(runner.session).entries[0]
    assert (entry.status, entry.lost) == ("interrupted", True)


def test_a_foreign_tab_cannot_say_it_is_the_runner(runner: Page, bob: User) -> None:
    Member.objects.create(session_id=uuid.UUID(runner.session), user=bob, role="editor")
    forger = Page(runner.session, bob.pk, tab=runner.tab)
    assert isinstance(forger.acquire(), p.LeaseRefused)


def test_a_handover_is_for_one_tab(runner: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    wanting, other = Page(runner.session, runner.user), Page(runner.session, runner.user)
    with verify_action(runner.session):
        actions.release_lease(runner.session, runner.client, runner.fence, wanting.tab)
    assert state(runner.session).reserved == wanting.tab
    assert isinstance(other.acquire(), p.LeaseRefused)
    with verify_action(runner.session):
        assert wanting.acquire() == p.LeaseGranted(2)
    assert state(runner.session).reserved is None


def test_a_handover_does_not_wait_for_ever(runner: Page) -> None:
    actions.release_lease(runner.session, runner.client, runner.fence, "gone")
    silence(runner.session, lease.RESERVED_MS)
    assert Page(runner.session, runner.user).acquire() == p.LeaseGranted(2)


def test_silence_frees_the_lease(runner: Page) -> None:
    silence(runner.session, lease.LEASE_MS + 1)
    assert Page(runner.session, runner.user).acquire() == p.LeaseGranted(2)


def test_a_stale_lease_is_swept(runner: Page) -> None:
    assert counted(lambda: actions.free_stale_lease(runner.session), runner.session) == 0
    silence(runner.session, lease.LEASE_MS + 1)
    assert counted(lambda: actions.free_stale_lease(runner.session), runner.session) == 1
    assert counted(lambda: actions.free_stale_lease(runner.session), runner.session) == 0


def test_after_a_restart_runners_have_a_moment_to_come_back(runner: Page) -> None:
    other = Page(runner.session, runner.user)
    actions.expect_runners_back()
    assert isinstance(other.acquire(), p.LeaseRefused)
    silence(runner.session, lease.LEASE_MS - lease.RETURN_MS)
    actions.renew_lease(runner.session, runner.client, runner.tab, runner.user)
    assert isinstance(other.acquire(), p.LeaseRefused)
    actions.expect_runners_back()
    row = Session.objects.get()
    assert row.lease_renewed_ms + lease.LEASE_MS - now_ms() <= lease.RETURN_MS


def test_only_the_holder_releases(runner: Page) -> None:
    assert counted(lambda: actions.release_lease(runner.session, "x", 1), runner.session) == 0
    wrong = lambda: actions.release_lease(runner.session, runner.client, 2)  # noqa: E731
    assert counted(wrong, runner.session) == 0
    assert state(runner.session).runner is not None


def test_a_closed_socket_frees_unless_the_tab_came_back(runner: Page) -> None:
    closed = now_ms() - 2_000
    assert actions.renew_lease(runner.session, runner.client, runner.tab, runner.user)
    actions.free_lease(runner.session, runner.client, runner.fence, closed)
    assert state(runner.session).runner is not None
    with verify_action(runner.session):
        actions.free_lease(runner.session, runner.client, runner.fence, now_ms())
    assert state(runner.session).runner is None


def test_a_heartbeat_of_somebody_else_counts_nothing(runner: Page, bob: User) -> None:
    silence(runner.session, 10_000)
    assert not actions.renew_lease(runner.session, "other", "other", runner.user)
    assert not actions.renew_lease(runner.session, runner.client, runner.tab, bob.pk)
    assert Session.objects.get().lease_renewed_ms < now_ms() - 9_000
    # A reload's first sign keeps the lease for its tab, though it does not hold it yet.
    assert not actions.renew_lease(runner.session, "reloaded", runner.tab, runner.user)
    assert Session.objects.get().lease_renewed_ms > now_ms() - 9_000


def test_what_a_lost_runner_left_is_closed(runner: Page) -> None:
    runner.push(p.StartExecution(1, "slow()"))
    actions.free_lease(runner.session, runner.client, runner.fence, now_ms())
    job = Job.objects.get()
    assert (job.kind, job.args) == ("close_lost_executions", [runner.session])
    assert jobs.due_jobs() == []
    close = lambda: actions.close_lost_executions(runner.session)  # noqa: E731
    assert counted(close, runner.session) == 0
    silence(runner.session, lease.LOST_AFTER_MS)
    assert counted(close, runner.session) == 1
    assert counted(close, runner.session) == 0
    entry = state(runner.session).entries[0]
    assert (entry.status, entry.lost) == ("interrupted", True)


def test_the_real_ending_replaces_the_servers(runner: Page) -> None:
    runner.push(p.StartExecution(1, "slow()"))
    actions.free_lease(runner.session, runner.client, runner.fence, now_ms())
    silence(runner.session, lease.LOST_AFTER_MS)
    actions.close_lost_executions(runner.session)
    output = p.AppendOutput(1, (p.StreamOutput("stdout", "done"),))
    assert codes(runner.push(output, p.FinishExecution(1, "ok", 5))) == ["ack", "ack"]
    entry = state(runner.session).entries[0]
    assert (entry.status, entry.lost, len(entry.outputs)) == ("ok", False, 1)
