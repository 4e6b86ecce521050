"""Few bytes that would become many, and damaged bytes: refused before they take memory."""

import random
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from playground_runtime.state.codec.chunks import digest
from playground_runtime.state.codec.columns import read_column
from playground_runtime.state.codec.stream import Budget, DamagedError, Reader, Writer
from playground_runtime.state.index import MAGIC, Index, Place, python
from playground_runtime.state.unit import LoadedUnit

from tests.runtime.forging import rooted, snapshot

MANY = 1 << 60
FEW = 20_000_000


def writing(*parts: Any) -> bytes:
    """Integers as they are, texts and bytes with their lengths."""
    out = Writer()
    for part in parts:
        if type(part) is int:
            out.integer(part)
        elif type(part) is str:
            out.text(part)
        else:
            out.raw(part)
    return out.value()


def payload(data: bytes) -> tuple[int, bytes]:
    return 2 * len(data), data


COLUMNS: dict[str, bytes] = {
    "constants": writing(MANY, 0, 0),
    "equal numbers": writing(MANY, 2, b"1", b"0"),
    "numbers in steps": writing(MANY, 2, b"1", b"1"),
    "large numbers in steps": writing(5_000_000, 2, b"f" * 100_000, b"1"),
    "large steps": writing(5_000_000, 2, b"1", b"f" * 100_000),
    "equal numbers below the budget, again and again": writing(FEW, 2, b"1", b"0"),
    "texts that repeat": writing(MANY, 10, 1, 7, 2) + b"a" + writing(2, b"0", b"0"),
    "nodes": writing(MANY, 11, 2, b"0", b"0"),
    "payload": writing(1, 7, MANY * 2),
    "chunks": writing(1, 7, (1 << 40) * 2 + 1, 1 << 40),
    "kinds in kinds": writing(1, 12, 1, 2) + b"\0" + writing(1, 12, 1, 2) + b"\0",
    "repeats in repeats": writing(1, 10) + writing(1, 10) * 2_000,
    "no numbers": writing(2, 3, 2) + b" ",
    "not hexadecimal": writing(1, 2, b"zz", b"0"),
    "mixed without parts": writing(3, 12, 0, 6) + b"\0\0\0",
    "lengths below nothing": writing(1, 9, 1, 0, 2) + b"\xff" + writing(0),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_takes_no_more_than_the_budget(name: str) -> None:
    def fetch(_: bytes) -> bytes:
        return bytes(1000)

    tracemalloc.start()
    try:
        with pytest.raises(DamagedError):
            read_column(Reader(COLUMNS[name], fetch, Budget(FEW)))
        assert tracemalloc.get_traced_memory()[1] < 2 * FEW
    finally:
        tracemalloc.stop()


def test_a_chunk_that_is_named_again_and_again() -> None:
    chunk = bytes(250_000)
    data = writing(1, 7, 50_000 * 2 + 1, 1_000_000) + digest(chunk) * 50_000
    tracemalloc.start()
    try:
        with pytest.raises(DamagedError):
            read_column(Reader(data, lambda _: chunk, Budget(FEW)))
        assert tracemalloc.get_traced_memory()[1] < FEW
    finally:
        tracemalloc.stop()


UNITS: dict[str, bytes] = {
    "others": writing(MANY),
    "outside": writing(0, MANY),
    "numbers": writing(0, 0, MANY, 0),
    "sections": writing(0, 0, 1, MANY),
    "objects": writing(0, 0, 1, 1, "list", 0, MANY),
    "columns": writing(0, 0, 1, 1, "list", 0, 1, 2, b"0", b"0", MANY),
    "number of nothing": writing(0, 0, 1, 1, "list", 0, 1, 2, b"5", b"0", 0),
    "twice": writing(0, 0, 1, 1, "list", 0, 2, 2, b"0", b"0", 0),
}


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_takes_no_more_than_the_budget(name: str) -> None:
    with pytest.raises(DamagedError):
        LoadedUnit(Reader(UNITS[name], lambda _: b"", Budget(FEW)))


INDEXES: dict[str, bytes] = {
    "blobs": MAGIC + writing("x", MANY),
    "units": MAGIC + writing("x", 0, MANY),
    "roots": MAGIC + writing("x", 0, 0, MANY),
    "nothing": MAGIC,
}


@pytest.mark.parametrize("name", INDEXES)
def test_an_index_that_counts_too_far_is_refused(sessions: Any, name: str) -> None:
    with pytest.raises(DamagedError):
        Index.unpack(INDEXES[name])
    header = {"units": [{"names": ["x"], "blob": 1, "size": 1}], "files": [], "directories": []}
    session = sessions()
    report = session.restore(header, {1: INDEXES[name]})
    assert [row["name"] for row in report["failed"]] == ["x"]
    assert session.run("1 + 1").text == "2"


def test_a_unit_that_is_missing_has_as_many_objects_as_it_likes(sessions: Any) -> None:
    roots = rooted({"name": [("fine", 1)]})
    index = Index(python(), roots)
    index.places["x"] = Place(digest(b"gone"), 0, 5, MANY)
    index.places[""] = Place(digest(b"gone"), 0, 5, MANY)
    header, blobs = snapshot({}, roots)
    blobs[1] = index.pack()
    session = sessions()
    assert session.restore(header, blobs)["restored"] == ["fine"]


WHOLE = """
import collections, datetime, decimal, functools, itertools, random, re, weakref
class Node:
    def __init__(self, n): self.n = n; self.next = None
    def __repr__(self): return f"Node({self.n})"
nodes = [Node(n) for n in range(30)]
for one, two in itertools.pairwise(nodes): one.next = two
def make():
    count = 0
    def step():
        nonlocal count
        count += 1
        return count
    return step
step = make(); step()
table = {(n, str(n)): [n / 7, {n}] for n in range(40)}
texts = ["alpha", "beta"] * 20
big = list(range(0, 100_000, 7)) + ["x" * 3000]
when = datetime.datetime(2024, 5, 6, tzinfo=datetime.timezone.utc)
price = decimal.Decimal("1.10"); rule = re.compile(r"a+b"); dq = collections.deque([1, 2], 5)
ref = weakref.ref(nodes[3]); part = functools.partial(int, base=2)
try: 1 / 0
except ZeroDivisionError as error: caught = error
import logging; logging.getLogger("x").setLevel(10)
"""


def flipped(data: bytes, source: random.Random) -> bytes:
    place = source.randrange(len(data))
    return data[:place] + bytes([source.randrange(256)]) + data[place + 1 :]


def cut(data: bytes, source: random.Random) -> bytes:
    return data[: source.randrange(len(data))]


def inserted(data: bytes, source: random.Random) -> bytes:
    place = source.randrange(len(data))
    return data[:place] + source.randbytes(source.randrange(1, 9)) + data[place:]


def repeated(data: bytes, source: random.Random) -> bytes:
    start = source.randrange(len(data))
    return data + data[start : start + 200]


@pytest.mark.parametrize("change", [flipped, cut, inserted, repeated], ids=lambda one: one.__name__)
@pytest.mark.parametrize("seed", range(12))
def test_damage_is_lost_by_name(
    sessions: Any, change: Callable[[bytes, random.Random], bytes], seed: int
) -> None:
    """Names of blobs are made to fit what they hold, as somebody who forges would."""
    source = random.Random(f"{change.__name__} {seed}")
    first = sessions()
    first.ok(WHOLE)
    header = first.capture()
    blobs = dict(first.blobs)
    index = next(number for number, data in blobs.items() if data.startswith(MAGIC))
    number = source.choice(sorted(blobs))
    before = blobs[number]
    blobs[number] = change(before, source)
    if number != index:
        named = blobs[index].replace(digest(before), digest(blobs[number]))
        blobs[index] = named
    second = sessions()
    report = second.restore(header, blobs)
    found = {row["name"]: row["reason"] for row in report["failed"]}
    assert all(reason and len(reason) < 500 for reason in found.values())
    assert second.run("1 + 1").text == "2"
    second.capture()


def test_an_older_python_keeps_values_and_names_the_code(sessions: Any) -> None:
    first = sessions()
    first.ok("def f(): return 1\nclass C:\n    def m(self): return 2\nc = C()\nxs = [1, {'a': 2}]")
    header = first.capture()
    blobs = dict(first.blobs)
    number = next(number for number, data in blobs.items() if data.startswith(MAGIC))
    index = Index.unpack(blobs[number])
    index.python = "cpython-310 6f0d0d0a"
    blobs[number] = index.pack()
    second = sessions()
    report = second.restore(header, blobs)
    found = {row["name"]: row["reason"] for row in report["failed"]}
    assert set(found) == {"f", "C", "c"}
    assert all("another version of Python" in reason for reason in found.values())
    assert second.run("xs").text == "[1, {'a': 2}]"


def test_an_older_format_is_named(sessions: Any) -> None:
    first = sessions()
    first.ok("x = 1")
    header = first.capture()
    blobs = {
        number: data.replace(MAGIC, b"playground-state-1\n") for number, data in first.blobs.items()
    }
    session = sessions()
    report = session.restore(header, blobs)
    assert [row["name"] for row in report["failed"]] == ["x"]
    assert "format" in report["failed"][0]["reason"]
