"""The sockets of a class: who may listen, what is told and when, forged messages."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.db import close_old_connections

from playground.accounts.models import User
from playground.classrooms import actions
from playground.classrooms.models import Classroom, Enrolment
from playground.classrooms.routing import websocket_urlpatterns
from sessions_app import background, writer
from sessions_app import protocol as p
from sessions_app.sockets import SUBPROTOCOL
from sessions_app.writer import run_action
from tests.classrooms.conftest import teacher_called
from tests.sessions_app.helpers import Page

pytestmark = pytest.mark.django_db(transaction=True)


class Wire:
    """A socket of a class's page."""

    def __init__(self, address: str, user: User) -> None:
        application = URLRouter(websocket_urlpatterns)
        self.wire = WebsocketCommunicator(application, address, subprotocols=[SUBPROTOCOL])
        self.wire.scope["user"] = user

    async def open(self) -> int | None:
        """Connect; gives the code with which it was closed at once, or None."""
        await self.wire.connect()
        first = await self.wire.receive_output(timeout=3)
        if first["type"] == "websocket.close":
            return int(first["code"])
        self.first = json.loads(first["text"])
        return None

    async def say(self, **message: Any) -> None:
        await self.wire.send_to(text_data=json.dumps(message))

    async def until(self, kind: str, fits: Callable[[Any], bool] = lambda _: True) -> Any:
        while True:
            message = json.loads(await self.wire.receive_from(timeout=5))
            if message["type"] == kind and fits(message):
                return message


@pytest.fixture
async def wires(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Callable[[str, User], Wire]]:
    # Channels' communicator keeps connections open, which empties a pool.
    monkeypatch.setattr("channels.testing.application.no_op", close_old_connections)
    made: list[Wire] = []
    writer.start_web_process()

    def make(address: str, user: User) -> Wire:
        made.append(Wire(address, user))
        return made[-1]

    yield make
    for one in made:
        await one.wire.disconnect()
    for task in list(background._tasks):
        task.cancel()
    await asyncio.to_thread(writer.stop_web_process)
    await get_channel_layer().flush()


Wires = Callable[[str, User], Wire]
db = database_sync_to_async


async def anna_of(classroom: Classroom) -> tuple[Page, int]:
    came = await run_action(actions.join, classroom.public_id, "Anna")
    page = Page(came.session, came.user)
    await run_action(page.acquire)
    return page, (await Enrolment.objects.aget(name="Anna")).pk


async def test_a_run_reaches_the_wall(wires: Wires, classroom: Classroom, tess: User) -> None:
    page, pupil = await anna_of(classroom)
    wall = wires(f"/ws/classes/{classroom.public_id}", tess)
    assert await wall.open() is None
    assert [tile["name"] for tile in wall.first["tiles"]] == ["Anna"]
    await run_action(page.push, p.StartExecution(1, "print('hi')"))
    told = await wall.until("tiles")
    assert [(one["id"], one["run"], one["code"]) for one in told["tiles"]] == [
        (pupil, "running", "print('hi')")
    ]


async def test_who_is_there_and_who_went(wires: Wires, classroom: Classroom, tess: User) -> None:
    page, pupil = await anna_of(classroom)
    wall = wires(f"/ws/classes/{classroom.public_id}", tess)
    await wall.open()
    anna = await User.objects.aget(pk=page.user)
    desk = wires(f"/ws/desks/{pupil}", anna)
    assert await desk.open() is None
    assert desk.first["name"] == "8b"
    await wall.until("tiles", lambda told: told["tiles"][0]["here"])
    await desk.wire.disconnect()
    await wall.until("tiles", lambda told: not told["tiles"][0]["here"])


async def test_a_hand_goes_up_and_is_answered(
    wires: Wires, classroom: Classroom, tess: User
) -> None:
    page, pupil = await anna_of(classroom)
    wall = wires(f"/ws/classes/{classroom.public_id}", tess)
    desk = wires(f"/ws/desks/{pupil}", await User.objects.aget(pk=page.user))
    await wall.open()
    await desk.open()
    await desk.say(type="raise_hand", question="Why?", number=0)
    [hand] = (await wall.until("hands", lambda told: told["hands"]))["hands"]
    assert (hand["pupil"], hand["question"]) == (pupil, "Why?")
    await wall.say(type="claim", hand=hand["id"])
    await desk.until("desk", lambda told: told["hand"] and told["hand"]["claimedBy"] == "Tess")
    await wall.say(type="answered", hand=hand["id"])
    await desk.until("desk", lambda told: told["hand"] is None)
    await wall.say(type="answered", hand=hand["id"])
    assert "down already" in (await wall.until("trouble"))["message"]


async def test_messages_and_the_pause_reach_a_desk(
    wires: Wires, classroom: Classroom, tess: User
) -> None:
    page, pupil = await anna_of(classroom)
    wall = wires(f"/ws/classes/{classroom.public_id}", tess)
    desk = wires(f"/ws/desks/{pupil}", await User.objects.aget(pk=page.user))
    await wall.open()
    await desk.open()
    await wall.say(type="say", text="Well done", pupils=[pupil])
    told = await desk.until("desk", lambda told: told["notes"])
    assert told["notes"][0]["text"] == "Well done"
    await wall.say(type="pause", seconds=60)
    await desk.until("desk", lambda told: told["pausedUntil"])


async def test_strangers_pupils_and_other_teachers_hear_nothing(
    wires: Wires, classroom: Classroom, tess: User
) -> None:
    page, pupil = await anna_of(classroom)
    eve = await db(teacher_called)("Eve")
    anna = await User.objects.aget(pk=page.user)
    for user in (eve, anna):
        wall = wires(f"/ws/classes/{classroom.public_id}", user)
        assert await wall.open() == p.CLOSE_FORBIDDEN
    for user in (eve, tess):
        desk = wires(f"/ws/desks/{pupil}", user)
        assert await desk.open() == p.CLOSE_FORBIDDEN


async def test_a_helper_who_is_removed_hears_no_more(
    wires: Wires, classroom: Classroom, tess: User
) -> None:
    hal = await db(teacher_called)("Hal")
    await run_action(actions.add_teacher, classroom.public_id, tess.pk, "Hal")
    wall = wires(f"/ws/classes/{classroom.public_id}", hal)
    await wall.open()
    await run_action(actions.remove_teacher, classroom.public_id, tess.pk, hal.pk)
    while True:
        told = await wall.wire.receive_output(timeout=5)
        if told["type"] == "websocket.close":
            break
    assert told["code"] == p.CLOSE_FORBIDDEN


@pytest.mark.parametrize(
    "frame",
    [
        "{}",
        "[]",
        "x",
        '{"type":"say"}',
        '{"type":"say","text":"","pupils":[]}',
        '{"type":"say","text":"' + "x" * 501 + '"}',
        '{"type":"pause","seconds":-1}',
        '{"type":"pause","seconds":1e9}',
        '{"type":"claim","hand":0}',
        '{"type":"ask_values","variable":"__import__(\'os\')"}',
        '{"type":"raise_hand"}',
        '{"type":"here","more":1}',
    ],
)
async def test_what_cannot_be_used_is_refused_and_the_wall_goes_on(
    wires: Wires, classroom: Classroom, tess: User, frame: str
) -> None:
    wall = wires(f"/ws/classes/{classroom.public_id}", tess)
    await wall.open()
    await wall.wire.send_to(text_data=frame)
    await wall.until("refused")
    await wall.say(type="ask_values", variable="total")
    assert (await wall.until("values"))["groups"] == []
