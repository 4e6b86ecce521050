"""Questions of the page about a session: the table, its bounds, and marks for syntax errors."""

import builtins
import json
from typing import Any

import pytest
from playground_runtime import pristine, questions
from playground_runtime.errors import RefusedError


def ask(session: Any, name: str, **args: Any) -> Any:
    return json.loads(questions.answer(session.session, name, args))


def test_an_unknown_question_is_refused(session: Any) -> None:
    with pytest.raises(RefusedError) as refusal:
        ask(session, "nothing")
    assert refusal.value.code == "not-found"


def test_an_answer_too_large_is_refused(session: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(questions.QUESTIONS, "large", lambda *_: "x" * questions.MAX_CHARS)
    with pytest.raises(RefusedError) as refusal:
        ask(session, "large")
    assert refusal.value.code == "too-large"


def test_a_question_works_when_builtins_are_broken(session: Any) -> None:
    session.ok("import builtins\nbuiltins.min = builtins.max = 3")
    try:
        found = ask(session, "check", source="x = +* 1")
        kept = (builtins.min, builtins.max)
    finally:
        pristine.undo()
    assert len(found["problems"]) == 1
    assert kept == (3, 3)


SYNTAX = [
    ("x = 1 +* 2", 7, 8),
    ("a = 1\nif a\n    b = 2\n", 10, 10),
    ("'🐍' +* 2", 6, 7),
    ("x = 'open", 4, 4),
    ("print('a'\nx = 1", 5, 9),
    ("print('a',\n", None, None),
    ("for x in y:", None, None),
    ("x = (1,\n", None, None),
    ("await thing()", None, None),
]


@pytest.mark.parametrize(("source", "start", "end"), SYNTAX)
def test_syntax_errors_are_placed(session: Any, source: str, start: Any, end: Any) -> None:
    found = ask(session, "check", source=source)["problems"]
    errors = [one for one in found if one["level"] == "error"]
    assert [(one["from"], one["to"]) for one in errors] == ([] if start is None else [(start, end)])


def test_a_file_must_be_whole(session: Any) -> None:
    assert ask(session, "check", source="for x in y:", file=True)["problems"]


def test_code_that_cannot_be_read_is_marked_as_a_whole(session: Any) -> None:
    (problem,) = ask(session, "check", source="x = 1\0")["problems"]
    assert (problem["from"], problem["to"]) == (0, 6)


CLEAN = [
    "import os\nos.getcwd()",
    "[x for x in range(3) if x]",
    "def f(a, *b, c=1, **d): return a, b, c, d",
    "later()\ndef later(): pass",
    "class A:\n    size = 2\n    cells = [0 for _ in range(size)]\n    def f(self, n=size): pass",
    "class A:\n    class B: pass\n    def f(self, b: B) -> B: return b",
    "from os.path import *\nprint(join('a', 'b'))",
    "print(_, __name__, Out, display)",
    "for i in range(3): pass\nprint(i)",
    "try: 1/0\nexcept Exception as e: print(e)",
    "with open('f') as f: f.read()",
    "if (n := 3) > 2: print(n)",
    "print([last := y for y in range(3)], last)",
    "def f():\n    global total\n    total = 1\nprint(total)",
    "def f():\n    n = 0\n    def g():\n        nonlocal n\n        n += 1\n    return g",
    "match 3:\n    case [a, *b]: print(a, b)\n    case {'k': v, **r}: print(v, r)",
    "def first[T](items: list[T]) -> T: return items[0]",
    "type Pair[T] = tuple[T, T]",
    "known + 1",
    "exec('a = 1')\nprint(a)",
    "x = lambda y, z=known: y + z",
    "def f():\n    a, b = 1, 2\n    for i in range(3): pass\n    _tmp = 1\n    return locals()",
    "def f():\n    a, b = 1, 2\n    for i in range(3): pass\n    _tmp = 1",
    "import a.b.c as abc, x.y\nprint(abc, x)",
    "del known",
]


@pytest.mark.parametrize("source", CLEAN)
def test_good_code_has_no_marks(session: Any, source: str) -> None:
    session.ok("known = 1")
    assert ask(session, "check", source=source)["problems"] == []


SLIPS = [
    ("prnt('x')", [(0, 4)]),
    ("'🐍', missing", [(6, 13)]),
    ("def f():\n    return missing", [(20, 27)]),
    ("[a for b in range(3)]", [(1, 2)]),
    ("def f():\n    left = 1\n    return 2", [(13, 17)]),
    ("def f():\n    import os\n    return 2", [(20, 22)]),
    ("class A:\n    size = 1\n    def f(self): return size", [(46, 50)]),
]


@pytest.mark.parametrize(("source", "places"), SLIPS)
def test_slips_are_marked_gently(session: Any, source: str, places: list[Any]) -> None:
    found = ask(session, "check", source=source)["problems"]
    assert [(one["from"], one["to"]) for one in found] == places
    assert {one["level"] for one in found} == {"info"}
