"""A disk that is really full: clear answers, nothing acknowledged is lost, it goes on afterwards.

The data folder is a small file system of its own. Making one needs a right that not every machine
gives; without it the test is skipped and says so.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sessions_app import protocol as p
from tests.fuzz.tab import Outbox, Tab
from tests.harness.server import Server
from tests.harness.visitor import Visitor

SIZE = "48m"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(place)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("NOT RUN: this machine lets no test make a small file system")
    yield place
    subprocess.run(["umount", str(place)], check=True)


async def until(condition: Callable[[], bool], what: str) -> None:
    for _ in range(200):
        if condition():
            return
        await asyncio.sleep(0.05)
    raise AssertionError(what)


def fill(disk: Path) -> Path:
    """Take every byte that is left."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (2**20, 2**12):
            try:
                while file.write(b"x" * size) == size:
                    pass
            except OSError:
                continue
    return filler


async def run_entry(tab: Tab, source: str) -> None:
    assert tab.fence is not None
    view = tab.view()
    assert view is not None
    number = view.next_number
    await tab.do(p.StartExecution(number, source), tab.fence)
    await tab.do(p.FinishExecution(number, "ok", 1), tab.fence)


async def _run_until_full(tab: Tab) -> int:
    """Run entries until the server cannot write one; SQLite's log has room for the first megabytes.

    Gives how many.
    """
    for count in range(1, 1_000):
        await run_entry(tab, f"'{uuid.uuid4().hex * 400}'")
        for _ in range(60):
            await asyncio.sleep(0.01 if tab.outbox.unsent else 0)
            if not tab.outbox.unsent:
                break
        else:
            await asyncio.sleep(1)
            return count
    return 1_000


def test_a_full_disk_loses_nothing_and_is_said(small_disk: Path) -> None:
    with Server(small_disk, PLAYGROUND_RATE_LIMITS="off") as server:
        asyncio.run(_fill_and_free(server, small_disk))


async def _fill_and_free(server: Server, disk: Path) -> None:
    visitor = Visitor(server.url)
    session = await asyncio.to_thread(visitor.start)
    outboxes: list[Outbox] = []
    tab = Tab(visitor, session, outboxes)
    assert await tab.join()
    await tab.acquire()
    await until(lambda: tab.fence is not None, "the lease")
    await run_entry(tab, "before = 1")
    await until(lambda: not tab.outbox.unsent, "the first entry is taken")

    filler = fill(disk)
    data = os.urandom(200_000)
    with pytest.raises(RuntimeError, match=r"507.*full"):
        await asyncio.to_thread(visitor.put_blob, session, data)
    refused = await asyncio.to_thread(Visitor(server.url).get, "/")
    assert refused.status == 200
    entries = 1 + await _run_until_full(tab)
    assert tab.outbox.unsent, "the disk was not full"
    acknowledged = set(tab.acknowledged[tab.outbox.client])
    answer = await asyncio.to_thread(visitor.get, f"/api/sessions/{session}/state")
    assert answer.status == 200
    assert not tab.refused

    filler.unlink()
    await tab.drop()
    assert await tab.join()
    await until(lambda: not tab.outbox.unsent, "the rest is taken once there is room")
    await asyncio.to_thread(visitor.put_blob, session, data)
    assert acknowledged <= tab.acknowledged[tab.outbox.client]
    assert not tab.failures
    fresh = Tab(visitor, session, outboxes)
    assert await fresh.join()
    assert fresh.state is not None
    state = await asyncio.to_thread(visitor.get, f"/api/sessions/{session}/state")
    assert state.json()["nextNumber"] == entries + 1
    assert {entry.status for entry in fresh.state.entries} == {"ok"}
    await tab.close()
    await fresh.close()
