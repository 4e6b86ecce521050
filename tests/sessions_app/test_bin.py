"""The bin: what is in it does not exist but for its owner, comes back whole, or goes for good."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from playground.accounts.models import User
from sessions_app import actions, queries, tasks
from sessions_app import protocol as p
from sessions_app.clock import now_ms
from sessions_app.errors import ActionError
from sessions_app.models import BlobLink, Member, Session
from tests.sessions_app.helpers import Page, state, store_blob
from tests.sessions_app.wire import Socket, db

pytestmark = pytest.mark.django_db


def binned(session: str, user: User) -> str:
    actions.bin_session(session, user.pk, now_ms())
    return session


def guest(name: str) -> User:
    return User.objects.create_user(name, password=None, is_guest=True)


def left_of(session: str) -> list[str]:
    """The tables that still have rows of the session."""
    key = uuid.UUID(session)
    models = [m for m in apps.get_app_config("sessions_app").get_models() if m is not Session]
    named = [m for m in models if any(f.name == "session" for f in m._meta.concrete_fields)]
    assert len(named) >= 8
    rows = [m.__name__ for m in named if m._default_manager.filter(session=key).exists()]
    return rows + ["Session"] * Session.objects.filter(pk=key).exists()


def test_a_session_in_the_bin_does_not_exist(runner: Page, ada: User) -> None:
    runner.push(runner.snapshot(b"x"))
    name = BlobLink.objects.values_list("blob", flat=True)[0]
    binned(runner.session, ada)
    assert queries.membership(runner.session, ada.pk) is None
    assert queries.sessions_of(ada.pk) == []
    assert queries.latest_session(ada.pk) is None
    for refused in (
        lambda: runner.push(p.SetTitle("x")),
        lambda: actions.fork_session(runner.session, ada.pk),
        lambda: actions.rename_session(runner.session, ada.pk, "x"),
        lambda: actions.bin_session(runner.session, ada.pk, now_ms()),
        lambda: actions.link_blob(runner.session, ada.pk, name, 1, 1),
        lambda: runner.acquire(),
    ):
        with pytest.raises(ActionError) as error:
            refused()
        assert error.value.code == "not-found"


def test_addresses_of_a_session_in_the_bin(runner: Page, ada: User, bob: User) -> None:
    runner.push(runner.snapshot(b"x"))
    name = BlobLink.objects.values_list("blob", flat=True)[0]
    binned(runner.session, ada)
    browser = Client()
    browser.force_login(ada)
    api = f"/api/sessions/{runner.session}"
    for path in (f"{api}/state", f"{api}/entries?before=1", f"{api}/blobs/{name}"):
        assert browser.get(path).status_code == 404, path
    assert browser.post(f"{api}/fork").status_code == 404


def test_what_comes_back_is_as_it_was(runner: Page, ada: User) -> None:
    runner.run("x = 1", "out\n")
    runner.push(runner.snapshot(b"x"))
    before = state(runner.session)
    binned(runner.session, ada)
    actions.restore_session(runner.session, ada.pk)
    assert state(runner.session) == before
    runner.run("x")


def test_only_the_owner_bins_and_restores(session: str, ada: User, bob: User) -> None:
    with pytest.raises(ActionError) as stranger:
        binned(session, bob)
    assert stranger.value.code == "not-found"
    Member.objects.create(session_id=uuid.UUID(session), user=bob, role="editor", granted_by="x")
    with pytest.raises(ActionError) as editor:
        binned(session, bob)
    assert editor.value.code == "forbidden"
    binned(session, ada)
    for deed in (actions.restore_session, actions.doom_session):
        with pytest.raises(ActionError):
            deed(session, bob.pk)
    assert queries.binned_for(session, bob.pk) is not None
    assert queries.binned_for(session, None) is None


def test_the_bin_keeps_for_its_days_and_then_removes_all_rows(runner: Page, ada: User) -> None:
    runner.run("print(1)", "1\n")
    runner.push(runner.snapshot(b"x"))
    assert len(left_of(runner.session)) >= 8
    binned(runner.session, ada)
    Session.objects.update(binned_at=timezone.now() - timedelta(days=29))
    assert (tasks.empty_bin(), tasks.purge_sessions()) == (0, 0)
    Session.objects.update(binned_at=timezone.now() - timedelta(days=31))
    assert tasks.empty_bin() == 1
    assert queries.binned_for(runner.session, ada.pk) is None
    with pytest.raises(ActionError):
        actions.restore_session(runner.session, ada.pk)
    assert tasks.purge_sessions() == 1
    assert left_of(runner.session) == []
    assert (tasks.empty_bin(), tasks.purge_sessions()) == (0, 0)


def test_a_large_session_goes_in_batches(
    runner: Page, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        runner.run(f"print({number})", "x\n")
    monkeypatch.setattr("sessions_app.actions.bin.BATCH_ROWS", 4)
    binned(runner.session, ada)
    actions.doom_session(runner.session, ada.pk)
    steps = 1
    while not actions.purge_session(runner.session):
        steps += 1
        assert steps < 30
    assert steps > 5
    assert left_of(runner.session) == []


def test_delete_now_is_done_by_a_job(runner: Page, ada: User) -> None:
    binned(runner.session, ada)
    actions.doom_session(runner.session, ada.pk)
    tasks.sweep_jobs()
    assert left_of(runner.session) == []


def test_a_session_that_is_not_doomed_is_not_purged(runner: Page, ada: User) -> None:
    binned(runner.session, ada)
    assert actions.purge_session(runner.session)
    assert "Session" in left_of(runner.session)


def test_forks_live_on(runner: Page, ada: User) -> None:
    runner.run("x = 1", "out\n")
    saved = runner.snapshot(b"x is 1")
    runner.push(saved)
    fork = actions.fork_session(runner.session, ada.pk)
    before = state(fork)
    binned(runner.session, ada)
    actions.doom_session(runner.session, ada.pk)
    assert actions.purge_session(runner.session)
    assert state(fork) == before
    assert queries.lacking(fork, [saved.manifest.hash]) == []
    assert not actions.sweep_blob(saved.manifest.hash, 0)


def test_age_takes_what_only_guests_have(ada: User) -> None:
    visitor, other = guest("guest-1"), guest("guest-2")
    old, shared, taught, young = (actions.create_session(visitor.pk) for _ in range(4))
    account = actions.create_session(ada.pk)
    for session, user, grant in ((shared, ada, "link 1"), (taught, other, "class 7")):
        Member.objects.create(
            session_id=uuid.UUID(session), user=user, role="viewer", granted_by=grant
        )
    past = timezone.now() - timedelta(days=181)
    Session.objects.exclude(pk=uuid.UUID(young)).update(last_activity=past)
    assert tasks.bin_old_sessions() == 1
    assert [row.public_id for row in Session.objects.filter(binned_by_age=True)] == [old]
    assert tasks.bin_old_sessions() == 0
    assert queries.membership(account, ada.pk) is not None
    actions.restore_session(old, visitor.pk)
    assert tasks.bin_old_sessions() == 0


def test_age_does_not_take_what_was_used_meanwhile() -> None:
    visitor = guest("guest-1")
    session = actions.create_session(visitor.pk)
    assert not actions.bin_old_session(session)
    assert Session.objects.get().binned_at is None


def test_a_guest_who_signed_up_in_time_keeps_all() -> None:
    visitor = guest("guest-1")
    actions.create_session(visitor.pk)
    Session.objects.update(last_activity=timezone.now() - timedelta(days=400))
    User.objects.filter(pk=visitor.pk).update(is_guest=False)
    assert tasks.bin_old_sessions() == 0


def test_a_person_who_goes_takes_all_that_is_theirs(runner: Page, ada: User, bob: User) -> None:
    runner.run("x = 1")
    mine, old = actions.create_session(ada.pk), binned(actions.create_session(ada.pk), ada)
    theirs = actions.create_session(bob.pk)
    Member.objects.create(session_id=uuid.UUID(theirs), user=ada, role="editor", granted_by="l")
    assert actions.doom_sessions_of(ada.pk) == 3
    assert not Member.objects.filter(user=ada).exists()
    tasks.purge_sessions()
    assert [left_of(session) for session in (runner.session, mine, old)] == [[], [], []]
    assert queries.membership(theirs, bob.pk) is not None
    assert actions.doom_sessions_of(ada.pk) == 0


def test_runs_of_tasks_are_noted(session: str, ada: User) -> None:
    from sessions_app.models import TaskRun

    binned(session, ada)
    Session.objects.update(binned_at=timezone.now() - timedelta(days=31))
    tasks.empty_bin()
    run = TaskRun.objects.get(name="empty_bin")
    assert (run.done, run.failed_at) == (1, None)


@pytest.mark.django_db(transaction=True)
async def test_open_tabs_hear_of_the_bin(
    connect: Callable[..., Socket], ada: User, session: str
) -> None:
    tab = connect()
    await tab.open()
    await db(binned)(session, ada)
    assert await tab.closed() == p.CLOSE_GONE
    late = connect()
    late.state = tab.state
    await late.wire.connect()
    assert late.state is not None
    hello = p.Hello(
        protocol=p.PROTOCOL_VERSION, client=late.page.client, tab=late.page.tab,
        epoch=late.state.epoch, seq=late.state.seq,
    )  # fmt: skip
    await late.say(hello)
    assert await late.closed() == p.CLOSE_GONE


def test_bytes_in_the_bin_count_until_they_are_gone(
    runner: Page, ada: User, settings: object
) -> None:
    runner.push(runner.snapshot(b"x" * 3000))
    used = Session.objects.get().stored_bytes
    binned(runner.session, ada)
    settings.PLAYGROUND_ACCOUNT_BYTES = used  # type: ignore[attr-defined]
    settings.PLAYGROUND_SESSION_BYTES = 10  # type: ignore[attr-defined]
    other = Page(actions.create_session(ada.pk), ada.pk)
    store_blob(b"y" * 100)
    with pytest.raises(ActionError) as full:
        other.upload(b"y" * 100)
    assert full.value.code == "limit"
    actions.doom_session(runner.session, ada.pk)
    actions.purge_session(runner.session)
    settings.PLAYGROUND_SESSION_BYTES = 10_000  # type: ignore[attr-defined]
    other.upload(b"y" * 100)
