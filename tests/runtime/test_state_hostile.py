"""Snapshots made to do harm: restoring runs nothing that they choose, ends, and goes on beside."""

import collections
import functools
import json
import operator
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.runtime.forging import Forge, Ref, snapshot

MAKE = "import os; os.mkdir('ran')"


def calls(function: Any) -> Callable[[Forge], Ref]:
    """An attack by a call of a library's function with a harmful argument."""
    return lambda f: f.call(f.named(function), MAKE)


def with_iterator(kind: Any) -> Callable[[Forge], Ref]:
    """An attack by a class that moves an iterator on, which calls something."""
    return lambda f: f.call(f.named(kind), f.lazily(f.named(os.mkdir), "ran"))


def harmful(f: Forge, name: str = "harm", arguments: str = "*args") -> Ref:
    """A function of the session that shows that it ran."""
    return f.function(f"def {name}({arguments}):\n {MAKE.replace('; ', ';')}\n return 1")


def _reduces(f: Forge) -> Ref:
    pair = f.tuples("ran", 0o777)
    return f.call(f.named(functools.reduce), f.named(os.mkdir), pair)


def _accumulates(f: Forge) -> Ref:
    source = f.call(f.add("name", "builtins", "iter"), f.lists(0o777))
    return f.add("accumulate", f.named(os.mkdir), source, f.tuples("ran"), 2)


def _bound(f: Forge) -> Ref:
    return f.add("method", harmful(f), f.lists())


def _matches(f: Forge) -> Ref:
    return f.add(
        "match", f.add("imported", "builtins", f.tuples()), MAKE, f.dicts(), None, "exec", 0
    )


def _instance_with(f: Forge, **methods: Any) -> Ref:
    return f.instance(f.kind("K", **methods))


def _alias(f: Forge) -> Ref:
    kind = f.kind("S", (f.named(str),), isidentifier=harmful(f))
    name = f.add("instance", "x = 0; import os; os.mkdir('ran'); type y", params=(kind, "str", 0))
    return f.add("type alias", name, f.tuples(), 1)


def _context(f: Forge) -> Ref:
    setter = _instance_with(f, set=harmful(f))
    return f.add("context", f.lists(f.tuples(setter, 1)))


def _future(f: Forge) -> Ref:
    return f.add("future", "error", f.kind("E", __init__=harmful(f)))


def _subclass(f: Forge) -> Ref:
    hook = f.add("classmethod", harmful(f), f.dicts())
    base = f.kind("B", __init_subclass__=hook, __module__="json")
    return f.kind("C", (base,))


def _set_name(f: Forge) -> Ref:
    return f.kind("C", original=_instance_with(f, __set_name__=harmful(f)))


def _registered(f: Forge) -> Ref:
    from abc import ABCMeta

    hook = f.add("classmethod", harmful(f), f.dicts())
    other = f.tuples(f.kind("Other"))
    return f.kind("C", meta=f.named(ABCMeta), __subclasshook__=hook, registered=other)


def _constructed(f: Forge) -> Ref:
    construct = f.add("name", "playground_runtime.state.forms.library", "construct")
    return f.call(construct, f.named(subprocess.Popen), f.named(subprocess.Popen), f.lists("ls"))


def _own_new(f: Forge) -> Ref:
    kind = f.kind("K", __new__=f.add("staticmethod", harmful(f), f.dicts()))
    return f.reduced(f.add("name", "copyreg", "__newobj__"), f.tuples(kind))


def _own_getitem(f: Forge) -> Ref:
    return f.call(f.named(operator.getitem), _instance_with(f, __getitem__=harmful(f)), 1)


def _index(f: Forge) -> Ref:
    value = _instance_with(f, __index__=harmful(f), __int__=harmful(f))
    return f.add("instance", value, params=(f.kind("I", (f.named(int),)), "int", 0))


def _weak(f: Forge) -> Ref:
    return f.add("weak reference", f.named(os.mkdir), "ran", 0o777, None)


def _opened(f: Forge) -> Ref:
    return f.add("file", "x", "../outside.txt", "r+b", 0, None, False)


