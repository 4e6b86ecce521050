"""The row that says where a pupil stands: written with each change of their session."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from playground.accounts.models import User
from playground.classrooms import actions, standings, wall
from playground.classrooms import protocol as cp
from playground.classrooms.models import Classroom, Enrolment, HelpRequest
from sessions_app import actions as core
from sessions_app import protocol as p
from sessions_app.clock import now_ms
from sessions_app.errors import ActionError
from tests.classrooms.conftest import teacher_called
from tests.sessions_app.helpers import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def came(classroom: Classroom) -> actions.Came:
    """Anna is in."""
    return actions.join(classroom.public_id, "Anna")


@pytest.fixture
def anna(came: actions.Came) -> Page:
    """Her page, which runs her session."""
    page = Page(came.session, came.user)
    page.acquire()
    return page


def place() -> Enrolment:
    return Enrolment.objects.get(name="Anna")


def tile(classroom: Classroom) -> cp.Tile:
    found = wall.whole(classroom.public_id)
    assert found
    return next(one for one in found.tiles if one.name == "Anna")


def fail(page: Page, number: int, kind: str, message: str, line: int = 1) -> None:
    error = p.ErrorOutput(kind, message, [], None, p.Place(line))
    page.push(
        p.StartExecution(number, "x"),
        p.AppendOutput(number, (error,)),
        p.FinishExecution(number, "error", 1.0),
    )


def test_a_run_is_on_the_tile(anna: Page, classroom: Classroom) -> None:
    anna.push(p.StartExecution(1, "a = 1\nprint(a)\n"))
    assert (tile(classroom).run, tile(classroom).code) == ("running", "print(a)")
    anna.push(p.AppendOutput(1, (p.StreamOutput("stdout", "one\ntwo\n"),)))
    anna.push(p.FinishExecution(1, "ok", 1.0))
    seen = tile(classroom)
    assert (seen.run, seen.output, seen.shown) == ("ok", "two", "one\ntwo\n")
    assert seen.ok_at and seen.runs == 1 and seen.same_error == 0


def test_the_same_error_is_counted_until_something_else_happens(
    anna: Page, classroom: Classroom
) -> None:
    for number, name in enumerate(("total", "totl", "tot"), start=1):
        fail(anna, number, "NameError", f"name '{name}' is not defined")
        assert tile(classroom).same_error == number
    assert tile(classroom).error == "NameError: name … is not defined"
    fail(anna, 4, "ZeroDivisionError", "division by zero", line=3)
    assert (tile(classroom).same_error, tile(classroom).error_line) == (1, 3)
    anna.push(p.StartExecution(5, "1"), p.FinishExecution(5, "ok", 1.0))
    assert tile(classroom).same_error == 0
    fail(anna, 6, "ZeroDivisionError", "division by zero")
    assert tile(classroom).same_error == 1


def test_an_interrupted_run_neither_counts_nor_forgets(anna: Page, classroom: Classroom) -> None:
    fail(anna, 1, "NameError", "name 'a' is not defined")
    anna.push(p.StartExecution(2, "1"), p.FinishExecution(2, "interrupted", 1.0))
    fail(anna, 3, "NameError", "name 'b' is not defined")
    assert tile(classroom).same_error == 2


@pytest.mark.parametrize(
    ("kind", "message", "expected"),
    [
        ("IndexError", "list index out of range", "IndexError: list index out of range"),
        ("KeyError", "'a b'", "KeyError: …"),
        ("ValueError", "invalid literal for int() with base 10: 'x1'", None),
        ("E", "", "E"),
        ("E", "x" * 5000, None),
        ("E", "'" * 5000, None),
    ],
)
def test_the_shape_of_an_error(kind: str, message: str, expected: str | None) -> None:
    found = standings.shape(kind, message)
    assert len(found) <= 200
    assert expected is None or found == expected


def test_sessions_of_no_class_cost_no_query_after_the_first(tess: User) -> None:
    session = core.create_session(tess.pk)
    page = Page(session, tess.pk)
    page.acquire()
    page.run("1")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page.run("2")
    assert not [one for one in queries if "classrooms_" in one["sql"]]


def test_values_group_pupils(anna: Page, classroom: Classroom) -> None:
    row = p.VariableRow("total", "int", 28, "55", saved=True)
    anna.push(p.SetVariables((row,)))
    ben = actions.join(classroom.public_id, "Ben")
    other = Page(ben.session, ben.user)
    other.acquire()
    other.push(p.SetVariables((row,)))
    actions.join(classroom.public_id, "Cleo")
    found = wall.values(classroom.public_id, "total")
    ids = dict(Enrolment.objects.values_list("name", "pk"))
    assert [(one.preview, set(one.pupils)) for one in found.groups] == [
        ("int 55", {ids["Anna"], ids["Ben"]})
    ]
    assert found.without == (ids["Cleo"],)


def test_the_queue_of_hands(classroom: Classroom, tess: User, came: actions.Came) -> None:
    ben = actions.join(classroom.public_id, "Ben")
    actions.raise_hand(place().pk, came.user, " Why? ", 3)
    ben_place = Enrolment.objects.get(name="Ben").pk
    actions.raise_hand(ben_place, ben.user, "", 0)
    actions.raise_hand(place().pk, came.user, "Why not?", 4)
    room = classroom.public_id
    queue = wall.hands(room).hands
    assert [(one.pupil, one.question, one.number) for one in queue] == [
        (place().pk, "Why not?", 4),
        (ben_place, "", 0),
    ]
    desk = wall.desk(ben_place)
    assert desk and desk.hand and desk.ahead == 1
    actions.claim_hand(room, tess.pk, queue[0].id)
    hal = teacher_called("Hal")
    actions.add_teacher(room, tess.pk, "Hal")
    with pytest.raises(ActionError, match="already"):
        actions.claim_hand(room, hal.pk, queue[0].id)
    desk = wall.desk(ben_place)
    assert desk and desk.ahead == 0
    HelpRequest.objects.update(claimed_ms=now_ms() - 16 * 60 * 1000)
    assert wall.hands(room).hands[0].claimed_by is None
    actions.claim_hand(room, hal.pk, queue[0].id)
    actions.answer_hand(room, hal.pk, queue[0].id)
    actions.lower_hand(ben_place, ben.user)
    assert wall.hands(room).hands == ()


def test_only_the_pupil_raises_their_hand(classroom: Classroom, came: actions.Came) -> None:
    ben = actions.join(classroom.public_id, "Ben")
    for deed in (actions.lower_hand, lambda a, b: actions.raise_hand(a, b, "", 0)):
        with pytest.raises(ActionError):
            deed(place().pk, ben.user)


def test_messages_reach_whom_they_name(
    classroom: Classroom, tess: User, came: actions.Came
) -> None:
    actions.join(classroom.public_id, "Ben")
    ben = Enrolment.objects.get(name="Ben").pk
    assert actions.say(classroom.public_id, tess.pk, "Look here", [ben]) == 1
    assert actions.say(classroom.public_id, tess.pk, "All of you", []) == 2
    texts = {pk: [one.text for one in wall.desk(pk).notes] for pk in (place().pk, ben)}  # type: ignore[union-attr]
    assert texts == {place().pk: ["All of you"], ben: ["Look here", "All of you"]}
    note = wall.desk(place().pk).notes[0]  # type: ignore[union-attr]
    actions.read_notes(place().pk, came.user, note.id)
    assert wall.desk(place().pk).notes == ()  # type: ignore[union-attr]
    foreign = Classroom.objects.get(pk=actions.create_class(teacher_called("Eve").pk, "9a"))
    with pytest.raises(ActionError):
        actions.say(foreign.public_id, tess.pk, "Hello", [])
    assert actions.say(classroom.public_id, tess.pk, "x", [10**9]) == 0


def test_a_pause_covers_all_desks(classroom: Classroom, tess: User, came: actions.Came) -> None:
    actions.pause(classroom.public_id, tess.pk, 60)
    desk = wall.desk(place().pk)
    assert desk and desk.paused_until and desk.paused_until > now_ms()
    actions.pause(classroom.public_id, tess.pk, 0)
    desk = wall.desk(place().pk)
    assert desk and desk.paused_until is None
