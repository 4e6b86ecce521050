"""Simulated pupils on real sockets: they join a class, run code, err, and raise their hands.

What they run is a short lesson on a list of numbers, with the mistakes that beginners make there.
Python itself does not run: outputs and errors are those that it gives.
"""

from __future__ import annotations

import asyncio
import random
import re
import urllib.parse
import uuid
from dataclasses import dataclass, field

import msgspec
from websockets.asyncio.client import ClientConnection, connect

from sessions_app import protocol as p
from sessions_app.sockets import SUBPROTOCOL
from tests.harness.visitor import Visitor

NAMES = [
    "Anna",
    "Ben",
    "Cleo",
    "David",
    "Emma",
    "Finn",
    "Greta",
    "Hugo",
    "Ida",
    "Jonas",
    "Kira",
    "Leo",
    "Mia",
    "Noah",
    "Olga",
    "Paul",
    "Quinn",
    "Rosa",
    "Sami",
    "Tess",
    "Uma",
    "Viktor",
    "Wanda",
    "Xaver",
    "Yara",
    "Zoe",
    "Aylin",
    "Bruno",
    "Carla",
    "Deniz",
]

QUESTIONS = (
    "Why is my average 0?",
    "What does this error mean?",
    "How do I add to a list?",
    "",
    "Is this right?",
)

_decoder = msgspec.json.Decoder(p.ServerMessage)


@dataclass(frozen=True)
class Step:
    """Something that a pupil runs, and what Python makes of it."""

    source: str
    shown: str = ""
    error: tuple[str, str] | None = None
    rows: tuple[p.VariableRow, ...] = ()


def _row(name: str, kind: str, preview: str) -> p.VariableRow:
    return p.VariableRow(name, kind, 28, preview, saved=True)


_RAIN = _row("rain", "list", "[3, 0, 12, 5]")

#: The lesson; each step with the mistakes that may come before it.
LESSON: tuple[tuple[Step, tuple[Step, ...]], ...] = (
    (
        Step("rain = [3, 0, 12, 5]", rows=(_RAIN,)),
        (Step("rain = [3, 0, 12, 5", error=("SyntaxError", "'[' was never closed")),),
    ),
    (
        Step("total = sum(rain)\nprint(total)", "20\n", rows=(_RAIN, _row("total", "int", "20"))),
        (
            Step("print(totl)", error=("NameError", "name 'totl' is not defined")),
            Step("print(total)", error=("NameError", "name 'total' is not defined")),
            Step('total = "20"\ntotal + 1', error=("TypeError", "can only concatenate str")),
        ),
    ),
    (
        Step(
            "average = total / len(rain)\nprint(average)",
            "5.0\n",
            rows=(_RAIN, _row("total", "int", "20"), _row("average", "float", "5.0")),
        ),
        (
            Step("average = total / 0", error=("ZeroDivisionError", "division by zero")),
            Step("rain[4]", error=("IndexError", "list index out of range")),
            Step(
                "average = total // 3\nprint(average)",
                "6\n",
                rows=(_RAIN, _row("average", "int", "6")),
            ),
        ),
    ),
    (
        Step("for day in rain:\n    print('*' * day)", "***\n\n************\n*****\n"),
        (
            Step("for day in rain:\nprint(day)", error=("IndentationError", "expected a block")),
            Step("for day in rain\n    print(day)", error=("SyntaxError", "expected ':'")),
        ),
    ),
)


