"""Deleting entries for good, giving them back, pinning; labels of snapshots."""

from __future__ import annotations

import uuid

import pytest
from django.db.models import F
from msgspec.structs import replace

from sessions_app import actions, blobs, broadcast, queries
from sessions_app import protocol as p
from sessions_app.models import (
    BlobLink,
    Entry,
    EntryBlob,
    EntryOutput,
    OperationRecord,
    Session,
    Snapshot,
)
from sessions_app.state import Invalid, apply_operation
from tests.sessions_app.helpers import Page, codes, fresh_process, manifest_of, state, store_blob

pytestmark = pytest.mark.django_db

SECRET = "to-be-forgotten"


def everything(session: str) -> str:
    """All text that the database, the log and the memory of this process have of a session."""
    row = Session.objects.get(pk=uuid.UUID(session))
    bodies: list[str] = []
    for model in (Entry, EntryOutput, OperationRecord):
        bodies += model.objects.filter(session=row).values_list("body", flat=True)
    bodies += [row.preview_code, row.preview_output]
    ring = broadcast.recent(session, row.epoch, 0, 10_000) or []
    bodies += [stored.body.decode() for stored in ring]
    return "\n".join([*bodies, p.encode(queries.load_state(session)).decode()])


def row_of(session: str) -> Session:
    """The session's row."""
    return Session.objects.get(pk=uuid.UUID(session))


def test_a_deleted_text_is_nowhere(runner: Page) -> None:
    kept = runner.run("x = 1", "shown")
    number = runner.run(f"print('{SECRET}')", SECRET)
    before = row_of(runner.session).history_bytes
    assert SECRET in everything(runner.session)
    assert codes(runner.push(p.DeleteEntry((number,)))) == ["ack"]
    assert SECRET not in everything(runner.session)
    entry = state(runner.session).entries[number - 1]
    assert (entry.number, entry.status, entry.deleted, entry.source) == (number, "ok", True, "")
    assert state(runner.session).entries[kept - 1].source == "x = 1"
    assert row_of(runner.session).history_bytes < before - len(SECRET)
    assert runner.run() == number + 1


def test_a_run_deleted_in_its_own_push_leaves_nothing(runner: Page) -> None:
    output = p.AppendOutput(1, (p.StreamOutput("stdout", SECRET),))
    answers = runner.push(
        p.StartExecution(1, SECRET, "file", None, f"{SECRET}.py"),
        output,
        p.FinishExecution(1, "ok", 1),
        p.DeleteEntry((1,)),
    )
    assert codes(answers) == ["ack"] * 4
    assert SECRET not in everything(runner.session)


def test_who_replays_the_log_comes_to_the_same_state(runner: Page) -> None:
    empty = state(runner.session)
    number = runner.run(SECRET, SECRET)
    runner.push(p.DeleteEntry((number,)))
    runner.push(p.RestoreEntry(number, SECRET, (p.StreamOutput("stdout", SECRET),)))
    assert SECRET in everything(runner.session)
    runner.push(p.DeleteEntry((number,)))
    assert SECRET not in everything(runner.session)
    replica = empty
    for stored in queries.records_after(runner.session, empty.seq, 1_000) or []:
        after = apply_operation(replica, stored.record)
        assert not isinstance(after, Invalid), after
        replica = after
    assert replica == state(runner.session)
    row = row_of(runner.session)
    assert row.log_bytes == sum(len(record.body.encode()) for record in row.log.all())


def test_entries_long_past_can_be_deleted_pinned_and_given_back(runner: Page) -> None:
    first = runner.run(SECRET, SECRET)
    for _ in range(30):
        runner.run()
    fresh_process()
    assert codes(runner.push(p.PinEntry(first, pinned=True))) == ["ack"]
    assert state(runner.session).entries[0].pinned
    assert codes(runner.push(p.DeleteEntry((first, 2)))) == ["ack"]
    assert SECRET not in everything(runner.session)
    assert codes(runner.push(p.PinEntry(first, pinned=True))) == ["invalid"]
    assert codes(runner.push(p.RestoreEntry(5, "forged"))) == ["invalid"]
    output = p.StreamOutput("stdout", "again")
    answers = runner.push(
        p.RestoreEntry(first, "a = ", (output,), more=True), p.RestoreEntry(first, "1", (output,))
    )
    assert codes(answers) == ["ack", "ack"]
    fresh_process()
    entry = state(runner.session).entries[0]
    assert (entry.source, entry.deleted, entry.status) == ("a = 1", False, "ok")
    assert entry.outputs == (p.StreamOutput("stdout", "againagain"),)


