"""What lists show of a session: kept while things happen, found afresh for copies."""

from __future__ import annotations

import pytest

from playground.accounts.models import User
from sessions_app import actions, queries, summary
from sessions_app import protocol as p
from sessions_app.models import PREVIEW, Session
from tests.sessions_app.helpers import Page

pytestmark = pytest.mark.django_db


def shown(session: str) -> tuple[int, int, str, str]:
    row = queries.find_session(session)
    assert row is not None
    return (row.entry_count, row.variable_count, row.preview_code, row.preview_output)


def test_a_list_knows_the_last_lines(runner: Page) -> None:
    assert shown(runner.session) == (0, 0, "", "")
    runner.run("x = 1\nprint(x)\n\n", "one\ntwo\n\n")
    assert shown(runner.session) == (1, 0, "print(x)", "two")
    runner.push(p.SetVariables((p.VariableRow("x", "int", 28, "1", True),)))
    number = runner.run("1/0")
    assert shown(runner.session) == (2, 1, "1/0", "")
    runner.push(
        p.StartExecution(number + 1, "f()"),
        p.AppendOutput(number + 1, (p.ErrorOutput("ValueError", "no\nmore", []),)),
    )
    assert shown(runner.session)[3] == "ValueError: no"


def test_what_is_deleted_is_not_shown(runner: Page) -> None:
    runner.run("first = 1", "one\n")
    second = runner.run("secret = 2", "two\n")
    runner.push(p.DeleteEntry((second,)))
    assert shown(runner.session)[2:] == ("first = 1", "one")
    runner.push(p.DeleteEntry((second - 1,)))
    assert shown(runner.session)[2:] == ("", "")


def test_copies_show_the_same(runner: Page, ada: User) -> None:
    runner.run("x = 1", "first\n")
    runner.push(p.SetVariables((p.VariableRow("x", "int", 28, "1", True),)))
    runner.push(runner.snapshot(b"x"))
    runner.run("print(2)", "\x1b[31msecond\x1b[0m\n")
    runner.push(runner.snapshot(b"x"))
    assert shown(runner.session) == (2, 1, "print(2)", "second")
    copy = actions.duplicate_session(runner.session, ada.pk)
    assert shown(copy) == shown(runner.session)
    fork = actions.fork_session(runner.session, ada.pk, 1)
    assert shown(fork) == (1, 0, "x = 1", "first")
    row = Session.objects.get(pk=copy)
    summary.of_rows(row)
    assert (row.entry_count, row.preview_number) == (2, 2)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", ""),
        (" \n\t\n", ""),
        ("a\x00b\x07", "a b"),
        ("\u202eabc", "abc"),
        ("x" * 10_000, "x" * PREVIEW),
        ("\x1b[1mbold\x1b[0m", "bold"),
        ("50%\r100%\r\n", "100%"),
    ],
)
def test_a_last_line_fits_a_list(text: str, line: str) -> None:
    assert summary.last_line(text) == line