def _descriptor(f: Forge) -> Ref:
    return f.add("file", 1, "x", "wb", 0, None, True)


def _database(f: Forge) -> Ref:
    return f.add("sqlite", "../outside.db", b"", False, "", None, f.named(str))


def _deep_key(f: Forge) -> Ref:
    return f.columns("dict", [1], [f.chain("tuple", 200_000)], [1])


def _shared(f: Forge) -> Ref:
    """Lists that a walk without memory would see 2**60 times."""
    one = f.lists()
    for _ in range(60):
        one = f.lists(one, one)
    return f.call(f.named(map), f.named(len), f.call(f.add("name", "builtins", "iter"), one))


ATTACKS: dict[str, Callable[[Forge], Ref]] = {
    "os": lambda f: f.call(f.named(os.mkdir), "ran"),
    "exec": calls(exec),
    "eval": lambda f: f.call(f.named(eval), "__import__('os').mkdir('ran')"),
    "system": lambda f: f.call(f.add("name", "os", "system"), "mkdir ran"),
    "process": lambda f: f.call(f.named(subprocess.Popen), f.lists("mkdir", "ran")),
    "reduced": lambda f: f.reduced(f.named(exec), f.tuples(MAKE)),
    "setter": lambda f: f.reduced(
        f.named(collections.Counter), f.tuples(), state=1, setter=harmful(f)
    ),
    "arguments": lambda f: f.reduced(f.named(dict), f.lazily(f.named(os.mkdir), "ran")),
    "counter": with_iterator(collections.Counter),
    "deque by call": with_iterator(collections.deque),
    "deque": lambda f: f.add("deque", None, f.lazily(f.named(os.mkdir), "ran")),
    "items": lambda f: f.reduced(
        f.named(collections.UserList), f.tuples(), items=f.lazily(f.named(os.mkdir), "ran")
    ),
    "methodcaller": lambda f: f.call(f.call(f.named(operator.methodcaller), "clear"), f.lists(1)),
    "partial": lambda f: f.call(
        f.add("partial", f.named(os.mkdir), f.tuples("ran"), f.dicts(), None)
    ),
    "session's function": lambda f: f.call(harmful(f)),
    "session's method": lambda f: f.call(_bound(f)),
    "session's class": lambda f: f.call(f.kind("K", __init__=harmful(f))),
    "type": lambda f: f.call(f.named(type), "T", f.tuples(), f.dicts()),
    "reduce": _reduces,
    "getitem": _own_getitem,
    "accumulate": _accumulates,
    "product": lambda f: f.add(
        "product", f.tuples(f.lazily(f.named(os.mkdir), "ran"), f.tuples(1)), 1
    ),
    "permutations": lambda f: f.add("permutations", f.lazily(f.named(os.mkdir), "ran"), 1, 0),
    "cycle": lambda f: f.add("cycle", f.lists(), _instance_with(f, copy=harmful(f))),
    "match": _matches,
    "weak reference": _weak,
    "alias": _alias,
    "context": _context,
    "future": _future,
    "init subclass": _subclass,
    "set name": _set_name,
    "registered": _registered,
    "construct": _constructed,
    "session's new": _own_new,
    "index": _index,
    "asyncio": lambda f: f.add("asyncio", f.named(subprocess.Popen), f.dicts()),
    "file's module": lambda f: f.add("name", "evil", "x"),
    "imported file": lambda f: f.add("imported", "evil", f.tuples()),
    "imported part": lambda f: f.add("imported", "json", f.tuples("evil")),
    "globals of a file": lambda f: f.add(
        "function",
        f.code((lambda: 1).__code__),
        "evil",
        "f",
        None,
        "f",
        "__main__",
        *(None,) * 8,
    ),
    "poem": lambda f: f.add("imported", "antigravity", f.tuples()),
    "file outside": _opened,
    "file by number": _descriptor,
    "database outside": _database,
    "no exception": lambda f: f.add(
        "exception", f.tuples(), *(None,) * 6, params=(f.named(subprocess.Popen),)
    ),
    "traceback": lambda f: f.add(
        "exception",
        f.tuples(),
        None,
        None,
        None,
        False,
        f.lists(f.tuples("f", "g", "g", 1, 1 << 100_000, 1, 1, 1)),
        f.tuples(),
        params=(f.named(ValueError),),
    ),
    "large bytearray": lambda f: f.add("bytearray", 1 << 40),
    "deep key": _deep_key,
    "lengths": lambda f: f.columns("list", [1 << 60], [1]),
    "negative lengths": lambda f: f.columns("dict", [-1], [], []),
    "no lengths": lambda f: f.columns("set", [], []),
    "text lengths": lambda f: f.columns("tuple", ["1"], [1]),
    "few columns": lambda f: f.columns("dict", [1]),
    "unknown form": lambda f: f.add("no such form", 1),
    "odd parameters": lambda f: f.add("instance", 1, params=(1, 2, 3, 4)),
    "itself": lambda f: f.chain("tuple", 3, closed=True),
}
#: Attacks whose object is as good as any: what matters is that nothing runs.
HARMLESS = {"registered", "set name", "init subclass", "session's new"}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_runs_nothing(sessions: Any, name: str) -> None:
    forge = Forge()
    root = ATTACKS[name](forge)
    header, blobs = forge.snapshot(x=root, beside=7)
    evil = b"import os; os.mkdir('ran')"
    blobs[90] = evil
    header["files"] = [{"path": "evil.py", "blob": 90, "size": len(evil), "modifiedAt": 0}]
    session = sessions()
    report = session.restore(header, blobs)
    names = {row["name"] for row in report["failed"]}
    assert not Path("ran").exists()
    assert session.run("beside").text == "7"
    assert "x" in names or name in HARMLESS, report
    assert not (session.home.parent / "outside.txt").exists()
    assert not (session.home.parent / "outside.db").exists()
    session.capture()
    assert not Path("ran").exists()
    sys.modules.pop("evil", None)