@dataclass
class Pupil:
    """One simulated pupil. ``skill`` from 0 to 1 is how often the next run succeeds."""

    base: str
    name: str
    skill: float
    dice: random.Random
    visitor: Visitor = field(init=False)
    number: int = 1
    step: int = 0
    _sent: int = 0
    _fence: int = 0
    _client: str = field(default_factory=lambda: uuid.uuid4().hex)

    async def join(self, code: str) -> None:
        """Come in by the door's form and open the session and the desk."""
        await asyncio.to_thread(self._come_in, code)
        data = await asyncio.to_thread(self.visitor.page_data, self.page)
        self._session = await self._dial(data["socket"])
        self._desk = await self._dial(data["classroom"]["socket"])
        state = data["state"]
        hello = p.Hello(
            p.PROTOCOL_VERSION, self._client, uuid.uuid4().hex, state["epoch"], state["seq"]
        )
        await self._session.send(p.encode(hello).decode())
        await self._session.send(p.encode(p.AcquireLease()).decode())
        while not self._fence:
            message = _decoder.decode(await self._session.recv())
            self._fence = message.fence if isinstance(message, p.LeaseGranted) else 0
        self._reader = asyncio.gather(self._read(), self._stay())

    def _come_in(self, code: str) -> None:
        self.visitor = Visitor(self.base)
        door = self.visitor.get(f"/c/{code}").body.decode()
        token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', door)
        if token is None:
            raise RuntimeError(f"the door of {code} is closed")
        form = {"csrfmiddlewaretoken": token[1], "by": "name", "name": self.name}
        body = urllib.parse.urlencode(form).encode()
        kind = "application/x-www-form-urlencoded"
        answer = self.visitor.request("POST", f"/c/{code}", body, Content_Type=kind)
        found = re.search(r'href="(/s/[0-9a-f]{32})"', answer.body.decode())
        if found is None:
            raise RuntimeError(f"{self.name} could not join: {answer.status}")
        self.page = found[1]

    async def _dial(self, path: str) -> ClientConnection:
        return await connect(
            self.base.replace("http", "ws") + path,
            origin=self.base,  # type: ignore[arg-type]
            subprotocols=[SUBPROTOCOL],  # type: ignore[list-item]
            additional_headers={"Cookie": self.visitor.cookie_header()},
        )

    async def _read(self) -> None:
        seen = 0
        async for frame in self._session:
            message = _decoder.decode(frame)
            if isinstance(message, p.Ack):
                seen += 1
                if seen % 32 == 0:
                    await self._session.send(p.encode(p.Received(message.seq)).decode())

    async def _stay(self) -> None:
        """Say that the pages are open, as they do."""
        while True:
            await asyncio.sleep(10)
            await self._desk.send('{"type":"here"}')
            await self._session.send(p.encode(p.Ping()).decode())

    async def work(self) -> None:
        """Run the next thing: often right, else one of the usual mistakes."""
        right, mistakes = LESSON[self.step % len(LESSON)]
        good = self.dice.random() < self.skill
        await self.run(right if good else self.dice.choice(mistakes))
        if good:
            self.step += 1

    async def run(self, step: Step) -> None:
        """Run it: the operations that a page sends."""
        number, self.number = self.number, self.number + 1
        await self._push(p.StartExecution(number, step.source))
        outputs: list[p.Output] = []
        if step.shown:
            outputs.append(p.StreamOutput("stdout", step.shown))
        if step.error:
            kind, text = step.error
            line = p.Place(len(step.source.splitlines()))
            outputs.append(p.ErrorOutput(kind, text, [f"{kind}: {text}"], None, line))
        more: list[p.AnyOperation] = [p.AppendOutput(number, tuple(outputs))] if outputs else []
        more.append(p.FinishExecution(number, "error" if step.error else "ok", 12.0))
        if step.rows:
            more.append(p.SetVariables(step.rows))
        await self._push(*more)

    async def raise_hand(self) -> None:
        """Ask for help about the last run."""
        question = self.dice.choice(QUESTIONS)
        asking = {"type": "raise_hand", "question": question, "number": self.number - 1}
        await self._desk.send(msgspec.json.encode(asking).decode())

    async def leave(self) -> None:
        """Close the pages."""
        self._reader.cancel()
        await self._session.close()
        await self._desk.close()

    async def _push(self, *operations: p.AnyOperation) -> None:
        sent = []
        for operation in operations:
            self._sent += 1
            sent.append(p.Sent(self._sent, self._fence, operation))
        await self._session.send(p.encode(p.Push(self._client, tuple(sent))).decode())


def group(base: str, count: int, seed: int = 7) -> list[Pupil]:
    """Pupils of all kinds: most manage, some are stuck again and again."""
    dice = random.Random(seed)
    names = [NAMES[i % 30] + (f" {i // 30 + 1}" if i >= 30 else "") for i in range(count)]
    skills = [dice.choice((0.9, 0.8, 0.7, 0.6, 0.3, 0.05)) for _ in names]
    return [
        Pupil(base, name, skill, random.Random(dice.random()))
        for name, skill in zip(names, skills, strict=True)
    ]
