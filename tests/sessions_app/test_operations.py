"""Pushing operations: numbering, fencing, rights, bounds, and that rows equal the replicas."""

from __future__ import annotations

import uuid

import pytest

from playground.accounts.models import User
from sessions_app import actions, hooks, queries
from sessions_app import protocol as p
from sessions_app.actions import Malformed
from sessions_app.actions.change import changing
from sessions_app.errors import ActionError
from sessions_app.models import ClientCursor, EntryOutput, Member, OperationRecord, Session
from tests.sessions_app.helpers import Page, codes, fresh_process, state

pytestmark = pytest.mark.django_db


def test_an_execution_is_kept(runner: Page) -> None:
    text = 'nul \x00, quote ", emoji \U0001f600\n'
    runner.run("print(1)", text)
    entry = state(runner.session).entries[0]
    assert (entry.source, entry.status, entry.duration_ms) == ("print(1)", "ok", 1.5)
    assert entry.outputs == (p.StreamOutput("stdout", text),)


def test_acks_name_seq_and_time(runner: Page) -> None:
    (ack,) = runner.push(p.SetTitle("New name"))
    assert isinstance(ack, p.Ack)
    now = state(runner.session)
    assert (ack.n, ack.seq, now.title) == (1, now.seq, "New name")


def test_a_repeat_changes_nothing(runner: Page) -> None:
    sent = [runner.number(p.StartExecution(1, "1")), runner.number(p.FinishExecution(1, "ok", 1))]
    first = runner.send(*sent)
    before = state(runner.session)
    assert runner.send(*sent) == first
    assert runner.send(sent[0]) == first[:1]
    assert state(runner.session) == before


def test_a_repeat_within_one_push(runner: Page) -> None:
    sent = runner.number(p.SetTitle("Twice"))
    first, second = runner.send(sent, sent)
    assert first == second
    assert codes((first,)) == ["ack"]


def test_a_repeat_older_than_the_log(runner: Page) -> None:
    sent = runner.number(p.SetTitle("Old"))
    runner.send(sent)
    OperationRecord.objects.all().delete()
    (again,) = runner.send(sent)
    assert again == p.Ack(runner.client, 1, 0, 0)


def test_a_refusal_is_repeated(runner: Page) -> None:
    sent = runner.number(p.StartExecution(7, "1"))
    first = runner.send(sent)
    assert codes(first) == ["invalid"]
    runner.run()
    assert runner.send(sent) == first


def test_a_gap_asks_for_the_missing_number(runner: Page) -> None:
    runner.push(p.SetTitle("one"))
    skipped = p.Sent(3, 0, p.SetTitle("three"))
    answers = runner.send(skipped, p.Sent(4, 0, p.SetTitle("four")))
    assert codes(answers) == ["expect"]
    assert isinstance(answers[0], p.Nack)
    assert answers[0].expect == 2
    assert state(runner.session).title == "one"


def test_reordered_operations_wait_for_the_first(runner: Page) -> None:
    one, two = runner.number(p.SetTitle("one")), runner.number(p.SetTitle("two"))
    assert codes(runner.send(two)) == ["expect"]
    assert codes(runner.send(one, two)) == ["ack", "ack"]
    assert state(runner.session).title == "two"


def test_a_malformed_operation_uses_up_its_number(runner: Page) -> None:
    answers = runner.send(Malformed(1, "It is malformed."), p.Sent(2, 0, p.SetTitle("after")))
    assert codes(answers) == ["invalid", "ack"]
    runner.n = 2
    assert codes(runner.send(Malformed(1, "Other words."))) == ["invalid"]
    assert codes(runner.push(p.SetTitle("next"))) == ["ack"]


def test_a_client_id_belongs_to_its_user(runner: Page, bob: User) -> None:
    Member.objects.create(session_id=uuid.UUID(runner.session), user=bob, role="editor")
    runner.push(p.SetTitle("Ada's"))
    forger = Page(runner.session, bob.pk, client=runner.client, n=1, fence=runner.fence)
    assert codes(forger.push(p.SetTitle("Bob's"))) == ["forbidden"]
    assert state(runner.session).title == "Ada's"
    assert codes(runner.push(p.SetTitle("Still Ada's"))) == ["ack"]


