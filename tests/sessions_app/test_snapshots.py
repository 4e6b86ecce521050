"""Snapshots: what a manifest may name, the quota, making room, and letting go of blobs."""

from __future__ import annotations

import os
import time

import msgspec
import pytest

from playground.accounts.models import User
from sessions_app import actions, blobs, queries
from sessions_app import protocol as p
from sessions_app.errors import ActionError
from sessions_app.models import Blob, BlobLink, Session, Snapshot
from tests.sessions_app.helpers import (
    Page,
    codes,
    fresh_process,
    manifest_of,
    state,
    store_blob,
)

pytestmark = pytest.mark.django_db


def test_a_snapshot_becomes_the_head(runner: Page) -> None:
    runner.run()
    first = runner.snapshot(b"one")
    assert codes(runner.push(first)) == ["ack"]
    second = runner.snapshot(b"one", b"two")
    assert codes(runner.push(second, p.RestoreSnapshot(first.snapshot))) == ["ack", "ack"]
    now = state(runner.session)
    assert [info.id for info in now.snapshots] == [first.snapshot, second.snapshot]
    assert now.head == first.snapshot
    assert now.marks[-1].kind == "restore"


def test_a_snapshot_on_another_head_is_refused(runner: Page) -> None:
    runner.push(runner.snapshot(b"one"))
    assert codes(runner.push(runner.snapshot(b"two", parent=None))) == ["invalid"]


def test_every_blob_must_belong_to_the_session(runner: Page, ada: User) -> None:
    foreign = Page(actions.create_session(ada.pk), ada.pk)
    secret = foreign.upload(b"of another session")
    assert codes(runner.push(runner.snapshot_of(secret))) == ["missing"]
    never = p.BlobRef("0" * 64, 5)
    assert codes(runner.push(runner.snapshot_of(never))) == ["missing"]
    lonely = store_blob(p.encode(manifest_of()) + b" ")
    assert codes(runner.push(runner.snapshot_of(manifest=lonely))) == ["missing"]
    assert state(runner.session).head is None


def test_sizes_must_be_true(runner: Page) -> None:
    ref = runner.upload(b"four")
    assert codes(runner.push(runner.snapshot_of(p.BlobRef(ref.hash, 5)))) == ["missing"]
    both = runner.snapshot_of(ref, p.BlobRef(ref.hash, 5))
    assert codes(runner.push(both)) == ["missing"]


@pytest.mark.parametrize("data", [b"", b"{}", b"[1, 2", b'{"format": 2}', b"\xff\xfe"])
def test_a_manifest_must_be_one(runner: Page, data: bytes) -> None:
    manifest = runner.upload(data)
    assert codes(runner.push(runner.snapshot(manifest=manifest))) == ["invalid"]


def test_a_file_path_in_a_manifest_is_only_text(runner: Page) -> None:
    ref = runner.upload(b"data")
    files = [p.ManifestFile("../../x", ref, 1)]
    manifest = p.Manifest(1, p.ManifestRuntime("python", "3.14", "t"), [], files)
    named = runner.upload(p.encode(manifest))
    assert codes(runner.push(runner.snapshot(manifest=named))) == ["ack"]


def test_a_manifest_may_keep_rows_to_look_at(runner: Page) -> None:
    kept = p.ManifestVariable("x", "int", 28, "1")
    bare = manifest_of()
    ref = runner.upload(p.encode(msgspec.structs.replace(bare, variables=(kept,))))
    assert codes(runner.push(runner.snapshot(manifest=ref))) == ["ack"]
    assert p.decode_manifest(blobs.read(ref.hash, ref.size)).variables == (kept,)
    earlier = msgspec.json.decode(p.encode(bare))
    del earlier["variables"]
    assert p.decode_manifest(msgspec.json.encode(earlier)) == bare
    many = msgspec.structs.replace(bare, variables=(kept,) * (p.MAX_MANIFEST_VARIABLES + 1))
    assert codes(runner.push(runner.snapshot(manifest=runner.upload(p.encode(many))))) == [
        "invalid"
    ]


def test_too_large_a_variable(runner: Page, settings: object) -> None:
    settings.PLAYGROUND_VARIABLE_BYTES = 0  # type: ignore[attr-defined]
    assert codes(runner.push(runner.snapshot(b"x" * 70_000))) == ["limit"]


def test_too_many_parts(runner: Page, settings: object) -> None:
    settings.PLAYGROUND_MAX_MANIFEST_BLOBS = 2  # type: ignore[attr-defined]
    assert codes(runner.push(runner.snapshot(b"1", b"2", b"3"))) == ["limit"]


def test_the_oldest_make_room(runner: Page, settings: object) -> None:
    settings.PLAYGROUND_SESSION_BYTES = 10_000  # type: ignore[attr-defined]
    ids = []
    for _ in range(5):
        operation = runner.snapshot(os.urandom(3_000))
        ids.append(operation.snapshot)
        assert codes(runner.push(operation)) == ["ack"]
    now = state(runner.session)
    assert [info.id for info in now.snapshots] == ids[-len(now.snapshots) :]
    assert 1 <= len(now.snapshots) < 4
    assert now.head == ids[-1]
    row = Session.objects.get()
    assert row.stored_bytes <= 10_000
    linked = BlobLink.objects.values_list("blob__stored_bytes", flat=True)
    assert row.stored_bytes == sum(linked)


