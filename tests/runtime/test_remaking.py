"""Which entries make a variable again: read from their code, nothing is run."""

import json
from typing import Any

import pytest
from playground_runtime import questions
from playground_runtime.remaking.finding import Entry, Found, find
from playground_runtime.remaking.lineage import Mark, lineage

READ = "def read():\n    yield 1"


def found(sources: list[str], wanted: str, here: str = "", **more: Any) -> Found:
    entries = [Entry(number, source) for number, source in enumerate(sources, 1)]
    return find(entries, wanted.split(), here.split(), **more)


#: What is run, what is wanted, what is here, and which entries make it again.
CASES: list[tuple[str, list[str], str, str, list[int]]] = [
    ("the last that made it", [READ, "g = read()", "n = 1"], "g", "read n", [2]),
    ("made twice", [READ, "g = read()", "g = read()"], "g", "read", [3]),
    ("a chain of what is not here", ["a = open('x')", "b = [a]", "c = b"], "c", "", [1, 2, 3]),
    ("what is here ends the chain", ["a = 1", "b = a", "g = iter(b)"], "g", "a b", [3]),
    ("two at once", ["a = iter('')", "b = iter('')", "c = 1"], "a b", "c", [1, 2]),
    ("each as it was then", ["s = f()", "g = s", "s = h()"], "g s", "f h", [1, 2, 3]),
    (
        "a function's globals",
        ["c = f()", "def make():\n    return c", "g = make()"],
        "g",
        "f make",
        [1, 3],
    ),
    (
        "a function's globals through another",
        ["c = f()", "def a(): return c", "def b(): return a()", "g = b()"],
        "g",
        "f a b",
        [1, 4],
    ),
    ("a function that is here needs no run", [READ, "g = read()"], "g", "read", [2]),
    ("a function that is gone", [READ, "g = read()"], "g", "", [1, 2]),
    (
        "a class and what its methods read",
        ["c = f()", "class M:\n    def go(self): return c", "m = M()", "g = m.go()"],
        "g",
        "f M m",
        [1, 4],
    ),
    (
        "parameters are no globals",
        ["c = f()", "def make(c): return c", "g = make(1)"],
        "g",
        "f make",
        [3],
    ),
    (
        "a local is no global",
        ["c = f()", "def make():\n    c = 1\n    return c", "g = make()"],
        "g",
        "make f",
        [3],
    ),
    (
        "lambdas and comprehensions",
        ["k = f()", "g = [k for x in (1,)]", "h = lambda k: k"],
        "g",
        "f",
        [1, 2],
    ),
    ("a lambda's own parameter", ["k = f()", "g = map(lambda k: k, '')"], "g", "f", [2]),
    ("imports are here", ["import itertools", "g = itertools.count()"], "g", "itertools", [2]),
    ("an import that is not", ["import itertools as it", "g = it.count()"], "g", "", [1, 2]),
    ("from an import", ["from itertools import count", "g = count()"], "g", "", [1, 2]),
    ("a loop", [READ, "gs = []\nfor i in range(3):\n    gs.append(read())"], "gs", "read", [2]),
    (
        "a loop that adds",
        [READ, "gs = []", "for i in range(3):\n    gs.append(read())"],
        "gs",
        "read",
        [2, 3],
    ),
    ("an item of it", ["jobs = [1, 2]", "jobs[1] = iter('')"], "jobs", "", [1, 2]),
    ("an attribute of it", ["class M: pass", "m = M()", "m.a.b = iter('')"], "m", "M", [2, 3]),
    ("setattr", ["class M: pass", "m = M()", "setattr(m, 'a', iter(''))"], "m", "M", [2, 3]),
    ("made anew after the change", ["j = []", "j.append(1)", "j = [iter('')]"], "j", "", [3]),
    ("a call for its effect", ["m = make()", "m.prepare()\nprint(m)"], "m", "make", [1, 2]),
    ("a look at it", ["m = make()", "m.head()"], "m", "make", [1]),
    ("only used", [READ, "g = read()", "next(g)", "for x in g: print(x)"], "g", "read", [2]),
    ("augmented", ["g = [1]", "g += [iter('')]"], "g", "", [1, 2]),
    ("perhaps", ["g = f()", "if x:\n    g = h()"], "g", "f h x", [1, 2]),
    ("either way", ["g = f()", "if x:\n    g = h()\nelse:\n    g = k()"], "g", "f h k x", [2]),
    (
        "with and try",
        ["try:\n    with o() as f:\n        g = f\nexcept E:\n    g = None"],
        "g",
        "o E",
        [1],
    ),
    ("unpacking", ["a, (b, *g) = f()"], "g", "f", [1]),
    ("a walrus", ["print(g := iter(''))"], "g", "", [1]),
    ("match", ["match f():\n    case [g, *_]:\n        pass"], "g", "f", [1]),
    ("await", ["task = await f()\nasync for g in task: pass"], "g", "f", [1]),
    ("global", ["def start():\n    global g\n    g = f()", "start()"], "g", "start f", [2]),
    (
        "global through another",
        ["def s():\n    global g\n    g = f()", "def t(): s()", "t()"],
        "g",
        "s t f",
        [3],
    ),
    ("deleted and made again", ["g = f()", "del g", "g = h()"], "g", "f h", [3]),
    ("needed, though deleted later", ["n = f()", "g = iter(n)", "del n"], "g", "f", [1, 2]),
    ("made and deleted at once", ["g = f()", "g = h()\ndel g"], "g", "f h", [1]),
    ("no Python", ["g = iter('')", "g = ("], "g", "", [1]),
    ("its name in a text", ["g = iter('')", "print('g = 1')  # g = 2"], "g", "", [1]),
    ("redefined", ["def r(): yield 1", "g = r()", "def r(): yield 2"], "g", "r", [2]),
    ("a result", ["iter('')", "g = _\nh = Out[1], _1"], "g", "", [2]),
    ("decorators and defaults", ["d = f()", "@d\ndef g(): pass"], "g", "f", [1, 2]),
    ("a class with what it holds", ["class C:\n    x = f()"], "C", "f", [1]),
    ("a type parameter", ["def g[T](x: T) -> T: return x"], "g", "", [1]),
]