def test_strangers_learn_nothing(runner: Page, bob: User) -> None:
    stranger = Page(runner.session, bob.pk)
    with pytest.raises(ActionError) as refused:
        stranger.push(p.SetTitle("x"))
    assert refused.value.code == "not-found"
    missing = Page(uuid.uuid4().hex, bob.pk)
    with pytest.raises(ActionError) as absent:
        actions.apply_pushed(missing.session, bob.pk, "c", ())
    assert str(absent.value) == str(refused.value)


def test_a_viewer_changes_nothing(runner: Page, bob: User) -> None:
    Member.objects.create(session_id=uuid.UUID(runner.session), user=bob, role="viewer")
    viewer = Page(runner.session, bob.pk)
    assert codes(viewer.push(p.SetTitle("x"), p.StartExecution(1, "1"))) == ["forbidden"] * 2
    with pytest.raises(ActionError) as refused:
        viewer.acquire()
    assert refused.value.code == "forbidden"


@pytest.mark.parametrize(
    "operation",
    [
        p.SetRunner(None),
        p.RemoveSnapshots(("a",)),
        p.FinishExecution(1, "interrupted", 1, True),
    ],
)
def test_operations_of_the_server_are_not_for_browsers(
    runner: Page, operation: p.AnyOperation
) -> None:
    runner.push(p.StartExecution(1, "1"))
    assert codes(runner.push(operation)) == ["forbidden"]


def test_no_lease_no_run(session: str, ada: User) -> None:
    follower = Page(session, ada.pk)
    assert codes(follower.push(p.StartExecution(1, "1"))) == ["fenced"]


def test_a_fence_counts_for_its_client_only(runner: Page) -> None:
    other = Page(runner.session, runner.user, fence=runner.fence)
    assert codes(other.push(p.StartExecution(1, "1"))) == ["fenced"]
    runner.fence += 1
    assert codes(runner.push(p.StartExecution(1, "1"))) == ["fenced"]


def test_an_older_fence_writes_until_a_higher_one_has(runner: Page) -> None:
    runner.push(p.StartExecution(1, "slow()"))
    other = Page(runner.session, runner.user, tab=runner.tab)
    other.acquire()
    assert state(runner.session).entries[0].lost
    late = runner.push(p.FinishExecution(1, "ok", 9))
    assert codes(late) == ["ack"]
    assert state(runner.session).entries[0].status == "ok"
    other.run()
    assert codes(runner.push(p.StartExecution(3, "late"))) == ["fenced"]


def test_one_execution_at_a_time(runner: Page) -> None:
    answers = runner.push(p.StartExecution(1, "a"), p.StartExecution(2, "b"))
    assert codes(answers) == ["ack", "ack"]
    first, second = state(runner.session).entries
    assert (first.status, first.lost, second.status) == ("interrupted", True, "running")


def test_streams_are_joined_in_the_rows(runner: Page) -> None:
    runner.push(p.StartExecution(1, "loop"))
    for text in ("a", "b", "c" * p.STREAM_CHUNK_CHARS, "d"):
        runner.push(p.AppendOutput(1, (p.StreamOutput("stdout", text),)))
    runner.push(p.AppendOutput(1, (p.StreamOutput("stderr", "e"), p.StreamOutput("stderr", "f"))))
    texts = [output.text for output in state(runner.session).entries[0].outputs]  # type: ignore[union-attr]
    assert texts == ["ab", "c" * p.STREAM_CHUNK_CHARS, "d", "ef"]
    assert EntryOutput.objects.count() == 4


def test_state_comes_from_rows_after_a_restart(runner: Page) -> None:
    runner.push(p.StartExecution(1, "x"), p.AppendOutput(1, (p.StreamOutput("stdout", "a"),)))
    fresh_process()
    answers = runner.push(
        p.AppendOutput(1, (p.StreamOutput("stdout", "b"),)), p.FinishExecution(1, "error", 2)
    )
    assert codes(answers) == ["ack", "ack"]
    assert state(runner.session).entries[0].outputs == (p.StreamOutput("stdout", "ab"),)


