"""The inspector's questions: paths, views, pages, and values that misbehave."""

import json
import signal
from typing import Any

import pytest
from playground_runtime import questions
from playground_runtime.errors import RefusedError


def ask(session: Any, question: str, **args: Any) -> Any:
    return json.loads(questions.answer(session.session, question, args))


def look(session: Any, name: str, *path: Any, **more: Any) -> Any:
    return ask(
        session, "view", **{"name": name, "path": list(path), "start": 0, "count": 100, **more}
    )


def rows(session: Any, name: str, *path: Any, **more: Any) -> list[tuple[str, str]]:
    page = look(session, name, *path, **more)["page"]
    return [(row["label"], row["preview"]) for row in page["rows"]]


def test_a_value_three_levels_deep(session: Any) -> None:
    session.ok("school = {'class': [{'name': 'Ada', 'marks': (1, 2)}, 5]}")
    assert rows(session, "school") == [("'class'", "[{'name': 'Ada', 'marks': (1, 2)}, 5]")]
    path = [["item", 0], ["item", 0], ["item", 1]]
    found = look(session, "school", *path)
    assert "".join(crumb["label"] for crumb in found["crumbs"]) == "school['class'][0]['marks']"
    assert found["type"] == "tuple"
    assert rows(session, "school", *path) == [("0", "1"), ("1", "2")]


def test_pages_of_a_long_list(session: Any) -> None:
    session.ok("x = list(range(100_000))")
    page = look(session, "x", start=99_950)["page"]
    assert page["total"] == 100_000
    assert [row["label"] for row in page["rows"]] == [str(at) for at in range(99_950, 100_000)]
    assert look(session, "x", start=10**12)["page"]["rows"] == []
    assert len(look(session, "x", count=10**9)["page"]["rows"]) == 100


CONTAINERS = [
    ("{'b', }", [("", "'b'")]),
    ("__import__('collections').deque([7])", [("0", "7")]),
    ("__import__('collections').Counter('aab')", [("'a'", "2"), ("'b'", "1")]),
    ("__import__('collections').OrderedDict(a=1)", [("'a'", "1")]),
    ("__import__('collections').namedtuple('P', 'x y')(1, 2)", [("x", "1"), ("y", "2")]),
    ("range(5, 7)", [("0", "5"), ("1", "6")]),
    ("__import__('array').array('i', [3])", [("0", "3")]),
    ("{1: 2}.items()", [("0", "(1, 2)")]),
]


@pytest.mark.parametrize(("source", "expected"), CONTAINERS)
def test_containers(session: Any, source: str, expected: list[tuple[str, str]]) -> None:
    session.ok(f"x = {source}")
    assert rows(session, "x", view="items") == expected


def test_attributes_of_objects_and_dataclasses(session: Any) -> None:
    session.ok(
        "from dataclasses import dataclass\n"
        "@dataclass\nclass Dog:\n    name: str\n    age: int = 3\n"
        "class Slotted:\n    __slots__ = ('a', 'b')\n"
        "rex, s = Dog('Rex'), Slotted()\ns.a = [1]"
    )
    assert rows(session, "rex") == [("name", "'Rex'"), ("age", "3")]
    assert rows(session, "s") == [("a", "[1]")]
    crumbs = look(session, "s", ["attr", 0], ["item", 0])["crumbs"]
    assert "".join(crumb["label"] for crumb in crumbs) == "s.a[0]"


def test_nothing_of_a_hostile_class_is_run(session: Any) -> None:
    session.ok(
        "ran = []\n"
        "class Meta(type):\n"
        "    __mro__ = property(lambda cls: ran.append('mro'))\n"
        "    def __instancecheck__(cls, one): ran.append('instance')\n"
        "    def __getattribute__(cls, name):\n"
        "        ran.append(name)\n"
        "        return type.__getattribute__(cls, name)\n"
        "class Bad(metaclass=Meta):\n"
        "    def __init__(self): self.x = 1\n"
        "    def __getattr__(self, name): ran.append(name); 1 / 0\n"
        "    def __getattribute__(self, name):\n"
        "        if name != 'x': ran.append(name)\n"
        "        return object.__getattribute__(self, name)\n"
        "    @property\n"
        "    def trap(self): ran.append('trap')\n"
        "    def __len__(self): ran.append('len'); return 5\n"
        "    def __iter__(self): ran.append('iter'); return iter([])\n"
        "    def __class__(self): ran.append('class'); return list\n"
        "    __dict__ = property(lambda self: ran.append('dict'))\n"
        "class Fine:\n"
        "    def __init__(self): self.x = 1\n"
        "    @property\n"
        "    def trap(self): ran.append('trap'); return 5\n"
        "bad, fine = Bad(), Fine()\n"
        "ran.clear()"
    )
    look(session, "bad")
    assert rows(session, "fine") == [("x", "1"), ("trap", "")]
    page = look(session, "fine")["page"]
    assert [row["unread"] for row in page["rows"]] == [False, True]
    with pytest.raises(RefusedError):
        look(session, "fine", ["attr", 1])
    assert session.session.interpreter.namespace.names["ran"] == []


