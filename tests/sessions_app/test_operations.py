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


def test_an_execution_is_kept(page: Page) -> None:
    text = 'nul \x00, quote ", emoji \U0001f600\n'
    page.run("print(1)", text)
    entry = state(page.session).entries[0]
    assert (entry.source, entry.status, entry.duration_ms) == ("print(1)", "ok", 1.5)
    assert entry.outputs == (p.StreamOutput("stdout", text),)


def test_acks_name_seq_and_time(page: Page) -> None:
    (ack,) = page.push(p.SetTitle("New name"))
    assert isinstance(ack, p.Ack)
    now = state(page.session)
    assert (ack.n, ack.seq, now.title) == (1, now.seq, "New name")


def test_a_repeat_changes_nothing(page: Page) -> None:
    sent = [page.number(p.StartExecution(1, "1")), page.number(p.FinishExecution(1, "ok", 1))]
    first = page.send(*sent)
    before = state(page.session)
    assert page.send(*sent) == first
    assert page.send(sent[0]) == first[:1]
    assert state(page.session) == before


def test_a_repeat_within_one_push(page: Page) -> None:
    sent = page.number(p.SetTitle("Twice"))
    first, second = page.send(sent, sent)
    assert first == second
    assert codes((first,)) == ["ack"]


def test_a_repeat_older_than_the_log(page: Page) -> None:
    sent = page.number(p.SetTitle("Old"))
    page.send(sent)
    OperationRecord.objects.all().delete()
    (again,) = page.send(sent)
    assert again == p.Ack(page.client, 1, 0, 0)


def test_a_refusal_is_repeated(page: Page) -> None:
    sent = page.number(p.StartExecution(7, "1"))
    first = page.send(sent)
    assert codes(first) == ["invalid"]
    page.run()
    assert page.send(sent) == first


def test_a_gap_asks_for_the_missing_number(page: Page) -> None:
    page.push(p.SetTitle("one"))
    skipped = p.Sent(3, 0, p.SetTitle("three"))
    answers = page.send(skipped, p.Sent(4, 0, p.SetTitle("four")))
    assert codes(answers) == ["expect"]
    assert isinstance(answers[0], p.Nack)
    assert answers[0].expect == 2
    assert state(page.session).title == "one"


def test_reordered_operations_wait_for_the_first(page: Page) -> None:
    one, two = page.number(p.SetTitle("one")), page.number(p.SetTitle("two"))
    assert codes(page.send(two)) == ["expect"]
    assert codes(page.send(one, two)) == ["ack", "ack"]
    assert state(page.session).title == "two"


def test_a_malformed_operation_uses_up_its_number(page: Page) -> None:
    answers = page.send(Malformed(1, "It is malformed."), p.Sent(2, 0, p.SetTitle("after")))
    assert codes(answers) == ["invalid", "ack"]
    page.n = 2
    assert codes(page.send(Malformed(1, "Other words."))) == ["invalid"]
    assert codes(page.push(p.SetTitle("next"))) == ["ack"]


def test_a_client_id_belongs_to_its_user(page: Page, bob: User) -> None:
    Member.objects.create(session_id=uuid.UUID(page.session), user=bob, role="editor")
    page.push(p.SetTitle("Ada's"))
    forger = Page(page.session, bob.pk, client=page.client, n=1, fence=page.fence)
    assert codes(forger.push(p.SetTitle("Bob's"))) == ["forbidden"]
    assert state(page.session).title == "Ada's"
    assert codes(page.push(p.SetTitle("Still Ada's"))) == ["ack"]


def test_strangers_learn_nothing(page: Page, bob: User) -> None:
    stranger = Page(page.session, bob.pk)
    with pytest.raises(ActionError) as refused:
        stranger.push(p.SetTitle("x"))
    assert refused.value.code == "not-found"
    missing = Page(uuid.uuid4().hex, bob.pk)
    with pytest.raises(ActionError) as absent:
        actions.apply_pushed(missing.session, bob.pk, "c", ())
    assert str(absent.value) == str(refused.value)


def test_a_viewer_changes_nothing(page: Page, bob: User) -> None:
    Member.objects.create(session_id=uuid.UUID(page.session), user=bob, role="viewer")
    viewer = Page(page.session, bob.pk)
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
    page: Page, operation: p.AnyOperation
) -> None:
    page.push(p.StartExecution(1, "1"))
    assert codes(page.push(operation)) == ["forbidden"]


def test_no_lease_no_run(session: str, ada: User) -> None:
    follower = Page(session, ada.pk)
    assert codes(follower.push(p.StartExecution(1, "1"))) == ["fenced"]


def test_a_fence_counts_for_its_client_only(page: Page) -> None:
    other = Page(page.session, page.user, fence=page.fence)
    assert codes(other.push(p.StartExecution(1, "1"))) == ["fenced"]
    page.fence += 1
    assert codes(page.push(p.StartExecution(1, "1"))) == ["fenced"]


def test_an_older_fence_writes_until_a_higher_one_has(page: Page) -> None:
    page.push(p.StartExecution(1, "slow()"))
    other = Page(page.session, page.user, tab=page.tab)
    other.acquire()
    assert state(page.session).entries[0].lost
    late = page.push(p.FinishExecution(1, "ok", 9))
    assert codes(late) == ["ack"]
    assert state(page.session).entries[0].status == "ok"
    other.run()
    assert codes(page.push(p.StartExecution(3, "late"))) == ["fenced"]