@pytest.mark.parametrize(
    ("sources", "wanted", "here", "numbers"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_the_entries_that_make_it(
    sources: list[str], wanted: str, here: str, numbers: list[int]
) -> None:
    result = found(sources, wanted, here)
    assert [entry.number for entry in result.entries] == numbers
    assert result.unknown == []


def test_what_an_entry_makes_and_what_else_it_changes() -> None:
    sources = [
        "import random\ntotal = 0",
        "class M: pass",
        f"{READ}\ng = read(); total += 1; M = M",
    ]
    (entry,) = found(sources, "g", "random total M read").entries
    assert (entry.makes, entry.changes) == (["g"], ["M", "total"])


def test_a_definition_that_stays_the_same_is_no_change() -> None:
    sources = [f"{READ}\ng = read()", "class C: pass\nh = iter(C)"]
    assert [entry.changes for entry in found(sources, "g", "read").entries] == [[]]
    assert [entry.changes for entry in found(sources, "h", "C").entries] == [["C"]]
    later = [*sources, "def read():\n    yield 2"]
    assert [entry.changes for entry in found(later, "g", "read").entries] == [["read"]]


def test_a_value_that_changed_since_is_told() -> None:
    (entry,) = found(["n = 5", "g = iter(range(n))", "m = 1", "n = 7"], "g", "n m").entries
    assert entry.stale == [("n", 4)]
    (entry,) = found(["n = 5", "g = iter(range(n))"], "g", "n").entries
    assert entry.stale == []


WARNINGS = [
    ("name = input('Who?'); g = iter(name)", ["asks"]),
    ("from getpass import getpass\ng = iter(getpass())", ["asks"]),
    ("import random\ng = iter([random.random()])", ["random"]),
    ("from random import choice as pick\ng = iter(pick('ab'))", ["random"]),
    ("import numpy as np\ng = iter(np.random.rand(3))", ["random"]),
    ("g = open('a.txt', 'w')", ["files"]),
    ("g = open('a.txt', mode=how)", ["files"]),
    ("g = open('a.txt')", []),
    ("g = open('a.txt', 'rb')", []),
    ("from pathlib import Path\nPath('x').write_text('')\ng = iter('')", ["files"]),
    ("import os\nos.remove('x')\ng = iter('')", ["files"]),
    ("import socket\ng = socket.socket()", ["network"]),
    ("from urllib.request import urlopen\ng = urlopen('')", ["network"]),
    ("import datetime as dt\ng = iter([dt.datetime.now()])", ["time"]),
    ("def ask():\n    return input()\ng = iter(ask())", ["asks"]),
    ("def ask():\n    return input()\ng = iter('')", []),
    ("g = iter('a'.replace('a', 'b'))", []),
]


@pytest.mark.parametrize(("source", "warnings"), WARNINGS)
def test_effects_are_told_before(source: str, warnings: list[str]) -> None:
    here = "os socket random np Path dt how urlopen pick getpass ask"
    assert [entry.warnings for entry in found([source], "g", here).entries] == [warnings]


def test_effects_of_a_function_of_another_entry() -> None:
    sources = ["import random", "def roll():\n    return random.random()", "g = iter([roll()])"]
    assert found(sources, "g", "random roll").entries[0].warnings == ["random"]


def test_an_entry_that_failed_made_what_came_before_the_error() -> None:
    entries = [
        Entry(1, "g = iter('')"),
        Entry(2, "g = iter('ab')\nh = 1/0\nk = 2", failed=2),
        Entry(3, "g = 1/0", failed=1),
        Entry(4, "for i in range(3):\n    k = i\n    1/0", failed=3),
    ]
    assert [one.number for one in find(entries, ["g"], []).entries] == [2]
    assert find(entries, ["g"], []).entries[0].warnings == ["failed"]
    assert [one.number for one in find(entries, ["k"], []).entries] == [4]
    assert [one.name for one in find(entries, ["h"], []).unknown] == ["h"]


def test_what_no_entry_makes_is_said() -> None:
    entries = [Entry(1, "", deleted=True), Entry(2, "x = 1")]
    assert [tuple(one) for one in find(entries, ["g"], []).unknown] == [("g", True)]
    assert [tuple(one) for one in find(entries, ["g"], [], {"g": 2}).unknown] == [("g", False)]
    assert [tuple(one) for one in find(entries[1:], ["g"], []).unknown] == [("g", False)]
    # What is needed and lost is said as well, but not what a function might never come to.
    needing = [Entry(1, "", deleted=True), Entry(2, "g = iter(data)")]
    assert [tuple(one) for one in find(needing, ["g"], []).unknown] == [("data", True)]
    inside = [Entry(1, "def f():\n    yield nowhere"), Entry(2, "g = f()")]
    assert find(inside, ["g"], ["f"]).unknown == []


def test_code_that_makes_names_in_other_ways_is_found_by_when_it_ran() -> None:
    sources = ["exec('g = iter(\"\")')", "x = 1", "globals()['h'] = iter('')", "from m import *"]
    result = found(sources, "g h k", hints={"g": 1, "h": 3, "k": 4})
    assert [entry.number for entry in result.entries] == [1, 3, 4]
    assert found(sources, "g").unknown[0].name == "g"


def test_going_back_leaves_entries_behind() -> None:
    assert lineage(range(1, 6), []) == [1, 2, 3, 4, 5]
    assert lineage(range(1, 6), [Mark(4, 2)]) == [1, 2, 5]
    assert lineage(range(1, 6), [Mark(5, 2)]) == [1, 2]
    assert lineage(range(1, 6), [Mark(3, 0)]) == [4, 5]
    assert lineage(range(1, 8), [Mark(3, 1), Mark(5, 3), Mark(5, 4)]) == [1, 4, 6, 7]
    assert lineage([2, 5], [Mark(4, 2)]) == [2, 5]
    assert lineage(range(1, 4), [Mark(2, 9), Mark(1, 1)]) == [1, 2, 3]


def test_reading_thousands_of_entries_is_quick() -> None:
    sources = [f"value_{n} = sum(range({n}))" for n in range(3_000)]
    result = found([*sources, READ, "g = read()"], "g", "read")
    assert [entry.number for entry in result.entries] == [3_002]


def test_the_question(sessions: Any) -> None:
    first = sessions()
    entries = [READ, "total = 1", "g = read()\ntotal += 1", "data = [g]"]
    for source in entries:
        first.ok(source)
    second = sessions()
    second.restore(first.capture(), first.blobs)
    rows = [
        {"number": number, "source": source, "failed": False, "line": None, "deleted": False}
        for number, source in enumerate(entries, 1)
    ]
    args = {"names": ["data"], "absent": ["data"], "entries": rows, "marks": [], "hints": {}}
    answer = json.loads(questions.answer(second.session, "remake", args))
    assert answer == {
        "entries": [
            {"number": 3, "makes": ["g"], "changes": ["total"], "stale": [], "warnings": []},
            {"number": 4, "makes": ["data"], "changes": [], "stale": [], "warnings": []},
        ],
        "unknown": [],
    }
    for entry in answer["entries"]:
        second.ok(entries[entry["number"] - 1])
    assert second.run("next(data[0])").text == "1"
