"""What is saved costs few bytes: the same for the same values, and only for what changed."""

from __future__ import annotations

import base64
import pickle
from collections.abc import Iterator
from hashlib import sha256

import pytest

from tests.bench.traces import TYPICAL, Trace
from tests.state import expected
from tests.state.cases.stories import STORIES
from tests.state.forks import Forks, Pair

#: What the issue asks of the typical trace, in bytes: in all, and of an entry that changes little.
WHOLE = 9_000_000
SMALL_STEP = 10_000

#: Values whose bytes could depend on hashes, on addresses or on what was interned.
SAME = {
    "sets": "s = {'pear', 'fig', ('a', 1), 2.5}; f = frozenset('hello'); d = {x: {x} for x in s}",
    "sets-in-code": "class A:\n    tags = {'x', 'y'}\n    def f(self, x): return x in {'a', 'b'}",
    "texts": "t = ''.join(['ab', 'c']); u = ['abc', t, 'abc']; o = object(); p = [o, o]",
}
SEED = "import random; random.seed(1)"


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    with Pair() as both:
        yield both


def blobs(forks: Forks, entries: list[str]) -> set[str]:
    """The hashes of all that a session has handed over to be stored."""
    store: dict[str, str] = {}
    script = [{"run": source} for source in [SEED, *entries]]
    results = forks.perform([*script, {"save": "end"}], store)
    assert "unsaved" in results[-1], results[-1]
    # Our own bytes, from our own child.
    _, _, found = pickle.loads(base64.b64decode(store["end"]))
    return {sha256(data).hexdigest() for data in found.values()}


def below(name: str) -> list[pytest.MarkDecorator]:
    """The mark of what is below its target; it fails once the target is reached."""
    reason = expected.BYTES_BELOW_TARGET.get(name)
    return [pytest.mark.xfail(strict=True, reason=reason)] if reason else []


SESSIONS = {name: [source] for name, source in SAME.items()} | {
    one.name: one.steps for one in STORIES
}


@pytest.mark.parametrize(
    "entries",
    [pytest.param(steps, id=name, marks=below(name)) for name, steps in SESSIONS.items()],
)
def test_the_same_session_gives_the_same_bytes(pair: Pair, entries: list[str]) -> None:
    assert blobs(pair.near, entries) == blobs(pair.far, entries)


@pytest.mark.parametrize("trace", [pytest.param(TYPICAL, marks=below("typical"))])
def test_the_typical_session_costs_what_changes(pair: Pair, trace: Trace) -> None:
    script = [step for source in trace.entries for step in ({"run": source}, {"save": "x"})]
    results = pair.near.perform(script, {})
    sizes = [step["bytes"] for step in results if "bytes" in step]
    assert len(sizes) == len(trace.entries)
    assert sum(sizes) <= WHOLE
    assert sorted(sizes)[len(sizes) // 2] <= SMALL_STEP