def test_what_is_shared_is_looked_at_once(sessions: Any) -> None:
    forge = Forge()
    header, blobs = forge.snapshot(x=_shared(forge))
    session = sessions()
    assert session.restore(header, blobs)["failed"] == []
    assert session.run("next(x)").text == "2"


def test_a_library_is_not_replaced(sessions: Any) -> None:
    forge = Forge()
    for name in ("json", "sys", "playground_runtime.session"):
        one = forge.add("module", name, forge.dicts(dumps=harmful(forge)), True)
        header, blobs = forge.snapshot(x=one)
        before = sys.modules[name]
        session = sessions()
        session.restore(header, blobs)
        assert sys.modules[name] is before
    assert session.run("import json; json.dumps(1)").text == "'1'"


STATES: dict[str, Callable[[Forge], dict[str, Any]]] = {
    "random": lambda f: {"random": 5},
    "random itself": lambda f: {"random": f.tuples(3, f.tuples("a"), None)},
    "decimal": lambda f: {"decimal": f.lists()},
    "future": lambda f: {"future": "x"},
    "path": lambda f: {"path": f.lazily(f.named(os.mkdir), "ran")},
    "environ": lambda f: {"environ": f.tuples(f.lists(1), 5)},
    "folder": lambda f: {"folder": "../.."},
    "folder by number": lambda f: {"folder": 3},
    "filters": lambda f: {"filters": f.lazily(f.named(os.mkdir), "ran")},
    "filters of what": lambda f: {"filters": f.lists(1, 2)},
    "settings": lambda f: {"settings": f.dicts(recursion="x", digits=-5, switching=f.lists())},
    "hooks": lambda f: {"hooks": f.dicts(modules=f.dicts(), stdout=1, meta_path=f.lists())},
    "logging": lambda f: {"logging": f.dicts(levels=1)},
    "csv": lambda f: {"csv": f.dicts(limit="x")},
    "last": lambda f: {"last": 5},
    "annotations": lambda f: {"annotations": f.dicts(print=1, __builtins__=2)},
    "patches of builtins": lambda f: {"patches": f.dicts(builtins=f.dicts(len=1))},
    "patches of sys": lambda f: {"patches": f.dicts(sys=f.dicts(modules=1))},
    "patches of ours": lambda f: {
        "patches": f.columns("dict", [1], ["playground_runtime.session"], [f.dicts(Session=1)])
    },
    "patches of a class": lambda f: {"patches": f.columns("dict", [1], ["json:dumps"], [1])},
    "patches of a file": lambda f: {"patches": f.dicts(evil=f.dicts(x=1))},
    "no such part": lambda f: {"nothing": 1},
}