def test_subclasses_that_lie_about_their_items(session: Any) -> None:
    session.ok(
        "class Liar(list):\n"
        "    def __len__(self): return 10**9\n"
        "    def __iter__(self): 1 / 0\n"
        "    def __getitem__(self, at): 1 / 0\n"
        "x = Liar([1, 2])\nx.note = 'hi'"
    )
    assert rows(session, "x") == [("0", "1"), ("1", "2")]
    assert rows(session, "x", view="attributes") == [("note", "'hi'")]


def test_reprs_without_end_are_cut_off(session: Any) -> None:
    session.ok(
        "class Slow:\n    def __repr__(self):\n        while True: pass\nx = [Slow(), Slow()]"
    )

    def deadline(ms: float) -> None:
        signal.setitimer(signal.ITIMER_REAL, ms / 1000)

    before = signal.signal(signal.SIGALRM, lambda *_: signal.raise_signal(signal.SIGINT))
    session.hooks.deadline = deadline
    try:
        found = rows(session, "x")
        text = look(session, "x", ["item", 0], view="text")["page"]["text"]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert found[0] == ("0", "<Slow object: its repr took too long>")
    assert text.startswith("<Slow object")


def test_cycles_can_be_followed_round(session: Any) -> None:
    session.ok("a = []\na.append(a)")
    assert rows(session, "a", *[["item", 0]] * 150) == [("0", "[[[[[…]]]]]")]
    assert look(session, "a")["copyable"] is False


@pytest.mark.parametrize(
    "path", [[["item", 9]], [["item", -1]], [["item", "0"]], [["eval", 0]], ["item"], [[]]]
)
def test_paths_that_lead_nowhere_are_refused(session: Any, path: Any) -> None:
    session.ok("x = [1]")
    with pytest.raises(RefusedError, match="does not exist"):
        look(session, "x", *path)
    with pytest.raises(RefusedError, match="does not exist"):
        look(session, "gone")


TABLES = [
    ("[{'a': 1, 'b': 'x'}, {'a': 2}]", ["a", "b"], [["1", "x"], ["2", ""]]),
    ("[(1, 2.5), (3, 4.5)]", ["0", "1"], [["1", "2.5"], ["3", "4.5"]]),
    ("{'a': [1, 2], 'b': (3, 4)}", ["a", "b"], [["1", "3"], ["2", "4"]]),
    ("'a,b\\n1,\"x,y\"\\n2,z'", ["a", "b"], [["1", "x,y"], ["2", "z"]]),
    (
        "[*map(__import__('collections').namedtuple('P', 'x y')._make, [(1, 2), (3, 4)])]",
        ["x", "y"],
        [["1", "2"], ["3", "4"]],
    ),
]


@pytest.mark.parametrize(("source", "columns", "cells"), TABLES)
def test_tables(session: Any, source: str, columns: list[str], cells: list[list[str]]) -> None:
    session.ok(f"x = {source}")
    page = look(session, "x", view="table")["page"]
    assert page["columns"] == columns
    assert [row["cells"] for row in page["rows"]] == cells
    assert page["total"] == 2


def test_a_list_of_dataclasses_is_a_table_whose_rows_open(session: Any) -> None:
    session.ok(
        "from dataclasses import dataclass\n"
        "@dataclass\nclass Dog:\n    name: str\n    age: int\n"
        "dogs = [Dog('Rex', 3), Dog('Bo', 5)]"
    )
    found = look(session, "dogs")
    assert found["views"] == ["table", "items", "text"]
    assert found["page"]["columns"] == ["name", "age"]
    assert found["page"]["numeric"] == [False, True]
    assert found["page"]["opens"] is True
    assert rows(session, "dogs", ["item", 1]) == [("name", "'Bo'"), ("age", "5")]


@pytest.mark.parametrize(
    "source",
    ["[1, 2]", "[{'a': 1}, 5]", "[(1, 2), (1,)]", "{'a': [1], 'b': 2}", "'a, b'", "[]", "[{}, {}]"],
)
def test_what_is_no_table(session: Any, source: str) -> None:
    session.ok(f"x = {source}")
    assert "table" not in look(session, "x")["views"]


def test_arrays_and_frames_of_libraries(session: Any) -> None:
    session.ok(
        "class Array:\n"
        "    __module__ = 'numpy'\n"
        "    def __init__(self, rows): self.rows = rows\n"
        "    shape = property(lambda self: (len(self.rows), len(self.rows[0])))\n"
        "    def __getitem__(self, at): return Array([row[at[1]] for row in self.rows[at[0]]])\n"
        "    def tolist(self): return self.rows\n"
        "grid = Array([[1, 2], [3, 4], [5, 6]])\n"
        "class Index(list):\n"
        "    def __getitem__(self, at): return Index(list.__getitem__(self, at))\n"
        "    def tolist(self): return list(self)\n"
        "class Frame:\n"
        "    __module__ = 'pandas.core.frame'\n"
        "    shape = (2, 1)\n"
        "    columns = ['age']\n"
        "    index = Index(['Ada', 'Bo'])\n"
        "    @property\n"
        "    def iloc(self):\n"
        "        class At:\n"
        "            def __getitem__(at, key):\n"
        "                return Index([36, 5]) if type(key) is tuple else frame\n"
        "        return At()\n"
        "frame = Frame()"
    )
    page = look(session, "grid", start=1)["page"]
    assert [row["cells"] for row in page["rows"]] == [["3", "4"], ["5", "6"]]
    page = look(session, "frame")["page"]
    assert page["columns"] == ["age"]
    assert page["rows"] == [
        {"label": "Ada", "cells": ["36"]},
        {"label": "Bo", "cells": ["5"]},
    ]


