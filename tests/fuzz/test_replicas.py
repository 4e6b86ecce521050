"""Random tabs over a real server that is killed: replicas equal the database, nothing is lost.

One person has a session open in several tabs. They run entries, save snapshots, lose their sockets,
repeat and reorder messages, close with unsent work that another tab sends later, and the server is
killed with SIGKILL in between. In the end every replica equals the state that the server gives,
every acknowledged entry is there once, and no entry was started twice. A seed that failed stays
here as a case of its own.
"""

from __future__ import annotations

import asyncio
import random
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
import pytest

from sessions_app import protocol as p
from tests.fuzz.tab import Outbox, Tab
from tests.harness.server import Server
from tests.harness.visitor import Visitor

STEPS = 600


class Storm:
    """A seeded run over one session."""

    def __init__(self, server: Server, seed: int) -> None:
        self.server = server
        self.random = random.Random(seed)
        self.visitor = Visitor(server.url)
        self.session = self.visitor.start()
        self.outboxes: list[Outbox] = []
        self.tabs = [Tab(self.visitor, self.session, self.outboxes) for _ in range(3)]
        self.closed: list[Tab] = []
        self.acknowledged_sources: set[str] = set()
        self.sources: dict[tuple[str, int], str] = {}

    async def run(self) -> None:
        for tab in self.tabs:
            await tab.join()
        await self.tabs[0].acquire()
        moves: list[tuple[Callable[[Tab], Awaitable[None]], int]] = [
            (self.execute, 40),
            (self.save, 15),
            (self.take_lease, 8),
            (self.drop, 5),
            (self.rejoin, 25),
            (self.repeat, 6),
            (self.reorder, 4),
            (self.close_tab, 1),
            (self.kill_server, 1),
        ]
        for _ in range(STEPS):
            (move,) = self.random.choices(
                [move for move, _ in moves], [weight for _, weight in moves]
            )
            await move(self.random.choice(self.tabs))
            await asyncio.sleep(self.random.random() * 0.03)
        try:
            await self.settle()
        finally:
            for tab in self.tabs:
                await tab.drop()
            await asyncio.sleep(0.1)  # for the transports to close

    async def execute(self, tab: Tab) -> None:
        """A run: start, output, ending; only with a lease, as a page would."""
        state, fence = tab.view(), tab.fence
        if state is None or fence is None:
            if tab.connected:
                await tab.acquire(takeover=True)
            return
        number = state.next_number
        source = f"{uuid.UUID(int=self.random.getrandbits(128))}"
        sent = await tab.do(p.StartExecution(number, source), fence)
        self.sources[tab.outbox.client, sent.n] = source
        for _ in range(self.random.randrange(3)):
            text = self.random.choice(["a\n", "é\x00\n", "x" * 9000])
            await tab.do(p.AppendOutput(number, (p.StreamOutput("stdout", text),)), fence)
        if self.random.random() < 0.9:
            await tab.do(p.FinishExecution(number, "ok", 1.5), fence)
            row = p.VariableRow(f"v{self.random.randrange(5)}", "int", 28, source, True)
            await tab.do(p.SetVariables((row,), ()), fence)

    async def save(self, tab: Tab) -> None:
        state, fence = tab.view(), tab.fence
        if state is None or fence is None or not tab.connected:
            return
        blob = self.random.randbytes(200)
        try:
            name = await asyncio.to_thread(self.visitor.put_blob, self.session, blob)
            manifest = p.encode(
                p.Manifest(
                    format=1,
                    runtime=p.ManifestRuntime("python", "3.14", "fuzz"),
                    units=[p.ManifestUnit(["v"], p.BlobRef(name, len(blob)))],
                    files=[],
                )
            )
            ref = await asyncio.to_thread(self.visitor.put_blob, self.session, manifest)
        except (OSError, RuntimeError):
            return
        await tab.do(
            p.SnapshotSaved(
                uuid.uuid4().hex,
                state.next_number - 1,
                "execution",
                p.BlobRef(ref, len(manifest)),
                300,
                state.head,
            ),
            fence,
        )

    async def take_lease(self, tab: Tab) -> None:
        await tab.acquire(takeover=True)

    async def drop(self, tab: Tab) -> None:
        await tab.drop()

    async def rejoin(self, tab: Tab) -> None:
        if not tab.connected and await tab.join():
            await tab.acquire()

    async def repeat(self, tab: Tab) -> None:
        await tab.push(tab.outbox, repeats=3)

    async def reorder(self, tab: Tab) -> None:
        for n in sorted(tab.outbox.unsent, reverse=True):
            await tab.send(p.Push(tab.outbox.client, (tab.outbox.unsent[n],)))

    async def close_tab(self, tab: Tab) -> None:
        """The tab is gone for good; its outbox stays in the browser, a new tab comes."""
        await tab.close()
        self.closed.append(tab)
        self.tabs.remove(tab)
        self.tabs.append(Tab(self.visitor, self.session, self.outboxes))

    async def kill_server(self, _: Tab) -> None:
        await asyncio.to_thread(self.server.kill)
        await asyncio.to_thread(self.server.start)

    async def settle(self) -> None:
        """Everybody comes back and sends what is left, until nothing is unsent."""
        for _ in range(40):
            for tab in self.tabs:
                if not tab.connected:
                    await tab.join()
                await tab.push_all()
            await asyncio.sleep(0.25)
            seqs = {tab.state.seq if tab.state else -1 for tab in self.tabs}
            if len(seqs) == 1 and not any(outbox.unsent for outbox in self.outboxes):
                return

    def check(self) -> None:
        everyone = [*self.tabs, *self.closed]
        assert [failure for tab in everyone for failure in tab.failures] == []
        assert not any(outbox.unsent for outbox in self.outboxes), "unsent work remains"
        answer = self.visitor.get(f"/api/sessions/{self.session}/state")
        truth = msgspec.json.decode(answer.body, type=p.SessionState)
        entries = [*self._earlier(truth.entries_from), *truth.entries]
        for tab in self.tabs:
            assert tab.state is not None
            assert _recent(tab.state) == _recent(truth)
        started = Counter(entry.source for entry in entries)
        assert max(started.values(), default=0) <= 1, "an entry was started twice"
        for tab in everyone:
            for client, numbers in tab.acknowledged.items():
                for n in numbers:
                    source = self.sources.get((client, n))
                    assert source is None or source in started, "an acknowledged entry is lost"
        assert [entry.number for entry in entries] == list(range(1, truth.next_number))
        assert len(entries) > 8, "the storm did too little"

    def _earlier(self, before: int) -> list[p.Entry]:
        found: list[p.Entry] = []
        while before > 1:
            path = f"/api/sessions/{self.session}/entries?before={before}"
            page = msgspec.json.decode(self.visitor.get(path).body, type=list[p.Entry])
            found = [*page, *found]
            before = page[0].number
        return found


def _recent(state: p.SessionState) -> p.SessionState:
    """The state with the entries that every replica has loaded."""
    return msgspec.structs.replace(state, entries=state.entries[-50:], entries_from=1)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_replicas_equal_the_database(tmp_path: Path, seed: int) -> None:
    with Server(tmp_path / "data") as server:
        storm = Storm(server, seed)
        asyncio.run(storm.run())
        storm.check()
