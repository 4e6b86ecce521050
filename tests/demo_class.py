"""``make demo-class``: a class to look at, with a teacher and thirty simulated pupils.

It serves on a port of its own with data of its own, which go when it ends (Ctrl-C), and prints how
to sign in as the teacher.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import tempfile
from pathlib import Path

from tests.harness.pupils import Pupil, group
from tests.harness.server import Server

PASSWORD = "demo-class-7"

MAKE = f"""
from playground.accounts.actions import sign_up
from playground.classrooms import actions
from playground.classrooms.models import Classroom
user, _ = sign_up(None, 'teacher', {PASSWORD!r})
user.is_teacher = True
user.save()
room = Classroom.objects.get(pk=actions.create_class(user.pk, '8b Computing'))
print(room.public_id, room.code)
"""


def make(server: Server) -> tuple[str, str]:
    """Make the teacher and the class; gives the class's id and code."""
    room, code = server.shell(MAKE).split()
    return room, code


async def live(pupil: Pupil, code: str, pace: float) -> None:
    """Join after a while and work at the pupil's own pace, in seconds between runs about."""
    await asyncio.sleep(pupil.dice.random() * pace)
    await pupil.join(code)
    while True:
        await pupil.work()
        if pupil.skill < 0.4 and pupil.dice.random() < 0.1:
            await pupil.raise_hand()
        await asyncio.sleep(pace * pupil.dice.uniform(0.3, 2.0))


async def lesson(base: str, code: str, count: int, pace: float) -> None:
    """Let them all work until it is ended."""
    await asyncio.gather(*(live(pupil, code, pace) for pupil in group(base, count)))


def main() -> None:
    """Serve the demonstration until Ctrl-C."""
    parser = argparse.ArgumentParser(description="A class to look at.")
    parser.add_argument("--pupils", type=int, default=30)
    parser.add_argument("--pace", type=float, default=8.0, help="seconds between runs, about")
    options = parser.parse_args()
    random.seed(7)
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder) / "data") as server:
        room, code = make(server)
        print(f"The lesson is at {server.url}/classes/{room}/lesson")
        print(f"Sign in as teacher with the password {PASSWORD}")
        print(f"Pupils come in at {server.url}/c/{code} (Ctrl-C ends all)", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(lesson(server.url, code, options.pupils, options.pace))


if __name__ == "__main__":
    main()
