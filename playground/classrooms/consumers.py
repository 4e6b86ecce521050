"""The sockets of a class: the teacher's wall, and a pupil's desk beside their session's socket.

Each decodes, asks an action, and tells what the rows say. What comes in bursts is told together:
a wall hears of a class that types at most every ``GATHER_S``.
"""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from channels.db import database_sync_to_async

from playground.classrooms import actions, bells, queries, wall
from playground.classrooms import protocol as cp
from playground.classrooms.models import Enrolment
from playground.classrooms.policy import may
from sessions_app import background
from sessions_app import protocol as p
from sessions_app.errors import ActionError
from sessions_app.flood import Bucket
from sessions_app.sockets import BaseSocket
from sessions_app.writer import run_action

#: Changes within so long are told together, in seconds.
GATHER_S = 0.1

#: A wall reads everything again this often: what no bell told of, such as pages that vanished.
REREAD_S = 15.0

#: Tiles in one frame: each has a kilobyte at most, a frame 256.
TILES = 100

_encode = msgspec.json.Encoder().encode


class _ClassSocket(BaseSocket):
    """What both have in common: who it is, decoding, troubles in words."""

    decoder: msgspec.json.Decoder[Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = 0
        self._bucket = Bucket()

    async def tell(self, message: cp.ToWall | cp.ToPupil) -> None:
        """Send a message."""
        await self.send_text(_encode(message).decode())

    async def heard(self, frame: str) -> None:
        if not self._bucket.take():
            await self.end(p.CLOSE_FLOOD)
            return
        try:
            message = self.decoder.decode(frame)
        except msgspec.DecodeError as error:
            await self.refuse("invalid", f"The message could not be used: {error}"[:300])
            return
        try:
            await self.handle(message)
        except ActionError as error:
            if error.code == "not-found" and not await self.still():
                await self.end(p.CLOSE_FORBIDDEN)
            else:
                await self.tell(cp.Trouble(error.message))

    async def handle(self, message: Any) -> None:
        raise NotImplementedError

    async def still(self) -> bool:
        """Whether the person still has a part in the class."""
        raise NotImplementedError


class WallConsumer(_ClassSocket):
    """A teacher who watches a class."""

    decoder = msgspec.json.Decoder(cp.FromTeacher)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.classroom = ""
        self._changed: set[int] = set()
        self._queue = self._all = False
        self._timer: asyncio.TimerHandle | None = None
        self._reread: asyncio.TimerHandle | None = None

    async def opened(self) -> bool:
        user = self.scope.get("user")
        if user is None or not user.is_authenticated:
            return False
        self.user = user.pk
        self.classroom = self.scope["url_route"]["kwargs"]["classroom"]
        if not await self.still():
            return False
        await self.listen(bells.wall_group(self.classroom))
        await self._tell_all()
        return True

    async def still(self) -> bool:
        found = await database_sync_to_async(queries.teaching_in)(self.classroom, self.user)
        return found is not None and may(found[1], "see")

    async def handle(self, message: cp.FromTeacher) -> None:
        room, user = self.classroom, self.user
        match message:
            case cp.Here():
                pass
            case cp.AskValues(variable=variable):
                await self.tell(await database_sync_to_async(wall.values)(room, variable))
            case cp.Say(text=text, pupils=pupils):
                await run_action(actions.say, room, user, text, pupils)
            case cp.Claim(hand=hand):
                await run_action(actions.claim_hand, room, user, hand)
            case cp.Answered(hand=hand):
                await run_action(actions.answer_hand, room, user, hand)
            case cp.LetIn(asking=asking, welcome=welcome):
                await run_action(actions.answer_knock, room, user, asking, let_in=welcome)
            case cp.Pause(seconds=seconds):
                await run_action(actions.pause, room, user, seconds)

    async def pupil_changed(self, message: dict[str, Any]) -> None:
        """A pupil's standing changed."""
        self._changed.add(message["pupil"])
        self._soon()

    async def queue_changed(self, message: dict[str, Any]) -> None:
        """A hand, the door or the pause changed."""
        self._queue = True
        self._soon()

    async def roster_changed(self, message: dict[str, Any]) -> None:
        """Somebody came or went, a setting changed, or the teacher's own part ended."""
        self._all = True
        self._soon()

    layer_overflow = roster_changed

    async def wall_tell(self, message: dict[str, Any]) -> None:
        """Tell what has gathered; only this socket sends itself this."""
        changed, self._changed = self._changed, set()
        queue, self._queue = self._queue, False
        everything, self._all = self._all, False
        if everything:
            if await self.still():
                await self._tell_all()
            else:
                await self.end(p.CLOSE_FORBIDDEN)
            return
        if queue:
            await self.tell(await database_sync_to_async(wall.hands)(self.classroom))
        if changed:
            found = await database_sync_to_async(wall.some)(self.classroom, changed)
            for start in range(0, len(found), TILES):
                await self.tell(cp.Tiles(found[start : start + TILES]))

    async def _tell_all(self) -> None:
        found = await database_sync_to_async(wall.whole)(self.classroom)
        if found is None:
            await self.end(p.CLOSE_FORBIDDEN)
            return
        first, rest = found.tiles[:TILES], found.tiles[TILES:]
        await self.tell(msgspec.structs.replace(found, tiles=first))
        for start in range(0, len(rest), TILES):
            await self.tell(cp.Tiles(rest[start : start + TILES]))
        loop = asyncio.get_running_loop()
        if self._reread is not None:
            self._reread.cancel()
        self._reread = loop.call_later(REREAD_S, self._read_again)

    def _soon(self) -> None:
        if self._timer is None and not self.ended:
            self._timer = asyncio.get_running_loop().call_later(GATHER_S, self._now)

    def _read_again(self) -> None:
        self._all = True
        self._soon()

    def _now(self) -> None:
        self._timer = None
        if not self.ended:
            background.start(self.channel_layer.send(self.channel_name, {"type": "wall.tell"}))

    async def left(self) -> None:
        for timer in (self._timer, self._reread):
            if timer is not None:
                timer.cancel()


class DeskConsumer(_ClassSocket):
    """A pupil's page, which shows what the class asks of them and says that they are there."""

    decoder = msgspec.json.Decoder(cp.FromPupil)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pupil = 0

    async def opened(self) -> bool:
        user = self.scope.get("user")
        if user is None or not user.is_authenticated:
            return False
        self.user = user.pk
        self.pupil = int(self.scope["url_route"]["kwargs"]["pupil"])
        if not await self.still():
            return False
        await self.listen(bells.desk_group(self.pupil))
        await run_action(actions.note_here, self.pupil, self.user, here=True)
        await self.desk_changed({})
        return True

    async def still(self) -> bool:
        mine = Enrolment.objects.filter(pk=self.pupil, user=self.user)
        return await mine.aexists()

    async def handle(self, message: cp.FromPupil) -> None:
        match message:
            case cp.Here():
                await run_action(actions.note_here, self.pupil, self.user, here=True)
            case cp.RaiseHand(question=question, number=number):
                await run_action(actions.raise_hand, self.pupil, self.user, question, number)
            case cp.LowerHand():
                await run_action(actions.lower_hand, self.pupil, self.user)
            case cp.Read(note=note):
                await run_action(actions.read_notes, self.pupil, self.user, note)

    async def desk_changed(self, message: dict[str, Any]) -> None:
        """Something that the page shows changed."""
        found = await database_sync_to_async(wall.desk)(self.pupil)
        if found is None or not await self.still():
            await self.end(p.CLOSE_FORBIDDEN)
        else:
            await self.tell(found)

    layer_overflow = desk_changed

    async def left(self) -> None:
        if self.pupil:
            background.start(self._say_gone())

    async def _say_gone(self) -> None:
        try:
            await run_action(actions.note_here, self.pupil, self.user, here=False)
        except ActionError:
            return