def test_what_runs_or_is_not_there_cannot_be_deleted(runner: Page) -> None:
    runner.run()
    runner.push(p.StartExecution(2, SECRET))
    assert codes(runner.push(p.DeleteEntry((1, 2)))) == ["invalid"]
    assert codes(runner.push(p.DeleteEntry((3,)))) == ["invalid"]
    assert state(runner.session).entries[0].source == "1"


def test_a_deletion_needs_no_lease(runner: Page) -> None:
    number = runner.run(SECRET, SECRET)
    other = Page(runner.session, runner.user)
    assert codes(other.push(p.DeleteEntry((number,)))) == ["ack"]
    assert SECRET not in everything(runner.session)


def test_snapshots_go_with_their_entries_but_for_the_head(runner: Page) -> None:
    first = runner.run()
    labelled = runner.snapshot(b"first" * 100)
    runner.push(labelled, p.LabelSnapshot(labelled.snapshot, "Good"))
    second = runner.run()
    runner.push(runner.snapshot(b"second" * 100))
    assert codes(runner.push(p.DeleteEntry((first, second)))) == ["ack"]
    left = state(runner.session).snapshots
    assert [info.number for info in left] == [second]
    assert not Snapshot.objects.filter(snapshot=labelled.snapshot).exists()
    assert not queries.blob_in_snapshots(runner.session, labelled.manifest.hash)
    assert not queries.blob_just_uploaded(runner.session, labelled.manifest.hash)
    assert queries.blob_in_snapshots(runner.session, left[0].manifest.hash)


def delete_with_snapshot(runner: Page) -> p.SnapshotInfo:
    """An entry whose snapshot is not the head is deleted; gives what the page then remembers."""
    first = runner.run(SECRET)
    saved = runner.snapshot(b"first" * 100)
    runner.push(saved, p.LabelSnapshot(saved.snapshot, "Good"))
    runner.run()
    runner.push(runner.snapshot(b"second" * 100))
    info = state(runner.session).snapshots[0]
    assert codes(runner.push(p.DeleteEntry((first,)))) == ["ack"]
    return info


def test_a_deleted_entry_comes_back_with_its_snapshot(runner: Page) -> None:
    info = delete_with_snapshot(runner)
    assert codes(runner.push(p.ReturnSnapshot(info))) == ["invalid"]
    answers = runner.push(p.RestoreEntry(1, SECRET), p.ReturnSnapshot(info))
    assert codes(answers) == ["ack", "ack"]
    fresh_process()
    assert [(each.number, each.label) for each in state(runner.session).snapshots] == [
        (1, "Good"),
        (2, None),
    ]
    assert state(runner.session).snapshots[0] == info
    assert queries.blob_in_snapshots(runner.session, info.manifest.hash)
    assert codes(runner.push(p.RestoreSnapshot(info.id))) == ["ack"]
    assert codes(runner.push(p.ReturnSnapshot(info))) == ["invalid"]


def test_what_came_from_a_deleted_snapshot_does_so_again(runner: Page) -> None:
    info = delete_with_snapshot(runner)
    later = state(runner.session).snapshots[0]
    assert later.parent == info.id
    runner.push(p.RestoreEntry(1, SECRET), p.ReturnSnapshot(info, (later.id,)))
    runner.run()
    third = runner.snapshot(b"third" * 100)
    runner.push(third, p.DeleteEntry((2,)))
    fresh_process()
    found = {one.id: one.parent for one in state(runner.session).snapshots}
    assert found == {info.id: None, third.snapshot: info.id}
    assert codes(runner.push(p.RestoreEntry(2, "x"))) == ["ack"]
    returned = p.ReturnSnapshot(later, (third.snapshot,))
    assert codes(runner.push(returned)) == ["ack"]
    fresh_process()
    found = {one.id: one.parent for one in state(runner.session).snapshots}
    assert found == {info.id: None, later.id: info.id, third.snapshot: later.id}


def test_a_returned_snapshot_names_only_what_the_session_has(runner: Page) -> None:
    info = delete_with_snapshot(runner)
    runner.push(p.RestoreEntry(1, SECRET))
    foreign = store_blob(p.encode(manifest_of(store_blob(b"of another session"))))
    forged = replace(info, manifest=foreign)
    assert codes(runner.push(p.ReturnSnapshot(forged))) == ["missing"]
    assert codes(runner.push(p.ReturnSnapshot(replace(info, label="two\nlines")))) == ["invalid"]
    assert len(state(runner.session).snapshots) == 1


