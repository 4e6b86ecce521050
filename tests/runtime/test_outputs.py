"""Streams and displays: order, bounds, mimebundles, asking and waiting."""

import base64
import sys
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import convert
from playground_runtime import limits
from playground_runtime.outputs import OutputQueue
from playground_runtime.text import clean, decode_json, utf16_length

from sessions_app.protocol import MAX_INLINE_CHARS, MAX_OUTPUTS, MAX_STREAM_CHARS, Output
from sessions_app.protocol import StreamOutput as WireStream
from sessions_app.state import join_outputs

PIECE = st.tuples(
    st.sampled_from(["stdout", "stderr"]),
    st.one_of(
        st.text(max_size=20),
        st.builds(lambda text, n: text * n, st.text(max_size=3), st.integers(0, 200_000)),
    ),
)


def wire(outputs: list[dict[str, Any]]) -> tuple[Any, ...]:
    return join_outputs((), [WireStream(one["name"], one["text"]) for one in outputs])


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(PIECE, max_size=30))
def test_any_text_arrives_in_order_and_within_bounds(pieces: list[tuple[str, str]]) -> None:
    sent: list[dict[str, Any]] = []
    queue = OutputQueue(lambda text: sent.extend(decode_json(text)), lambda text: None)
    queue.begin()
    for name, text in pieces:
        queue.write(name, text)
    queue.end()
    assert all(utf16_length(one["text"]) <= limits.CHUNK_CHARS for one in sent)
    assert sum(utf16_length(one["text"]) for one in sent) <= MAX_STREAM_CHARS
    assert len(wire(sent)) <= MAX_OUTPUTS
    for name in ("stdout", "stderr"):
        wrote = clean("".join(text for kind, text in pieces if kind == name))
        got = "".join(one["text"] for one in sent if one["name"] == name)
        assert got == wrote or "more characters were not kept" in got


def test_order_is_kept_between_streams_and_displays(session: Any) -> None:
    outcome = session.run(
        "import sys\nprint('a'); print('b', file=sys.stderr); display(1); print('c'); 2"
    )
    assert [one.get("text") or one["data"] for one in outcome.outputs] == [
        "a\n",
        "b\n",
        {"text/plain": "1"},
        "c\n",
        {"text/plain": "2"},
    ]


def test_a_flood_is_cut_fast_and_said(session: Any) -> None:
    started = time.perf_counter()
    outcome = session.ok("line = 'x' * 1_000_000\nfor i in range(50): print(line)")
    assert time.perf_counter() - started < 2
    assert len(outcome.stdout) <= MAX_STREAM_CHARS
    assert outcome.stdout.endswith("more characters were not kept.\n")
    lines = session.ok("for i in range(20_000): print(i)")
    assert lines.stdout.endswith("19999\n")
    assert len(session.hooks.batches) < 60
    mixed = session.ok(
        "import sys\nfor i in range(5000): print(i); print(i, file=sys.stderr); display(i)\n'end'"
    )
    assert len(join_outputs((), convert(mixed.outputs, list[Output]))) <= MAX_OUTPUTS
    assert "not kept" in mixed.stderr
    assert mixed.text == "'end'"


def test_nothing_is_kept_between_executions(session: Any) -> None:
    session.ok("1")
    sys.stdout.write("late")
    assert session.run("print('now')").stdout == "now\n"


def test_a_stream_is_a_text_stream(session: Any) -> None:
    outcome = session.run(
        "import sys\ns = sys.stdout\n"
        "s.buffer.write('é'.encode()[:1]); s.buffer.write('é'.encode()[1:]); s.writelines(['x'])\n"
        "s.close(); print((s.isatty(), s.encoding, s.writable()), '\\ud83d')"
    )
    assert outcome.stdout == "éx(False, 'utf-8', True) \ufffd\n"
    assert session.run("sys.stdout.write(3)").error["ename"] == "TypeError"


