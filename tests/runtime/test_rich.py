"""Trees, tables and what people display on purpose."""

import json
from typing import Any

import pytest
from playground_runtime import limits
from playground_runtime.displays import mimebundle
from playground_runtime.tables import MIME as TABLE
from playground_runtime.trees import MIME as TREE

PEOPLE = """people = [
    {"name": "Ada", "born": 1815, "city": "London"},
    {"name": "Grace", "born": 1906},
    {"name": "Alan", "born": 1912, "city": None},
]
people"""


def test_a_list_of_dicts_is_a_table(session: Any) -> None:
    result = session.ok(PEOPLE).result
    assert result["text/plain"].startswith("[{'name': 'Ada'")
    assert TREE not in result
    table = json.loads(result[TABLE])
    assert table["columns"] == [
        {"name": "name", "number": False},
        {"name": "born", "number": True},
        {"name": "city", "number": False},
    ]
    assert table["rows"][:2] == [["Ada", "1815", "London"], ["Grace", "1906", None]]
    assert table["rows"][2] == ["Alan", "1912", "None"]
    assert (table["moreRows"], table["moreColumns"]) == (0, 0)


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("[(i, str(i) * 9) for i in range(9)]", ["0", "1"]),
        (
            "from collections import namedtuple\nP = namedtuple('P', 'x y')\n"
            "[P(i, -i) for i in range(20)]",
            ["x", "y"],
        ),
        (
            "from dataclasses import dataclass\n"
            "@dataclass\nclass D:\n    side: int\n    kind: str\n"
            "[D(i, 'a') for i in range(20)]",
            ["side", "kind"],
        ),
    ],
)
def test_other_rows_of_a_table(session: Any, source: str, names: list[str]) -> None:
    table = json.loads(session.ok(source).result[TABLE])
    assert [column["name"] for column in table["columns"]] == names


@pytest.mark.parametrize(
    "source",
    [
        "[(1, 2), (3, 4)]",
        "[{'a': 1}, {'a': 2}]",
        "[1, 2, [3, 4]]",
        "list(range(1000))",
        "'x' * 1000",
        "[{'a': 1, 'b': 2}] and 5",
        "[str(i) * 10 for i in range(100)]",
    ],
)
def test_what_is_short_or_flat_stays_text(session: Any, source: str) -> None:
    assert list(session.ok(source).result) == ["text/plain"]


@pytest.mark.parametrize(
    "source",
    [
        "[{'a' * 40: 1}, {'b' * 40: 2}, {'c': 3}]",
        "[{1: 'x' * 50}, {1: 'y' * 50}]",
        "[{'a': 'x' * 90}, [1]]",
        "[(1, [2] * 40), (3, [4])]",
    ],
)
def test_what_is_no_table_is_a_tree(session: Any, source: str) -> None:
    assert list(session.ok(source).result) == ["text/plain", TREE]


def test_a_tree_has_keys_sizes_and_ends(session: Any) -> None:
    source = "x = {'list': [1, (2,), {3}], 'long': 'y' * 500, 'f': frozenset({(1,)}), 5: {}}\nx"
    root = json.loads(session.ok(source).result[TREE])
    assert (root["open"], root["close"], root["size"], root["more"]) == ("{", "}", 4, 0)
    keys = [key for key, _ in root["items"]]
    assert keys == ["'list'", "'long'", "'f'", "5"]
    inner = root["items"][0][1]
    assert [key for key, _ in inner["items"]] == ["0", "1", "2"]
    assert inner["items"][1][1]["items"] == [["0", {"text": "2"}]]
    assert inner["items"][2][1]["items"] == [[None, {"text": "3"}]]
    assert root["items"][1][1]["text"].endswith("…")
    assert root["items"][3][1]["size"] == 0


def test_a_dataclass_opens(session: Any) -> None:
    source = (
        "from dataclasses import dataclass, field\n@dataclass\nclass Team:\n    name: str\n"
        "    marks: list\n    secret: int = field(default=1, repr=False)\n"
        "Team('x' * 60, list(range(30)))"
    )
    root = json.loads(session.ok(source).result[TREE])
    assert (root["open"], [key for key, _ in root["items"]]) == ("Team(", ["name", "marks"])


