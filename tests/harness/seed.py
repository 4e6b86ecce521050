"""Fills a session with entries as a browser would: operations over its socket, in order."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import msgspec
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from sessions_app import protocol as p
from sessions_app.sockets import SUBPROTOCOL
from tests.harness.visitor import Visitor

#: Operations that may be under way; the server takes no more at once.
WINDOW = 48

_decoder = msgspec.json.Decoder(p.ServerMessage)


def fill(visitor: Visitor, session: str, entries: int) -> None:
    """Give the session that many entries: assignments, loops that print, results, errors."""
    with _join(visitor, session) as socket:
        client = uuid.uuid4().hex
        state = msgspec.json.decode(
            visitor.get(f"/api/sessions/{session}/state").body, type=p.SessionState
        )
        hello = p.Hello(p.PROTOCOL_VERSION, client, uuid.uuid4().hex, state.epoch, state.seq)
        socket.send(p.encode(hello).decode())
        socket.send(p.encode(p.AcquireLease()).decode())
        fence = _fence(socket)
        numbers = range(state.next_number, state.next_number + entries)
        _push(socket, client, fence, _operations(numbers))


def _join(visitor: Visitor, session: str) -> ClientConnection:
    return connect(
        visitor.base.replace("http", "ws") + f"/ws/sessions/{session}",
        origin=Origin(visitor.base),
        subprotocols=[Subprotocol(SUBPROTOCOL)],
        additional_headers={"Cookie": visitor.cookie_header()},
    )


def _fence(socket: ClientConnection) -> int:
    while True:
        message = _decoder.decode(socket.recv(30))
        if isinstance(message, p.LeaseGranted):
            return message.fence


def _push(
    socket: ClientConnection, client: str, fence: int, operations: Iterator[p.AnyOperation]
) -> None:
    sent = acknowledged = 0
    waiting = True
    while waiting or acknowledged < sent:
        group: list[p.Sent] = []
        while waiting and sent - acknowledged < WINDOW:
            operation = next(operations, None)
            waiting = operation is not None
            if operation is None:
                break
            sent += 1
            group.append(p.Sent(sent, fence, operation))
        if group:
            socket.send(p.encode(p.Push(client, tuple(group))).decode())
        message = _decoder.decode(socket.recv(30))
        if isinstance(message, p.Nack):
            raise RuntimeError(f"operation {message.n}: {message.message}")
        if isinstance(message, p.Ack):
            acknowledged += 1
            if acknowledged % 16 == 0:
                socket.send(p.encode(p.Received(message.seq)).decode())


def _operations(numbers: range) -> Iterator[p.AnyOperation]:
    for number in numbers:
        source, outputs = _example(number)
        yield p.StartExecution(number, source)
        if outputs:
            yield p.AppendOutput(number, outputs)
        failed = isinstance(outputs[-1], p.ErrorOutput) if outputs else False
        yield p.FinishExecution(number, "error" if failed else "ok", number % 300)


def _example(number: int) -> tuple[str, tuple[p.Output, ...]]:
    match number % 5:
        case 0:
            return f"value_{number} = {number} ** 2", ()
        case 1:
            lines = "".join(f"line {line} of entry {number}\n" for line in range(number % 17 + 1))
            return f"for i in range({number % 17 + 1}):\n    print('line', i)", (
                p.StreamOutput("stdout", lines),
            )
        case 2:
            text = repr([number * step for step in range(12)])
            return f"[{number} * step for step in range(12)]", (
                p.ExecuteResult({"text/plain": text}),
            )
        case 3:
            source = "\n".join(f"def helper_{number}_{part}(x):\n    return x" for part in range(3))
            return source, ()
        case _:
            trace = ["Traceback (most recent call last):", "ZeroDivisionError: division by zero"]
            return f"{number} / 0", (p.ErrorOutput("ZeroDivisionError", "division by zero", trace),)
