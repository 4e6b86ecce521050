"""Hints about errors: the same mistakes in every Python at hand, and silence when unsure."""

import json
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playground_runtime.hints import hint
from playground_runtime.tracebacks import error_output, place

from tests.runtime.hint_cases import CASES

HERE = Path(__file__).parent
PYODIDE = HERE.parents[1] / "frontend/node_modules/pyodide/pyodide.mjs"
NODE = shutil.which("node")


def fits(words: str | None, found: str | None) -> bool:
    return found is None if words is None else found is not None and words in found


@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@pytest.mark.parametrize(("source", "words"), CASES)
def test_here(session: Any, source: str, words: str | None) -> None:
    outcome = session.run(source)
    assert outcome.error is not None
    assert fits(words, outcome.error["hint"]), (outcome.error["evalue"], outcome.error["hint"])


def others() -> list[str]:
    """Other Pythons from 3.12 on that pyenv has."""
    found = sorted(Path.home().glob(".pyenv/versions/3.1[2-9]*/bin/python"))
    return [str(one) for one in found if f"/{sys.version.split()[0]}/" not in str(one)]


@cache
def run_elsewhere(*command: str) -> list[Any]:
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    answers: list[Any] = json.loads(done.stdout)
    return answers


def wrong(answers: list[Any]) -> list[Any]:
    return [
        (source, words, answer.get("evalue"), answer.get("hint"))
        for (source, words), answer in zip(CASES, answers, strict=True)
        if not answer or not fits(words, answer["hint"])
    ]


@pytest.mark.parametrize("python", others())
def test_in_other_pythons(python: str) -> None:
    runner = str(HERE / "hint_runner.py")
    assert wrong(run_elsewhere(python, "-X", "utf8", runner)) == []


@pytest.mark.skipif(not (NODE and PYODIDE.exists()), reason="no node with the browser's Python")
def test_in_the_python_of_the_browser() -> None:
    assert NODE is not None
    version, answers = run_elsewhere(NODE, str(HERE / "hint_runner.mjs"))
    assert version == [3, 14]
    assert wrong(answers) == []


#: (source, line, the text that is marked; None for the whole line)
PLACES = [
    ("a = 1\nb = a / 0", 2, "a / 0"),
    ("def f():\n    return g()\n\nf()", 2, "g"),
    ("x = 'ä😀' + 1", 1, "'ä😀' + 1"),
    ("if True\n    pass", 1, None),
    ("print((1, 2)\n", 1, "((1, 2)"),
    ("x = '😀' + = 3", 1, "="),
    ("import json\njson.loads(\n  '')", 2, "json.loads("),
    ("  x = 3", 1, None),
]


@pytest.mark.parametrize(("source", "line", "marked"), PLACES)
def test_the_place_in_the_entry(session: Any, source: str, line: int, marked: str | None) -> None:
    where = session.run(source).error["place"]
    assert where["line"] == line
    if marked is None:
        return
    # Columns count as JavaScript does, in UTF-16 units.
    units = source.splitlines()[line - 1].encode("utf-16-le")
    text = units[2 * where["column"] : 2 * where["endColumn"]].decode("utf-16-le")
    assert text == marked


def test_the_place_is_that_of_the_running_entry(session: Any) -> None:
    session.ok("def divide(a, b):\n    return a / b")
    where = session.run("x = 1\ndivide(x, 0)").error["place"]
    assert (where["line"], where["column"], where["endColumn"]) == (2, 0, 12)
    assert session.run("exec('1 +')").error["place"]["line"] == 1
    assert place(ValueError("never raised"), "<entry-1>") is None


def test_an_error_of_a_module_marks_the_import(session: Any) -> None:
    (session.home / "broken.py").write_text("x = = 1\n")
    error = session.run("y = 1\nimport broken").error
    assert (error["ename"], error["place"]["line"]) == ("SyntaxError", 2)


def test_hints_run_no_code_of_the_user(session: Any) -> None:
    session.ok(
        "class Spy(dict):\n"
        "    calls = []\n"
        "    def __getattr__(self, name): Spy.calls.append(name); raise AttributeError(name)\n"
        "    def __eq__(self, other): Spy.calls.append('eq'); return True\n"
        "    def __repr__(self): Spy.calls.append('repr'); return 'x'\n"
        "    __hash__ = None\n"
        "spy = Spy()"
    )
    for source in ("spy + 1", "spy()", "for x in 5: spy", "1 < spy", "spy['a']", "len(spy, 1)"):
        assert session.run(source).status == "error"
    assert session.run("Spy.calls").text == "[]"


@given(
    st.text(max_size=80), st.sampled_from([SyntaxError, NameError, TypeError, ValueError, OSError])
)
def test_any_message_is_survived(message: str, kind: type[Exception]) -> None:
    found = hint(kind(message))
    assert found is None or isinstance(found, str)
    assert error_output(kind(message))["place"] is None


def test_a_hint_fits_the_protocol(session: Any) -> None:
    name = "n" * 5_000
    error = session.run(f"{name} + 1").error
    assert error["ename"] == "NameError"
    assert len(error["hint"] or "") <= 500
    assert "mean" not in (session.run(f"d = {{'{name}': 1}}\nd['{name}x']").error["hint"] or "")