def test_variables_and_files(runner: Page) -> None:
    row = p.VariableRow("x", "int", 28, "1", True)
    gone = p.VariableRow("y", "list", 60, "[]", False, "too large")
    file = p.FileRow("a/b.txt", 3, 1)
    runner.push(p.SetVariables((row, gone)), p.SetFiles((file,)))
    runner.push(p.SetVariables((), ("y",)), p.SetFiles((), ("nothing",)))
    fresh_process()
    now = state(runner.session)
    assert (now.variables, now.files) == ((row,), (file,))


def test_a_run_keeps_no_more_than_its_share(runner: Page) -> None:
    runner.push(p.StartExecution(1, "loop"))
    chunk = p.StreamOutput("stdout", "x" * p.MAX_INLINE_CHARS)
    answers = [codes(runner.push(p.AppendOutput(1, (chunk,))))[0] for _ in range(17)]
    assert answers == ["ack"] * 15 + ["limit"] * 2
    assert codes(runner.push(p.FinishExecution(1, "ok", 1))) == ["ack"]


def test_the_history_has_an_end(runner: Page, settings: object) -> None:
    settings.PLAYGROUND_HISTORY_BYTES = 500  # type: ignore[attr-defined]
    runner.run("x" * 1000)
    assert codes(runner.push(p.StartExecution(2, "1"))) == ["limit"]


def test_a_record_fits_a_frame(runner: Page) -> None:
    # Null reasons that the browser left out make the record longer than the frame that it came in.
    rows = tuple(p.VariableRow(f"{i:04}", "x" * 100, 1, "y", True) for i in range(1_500))
    assert codes(runner.push(p.SetVariables(rows))) == ["invalid"]
    assert codes(runner.push(p.SetVariables(rows[:700]))) == ["ack"]


@pytest.mark.parametrize("title", ["\x00", "a\nb", "   ", "\x7f"])
def test_titles_are_visible(runner: Page, title: str) -> None:
    assert codes(runner.push(p.SetTitle(title))) == ["invalid"]


def test_refusals_kept_are_bounded(runner: Page) -> None:
    runner.send(*(Malformed(n, "no") for n in range(1, 301)))
    assert len(ClientCursor.objects.get(client=runner.client).refused) < 20_000


def test_the_log_is_bounded_by_bytes(runner: Page, settings: object) -> None:
    settings.PLAYGROUND_LOG_BYTES = 20_000  # type: ignore[attr-defined]
    runner.push(p.StartExecution(1, "1"))
    for _ in range(12):
        actions.apply_pushed(
            runner.session,
            runner.user,
            runner.client,
            [runner.number(p.AppendOutput(1, (p.StreamOutput("stdout", "x" * 3000),)))],
        )
    row = Session.objects.get()
    kept = sum(len(body) for body in row.log.values_list("body", flat=True))
    assert row.log_bytes == kept < 20_000
    assert queries.records_after(runner.session, 1, 10) is None
    assert not queries.log_reaches(runner.session, 1, row.seq)
    assert queries.log_reaches(runner.session, row.seq - 1, row.seq)


def test_hooks_stand_and_fall_with_the_change(runner: Page) -> None:
    seen: list[tuple[str, int]] = []

    def fail(row: Session, records: object) -> None:
        seen.append((row.title, len(list(records))))  # type: ignore[call-overload]
        raise RuntimeError("the hook's own fault")

    hooks.register(fail)
    try:
        with pytest.raises(RuntimeError):
            runner.push(p.SetTitle("never"))
    finally:
        hooks.unregister(fail)
    assert seen == [("never", 1)]
    assert state(runner.session).title != "never"
    runner.n = 0
    assert codes(runner.push(p.SetTitle("now"))) == ["ack"]


def test_a_failed_change_is_not_remembered(runner: Page) -> None:
    with pytest.raises(RuntimeError), changing(runner.session) as change:
        change.apply(p.SetTitle("lost"))
        change.save()
        raise RuntimeError
    assert codes(runner.push(p.SetTitle("kept"))) == ["ack"]
