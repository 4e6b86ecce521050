"""Capturing and restoring: what is left out and why, what costs nothing, what fails to load."""

import json
import random
import time
from typing import Any

import pytest
from playground_runtime.state.index import Index

UNSAVED = [
    ("def g():\n    yield 1\nx = g(); next(x)", "a running generator 'g' cannot be saved"),
    (
        "def g():\n    yield 1\nx = {'deep': [g()], 'fine': 3}",
        "x['deep'][0] -> a running generator 'g', which cannot be saved",
    ),
    ("import threading\nx = threading.Lock(); x.acquire()", "a lock that is held cannot be saved"),
    ("async def f(): ...\nx = f()", "a coroutine that has begun 'f' cannot be saved"),
    ("import sys\nx = sys._getframe()", "a running function's frame cannot be saved"),
    ("import hashlib\nx = hashlib.sha256()", "a hash in the making cannot be saved"),
    ("import itertools\nx = itertools.batched('abc', 2); next(x)", "an object of type batched"),
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
    assert reason in {row["name"]: row["reason"] for row in second.capture()["unsaved"]}["x"]
    again = {row["name"]: row["reason"] for row in first.capture()["unsaved"]}
    assert reason in again["x"]


GENERATOR = "def read():\n    yield 1\nclass Thing: pass\n"

HOLDERS = [
    ("model = Thing(); model.callback = read()", "model", "model.callback"),
    ("jobs = [1, 2, 3, read()]", "jobs", "jobs[3]"),
    ("config = {'handle': read()}", "config", "config['handle']"),
    ("class D(dict): pass\nd = D(k=read())", "d", "d['k']"),
    ("def f(x=read()): pass", "f", "f.__defaults__[0]"),
    ("import functools\np = functools.partial(print, read())", "p", "p.args[0]"),
    (
        "def make():\n    conn = read()\n    def load(): return conn\n    return load\n"
        "load = make()",
        "load",
        "closure variable conn of function load",
    ),
    (
        "def make():\n    conns = [0, read()]\n    def load(): return conns\n    return load\n"
        "model = Thing(); model.f = make()",
        "model",
        "closure variable conns[1] of function load in model.f",
    ),
    (
        # Nothing of the class is asked for what its objects hold.
        "class Loud(Thing):\n    def __getattribute__(self, name): raise KeyError(name)\n"
        "loud = Loud(); object.__setattr__(loud, 'x', read())",
        "loud",
        "loud.x",
    ),
]


@pytest.mark.parametrize(("source", "name", "path"), HOLDERS)
def test_what_holds_it_is_named_as_in_code(session: Any, source: str, name: str, path: str) -> None:
    session.ok(GENERATOR + source)
    reason = f"{path} -> a running generator 'read', which cannot be saved"
    assert session.unsaved() == {name: reason}


def test_a_long_way_keeps_both_ends_and_the_reason(session: Any) -> None:
    session.ok(
        GENERATOR + "chain = Thing(); chain.x = read()\n"
        "for _ in range(300): one = Thing(); one.a_long_name = chain; chain = one\ndel one"
    )
    reason = session.unsaved()["chain"]
    assert len(reason) < 250
    assert reason.startswith("chain.a_long_name.")
    assert reason.endswith(".x -> a running generator 'read', which cannot be saved")


def test_what_is_missing_is_told_from_what_only_cannot_be_saved(sessions: Any) -> None:
    def missing(driver: Any) -> dict[str, bool]:
        return {row["name"]: row.get("missing", False) for row in driver.capture()["unsaved"]}

    first = sessions()
    first.ok(GENERATOR + "x = read(); y = {'a': [read()]}")
    assert missing(first) == {"x": False, "y": False}
    second = sessions()
    second.restore(first.capture(), first.blobs)
    assert missing(second) == {"x": True, "y": True}
    second.ok("x = read()")
    assert missing(second) == {"x": False, "y": True}
    second.ok("1 + 1")
    assert missing(second) == {"x": False, "y": True}


def test_all_that_fail_are_found_at_once(session: Any) -> None:
    session.ok("def g(): yield\na = g(); b = 1; c = [g()]; d = (a,); e = [b]")
    assert set(session.unsaved()) == {"a", "c", "d"}
    session.ok("a = c = d = None")
    assert session.unsaved() == {}


def test_what_was_not_saved_says_so_when_it_is_used(sessions: Any) -> None:
    first = sessions()
    first.ok("def g(): yield\nx = g(); y = [1, x]")
    second = sessions()
    second.restore(first.capture(), first.blobs)
    for use in ("next(x)", "x.send(1)", "for _ in y[1]: pass", "y[1]()", "x + 1", "len(x)"):
        error = second.run(use).error
        assert error["ename"] == "NotSavedError"
        assert "running generator 'g'" in error["evalue"]
        assert ":remake " in error["hint"]
    assert "`:remake x`" in second.run("x + 1").error["hint"]
    assert "`:remake y`" in second.run("y[1](5)").error["hint"]
    second.ok("def use(one):\n    return next(one[1])")
    assert "`:remake y`" in second.run("use(y)").error["hint"]
    assert second.run("y[0]").text == "1"
    assert "not saved" in second.rows()["x"]["preview"]


DEEP = [
    ("x = []\nfor i in range(10_000): x = [x]", "x[0]"),
    ("x = ()\nfor i in range(10_000): x = (x,)", "x[0]"),
    ("x = {}\nfor i in range(10_000): x = {1: x}", "x[1]"),
    (
        "class N:\n    def __init__(self, n): self.n = n\nx = None\n"
        "for i in range(100_000): x = N(x)",
        "x.n",
    ),
    ("def mk(f): return lambda: f\nx = 'end'\nfor i in range(5_000): x = mk(x)", "x()"),
]


@pytest.mark.parametrize(("source", "step"), DEEP)
def test_no_depth_is_too_deep(sessions: Any, source: str, step: str) -> None:
    first = sessions()
    first.ok(source)
    second = sessions()
    assert second.restore(first.capture(), first.blobs)["failed"] == []
    second.ok(f"depth = 0\nwhile x and x != 'end': x = {step}; depth += 1")
    first.ok(f"depth = 0\nwhile x and x != 'end': x = {step}; depth += 1")
    assert second.run("depth").text == first.run("depth").text


def test_limits(session: Any) -> None:
    session.ok("import os\nsmall = 1\nbig = os.urandom(12_000_000)")
    assert session.unsaved() == {"big": "too large: 11.4 MB, the limit is 9.5 MB"}
    session.ok("big = [os.urandom(100) for i in range(20_000)]; twin = big")
    reasons = session.unsaved(variableBytes=1_000_000)
    assert set(reasons) == {"big", "twin"}
    assert reasons["big"].startswith("too large: 1.9 MB")
    huge = session.unsaved(variableBytes=15_000)
    assert huge["big"].startswith("too large: over 20,000 bytes")
    assert session.unsaved() == {}
    session.ok("more = os.urandom(3_000_000)")
    assert set(session.unsaved(totalBytes=4_000_000)) == {"more"}
    assert session.unsaved() == {}


def test_what_is_shared_is_counted_once(session: Any) -> None:
    session.ok(
        "import os\na = [os.urandom(100) for i in range(7_000)]\nb = [a, os.urandom(600_000)]"
    )
    assert session.unsaved(variableBytes=1_000_000) == {}


def test_unchanged_values_cost_no_bytes(session: Any) -> None:
    session.ok("a = {'x': [1, 2]}\ndef f(): return a\nclass C: pass\nc = C()")
    first = session.capture()
    assert len(first["new"]) == 2
    session.ok("c.__class__\npass")
    header = session.capture()
    second = session.capture()
    assert second["new"] == []
    assert second["units"] == header["units"] == first["units"]


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
    (first.home / "lib").mkdir()
    package = first.home.parent / "elsewhere"
    package.mkdir()
    (package / "gone_x.py").write_text("class A: pass")
    first.ok(f"import sys; sys.path.append({str(package)!r})\nimport gone_x")
    first.ok("a = [1]\nb = gone_x.A()\nc = [2]\ndel gone_x")
    header = first.capture()
    assert header["unsaved"] == []
    first.ok("import os; os.remove(sys.path[-1] + '/gone_x.py'); del sys.modules['gone_x']")
    second = sessions()
    report = second.restore(header, first.blobs)
    failed = {row["name"]: row["reason"] for row in report["failed"]}
    assert failed == {"b": "it needs the module gone_x, which is not here"}
    assert second.run("(a, c)").text == "([1], [2])"
    assert second.run("b.x").error["ename"] == "NotSavedError"


@pytest.mark.parametrize(
    "data", [b"", b"junk", b"playground-state-2\n", b"playground-state-2\n\x05abc"]
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


def test_no_code_of_the_session_runs_while_saving(session: Any) -> None:
    session.ok(
        "ran = []\nclass M(type):\n    def __getattribute__(c, n):\n        ran.append(n)\n"
        "        return super().__getattribute__(n)\n"
        "class C(metaclass=M):\n    def __getstate__(self): ran.append('state'); return {}\n"
        "    def __reduce_ex__(self, p): ran.append('reduce'); return int, ()\n"
        "    def __getattr__(self, n): ran.append(n)\n"
        "    def __eq__(self, o): ran.append('eq'); return True\n"
        "    def __hash__(self): ran.append('hash'); return 1\n"
        "    __slots__ = ('x', '__dict__')\n"
        "c = C(); c.x = [c]; c.y = {c: 1}; d = {c}; ran.clear()"
    )
    session.capture()
    assert session.run("ran").text == "[]"


def test_clearing(session: Any) -> None:
    session.ok("a = 1; b = 2\na")
    session.session.clear(["a", "missing", "__name__"])
    assert session.run("('a' in globals(), b, __name__)").text == "(False, 2, '__main__')"
    session.session.clear(None)
    assert session.rows() == {}
    assert session.run("b").error["ename"] == "NameError"
    assert session.run("_1").error["ename"] == "NameError"


def test_the_index_names_what_it_holds(session: Any) -> None:
    session.ok("a = 1\ndef f(): pass\ndef g(): yield\nx = g()\n3")
    header = session.capture()
    assert header["units"][0]["names"] == ["a", "f", "g"]
    index = Index.unpack(session.blobs[header["units"][0]["blob"]])
    assert {"def f", "def g", "state random"} <= set(index.places)
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
