"""Whether digests of variables say that a value is the same, and that it is not."""

from typing import Any

import pytest


def contents(session: Any) -> dict[str, Any]:
    return {row["name"]: row["content"] for row in session.capture()["variables"]}


SAME = [
    ("x = 5", "x = 2 + 3", "x"),
    ("x = [1, [2]]", "x = [1, [2]]", "x"),
    ("x = [1, 2]", "x.append(3); x.pop()", "x"),
    ("class C:\n    n = 0\nx = C()", "x.n = 1; del x.n", "x"),
    ("xs = [{'n': n} for n in range(2000)]; x = xs[7]", "xs[8]['n'] = 0", "x"),
    ("a = [1]; x = [a]", "del a", "x"),
    ("x = list(range(100_000))", "x[5] = 6; x[5] = 5", "x"),
    ("x = 'text' * 1000", "x = 'text' * 1000", "x"),
]

DIFFERENT = [
    ("x = 1", "x = True", "x"),
    ("x = 1.0", "x = 1", "x"),
    ("x = 0.0", "x = -0.0", "x"),
    ("x = [1] * 300", "x[299] = 2", "x"),
    ("x = list(range(100_000))", "x[99_999] = 0", "x"),
    ("a = []; x = [a, a]", "x = [[], []]", "x"),
    ("class C:\n    n = 0\nx = C()", "C.n = 1", "x"),
    ("xs = [{'n': n} for n in range(2000)]; x = xs[7]", "xs[7]['n'] = 0", "x"),
    ("def f(): return 1\nx = f", "def f(): return 2\nx = f", "x"),
    ("def f(): return 1\nx = [f]", "f.extra = 1", "x"),
    ("x = bytearray(5000)", "x[4000] = 1", "x"),
    ("a = list(range(5000)); x = (a,)", "a[0] = 9", "x"),
]


@pytest.mark.parametrize(("before", "change", "name"), SAME)
def test_the_same_value_has_the_same_digest(
    session: Any, before: str, change: str, name: str
) -> None:
    session.ok(before)
    first = contents(session)[name]
    assert first is not None
    session.ok(change)
    assert contents(session)[name] == first


@pytest.mark.parametrize(("before", "change", "name"), DIFFERENT)
def test_another_value_has_another_digest(
    session: Any, before: str, change: str, name: str
) -> None:
    session.ok(before)
    first = contents(session)[name]
    session.ok(change)
    second = contents(session)[name]
    assert None not in (first, second)
    assert first != second


def test_a_digest_stays_while_other_things_change(session: Any) -> None:
    session.ok("x = [1]; y = {2}\ndef f(): return x\nn = 0")
    first = contents(session)
    session.ok("n += 1")
    second = contents(session)
    assert {name for name in first if first[name] != second[name]} == {"n"}


def test_a_digest_is_the_same_after_the_state_was_restored(session: Any, sessions: Any) -> None:
    session.ok(
        "import datetime\nclass C: pass\nc = C(); c.items = [c, {1: 'a'}]; n = 3.5\n"
        "day = datetime.date(2026, 1, 2)\ndef f(x): return x\nxs = list(range(2000)); row = xs[3]"
    )
    header = session.capture()
    again = sessions()
    again.restore(header, session.blobs)
    first = {row["name"]: row["content"] for row in header["variables"]}
    assert contents(again) == first


def test_what_is_not_saved_has_none(session: Any) -> None:
    session.ok("g = (n for n in range(3)); box = [g]; n = 1")
    found = contents(session)
    assert found["g"] is None
    assert found["box"] is None
    assert found["n"] is not None


def test_rows_say_where_something_was_defined(session: Any) -> None:
    session.ok("n = 1")
    session.ok("\ndef f():\n    pass\ng = f\nclass C:\n    def m(self): pass\n")
    rows = {row["name"]: row for row in session.capture()["variables"]}
    entry = rows["f"]["entry"]
    assert (rows["g"]["entry"], rows["g"]["line"]) == (entry, 2)
    assert (rows["n"]["entry"], rows["n"]["line"]) == (None, None)
    if rows["C"]["line"] is not None:
        assert (rows["C"]["entry"], rows["C"]["line"]) == (entry, 5)
