"""Capturing and restoring: what is left out and why, what costs nothing, what fails to load."""

import json
import random
import signal
import time
from typing import Any

import pytest
from playground_runtime.state.units import unpack

UNSAVED = [
    ("def g():\n    yield 1\nx = g(); next(x)", "a running generator cannot be saved"),
    (
        "def g():\n    yield 1\nx = {'deep': [g()], 'fine': 3}",
        "holds a running generator, which cannot be saved",
    ),
    ("x = open('f', 'w')", "an open file cannot be saved"),
    ("x = open('f', 'w'); x.close()", "a closed file cannot be saved"),
    ("import threading\nx = threading.Lock(); x.acquire()", "a lock that is held cannot be saved"),
    ("import weakref\nclass C: pass\nc = C(); x = [weakref.ref(c)]", "a weak reference"),
    ("async def f(): ...\nx = f()", "a coroutine that has begun cannot be saved"),
    ("x = memoryview(b'abc')[1:]", "a view of a part of some memory cannot be saved"),
    ("x = globals()", "the namespace itself"),
    ("import sys\nx = [sys.modules]", "holds sys.modules"),
    ("import types\nx = types.ModuleType('m')", "a module made by code cannot be saved"),
    ("import sys\nx = sys._getframe()", "a running function's frame cannot be saved"),
    ("class C:\n    def __reduce__(self): raise ValueError('no')\nx = C()", "ValueError: no"),
    ("class C:\n    def __reduce__(self): return 'x'\nx = C()", "an object of type C"),
    ("x = []\nfor i in range(5000): x = [x]", "too deeply nested"),
    (
        "class N:\n    def __init__(self, n): self.n = n\nx = None\nfor i in range(5000): x = N(x)",
        "too deeply nested",
    ),
    ("x = {}\nfor i in range(2000): x = {1: (x,)}", "too deeply nested"),
    ("def mk(f): return lambda: f\nx = None\nfor i in range(2000): x = mk(x)", "too deeply nested"),
    ("type x = int", "a type alias cannot be saved"),
    ("import hashlib\nx = hashlib.sha256()", "a hash"),
]


@pytest.mark.parametrize(("source", "reason"), UNSAVED)
def test_what_cannot_be_saved_is_named_and_the_rest_survives(
    sessions: Any, source: str, reason: str
) -> None:
    first = sessions()
    first.ok("before = [1]")
    first.ok(source)
    first.ok("after = [before, 2]")
    header = first.capture()
    unsaved = {row["name"]: row["reason"] for row in header["unsaved"]}
    assert reason in unsaved.pop("x")
    second = sessions()
    second.restore(header, first.blobs)
    assert second.run("(before, after, after[0] is before)").text == "([1], [[1], 2], True)"
    assert second.run("x").error["ename"] == "NameError"
    again = {row["name"]: row["reason"] for row in first.capture()["unsaved"]}
    assert reason in again["x"]


def test_all_that_fail_are_found_at_once(session: Any) -> None:
    session.ok("def g(): yield\na = g(); b = 1; c = [g()]; d = (a,); e = [b]")
    assert set(session.unsaved()) == {"a", "c", "d"}
    session.ok("a = c = d = None")
    assert session.unsaved() == {}


def test_a_chain_seen_from_its_middle_is_too_deep_as_well(session: Any) -> None:
    session.ok("x = []\nfor i in range(600):\n    x = [x]\n    if i == 400: y = x\nz = [[1]]")
    assert session.unsaved() == {"x": "too deeply nested", "y": "too deeply nested"}


def test_limits(session: Any) -> None:
    session.ok("import os\nsmall = 1\nbig = os.urandom(12_000_000)")
    assert session.unsaved() == {"big": "too large: 11.4 MB, the limit is 9.5 MB"}
    session.ok("big = [os.urandom(100) for i in range(20_000)]; twin = big")
    reasons = session.unsaved(variableBytes=1_000_000)
    assert set(reasons) == {"big", "twin"}
    assert reasons["big"].startswith("too large: 2.")
    huge = session.unsaved(variableBytes=100_000)
    assert huge["big"].startswith("too large: over 0.3 MB")
    assert session.unsaved() == {}
    session.ok("more = os.urandom(3_000_000)")
    assert set(session.unsaved(totalBytes=4_000_000)) == {"more"}


def test_what_is_shared_is_counted_once(session: Any) -> None:
    session.ok(
        "import os\na = [os.urandom(100) for i in range(7_000)]\nb = [a, os.urandom(600_000)]"
    )
    assert session.unsaved(variableBytes=1_000_000) == {}


def test_unchanged_values_cost_no_bytes(session: Any) -> None:
    session.ok("a = {'x': [1, 2]}\ndef f(): return a\nclass C: pass\nc = C()")
    first = session.capture()
    assert len(first["new"]) == 2
    session.ok("f()['x'][0]; c.__class__")
    session.ok("pass")
    header = session.capture()
    second = session.capture()
    assert second["new"] == []
    assert second["units"] == header["units"]


def test_a_restored_snapshot_may_use_its_numbers_again(sessions: Any) -> None:
    first = sessions()
    first.ok("a = 1")
    header = first.capture()
    second = sessions()
    second.restore(header, first.blobs)
    header_again = second.capture()
    assert [unit["blob"] for unit in header_again["units"]] == [
        unit["blob"] for unit in header["units"]
    ]
    second.ok("b = 2")
    assert min(second.capture()["new"]) > max(header["new"])


