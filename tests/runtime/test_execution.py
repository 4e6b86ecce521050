"""Running entries: results, endings, awaiting, interrupts, and what users may break."""

import asyncio
import inspect
import signal
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.filterwarnings("default")


def test_the_last_expression_is_the_result(session: Any) -> None:
    assert session.run("x = 20\nx + 1").text == "21"
    assert session.run("_ * 2").text == "42"
    assert session.run("y = x").result is None
    assert session.run("None").result is None
    assert session.run("(_, _1, Out[2])").text == "(42, 21, 42)"
    assert session.run("x;").text == "20"


def test_the_namespace_is_main_and_holds_only_the_users_names(session: Any) -> None:
    session.ok("import sys\na = 1\na")
    assert session.run("vars(sys.modules['__main__']) is globals()").text == "True"
    assert session.run("type(globals()) is dict").text == "True"
    assert session.run("[n for n in globals() if n[:2] != '__']").text == "['sys', 'a']"
    assert session.run("__name__").text == "'__main__'"


def test_future_statements_stay_on(session: Any) -> None:
    session.ok("from __future__ import annotations")
    assert session.run("def f(a: missing): pass\nf.__annotations__").text == "{'a': 'missing'}"


def test_an_error_shows_the_users_frames_only(session: Any) -> None:
    session.ok("def inner(): return 1 / 0")
    outcome = session.run("inner()")
    assert outcome.status == "error"
    assert (outcome.error["ename"], outcome.error["evalue"]) == (
        "ZeroDivisionError",
        "division by zero",
    )
    text = "\n".join(outcome.error["traceback"])
    assert '  File "<entry-1>", line 1, in inner' in text
    assert "return 1 / 0" in text
    assert "playground_runtime" not in text
    assert session.run("import sys; sys.last_exc").text == "ZeroDivisionError('division by zero')"


def test_chains_and_groups_are_told_whole(session: Any) -> None:
    chained = session.run("try: 1/0\nexcept Exception as e: raise KeyError('k') from e")
    text = "\n".join(chained.error["traceback"])
    assert "direct cause" in text and "ZeroDivisionError" in text
    group = session.run("raise ExceptionGroup('many', [ValueError(1), TypeError(2)])")
    assert "TypeError: 2" in "\n".join(group.error["traceback"])


def test_a_syntax_error_names_the_place_and_breaks_nothing(session: Any) -> None:
    outcome = session.run("def f(:\n  pass")
    assert outcome.error["ename"] == "SyntaxError"
    assert outcome.error["traceback"][0] == '  File "<entry-1>", line 1'
    assert session.run("'\0'\0").error["ename"] == "SyntaxError"
    assert session.run("1 + 1").text == "2"


def test_exceptions_that_cannot_be_shown(session: Any) -> None:
    outcome = session.run("class E(Exception):\n    def __str__(self): 1/0\nraise E")
    assert outcome.error["ename"] == "E"
    deep = session.run("def f(): f()\nf()")
    assert deep.error["ename"] == "RecursionError"
    long = session.run("raise ValueError('x' * 10**6)")
    assert len(long.error["evalue"]) < 25_000
    assert sum(map(len, long.error["traceback"])) < 400_000
    many = session.run("raise ExceptionGroup('g', [ValueError(i) for i in range(15)] * 3)")
    assert len(many.error["traceback"]) <= 200
    mutual = session.run("def a(): b()\ndef b(): a()\na()")
    assert len(mutual.error["traceback"]) <= 200


def test_exit_ends_the_entry_and_nothing_else(session: Any) -> None:
    outcome = session.run("raise SystemExit(3)")
    assert outcome.status == "ok"
    assert outcome.stderr == "The code asked to exit (3). The session goes on.\n"
    assert session.run("1").text == "1"


def test_an_interrupt_is_delivered_to_code_only(session: Any) -> None:
    outcome = session.run(
        "import signal\nn = 0\nwhile True:\n    n += 1\n"
        "    if n == 9: signal.raise_signal(signal.SIGINT)"
    )
    assert outcome.status == "interrupted"
    assert outcome.error["ename"] == "KeyboardInterrupt"
    signal.raise_signal(signal.SIGINT)  # Late: nothing runs, nothing happens.
    assert session.run("n").text == "9"


def test_top_level_await(session: Any) -> None:
    source = "import asyncio\nprint(1)\nawait asyncio.sleep(0)\nawait asyncio.sleep(0, 'woke')"
    outcome = session.run(source)
    assert (outcome.status, outcome.stdout, outcome.text) == ("ok", "1\n", "'woke'")
    assert session.run("async def f(): return 5\nawait f() + await f()").text == "10"
    assert session.run("[x async for x in g()]\n").error["ename"] == "NameError"
    assert session.run("await asyncio.sleep(0); raise ValueError").status == "error"
    assert session.run("await asyncio.sleep(0); raise KeyboardInterrupt").status == "interrupted"


async def test_cancelling_where_code_waits(session: Any) -> None:
    answer = session.session.execute(1, "import asyncio\nawait asyncio.sleep(60)")
    running = asyncio.ensure_future(answer)
    await asyncio.sleep(0.01)
    session.session.cancel()
    assert (await running)["status"] == "interrupted"
    error = session.hooks.batches[-1][-1]
    assert error["ename"] == "KeyboardInterrupt"
    assert "<entry-1>" in "\n".join(error["traceback"])