def test_labelled_snapshots_stay(runner: Page, settings: object) -> None:
    settings.PLAYGROUND_MAX_SNAPSHOTS = 2  # type: ignore[attr-defined]
    first = runner.snapshot(b"1")
    runner.push(first)
    Snapshot.objects.update(label="keep")
    later = [runner.snapshot(b"2")]
    fresh_process()
    runner.push(later[0])
    later.append(runner.snapshot(b"3"))
    runner.push(later[1])
    assert [info.id for info in state(runner.session).snapshots] == [
        first.snapshot,
        later[1].snapshot,
    ]


def test_what_came_from_those_that_went_hangs_on_what_they_came_from(
    runner: Page, settings: object
) -> None:
    settings.PLAYGROUND_MAX_SNAPSHOTS = 3  # type: ignore[attr-defined]
    ids = []
    for number in range(5):
        operation = runner.snapshot(str(number).encode())
        ids.append(operation.snapshot)
        runner.push(operation)
        if number == 1:
            runner.push(p.LabelSnapshot(operation.snapshot, "keep"))
    fresh_process()
    found = {info.id: info.parent for info in state(runner.session).snapshots}
    assert found == {ids[1]: ids[0], ids[3]: ids[1], ids[4]: ids[3]}


def test_too_large_a_head_is_refused_and_the_earlier_stays(runner: Page, settings: object) -> None:
    settings.PLAYGROUND_SESSION_BYTES = 5_000  # type: ignore[attr-defined]
    small = runner.snapshot(b"small")
    runner.push(small)
    assert codes(runner.push(runner.snapshot(os.urandom(6_000)))) == ["limit"]
    assert state(runner.session).head == small.snapshot


def test_uploads_without_a_snapshot_are_bounded(runner: Page, settings: object) -> None:
    settings.PLAYGROUND_SESSION_BYTES = 5_000  # type: ignore[attr-defined]
    with pytest.raises(ActionError) as refused:
        for _ in range(4):
            runner.upload(os.urandom(3_000))
    assert refused.value.code == "limit"
    BlobLink.objects.update(linked_ms=0)
    runner.upload(os.urandom(3_000))
    assert BlobLink.objects.count() == 1


def test_the_account_has_a_limit(runner: Page, ada: User, settings: object) -> None:
    other = Page(actions.create_session(ada.pk), ada.pk)
    other.upload(os.urandom(4_000))
    settings.PLAYGROUND_ACCOUNT_BYTES = 6_000  # type: ignore[attr-defined]
    assert codes(runner.push(runner.snapshot(os.urandom(3_000)))) == ["limit"]


def test_output_blobs(runner: Page) -> None:
    ref = runner.upload(b"<svg/>" * 100)
    runner.push(p.StartExecution(1, "plot()"))
    shown = p.DisplayData({}, {"image/svg+xml": ref})
    unknown = p.DisplayData({}, {"image/png": p.BlobRef("a" * 64, 1)})
    assert codes(runner.push(p.AppendOutput(1, (shown,)))) == ["ack"]
    assert codes(runner.push(p.AppendOutput(1, (shown, unknown)))) == ["missing"]
    assert queries.blob_in_outputs(runner.session, ref.hash)
    BlobLink.objects.update(linked_ms=0)
    actions.count_storage(runner.session)
    assert queries.lacking(runner.session, [ref.hash, "b" * 64]) == ["b" * 64]


def test_unused_uploads_go_after_a_day(runner: Page) -> None:
    kept = runner.snapshot(b"kept")
    runner.push(kept)
    lonely = runner.upload(b"never named")
    actions.count_storage(runner.session)
    assert queries.lacking(runner.session, [lonely.hash]) == []
    BlobLink.objects.update(linked_ms=0)
    actions.count_storage(runner.session)
    assert queries.lacking(runner.session, [lonely.hash, kept.manifest.hash]) == [lonely.hash]


def test_only_unlinked_old_files_are_swept(runner: Page) -> None:
    ref = runner.upload(b"swept later")
    found = blobs.find(ref.hash)
    assert found is not None
    long_ago = time.time() - 2 * 3600
    os.utime(found.path, (long_ago, long_ago))
    assert not actions.sweep_blob(ref.hash)
    BlobLink.objects.all().delete()
    os.utime(found.path)
    assert not actions.sweep_blob(ref.hash)
    os.utime(found.path, (long_ago, long_ago))
    assert actions.sweep_blob(ref.hash)
    assert not blobs.exists(ref.hash)
    assert not Blob.objects.exists()


def test_a_file_swept_before_its_row_is_asked_for_again(runner: Page) -> None:
    ref = store_blob(b"x")
    blobs.remove(ref.hash)
    with pytest.raises(actions.BlobGoneError):
        actions.link_blob(runner.session, runner.user, ref.hash, ref.size, 1)
    assert not Blob.objects.filter(pk=ref.hash).exists()