def test_capturing_has_no_effects(session: Any) -> None:
    session.ok(
        "import random, sys\nrandom.seed(5)\nshown = []\n"
        "class C:\n    def __repr__(self): shown.append(1); return 'c'\n"
        "    def __getattr__(self, name): shown.append(name); raise AttributeError\n"
        "c = C()\nf = open('f', 'w'); f.write('text')"
    )
    state = random.getstate()
    names = session.run("sorted(globals())").text
    header, _ = session.session.capture(
        {"variableBytes": 10**7, "fileBytes": 10**7, "totalBytes": 10**8}
    )
    assert random.getstate() == state
    assert session.run("shown").text.count("1") == len(
        [1 for row in header["variables"] if row["name"] == "c"]
    )
    assert session.run("sorted(globals())").text == names
    assert session.run("f.write('more'); f.close(); open('f').read()").text == "'textmore'"


def test_what_fails_to_load_is_named_and_what_came_before_is_there(sessions: Any) -> None:
    first = sessions()
    first.ok("open('gone_x.py', 'w').write('class A: pass')\nimport gone_x, sys")
    first.ok("a = [1]\nb = gone_x.A()\nc = [2]\ndel gone_x")
    header = first.capture()
    assert header["unsaved"] == []
    first.ok("import os; os.remove('gone_x.py'); del sys.modules['gone_x']")
    header["files"] = []
    second = sessions()
    report = second.restore(header, first.blobs)
    failed = {row["name"]: row["reason"] for row in report["failed"]}
    assert failed == {
        "b": "it needs the module gone_x, which is not here",
        "c": "it could not be read back after another variable failed",
    }
    assert "a" in report["restored"]
    assert second.run("a").text == "[1]"


@pytest.mark.parametrize(
    "data", [b"", b"junk", b"playground-unit-1\n[]", b'playground-unit-1\n[["name","x"]]\n\x80\x05']
)
def test_damaged_units_never_raise(session: Any, data: bytes) -> None:
    request = {
        "units": [{"names": ["x"], "blob": 1}, {"names": ["y"], "blob": 2}],
        "files": [
            {"path": "../x", "blob": 1, "modifiedAt": 0},
            {"path": "f", "blob": 9, "modifiedAt": 0},
        ],
        "directories": ["../d"],
        "blobIds": [1],
    }
    report = session.session.restore(request, [data])
    failed = {row["name"] for row in report["failed"]}
    assert {"y", "../x", "f", "../d"} <= failed
    assert session.run("1 + 1").text == "2"


def test_restoring_replaces_everything(sessions: Any) -> None:
    first = sessions()
    first.ok("a = 1\n7")
    header = first.capture()
    second = sessions()
    second.ok("import os\nb = 2\nos.environ['LEFT'] = 'x'\n8")
    report = second.restore(header, first.blobs)
    assert report["restored"] == ["a"]
    assert [row["name"] for row in report["variables"]] == ["a"]
    assert second.run("('b' in globals(), a, list(Out))").text == "(False, 1, [1])"
    assert second.run("import os; 'LEFT' in os.environ").text == "False"


def test_pickling_that_never_ends_is_given_up(session: Any) -> None:
    session.ok(
        "class C:\n    def __getstate__(self):\n        while True: pass\na, x, b = 1, C(), 2"
    )

    def deadline(ms: float) -> None:
        signal.setitimer(signal.ITIMER_REAL, ms / 100_000)

    before = signal.signal(signal.SIGALRM, lambda *_: signal.raise_signal(signal.SIGINT))
    session.hooks.deadline = deadline
    try:
        header = session.capture()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert header["unsaved"] == [{"name": "x", "reason": "saving it took too long"}]
    assert header["units"][0]["names"] == ["C", "a", "b"]


def test_clearing(session: Any) -> None:
    session.ok("a = 1; b = 2\na")
    session.session.clear(["a", "missing", "__name__"])
    assert session.run("('a' in globals(), b, __name__)").text == "(False, 2, '__main__')"
    session.session.clear(None)
    assert session.rows() == {}
    assert session.run("b").error["ename"] == "NameError"
    assert session.run("_1").error["ename"] == "NameError"


def test_units_name_what_they_hold(session: Any) -> None:
    session.ok("a = 1\ndef f(): pass\n3")
    header = session.capture()
    items, _ = unpack(session.blobs[header["units"][0]["blob"]])
    assert [tuple(item) for item in items] == [("name", "a"), ("name", "f"), ("result", "1")]
    assert header["units"][0]["names"] == ["a", "f"]
    json.dumps(header)


def test_the_unsaved_list_is_bounded(session: Any) -> None:
    session.ok("def g(): yield\nfor i in range(400): globals()[f'v{i}'] = g()")
    rows = session.capture()["unsaved"]
    assert len(rows) == 200
    assert rows[-1]["reason"] == "201 more were not saved"


def test_a_small_capture_is_quick(session: Any) -> None:
    session.ok("a = [1, 2]\ndef f(): return a\nimport math")
    session.capture()
    started = time.perf_counter()
    for _ in range(20):
        session.capture()
    assert (time.perf_counter() - started) / 20 < 0.02