def test_circles_end(session: Any) -> None:
    source = "a = ['x' * 80]; b = {'a': a}; a.append(b); a"
    root = json.loads(session.ok(source).result[TREE])
    assert root["items"][1][1]["items"][0][1] == {"text": "…"}


@pytest.mark.parametrize(
    "source",
    [
        "[[i] * 50 for i in range(5000)]",
        "[['\\u1234' * 300] * 90 for i in range(90)]",
        "x = []\nfor i in range(500): x = [x, 'y' * 10]\nx",
        "[{f'k{j}': 'v' * 300 for j in range(60)} for i in range(500)]",
        "[{'a' * 5000: '\\u1234' * 5000}] * 300",
        "{i: {j: {k: k for k in range(50)} for j in range(50)} for i in range(50)}",
    ],
)
def test_trees_and_tables_are_bounded(session: Any, source: str) -> None:
    result = session.ok(source).result
    (made,) = [mime for mime in result if mime != "text/plain"]
    shown = json.loads(result[made])
    assert len(result[made]) < 64 * 1024
    if made == TABLE:
        assert len(shown["columns"]) + shown["moreColumns"] in (1, 60)
        assert len(shown["rows"]) + shown["moreRows"] in (300, 500)
    else:
        assert shown["size"] == len(shown["items"]) + shown["more"]


def test_a_failing_repr_leaves_the_text(session: Any) -> None:
    source = "class Bad:\n    def __repr__(self): raise ValueError('no')\n[[Bad(), 'x' * 90]]"
    result = session.ok(source).result
    assert "__repr__ raised ValueError: no" in json.dumps(result)


def test_the_classes_are_there_without_an_import(session: Any) -> None:
    outcome = session.ok(
        "display(Markdown('# Hi'), Latex('$x$'), HTML('<b>b</b>'), JSON({'a': [1]}),\n"
        "        SVG('<svg/>'), Math('x^2'))"
    )
    shown = outcome.displays
    assert shown[0] == {"text/markdown": "# Hi", "text/plain": "# Hi"}
    assert shown[1]["text/latex"] == "$x$"
    assert shown[2] == {"text/html": "<b>b</b>", "text/plain": "<HTML object>"}
    assert json.loads(shown[3]["application/json"]) == {"a": [1]}
    assert shown[4]["image/svg+xml"] == "<svg/>"
    assert shown[5]["text/latex"] == "$\\displaystyle x^2$"


def test_ipython_display_can_be_imported(session: Any) -> None:
    outcome = session.ok(
        "from IPython.display import Markdown as M, display as show\nimport IPython\n"
        "show(M('*a*'))\nIPython.get_ipython()"
    )
    assert outcome.displays[0]["text/markdown"] == "*a*"
    assert session.run("import IPython.nothing").error["ename"] == "ModuleNotFoundError"


def test_images(session: Any) -> None:
    (session.home / "dot.png").write_bytes(b"\x89PNG\r\n\x1a\n123")
    shown = session.ok("display(Image('dot.png', width=20, alt='a dot')); Image(b'GIF89a')")
    assert shown.displays[0]["text/plain"] == "a dot"
    assert shown.displays[0]["image/png"].startswith("iVBORw0KGgo")
    assert "image/gif" in shown.result
    for source in (
        "Image(b'nothing')",
        "Image(url='https://x')",
        "Image()",
        "HTML(url='https://x')",
    ):
        assert session.run(source).error["ename"] == "ValueError"


def test_what_is_displayed_is_saved(session: Any) -> None:
    session.ok("note = Markdown('# Hi'); picture = Image(b'GIF89a')")
    header = session.capture()
    assert header["unsaved"] == []
    session.session.clear(None)
    session.restore(header, session.blobs)
    assert session.run("note.data, picture.mime").text == "('# Hi', 'image/gif')"


def test_a_list_beyond_the_bounds_costs_little() -> None:
    bundle = mimebundle([{"n": 1, "text": "x" * 30}] * 1_000_000)
    assert json.loads(bundle[TABLE])["moreRows"] == 1_000_000 - limits.TABLE_ROWS
