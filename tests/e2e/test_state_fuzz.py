"""Kills the worker, the page, its renderer or the server at random moments, and looks what is left.

After each time, the values must be those after an execution that is not older than the last one of
which the header had said that it is saved: exactly those, not a mixture. A run is told by its seed.
``FUZZ_SECONDS`` says how long it lasts (``make fuzz-browser``: ten minutes), ``FUZZ_SEED`` which.
"""

from __future__ import annotations

import contextlib
import os
import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Error, Page

from tests.e2e.person import until
from tests.harness.server import Server

SECONDS = float(os.environ.get("FUZZ_SECONDS", "40"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))
START_MS = 90_000

#: What is in the session: values of many kinds that refer to each other, and a digest of them all.
BEGIN = """
import hashlib, random
random.seed(3)
class Node:
    made = 0
    def __init__(self, n): self.n, self.links = n, []; Node.made += 1
def counter():
    n = 0
    def up():
        nonlocal n
        n += 1
        return n
    def look(): return n
    return up, look
up, look = counter()
log, nodes, table, big = [], [Node(0)], {}, bytearray(200_000)
table['log'] = log; last = nodes[0]
def digest():
    index = {id(node): place for place, node in enumerate(nodes)}
    links = [(node.n, [index.get(id(other)) for other in node.links]) for node in nodes]
    loose = sorted((n, repr(v)) for n, v in globals().items() if n.startswith('loose_'))
    text = repr((log, links, Node.made, look(), sorted(table, key=str), table['log'] is log,
                 index.get(id(last)), loose, hashlib.sha256(big).hexdigest(),
                 open('log.txt').read(), random.getstate()[1][-3:], last.n, type(last) is Node))
    return f'{log[-1] if log else 0}:{hashlib.sha256(text.encode()).hexdigest()[:16]}'
open('log.txt', 'w').write('begun')
print('digest', digest())
"""

#: What a step may do; ``STEP`` is its number.
STEPS = [
    "nodes.append(Node(STEP)); nodes[-1].links += [last, nodes[0]]; last = nodes[-1]",
    "nodes[STEP % len(nodes)].links.append(nodes[-1])",
    "up()",
    "table[STEP] = [log]; table.pop(STEP - 3, None)",
    "big[(STEP * 997) % len(big)] = STEP % 256",
    "globals()[f'loose_{STEP % 7}'] = [STEP, up()]",
    "globals().pop(f'loose_{STEP % 5}', None)",
    "open('log.txt', 'a').write(f',STEP')",
    "random.random()",
    "last = nodes[STEP % len(nodes)]; last.n += 1000",
    "big += bytes([STEP % 256]) * 500",
    "import asyncio\nawait asyncio.sleep(0.02)\nup()",
]

#: Tells each entry that has ended, and each time the header begins to say "Saved", of what.
WATCH = """() => {
  let ended = 0;
  globalThis.go = (code) => void playground.execute(code).then(
    ({ number }) => { ended = number ?? ended; }, () => undefined);
  const status = document.querySelector('header p[role=status]');
  let before = '';
  const look = () => {
    if (status.textContent !== before && status.classList.contains('saved')) claimed(ended);
    before = status.textContent;
  };
  new MutationObserver(look).observe(status, { subtree: true, childList: true,
    characterData: true, attributes: true });
}"""


