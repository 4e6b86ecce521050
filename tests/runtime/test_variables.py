"""The variable table: names, types, sizes, previews, and values that misbehave."""

import signal
from typing import Any

import pytest


def test_rows_of_ordinary_values(session: Any) -> None:
    session.ok(
        "numbers = list(range(1000))\nname = 'Ada'\ndef f(a, *b, c=1, **d): pass\nimport math\n"
        "class C: pass\n_hidden = 1\n__dunder__ = 2\n_5 = 3\nfor _ in 'x': pass"
    )
    rows = session.rows()
    assert list(rows) == ["numbers", "name", "f", "math", "C", "_hidden"]
    assert rows["numbers"]["type"] == "list"
    assert rows["numbers"]["sizeBytes"] > 8_000
    assert rows["name"]["preview"] == "'Ada'"
    assert rows["f"]["preview"] == "<function f(a, *b, c, **d)>"
    assert rows["math"]["preview"] == "<module math>"
    assert rows["C"] == {**rows["C"], "type": "type", "preview": "<class C>"}


PREVIEWS = [
    ("[1, 'a', None, 2.5]", "[1, 'a', None, 2.5]"),
    ("{'a': (1,), 'b': {2}}", "{'a': (1,), 'b': {2}}"),
    ("set()", "set()"),
    ("frozenset({1})", "frozenset({1})"),
    ("10 ** 100_000", "<an int of about 100,001 digits>"),
    ("'a\\nb'", "'a\\nb'"),
    ("__import__('datetime').date(2026, 1, 2)", "datetime.date(2026, 1, 2)"),
    ("__import__('array').array('d', [1.5])", "array('d', [1.5])"),
    ("__import__('array').array('i')", "array('i')"),
]


@pytest.mark.parametrize(("source", "expected"), PREVIEWS)
def test_previews(session: Any, source: str, expected: str) -> None:
    session.ok(f"x = {source}")
    assert session.rows()["x"]["preview"] == expected


@pytest.mark.parametrize(
    "source",
    [
        "list(range(10**6))",
        "'x' * 10**7",
        "{i: i for i in range(10**5)}",
        "[[1] * 9] * 99",
        "__import__('array').array('i', range(10**5))",
    ],
)
def test_previews_of_large_values_are_short(session: Any, source: str) -> None:
    session.ok(f"x = {source}")
    row = session.rows()["x"]
    assert 20 < len(row["preview"]) <= 200
    assert "…" in row["preview"]


def test_cycles_and_depth_end(session: Any) -> None:
    session.ok("a = []\na.append(a)\nd = {}\nfor i in range(9999): d = {1: d}")
    assert session.rows()["a"]["preview"] == "[[[[[…]]]]]"
    assert session.rows()["d"]["sizeBytes"] > 0


def test_a_repr_that_raises_or_lies(session: Any) -> None:
    session.ok(
        "class Bad:\n    def __repr__(self): raise ValueError('no')\n"
        "class Odd:\n    def __repr__(self): return 3\n    __class__ = int\n"
        "class Lone:\n    def __repr__(self): return '\\ud83d\\n' * 500\n"
        "class Exit:\n    def __repr__(self): raise SystemExit\n"
        "class Size:\n    def __sizeof__(self): 1/0\n"
        "b, o, l, e, s = Bad(), Odd(), Lone(), Exit(), Size()"
    )
    rows = session.rows()
    assert rows["b"]["preview"] == "<Bad object: its __repr__ raised ValueError: no>"
    assert rows["o"]["type"] == "Odd"
    assert rows["l"]["preview"].startswith("\ufffd \ufffd")
    assert len(rows["l"]["preview"]) <= 200
    assert {"e", "s"} <= set(rows)


def test_a_repr_that_never_ends_is_interrupted(session: Any) -> None:
    session.ok("class Slow:\n    def __repr__(self):\n        while True: pass\nx = [Slow()]")

    def deadline(ms: float) -> None:
        session.hooks.deadlines.append(ms)
        signal.setitimer(signal.ITIMER_REAL, ms / 1000)

    before = signal.signal(signal.SIGALRM, lambda *_: signal.raise_signal(signal.SIGINT))
    session.hooks.deadline = deadline
    try:
        preview = session.rows()["x"]["preview"]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert preview == "[<Slow object: its repr took too long>]"
    assert session.hooks.deadlines == [50, 0]


def test_names_that_are_not_text(session: Any) -> None:
    session.ok("globals()[5] = 1\nglobals()['a b'] = 2\nglobals()['\\ud83d'] = 3\nx = 4")
    assert list(session.rows()) == ["a b", "\ufffd", "x"]
    assert session.unsaved() == {"int": "its name is not text"}


SHAPES = [
    ("[1, 2, 3]", "3"),
    ("'abcd'", "4"),
    ("__import__('collections').Counter('aab')", "2"),
    ("__import__('collections').deque([1], 5)", "1"),
    ("5", None),
    ("type('L', (list,), {'__len__': lambda self: 1 / 0})([1, 2])", "2"),
]


@pytest.mark.parametrize(("source", "expected"), SHAPES)
def test_shapes(session: Any, source: str, expected: str | None) -> None:
    session.ok(f"x = {source}")
    assert session.rows()["x"]["shape"] == expected


def test_the_shape_of_an_array_is_asked_and_that_of_a_users_object_is_not(session: Any) -> None:
    session.ok(
        "asked = []\n"
        "class Grid:\n"
        "    @property\n"
        "    def shape(self):\n"
        "        asked.append(type(self).__module__)\n"
        "        return 3, 4\n"
        "mine = Grid()\n"
        "class Array(Grid): __module__ = 'numpy'\n"
        "theirs = Array()"
    )
    assert session.rows()["mine"]["shape"] is None
    assert session.rows()["theirs"]["shape"] == "3×4"
    assert set(session.session.interpreter.namespace.names["asked"]) == {"numpy"}
