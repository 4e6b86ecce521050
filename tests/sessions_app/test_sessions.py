"""Making, forking and moving sessions, and the jobs and sweeps around them."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from playground.accounts.models import User
from sessions_app import actions, jobs, queries
from sessions_app import protocol as p
from sessions_app.clock import now_ms
from sessions_app.errors import ActionError
from sessions_app.models import Job, Member, OperationRecord, Session
from tests.sessions_app.helpers import Page, codes, state

pytestmark = pytest.mark.django_db


def test_a_new_session_is_its_makers(ada: User, bob: User) -> None:
    session = actions.create_session(ada.pk, "First")
    membership = queries.membership(session, ada.pk)
    assert membership is not None
    assert (membership.role, membership.title, membership.seq) == ("owner", "First", 0)
    assert queries.membership(session, bob.pk) is None
    assert queries.membership(session, None) is None
    assert queries.membership("nonsense", ada.pk) is None


@pytest.mark.parametrize("title", ["", " ", "a\x00", "x" * 201])
def test_titles_of_new_sessions(ada: User, title: str) -> None:
    with pytest.raises(ActionError):
        actions.create_session(ada.pk, title)


def test_what_is_made_again_by_itself_goes_with_no_copy_of_others(runner: Page, bob: User) -> None:
    runner.push(p.SetRemake("g", always=True), p.SetRemake("h", always=True))
    runner.push(p.SetRemake("h", always=False))
    assert state(runner.session).remakes == ("g",)
    row = Session.objects.get(pk=uuid.UUID(runner.session))
    member = Member.objects.create(session=row, user=bob, role="viewer")
    looking = Page(runner.session, bob.pk)
    assert codes(looking.push(p.SetRemake("x", always=True))) == ["forbidden"]
    own = actions.fork_session(runner.session, runner.user)
    assert state(own).remakes == ("g",)
    Member.objects.filter(pk=member.pk).update(role="editor")
    theirs = actions.fork_session(runner.session, bob.pk)
    assert state(theirs).remakes == ()


def test_a_fork_has_entries_and_values_up_to_its_number(runner: Page, bob: User) -> None:
    runner.run("x = 1", "out\n")
    one = runner.snapshot(b"x is 1")
    runner.push(one, p.SetVariables((p.VariableRow("x", "int", 28, "1", True),)))
    runner.run("x = 2")
    two = runner.snapshot(b"x is 2")
    runner.push(two)
    fork = actions.fork_session(runner.session, runner.user, 1)
    forked, source = state(fork), state(runner.session)
    assert [entry.source for entry in forked.entries] == ["x = 1"]
    assert forked.entries[0].outputs == source.entries[0].outputs
    assert (forked.head, forked.next_number, forked.seq) == (one.snapshot, 2, 0)
    assert forked.runner is None
    theirs = [one.manifest.hash, two.manifest.hash]
    assert queries.lacking(fork, theirs) == [two.manifest.hash]
    other = Page(fork, runner.user)
    other.acquire()
    other.run("x + 1")
    assert codes(other.push(other.snapshot(b"x is 1"))) == ["ack"]
    with pytest.raises(ActionError):
        actions.fork_session(runner.session, bob.pk)


def test_a_fork_keeps_what_came_from_what(runner: Page) -> None:
    runner.run("x = 1")
    one = runner.snapshot(b"x is 1")
    runner.push(one)
    runner.run("x = 2")
    two = runner.snapshot(b"x is 2")
    runner.push(two, p.RestoreSnapshot(one.snapshot))
    runner.run("x = 3")
    three = runner.snapshot(b"x is 3", parent=one.snapshot)
    runner.push(three)
    forked = state(actions.fork_session(runner.session, runner.user, 3))
    first, second = one.snapshot, two.snapshot
    assert [(info.id, info.parent) for info in forked.snapshots] == [
        (first, None),
        (second, first),
        (three.snapshot, first),
    ]


def test_a_fork_of_now_has_everything(runner: Page) -> None:
    runner.run()
    row = p.VariableRow("x", "int", 28, "1", True)
    runner.push(runner.snapshot(b"1"), p.SetVariables((row,)), p.StartExecution(2, "slow()"))
    forked = state(actions.fork_session(runner.session, runner.user))
    source = state(runner.session)
    assert (forked.variables, forked.head) == (source.variables, source.head)
    assert [entry.status for entry in forked.entries] == ["ok", "interrupted"]


@pytest.mark.parametrize("number", [-1, 5])
def test_a_fork_needs_an_entry(runner: Page, number: int) -> None:
    with pytest.raises(ActionError) as refused:
        actions.fork_session(runner.session, runner.user, number)
    assert refused.value.code == "invalid"


def test_an_accounts_bytes_bound_forks(runner: Page, settings: object) -> None:
    runner.push(runner.snapshot(b"x" * 1000))
    settings.PLAYGROUND_ACCOUNT_BYTES = Session.objects.get().stored_bytes + 10  # type: ignore[attr-defined]
    with pytest.raises(ActionError) as refused:
        actions.fork_session(runner.session, runner.user)
    assert refused.value.code == "limit"
    assert Session.objects.count() == 1


def test_a_guest_takes_its_sessions_along(runner: Page, bob: User) -> None:
    other = actions.create_session(runner.user)
    sent = runner.number(p.SetTitle("Unsent by the guest"))
    assert actions.transfer_members(runner.user, bob.pk, [runner.session, "nonsense"]) == 1
    assert [line.id for line in queries.sessions_of(bob.pk)] == [runner.session]
    assert [line.id for line in queries.sessions_of(runner.user)] == [other]
    runner.user = bob.pk
    assert codes(runner.send(sent)) == ["ack"]
    assert codes(runner.push(p.StartExecution(1, "1"))) == ["ack"]


def test_the_bin_comes_along(ada: User, bob: User) -> None:
    kept, binned = actions.create_session(ada.pk), actions.create_session(ada.pk)
    actions.bin_session(binned, ada.pk, now_ms())
    assert actions.transfer_members(ada.pk, bob.pk, [kept]) == 1
    actions.restore_session(binned, bob.pk)
    assert {line.id for line in queries.sessions_of(bob.pk)} == {kept, binned}


def test_a_move_keeps_the_higher_role(session: str, ada: User, bob: User) -> None:
    Member.objects.create(session_id=uuid.UUID(session), user=bob, role="viewer")
    actions.transfer_members(ada.pk, bob.pk)
    membership = queries.membership(session, bob.pk)
    assert membership is not None
    assert membership.role == "owner"
    assert Member.objects.count() == 1


def test_idle_sessions_are_marked(runner: Page) -> None:
    assert not actions.mark_idle(runner.session)
    Session.objects.update(last_activity=timezone.now() - timedelta(days=8))
    assert actions.mark_idle(runner.session)
    runner.push(p.SetTitle("Awake"))
    assert not Session.objects.get().idle


def test_the_log_is_pruned(runner: Page, settings: object) -> None:
    settings.PLAYGROUND_LOG_OPERATIONS = 5  # type: ignore[attr-defined]
    for number in range(10):
        runner.push(p.SetTitle(f"title {number}"))
    assert actions.prune_operation_log(runner.session) == 6
    assert actions.prune_operation_log(runner.session) == 0
    assert OperationRecord.objects.count() == 5
    assert queries.records_after(runner.session, 1, 10) is None
    OperationRecord.objects.update(at_ms=0)
    assert actions.prune_operation_log(runner.session) == 5
    assert Session.objects.get().log_bytes == 0


def test_a_job_is_done_once(db: None) -> None:
    jobs.enqueue("count_storage", ["s"], "count:s")
    jobs.enqueue("count_storage", ["s"], "count:s")
    (job,) = jobs.due_jobs()
    assert jobs.take_job(job) == ("count_storage", ["s"])
    assert jobs.take_job(job) is None
    jobs.finish_job(job)
    assert jobs.take_job(job) is None
    jobs.enqueue("count_storage", ["s"], "count:s")
    assert len(jobs.due_jobs()) == 1


def test_a_job_whose_worker_died_is_taken_again_but_not_for_ever(db: None) -> None:
    jobs.enqueue("count_storage", ["s"], "count:s")
    job = Job.objects.get()
    for _ in range(jobs.MAX_TRIES):
        assert jobs.take_job(job.pk) is not None
        Job.objects.update(lease_until_ms=0)
    assert jobs.take_job(job.pk) is None
    assert Job.objects.get().state == "failed"


def test_a_failed_job_waits(db: None) -> None:
    jobs.enqueue("count_storage", ["s"], "count:s")
    (job,) = jobs.due_jobs()
    jobs.take_job(job)
    jobs.finish_job(job, "disk on fire")
    assert jobs.due_jobs() == []
    assert Job.objects.get().error == "disk on fire"


def test_entries_come_in_pages(runner: Page) -> None:
    for number in range(1, 131):
        sent = [
            runner.number(p.StartExecution(number, f"{number}")),
            runner.number(p.FinishExecution(number, "ok", 1)),
        ]
        actions.apply_pushed(runner.session, runner.user, runner.client, sent)
    latest = queries.load_state(runner.session)
    assert (latest.entries_from, len(latest.entries)) == (31, 100)
    earlier = queries.entries_before(runner.session, latest.entries_from)
    assert [entry.number for entry in earlier] == list(range(1, 31))
    assert queries.entries_before(runner.session, 1) == ()
