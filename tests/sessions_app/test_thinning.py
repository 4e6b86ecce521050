"""Thinning by age: which snapshots go, and what becomes of the session and its blobs then."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from sessions_app import actions, blobs, tasks
from sessions_app import protocol as p
from sessions_app.clock import now_ms
from sessions_app.exchange.models import Transfer
from sessions_app.models import BlobLink, Job, Session, Snapshot
from sessions_app.thinning import DAY_MS, HOUR_MS, Dated, Rules, needed, outgrown, span
from tests.sessions_app.helpers import Page, codes, fresh_process, state, verify_action

NOW = 100 * DAY_MS
RULES = Rules(all_hours=24, hourly_days=7, undo_steps=3)
AGES = st.integers(0, 40 * DAY_MS)


def history_of(rows: list[tuple[int, int, int]]) -> list[Dated]:
    """Snapshots from their ages, whether they have names, and how far back each began."""
    found: list[Dated] = []
    for place, (age, name, back) in enumerate(sorted(rows, reverse=True)):
        parent = found[-1 - back % len(found)].id if found else None
        found.append(Dated(f"s{place}", NOW - age, name == 0, parent))
    return found


ROWS = st.tuples(AGES, st.integers(0, 9), st.integers(0, 3))
HISTORIES = st.lists(ROWS, max_size=60).map(history_of)
SLOW = hypothesis_settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)


@SLOW
@given(HISTORIES, st.data())
def test_the_choice(history: list[Dated], data: st.DataObject) -> None:
    head = data.draw(st.sampled_from([one.id for one in history])) if history else None
    gone = set(outgrown(history, head, NOW, RULES))
    left = [one for one in history if one.id not in gone]
    assert gone.isdisjoint(needed(history, head, RULES))
    assert head is None or head not in gone
    for one in history:
        length = span(NOW - one.created_ms, RULES)
        if one.labelled or NOW - one.created_ms < DAY_MS:
            assert one in left
        elif one.id in gone:
            # A later one of the same hour or day stands for it.
            same = [two for two in left if two.created_ms // length == one.created_ms // length]
            assert any(two.created_ms >= one.created_ms for two in same)
    # What stays is little: one a span, and what is needed.
    free = [one for one in left if one.id not in needed(history, head, RULES)]
    spans = [(span(NOW - one.created_ms, RULES), one.created_ms) for one in free]
    places = [(length, at // length) for length, at in spans if length]
    assert len(places) == len(set(places))


@SLOW
@given(HISTORIES, st.integers(0, 30 * DAY_MS))
def test_thinning_early_and_again_is_thinning_once(history: list[Dated], later: int) -> None:
    """As long as nothing else happens: what went early would have gone later as well."""
    plain = [Dated(one.id, one.created_ms, one.labelled, None) for one in history]
    tip = plain[-1].id if plain else None
    chain = [
        Dated(one.id, one.created_ms, one.labelled, plain[place - 1].id if place else None)
        for place, one in enumerate(plain)
    ]
    rules = Rules(24, 7, 0)
    first = set(outgrown(chain, tip, NOW, rules))
    left = [one for one in chain if one.id not in first]
    assert outgrown(left, tip, NOW, rules) == ()
    both = first | set(outgrown(left, tip, NOW + later, rules))
    assert both == set(outgrown(chain, tip, NOW + later, rules))


def test_no_hours_and_no_days() -> None:
    history = [Dated(f"s{place}", NOW + 9 - place, False, f"s{place + 1}") for place in range(5)]
    assert outgrown(history, "s0", NOW + 9, Rules(0, 0, 0)) == ("s1", "s2", "s3", "s4")
    assert outgrown(history, "s0", NOW + 9, Rules(1, 0, 0)) == ()


def aged(runner: Page, count: int, days: float) -> list[str]:
    """Snapshots of one hour, so many days ago, each on the one before."""
    ids = []
    for number in range(count):
        operation = runner.snapshot(f"{days} {number}".encode())
        assert codes(runner.push(operation)) == ["ack"]
        ids.append(operation.snapshot)
    hour = (now_ms() - int(days * DAY_MS)) // HOUR_MS * HOUR_MS
    for place, one in enumerate(ids):
        Snapshot.objects.filter(snapshot=one).update(created_ms=hour + place)
    fresh_process()
    return ids


@pytest.mark.django_db
def test_a_session_is_thinned_and_goes_on(runner: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions.snapshots, "UNDO_STEPS", 1)
    old = aged(runner, 4, 3)
    runner.push(p.LabelSnapshot(old[1], "keep"))
    new = aged(runner, 3, 0)
    fresh_process()
    with verify_action(runner.session):
        assert tasks.thin_snapshots() == 1
    now = state(runner.session)
    assert [info.id for info in now.snapshots] == [old[1], old[3], *new]
    assert now.head == new[-1]
    parents = {info.id: info.parent for info in now.snapshots}
    assert parents[old[3]] == old[1]
    assert parents[new[0]] == old[3]
    assert tasks.thin_snapshots() == 0
    assert codes(runner.push(p.RestoreSnapshot(old[3]))) == ["ack"]
    assert codes(runner.push(p.RestoreSnapshot(old[0]))) == ["invalid"]


@pytest.mark.django_db
def test_blobs_are_collected_a_day_later(runner: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions.snapshots, "UNDO_STEPS", 0)
    old = aged(runner, 3, 3)
    aged(runner, 1, 0)
    doomed = set(
        Snapshot.objects.get(snapshot=old[0]).snapshot_blobs.values_list("blob_id", flat=True)
    )
    assert tasks.thin_snapshots() == 1
    # An upload that names them at this very moment finds them.
    assert BlobLink.objects.filter(blob__in=doomed).count() == len(doomed)
    stored = Session.objects.get().stored_bytes
    job = Job.objects.get(kind="count_storage", state="waiting")
    assert job.run_after_ms > now_ms() + 23 * HOUR_MS
    BlobLink.objects.filter(blob__in=doomed).update(linked_ms=0)
    Job.objects.filter(pk=job.pk).update(run_after_ms=0)
    tasks.sweep_jobs()
    assert not BlobLink.objects.filter(blob__in=doomed).exists()
    assert Session.objects.get().stored_bytes < stored
    for name in doomed:
        assert actions.sweep_blob(name, after_ms=0)
        assert not blobs.exists(name)


@pytest.mark.django_db
def test_an_upload_keeps_what_it_names_again(runner: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions.snapshots, "UNDO_STEPS", 0)
    aged(runner, 3, 3)
    aged(runner, 1, 0)
    tasks.thin_snapshots()
    again = runner.snapshot(b"3 0")
    assert codes(runner.push(again)) == ["ack"]
    BlobLink.objects.update(linked_ms=0)
    actions.count_storage(runner.session)
    named = Snapshot.objects.get(snapshot=again.snapshot).snapshot_blobs.values_list("blob_id")
    assert BlobLink.objects.filter(blob__in=named).count() == len(named)


@pytest.mark.django_db
def test_an_export_is_waited_for(runner: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions.snapshots, "UNDO_STEPS", 0)
    aged(runner, 3, 3)
    aged(runner, 1, 0)
    export = Transfer.objects.create(
        owner_id=runner.user,
        kind="export",
        form="session",
        name="x",
        session=runner.session,
        created_ms=0,
        expires_ms=1 << 50,
    )
    assert tasks.thin_snapshots() == 0
    export.delete()
    assert tasks.thin_snapshots() == 1


@pytest.mark.django_db
def test_the_settings_decide(
    runner: Page, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions.snapshots, "UNDO_STEPS", 0)
    settings.PLAYGROUND_KEEP_ALL_HOURS = 100  # type: ignore[attr-defined]  # Made by pytest-django.
    aged(runner, 3, 3)
    aged(runner, 1, 0)
    assert tasks.thin_snapshots() == 0
    settings.PLAYGROUND_KEEP_ALL_HOURS = 10  # type: ignore[attr-defined]  # As above.
    assert tasks.thin_snapshots() == 1