@pytest.mark.parametrize("name", STATES)
def test_forged_state_of_the_interpreter_is_refused(sessions: Any, name: str) -> None:
    forge = Forge()
    header, blobs = forge.state(**STATES[name](forge))
    session = sessions()
    modules, streams = sys.modules, (sys.stdout, sys.stderr)
    before = (sys.getrecursionlimit(), len, sys.meta_path)
    report = session.restore(header, blobs)
    assert "beside" in report["restored"]
    assert not Path("ran").exists()
    assert sys.modules is modules
    assert (sys.stdout, sys.stderr) == streams
    assert before == (sys.getrecursionlimit(), len, sys.meta_path)
    assert session.run("print(beside, 1 + 1)").stdout == "1 2\n"
    assert Path.cwd() == session.home
    assert [row["reason"] for row in report["failed"]] != [], name
    session.capture()


def test_forged_names(sessions: Any) -> None:
    pairs: Any = [
        (5, 1),
        ("__builtins__", {}),
        ("__name__", 1),
        ("a b", 1),
        ("twice", 1),
        ("twice", 2),
        (None, 1),
        ("fine", 1),
    ]
    from tests.runtime.forging import rooted

    pairs[1] = ("__builtins__", 3)
    results = [("x", 1), ("-1", 1), ("2", 5), (3, 1)]
    builtin = [("print", 1), ("__import__", 2), ("more", 3), (4, 4)]
    header, blobs = snapshot({}, rooted({"name": pairs, "result": results, "builtin": builtin}))
    session = sessions()
    report = session.restore(header, blobs)
    assert session.run("fine, twice, _2, more").text == "(1, 2, 5, 3)"
    assert session.run("__name__").text == "'__main__'"
    assert json.dumps(report)
    session.capture()


def test_files_of_a_forged_snapshot_stay_in_the_folder(sessions: Any) -> None:
    header, blobs = Forge().snapshot(x=1)
    blobs[50] = b"data"
    paths: list[Any] = ["../up.txt", "/tmp/absolute.txt", "a/../../b.txt", "ok.txt", "", 5, "a\0b"]
    header["files"] = [
        {"path": path, "blob": 50, "size": 4, "modifiedAt": 1 << 80} for path in paths
    ]
    header["directories"] = ["../folder", "fine", 7]
    session = sessions()
    report = session.restore(header, blobs)
    assert session.run("x").text == "1"
    assert sorted(one.name for one in session.home.iterdir()) == ["fine", "ok.txt"]
    assert sorted(one.name for one in session.home.parent.iterdir()) == [session.home.name]
    assert len(report["failed"]) >= 6


def test_code_that_never_ends_is_interrupted(sessions: Any) -> None:
    """A key's hash is code of the session; it has as long as a restore has."""
    first = sessions()
    first.ok(
        "class K:\n    def __hash__(self, slow=[]):\n        while slow: pass\n"
        "        return 1\n"
        "d = {K(): 1}\nK.__hash__.__defaults__[0].append(1)\nx = 5"
    )
    header = first.capture()
    second = sessions()

    def deadline(ms: float) -> None:
        import signal

        def over(number: int, frame: Any) -> None:
            signal.raise_signal(signal.SIGINT)

        if ms:
            signal.signal(signal.SIGALRM, over)
        signal.setitimer(signal.ITIMER_REAL, min(ms / 1000, 1.0))

    second.hooks.deadline = deadline
    report = second.restore(header, first.blobs)
    assert "d" in {row["name"] for row in report["failed"]}
    assert "took too long" in next(row["reason"] for row in report["failed"])
    assert second.run("1 + 1").text == "2"