def test_a_deleted_snapshot_is_the_first_to_make_room(runner: Page, settings: object) -> None:
    info = delete_with_snapshot(runner)
    actions.count_storage(runner.session)
    assert not queries.lacking(runner.session, [info.manifest.hash])
    before = row_of(runner.session).stored_bytes
    settings.PLAYGROUND_SESSION_BYTES = before - 1  # type: ignore[attr-defined]
    runner.run()
    assert codes(runner.push(runner.snapshot(b"third"))) == ["ack"]
    assert queries.lacking(runner.session, [info.manifest.hash])
    assert len(state(runner.session).snapshots) == 2
    runner.push(p.RestoreEntry(1, SECRET))
    assert codes(runner.push(p.ReturnSnapshot(info))) == ["missing"]


def test_the_blobs_of_a_deleted_snapshot_go_when_it_can_come_back_no_more(runner: Page) -> None:
    info = delete_with_snapshot(runner)
    day = 24 * 3600 * 1000
    BlobLink.objects.update(linked_ms=F("linked_ms") - day)
    actions.count_storage(runner.session)
    assert queries.lacking(runner.session, [info.manifest.hash])


def test_output_blobs_stay_long_enough_to_undo(runner: Page) -> None:
    ref = runner.upload(b"picture" * 1_000)
    shown = p.DisplayData({}, {"image/png": ref})
    runner.push(
        p.StartExecution(1, "show"), p.AppendOutput(1, (shown,)), p.FinishExecution(1, "ok", 1)
    )
    runner.push(p.DeleteEntry((1,)))
    assert not EntryBlob.objects.exists()
    assert not queries.blob_in_outputs(runner.session, ref.hash)
    assert not queries.blob_just_uploaded(runner.session, ref.hash)
    assert codes(runner.push(p.RestoreEntry(1, "show", (shown,)))) == ["ack"]
    assert queries.blob_in_outputs(runner.session, ref.hash)
    assert blobs.find(ref.hash)
    runner.push(p.DeleteEntry((1,)))
    BlobLink.objects.all().delete()
    assert codes(runner.push(p.RestoreEntry(1, "show", (shown,)))) == ["missing"]


def test_what_is_given_back_keeps_to_the_bounds(runner: Page) -> None:
    runner.run()
    runner.push(p.DeleteEntry((1,)))
    half = "x" * 60_000
    answers = runner.push(p.RestoreEntry(1, half, more=True), p.RestoreEntry(1, half))
    assert codes(answers) == ["ack", "invalid"]


def test_a_fork_has_the_tombstone_and_not_the_text(runner: Page) -> None:
    number = runner.run(SECRET, SECRET)
    runner.run()
    runner.push(p.DeleteEntry((number,)))
    fork = actions.fork_session(runner.session, runner.user)
    assert state(fork).entries[0].deleted
    assert SECRET not in everything(fork)


def test_rows_of_earlier_versions_still_load(runner: Page) -> None:
    runner.run("old")
    body = (
        '{"number":1,"source":"old","status":"ok","executedAt":5,"fence":1,"durationMs":1.0,'
        '"outputs":[],"lost":false}'
    )
    Entry.objects.update(body=body)
    fresh_process()
    entry = state(runner.session).entries[0]
    assert (entry.kind, entry.origin, entry.deleted, entry.pinned) == ("code", None, False, False)


def test_labels(runner: Page) -> None:
    runner.run()
    saved = runner.snapshot(b"values")
    assert codes(runner.push(saved, p.LabelSnapshot(saved.snapshot, "Before lunch"))) == ["ack"] * 2
    assert state(runner.session).snapshots[0].label == "Before lunch"
    for label in ("two\nlines", "   ", "\u202e"):
        assert codes(runner.push(p.LabelSnapshot(saved.snapshot, label))) == ["invalid"]
    assert codes(runner.push(p.LabelSnapshot("nothing", "x"))) == ["invalid"]
    assert codes(runner.push(p.LabelSnapshot(saved.snapshot, None))) == ["ack"]
    assert state(runner.session).snapshots[0].label is None


def test_labelled_snapshots_go_last(runner: Page, settings: object) -> None:
    settings.PLAYGROUND_MAX_SNAPSHOTS = 2  # type: ignore[attr-defined]
    names = []
    for index in range(4):
        runner.run()
        saved = runner.snapshot(b"v%d" % index)
        names.append(saved.snapshot)
        label = [p.LabelSnapshot(saved.snapshot, "Kept")] if index == 0 else []
        assert set(codes(runner.push(saved, *label))) == {"ack"}
    assert [info.id for info in state(runner.session).snapshots] == [names[0], names[3]]