def test_one_execution_at_a_time(page: Page) -> None:
    answers = page.push(p.StartExecution(1, "a"), p.StartExecution(2, "b"))
    assert codes(answers) == ["ack", "ack"]
    first, second = state(page.session).entries
    assert (first.status, first.lost, second.status) == ("interrupted", True, "running")


def test_streams_are_joined_in_the_rows(page: Page) -> None:
    page.push(p.StartExecution(1, "loop"))
    for text in ("a", "b", "c" * p.STREAM_CHUNK_CHARS, "d"):
        page.push(p.AppendOutput(1, (p.StreamOutput("stdout", text),)))
    page.push(p.AppendOutput(1, (p.StreamOutput("stderr", "e"), p.StreamOutput("stderr", "f"))))
    texts = [output.text for output in state(page.session).entries[0].outputs]  # type: ignore[union-attr]
    assert texts == ["ab", "c" * p.STREAM_CHUNK_CHARS, "d", "ef"]
    assert EntryOutput.objects.count() == 4


def test_state_comes_from_rows_after_a_restart(page: Page) -> None:
    page.push(p.StartExecution(1, "x"), p.AppendOutput(1, (p.StreamOutput("stdout", "a"),)))
    fresh_process()
    answers = page.push(
        p.AppendOutput(1, (p.StreamOutput("stdout", "b"),)), p.FinishExecution(1, "error", 2)
    )
    assert codes(answers) == ["ack", "ack"]
    assert state(page.session).entries[0].outputs == (p.StreamOutput("stdout", "ab"),)


def test_variables_and_files(page: Page) -> None:
    row = p.VariableRow("x", "int", 28, "1", True)
    gone = p.VariableRow("y", "list", 60, "[]", False, "too large")
    file = p.FileRow("a/b.txt", 3, 1)
    page.push(p.SetVariables((row, gone)), p.SetFiles((file,)))
    page.push(p.SetVariables((), ("y",)), p.SetFiles((), ("nothing",)))
    fresh_process()
    now = state(page.session)
    assert (now.variables, now.files) == ((row,), (file,))


def test_a_run_keeps_no_more_than_its_share(page: Page) -> None:
    page.push(p.StartExecution(1, "loop"))
    chunk = p.StreamOutput("stdout", "x" * p.MAX_INLINE_CHARS)
    answers = [codes(page.push(p.AppendOutput(1, (chunk,))))[0] for _ in range(17)]
    assert answers == ["ack"] * 15 + ["limit"] * 2
    assert codes(page.push(p.FinishExecution(1, "ok", 1))) == ["ack"]


def test_the_history_has_an_end(page: Page, settings: object) -> None:
    settings.PLAYGROUND_HISTORY_BYTES = 500  # type: ignore[attr-defined]
    page.run("x" * 1000)
    assert codes(page.push(p.StartExecution(2, "1"))) == ["limit"]


def test_a_record_fits_a_frame(page: Page) -> None:
    # Null reasons that the browser left out make the record longer than the frame that it came in.
    rows = tuple(p.VariableRow(f"{i:04}", "x" * 100, 1, "y", True) for i in range(1_500))
    assert codes(page.push(p.SetVariables(rows))) == ["invalid"]
    assert codes(page.push(p.SetVariables(rows[:700]))) == ["ack"]


@pytest.mark.parametrize("title", ["\x00", "a\nb", "   ", "\x7f"])
def test_titles_are_visible(page: Page, title: str) -> None:
    assert codes(page.push(p.SetTitle(title))) == ["invalid"]


def test_refusals_kept_are_bounded(page: Page) -> None:
    page.send(*(Malformed(n, "no") for n in range(1, 301)))
    assert len(ClientCursor.objects.get(client=page.client).refused) < 20_000


def test_the_log_is_bounded_by_bytes(page: Page, settings: object) -> None:
    settings.PLAYGROUND_LOG_BYTES = 20_000  # type: ignore[attr-defined]
    page.push(p.StartExecution(1, "1"))
    for _ in range(12):
        actions.apply_pushed(
            page.session,
            page.user,
            page.client,
            [page.number(p.AppendOutput(1, (p.StreamOutput("stdout", "x" * 3000),)))],
        )
    row = Session.objects.get()
    kept = sum(len(body) for body in row.log.values_list("body", flat=True))
    assert row.log_bytes == kept < 20_000
    assert queries.records_after(page.session, 1, 10) is None
    assert not queries.log_reaches(page.session, 1, row.seq)
    assert queries.log_reaches(page.session, row.seq - 1, row.seq)


def test_hooks_stand_and_fall_with_the_change(page: Page) -> None:
    seen: list[tuple[str, int]] = []

    def fail(row: Session, records: object) -> None:
        seen.append((row.title, len(list(records))))  # type: ignore[call-overload]
        raise RuntimeError("the hook's own fault")

    hooks.register(fail)
    try:
        with pytest.raises(RuntimeError):
            page.push(p.SetTitle("never"))
    finally:
        hooks.unregister(fail)
    assert seen == [("never", 1)]
    assert state(page.session).title != "never"
    page.n = 0
    assert codes(page.push(p.SetTitle("now"))) == ["ack"]


def test_a_failed_change_is_not_remembered(page: Page) -> None:
    with pytest.raises(RuntimeError), changing(page.session) as change:
        change.apply(p.SetTitle("lost"))
        change.save()
        raise RuntimeError
    assert codes(page.push(p.SetTitle("kept"))) == ["ack"]