def test_one_context_for_all_executions(session: Any) -> None:
    session.ok("import decimal, asyncio\ndecimal.getcontext().prec = 5")
    assert session.run("decimal.Decimal(1) / 3").text == "Decimal('0.33333')"
    session.ok("await asyncio.sleep(0); decimal.getcontext().prec = 3")
    assert session.run("decimal.Decimal(1) / 3").text == "Decimal('0.333')"


def test_sources_can_be_inspected(session: Any) -> None:
    session.ok("x = 1\ndef f():\n    return 'here'")
    function = sys.modules["__main__"].f
    assert inspect.getsource(function) == "def f():\n    return 'here'\n"


SHADOWS = "print = 3; json = 4; sys = 5; open = 6; type = 7; len = 8; dict = 9; isinstance = 10"


def test_shadowing_builtins_breaks_nothing(session: Any) -> None:
    session.ok(SHADOWS)
    assert session.run("(print, json, sys, open, type, len, dict, isinstance)").text == (
        "(3, 4, 5, 6, 7, 8, 9, 10)"
    )
    header = session.capture()
    assert header["unsaved"] == []
    session.restore(header, session.blobs)
    assert session.run("len").text == "8"


REPLACE = """
import sys
sys.path[:0] = [{source!r}, {tests!r}]
from conftest import Driver
from pathlib import Path
from playground_runtime import pristine
made = Driver(Path({home!r}))
for name in ["len", "isinstance", "type", "str", "repr", "dict", "float", "min", "Exception"]:
    made.number = 0
    made.session.execute(
        1, f"import builtins, sys; kept = builtins.{{name}}; builtins.{{name}} = 3"
    )
    assert_status = made.session.status("def f():")
    header, blobs = made.session.capture(
        {{"variableBytes": 10**6, "fileBytes": 10**6, "totalBytes": 10**7}}
    )
    made.session.execute(2, "sys.stdout.write('out'); 1/0")
    with pristine.Pristine():
        ends = [one for batch in made.hooks.batches for one in batch]
        assert assert_status == "incomplete"
        assert sorted(row["name"] for row in header["variables"]) == ["builtins", "kept", "sys"]
        assert [one["type"] for one in ends] == ["stream", "error"], ends
        assert ends[1]["ename"] == "ZeroDivisionError"
        made.hooks.batches.clear()
    pristine.undo()
sys.__stdout__.write("survived")
"""


def test_replacing_builtins_is_survived(tmp_path: Path) -> None:
    tests = Path(__file__).parent
    source = str(tests.parents[1] / "pyodide" / "src")
    script = REPLACE.format(source=source, tests=str(tests), home=str(tmp_path))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout == "survived", done.stderr


def test_patching_the_standard_library_is_survived(session: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("json.dumps", None)
    monkeypatch.setattr("json.JSONEncoder", None)
    monkeypatch.setattr("time.time", None)
    session.ok("import json, time")
    assert session.run("1 + 1").text == "2"
    assert session.capture()["unsaved"] == []


STATUS = [
    ("1", "complete"),
    ("", "complete"),
    ("# note", "complete"),
    ("for i in range(3):\n    print(i)", "complete"),
    ("def f():\n    return 1\nf()", "complete"),
    ("await x", "complete"),
    ("while True: n += 1", "complete"),
    (r"'\d'", "complete"),
    ("def f():", "incomplete"),
    ("class A:", "incomplete"),
    ("x = (1,", "incomplete"),
    ("print('a'\n", "incomplete"),
    ("'''abc", "incomplete"),
    ("f'''{a", "incomplete"),
    ("x = \\", "incomplete"),
    ("try:\n    x", "incomplete"),
    ("@decorator", "incomplete"),
    ("if x:\n  pass\nelse:", "incomplete"),
    ("match x:\n  case 1:", "incomplete"),
    ("def f(:", "invalid"),
    ("'abc", "invalid"),
    ("1 +", "invalid"),
    ("x)", "invalid"),
    ("  x", "invalid"),
    ("\0", "invalid"),
    ("(" * 300, "invalid"),
]


@pytest.mark.parametrize(("source", "expected"), STATUS)
def test_status(session: Any, source: str, expected: str) -> None:
    assert session.session.status(source) == expected


def test_warnings_are_shown_once_and_not_by_status(session: Any, monkeypatch: Any) -> None:
    def show(*about: Any) -> None:
        sys.stderr.write(warnings.formatwarning(*about[:4]))

    monkeypatch.setattr(warnings, "showwarning", show)
    session.ok("import warnings\nwarnings.simplefilter('default')")
    session.session.status("1 is 1")
    outcome = session.run("x = 1 is 1\nfor i in range(3): warnings.warn('old')")
    assert outcome.stderr.count("SyntaxWarning") == 1
    assert outcome.stderr.count("UserWarning: old") == 1


def test_the_beginning_of_an_entry_is_none(session: Any) -> None:
    before = session.hooks.starts
    session.number += 1
    answer = session.session.execute(session.number, "def f():", whole=False)
    assert answer["status"] == "incomplete"
    assert session.hooks.batches == []
    assert session.hooks.starts == before
    assert session.run("def f():").status == "error"
    assert session.hooks.starts == before + 1
