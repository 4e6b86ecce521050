"""Collection of blobs races uploads, links and removals: what is linked keeps its file.

The sweeper is made to spare nothing (no file is too young), so that only locks protect a blob.
Threads write directly, as several web processes on PostgreSQL do; on SQLite each transaction waits
for the other.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection

from playground.accounts.models import User
from sessions_app import actions, blobs
from sessions_app.actions import BlobGoneError
from sessions_app.clock import now_ms
from sessions_app.models import Blob, BlobLink
from tests.sessions_app.helpers import store_blob

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS = 3.0
CONTENTS = [b"one" * 50, b"two" * 50, b"three" * 50]
UPLOADERS = 3


class Race:
    """Threads that go on until the time is up; the first failure of any ends the test."""

    def __init__(self) -> None:
        self.until = time.monotonic() + SECONDS
        self.faults: list[BaseException] = []
        self.counts: dict[str, int] = {}

    def run(self, *loops: Callable[[random.Random], None]) -> None:
        threads = [
            threading.Thread(target=self._go, args=(loop, random.Random(seed)))
            for seed, loop in enumerate(loops)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        if self.faults:
            raise self.faults[0]

    def did(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1

    def _go(self, loop: Callable[[random.Random], None], chance: random.Random) -> None:
        try:
            while time.monotonic() < self.until and not self.faults:
                loop(chance)
        except BaseException as fault:
            self.faults.append(fault)
        finally:
            connection.close()


def link(session: str, user: int, data: bytes) -> str | None:
    """Upload and link as a request does; gives the name once it is linked."""
    ref = store_blob(data)
    found = blobs.find(ref.hash)
    if found is None:
        return None
    try:
        actions.link_blob(session, user, ref.hash, ref.size, len(data))
    except BlobGoneError:
        return None
    return ref.hash


def test_a_linked_blob_keeps_its_file_whatever_is_swept(ada: User) -> None:
    race = Race()

    def upload(chance: random.Random) -> None:
        session = actions.create_session(ada.pk)
        data = chance.choice(CONTENTS)
        name = link(session, ada.pk, data)
        race.did("linked" if name else "gone")
        if name is not None:
            time.sleep(chance.random() / 200)
            assert blobs.read(name, len(data)) == data
        actions.bin_session(session, ada.pk, now_ms())
        actions.doom_session(session, ada.pk)
        assert actions.purge_session(session)

    def orphan(chance: random.Random) -> None:
        store_blob(chance.choice(CONTENTS))
        time.sleep(chance.random() / 100)

    def sweep(chance: random.Random) -> None:
        for name in list(blobs.stored_names()):
            race.did("swept" if actions.sweep_blob(name, 0) else "kept")
        time.sleep(chance.random() / 200)

    race.run(*[upload] * UPLOADERS, orphan, sweep, sweep)
    assert min(race.counts.get(what, 0) for what in ("linked", "swept")) > 5, race.counts
    for name in list(blobs.stored_names()):
        actions.sweep_blob(name, 0)
    assert not Blob.objects.exists()
    assert list(blobs.stored_names()) == []


def test_a_link_that_holds_outlives_the_sweeping_of_others(ada: User) -> None:
    session = actions.create_session(ada.pk)
    kept: set[str] = set()
    race = Race()

    def upload(chance: random.Random) -> None:
        data = chance.randbytes(4)
        name = link(session, ada.pk, data)
        if name is not None:
            kept.add(name)

    def sweep(chance: random.Random) -> None:
        for name in list(blobs.stored_names()):
            actions.sweep_blob(name, 0)

    race.run(upload, upload, sweep)
    assert len(kept) > 5
    assert set(BlobLink.objects.values_list("blob", flat=True)) == kept
    assert all(blobs.exists(name) for name in kept)