def test_text_and_bytes_come_in_parts(session: Any) -> None:
    session.ok("text = 'äb\\ud83d' * 10_000\ndata = bytes(range(256)) * 100")
    page = look(session, "text", start=3, count=3)["page"]
    assert page == {"start": 3, "total": 30_000, "text": "äb\ufffd", "own": True}
    page = look(session, "data", start=16, count=4)["page"]
    assert page == {"start": 16, "total": 25_600, "hex": "10111213"}


def test_sources(session: Any) -> None:
    session.ok(
        "def area(r, *, scale=2):\n    '''The area.\n\n    Of a circle.'''\n    return r * scale"
    )
    session.ok(
        "x = 1\nclass Dog:\n    'Barks.'\n    def bark(self): return 'wau'\nclass Cat: lives = 9"
    )
    session.ok("import statistics\nmean, biggest, bark = statistics.mean, max, Dog().bark")
    area = look(session, "area")["page"]
    assert (area["head"], area["doc"], area["entry"]) == (
        "area(r, *, scale)",
        "The area.\n\nOf a circle.",
        1,
    )
    assert area["text"].startswith("def area(r, *, scale=2):")
    dog = look(session, "Dog")["page"]
    assert (dog["head"], dog["doc"], dog["entry"], dog["line"]) == ("class Dog", "Barks.", 2, 2)
    assert dog["text"].endswith("return 'wau'")
    assert look(session, "Cat")["page"]["text"] == "class Cat: lives = 9"
    assert look(session, "bark")["page"]["text"].startswith("def bark(self)")
    mean = look(session, "mean")["page"]
    assert mean["entry"] is None
    assert mean["text"].startswith("def mean(data):")
    assert look(session, "biggest")["page"]["text"] == ""
    assert "max(" in look(session, "biggest")["page"]["doc"]


COPIES = [
    ("{'a': [1, (2,), None, True], 'b': {3}}", "{'a': [1, (2,), None, True], 'b': {3}}"),
    ("(set(), frozenset({1}), b'x', 1.5)", "(set(), frozenset({1}), b'x', 1.5)"),
    ("float('nan')", None),
    ("object()", None),
    ("[0] * 30_000", None),
    ("type('L', (list,), {})([1])", None),
]


@pytest.mark.parametrize(("source", "expected"), COPIES)
def test_copies_as_python(session: Any, source: str, expected: str | None) -> None:
    session.ok(f"x = {source}")
    assert ask(session, "copy", name="x", path=[]) == {"text": expected}
    assert look(session, "x")["copyable"] is (expected is not None)


def test_a_variable_gets_another_name_in_its_place(session: Any) -> None:
    session.ok("a = 1\nb = [2]\nc = 3")
    assert ask(session, "rename", name="b", to=" bee ") == {"name": "bee"}
    assert list(session.rows()) == ["a", "bee", "c"]
    assert session.ok("bee").text == "[2]"


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ("for", "word of Python itself"),
        ("a", "already a variable a"),
        ("2x", "begin with a digit"),
        ("my name", "no spaces"),
        ("x-y", "letters, digits"),
        ("", "needs a name"),
        ("__name__", "keeps for itself"),
        ("_5", "keeps for itself"),
        ("list", "brings along"),
        ("x" * 301, "at most 300"),
        (None, "needs a name"),
    ],
)
def test_names_that_are_refused(session: Any, new: object, why: str) -> None:
    session.ok("a = 1\nb = 2")
    with pytest.raises(RefusedError, match=why):
        ask(session, "rename", name="b", to=new)
    assert list(session.rows()) == ["a", "b"]


def test_classes_that_cannot_be_compared_or_hashed(session: Any) -> None:
    session.ok(
        "class Meta(type):\n"
        "    __hash__ = None\n"
        "    def __eq__(cls, other): 1 / 0\n"
        "class Odd(metaclass=Meta): pass\n"
        "x, y = Odd(), [Odd()]\nx.a = 1"
    )
    assert session.rows()["x"]["preview"] == "<Odd object>"
    assert rows(session, "x") == [("a", "1")]
    assert rows(session, "y") == [("0", "<Odd object>")]
    assert look(session, "Odd")["views"] == ["source"]
    assert look(session, "x")["copyable"] is False
    assert session.ok("x").text.startswith("<__main__.Odd object")
    assert "x" in session.rows()