class Storm:
    """A seeded run on one session of one person."""

    def __init__(self, browser: Browser, server: Server, seed: int) -> None:
        self.random = random.Random(seed)
        self.server = server
        self.context = browser.new_context()
        self.claimed = 0
        self.step = 0
        self.done: Counter[str] = Counter()
        self.context.expose_binding("claimed", self._claim)
        self.page = self.context.new_page()
        self.page.goto(server.url)
        self.page.wait_for_url("**/s/*", timeout=START_MS)
        self.address = self.page.url
        self._ready()
        first = self.page.evaluate("(code) => playground.execute(code)", BEGIN)
        assert first["status"] == "ok", first
        assert self.page.evaluate("playground.saved()")["unsaved"] == []

    def round(self) -> None:
        """Some steps, a disaster in the middle of it, and a look at what is there afterwards."""
        for _ in range(self.random.randint(1, 4)):
            self._go()
            self.page.wait_for_timeout(self.random.choice([0, 20, 80, 200, 500]))
        disaster = self.random.choice(
            [self.worker, self.close, self.crash, self.reload, self.power]
        )
        disaster()
        self.done[disaster.__name__] += 1
        self._look(disaster.__name__)

    def worker(self) -> None:
        """The runtime is ended in the middle of an entry that cannot be stopped otherwise."""
        self.page.evaluate("() => go('log.append(-1); sum(range(10 ** 13))')")
        self.page.wait_for_timeout(self.random.choice([50, 400]))
        self.page.evaluate("playground.interrupt()")

    def close(self) -> None:
        """The page is gone, and opened again."""
        self.page.close()
        self._open()

    def crash(self) -> None:
        """The browser's process for the page dies."""
        with contextlib.suppress(Error):
            self.page.goto("chrome://crash", timeout=1_000)
        self.page.close()
        self._open()

    def reload(self) -> None:
        """The person presses reload."""
        self.page.reload()
        self._ready()

    def power(self) -> None:
        """The server dies and comes back, with the page open or closed meanwhile."""
        self.server.kill()
        if self.random.random() < 0.5:
            self.page.wait_for_timeout(self.random.choice([0, 300]))
            self._go()
            self.page.wait_for_timeout(200)
        else:
            self.page.close()
        self.server.start()
        if self.page.is_closed():
            self._open()

    def _go(self) -> None:
        self.step += 1
        source = f"{self.random.choice(STEPS)}\nlog.append(STEP)\nprint('digest', digest())"
        self.page.evaluate("(code) => go(code)", source.replace("STEP", str(self.step)))

    def _look(self, what: str) -> None:
        """The values are those after one execution, and not an older one than was called saved."""
        claimed = self.claimed
        outcome = self._run("print('digest', digest())")
        assert outcome["status"] == "ok", (what, outcome)
        entries = self.page.evaluate("playground.entries()")
        known = {
            text: entry["number"]
            for entry in entries
            if entry["number"] < outcome["number"] and (text := _digest(entry))
        }
        at = known.get(outcome["stdout"].strip())
        assert at is not None, f"{what}: a state that never was: {outcome['stdout']}"
        steps = [entry["number"] for entry in entries if _digest(entry)]
        newest = max([number for number in steps if number <= claimed], default=0)
        assert at >= newest, f"{what}: {newest} was called saved, the values are those after {at}"
        report = self.page.evaluate("playground.saved()")
        assert report["unsaved"] == [], (what, report)

    def _run(self, code: str) -> dict[str, Any]:
        outcome: dict[str, Any] = self.page.evaluate("(code) => playground.execute(code)", code)
        return outcome

    def _open(self) -> None:
        self.page = self.context.new_page()
        self.page.goto(self.address)
        self._ready()

    def _ready(self) -> None:
        until(self.page, "Boolean(globalThis.playground?.ready)")
        self.page.evaluate("playground.ready")
        self.page.evaluate(WATCH)

    def _claim(self, source: Any, number: int) -> None:
        self.claimed = max(self.claimed, number)


def _digest(entry: dict[str, Any]) -> str | None:
    """The line in which a step has printed its digest."""
    if entry["status"] != "ok":
        return None
    text = "".join(one["text"] for one in entry["outputs"] if one["type"] == "stream")
    return text.strip() if text.startswith("digest ") else None


def test_what_is_called_saved_is_there(browser: Browser, tmp_path: Path) -> None:
    with Server(tmp_path / "data") as server:
        storm = Storm(browser, server, SEED)
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            storm.round()
        page: Page = storm.page
        assert page.evaluate("playground.saved()")["number"] > 0
        storm.context.close()
    print(f"seed {SEED}: {storm.step} steps, {dict(storm.done)}, claimed up to {storm.claimed}")
    assert sum(storm.done.values()) >= min(3, SECONDS / 20)
    assert storm.claimed > 1, "the header never said that anything is saved"