CLASSES = """
class H:
    def _repr_html_(self): return '<b>bold</b>'
    def __repr__(self): return 'plain'
class P:
    def _repr_png_(self): return b'abc'
class M:
    def _repr_mimebundle_(self, include=None, exclude=None):
        return {'text/html': 'x', 'no mime': 'y', 'application/json': {'a': 1}}
class Bad:
    def __repr__(self): raise ValueError('no')
    def _repr_html_(self): 1/0
class Any:
    def __getattr__(self, name): return lambda *a, **k: 'anything'
class Big:
    def _repr_html_(self): return 'x' * 11_000_000
"""


def test_mimebundles(session: Any) -> None:
    session.ok(CLASSES)
    outcome = session.run("display(H())\nH()")
    assert outcome.displays == [{"text/html": "<b>bold</b>", "text/plain": "plain"}]
    assert outcome.result == outcome.displays[0]
    assert session.run("P()").result["image/png"] == base64.b64encode(b"abc").decode()
    bundle = session.run("M()").result
    assert (bundle["text/html"], bundle["application/json"]) == ("x", '{"a":1}')
    assert "no mime" not in bundle
    assert set(session.run("Any()").result) == {"text/plain"}
    assert set(session.run("H").result) == {"text/plain"}
    assert "11.0 MB" in session.run("Big()").text


def test_bad_reprs_are_said(session: Any) -> None:
    session.ok(CLASSES)
    outcome = session.run("Bad()")
    assert outcome.status == "ok"
    assert outcome.text == "<Bad object: its __repr__ raised ValueError: no>"
    assert outcome.stderr == "Bad._repr_html_ raised ZeroDivisionError: division by zero\n"
    assert "raised TypeError" in session.run("class R:\n    def __repr__(s): return 3\nR()").text


@pytest.mark.parametrize("source", ["list(range(1000))", "{i: [i] for i in range(99)}", "(1,)"])
def test_ordinary_values_are_shown_exactly(session: Any, source: str) -> None:
    assert session.run(source).text == repr(eval(source))


def test_huge_values_are_shown_by_their_beginning(session: Any) -> None:
    started = time.perf_counter()
    text = session.run("list(range(10**6))").text
    assert text.startswith("[0, 1, 2") and text.endswith("more]")
    assert "900,000 more characters" in session.run("'x' * 999_998").text
    nested = session.run("x = []\nfor i in range(3000): x = [x]\nx")
    assert nested.status == "ok"
    assert "its __repr__ raised" in session.run("10 ** 5000").text
    assert time.perf_counter() - started < 2


def test_input_asks_and_echoes(session: Any) -> None:
    session.hooks.answers = ["Ada", "secret", "line"]
    outcome = session.ok(
        "import getpass, sys\nprint('hi')\n(input('name? '), getpass.getpass('pw '), "
        "sys.stdin.readline())"
    )
    assert outcome.text == "('Ada', 'secret', 'line\\n')"
    assert outcome.stdout == "hi\nname? Ada\npw \nline\n"
    assert session.hooks.asked == [("name? ", False), ("pw ", True), ("", False)]
    assert session.run("input()").status == "interrupted"


def test_sleeping_uses_the_hook(session: Any) -> None:
    session.ok("import time\ntime.sleep(0.25); time.sleep(0)")
    assert session.hooks.slept == [250]
    assert session.run("time.sleep(-1)").error["ename"] == "ValueError"
    assert session.run("time.sleep('1')").error["ename"] == "TypeError"


@pytest.mark.parametrize("source", ["input()", "import time; time.sleep(9)"])
def test_an_interrupt_while_waiting_is_not_printed_by_pyodide(
    session: Any, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    def interrupted(*_: object) -> None:
        print("KeyboardInterrupt, on its way through JavaScript", file=sys.stderr)
        raise KeyboardInterrupt

    monkeypatch.setattr(session.hooks, "input", interrupted)
    monkeypatch.setattr(session.hooks, "sleep", interrupted)
    outcome = session.run(source)
    assert (outcome.status, outcome.stderr) == ("interrupted", "")
    assert session.run("import sys; print(1, file=sys.stderr)").stderr == "1\n"


def test_a_value_stays_within_the_wire_or_becomes_a_blob(session: Any) -> None:
    assert limits.CHUNK_CHARS <= MAX_INLINE_CHARS
    assert limits.EVALUE_CHARS <= MAX_INLINE_CHARS
