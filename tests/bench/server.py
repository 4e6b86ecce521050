"""The server's figures: one Daphne process beside a bare Channels echo, in one run.

``operations``: sessions of their own push operations as fast as acknowledgements come back; each
is durable (COMMIT with fsync) before it is counted. ``echo`` sends frames of the same size and
counts what comes back. Memory is the growth of the process's resident set for each idle socket.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
import uuid
from pathlib import Path

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from sessions_app import protocol as p
from sessions_app.sockets import SUBPROTOCOL
from tests.harness.server import ROOT, Server, free_port
from tests.harness.visitor import Visitor

SOCKETS = 300
PUSHERS = 30
SECONDS = 6.0
WINDOW = 16

_decoder = msgspec.json.Decoder(p.ServerMessage)


async def measure(data: Path) -> dict[str, dict[str, float]]:
    """Figures: name -> {ours, bare}."""
    with Server(data, PLAYGROUND_RATE_LIMITS="off") as server:
        visitors = [Visitor(server.url) for _ in range(PUSHERS)]
        sessions = [visitor.start() for visitor in visitors]
        rate = await _operations(list(zip(visitors, sessions, strict=True)))
        growth = await _memory(
            server.pid, [(visitors[i % PUSHERS], sessions[i % PUSHERS]) for i in range(SOCKETS)]
        )
    echo_rate, echo_growth = await _echo()
    return {
        "operations (or echoes) a second": {"ours": rate, "bare": echo_rate},
        "KB of memory for an idle socket": {"ours": growth, "bare": echo_growth},
    }


async def _join(visitor: Visitor, session: str) -> tuple[ClientConnection, str]:
    data = await asyncio.to_thread(visitor.get, f"/api/sessions/{session}/state")
    state = msgspec.json.decode(data.body, type=p.SessionState)
    socket = await connect(
        visitor.base.replace("http", "ws") + f"/ws/sessions/{session}",
        origin=visitor.base,  # type: ignore[arg-type]
        subprotocols=[Subprotocol(SUBPROTOCOL)],
        additional_headers={"Cookie": visitor.cookie_header()},
    )
    client = uuid.uuid4().hex
    hello = p.Hello(p.PROTOCOL_VERSION, client, uuid.uuid4().hex, state.epoch, state.seq)
    await socket.send(p.encode(hello).decode())
    while not isinstance(_decoder.decode(await socket.recv()), p.Welcome):
        pass
    return socket, client


async def _operations(owners: list[tuple[Visitor, str]]) -> float:
    joined = [await _join(visitor, session) for visitor, session in owners]
    end = time.monotonic() + SECONDS
    counts = await asyncio.gather(*(_push(socket, client, end) for socket, client in joined))
    for socket, _ in joined:
        await socket.close()
    return sum(counts) / SECONDS


async def _push(socket: ClientConnection, client: str, end: float) -> int:
    await socket.send(p.encode(p.AcquireLease()).decode())
    fence = 0
    while not fence:
        message = _decoder.decode(await socket.recv())
        fence = message.fence if isinstance(message, p.LeaseGranted) else 0
    sent = acknowledged = 0
    while time.monotonic() < end:
        while sent - acknowledged < WINDOW:
            sent += 1
            row = p.VariableRow("x", "int", 28, f"{sent:0200}", True)
            operation = p.Sent(sent, fence, p.SetVariables((row,), ()))
            await socket.send(p.encode(p.Push(client, (operation,))).decode())
        message = _decoder.decode(await socket.recv())
        if isinstance(message, p.Ack):
            acknowledged += 1
            if acknowledged % 64 == 0:
                await socket.send(p.encode(p.Received(message.seq)).decode())
    return acknowledged


async def _memory(pid: int, owners: list[tuple[Visitor, str]]) -> float:
    before = _resident(pid)
    joined = [await _join(visitor, session) for visitor, session in owners]
    await asyncio.sleep(2)
    growth = (_resident(pid) - before) / len(owners)
    for socket, _ in joined:
        await socket.close()
    return growth


async def _echo() -> tuple[float, float]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "daphne", "-p", str(port), "tests.bench.echo:application"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        sockets = [await _dial(port) for _ in range(PUSHERS)]
        end = time.monotonic() + SECONDS
        counts = await asyncio.gather(*(_repeat(socket, end) for socket in sockets))
        before = _resident(process.pid)
        idle = [await _dial(port) for _ in range(SOCKETS)]
        await asyncio.sleep(2)
        growth = (_resident(process.pid) - before) / len(idle)
        for socket in [*sockets, *idle]:
            await socket.close()
    finally:
        process.kill()
        process.wait()
    return sum(counts) / SECONDS, growth


async def _dial(port: int) -> ClientConnection:
    for _ in range(200):
        try:
            return await connect(f"ws://127.0.0.1:{port}/")
        except OSError:
            await asyncio.sleep(0.05)
    raise RuntimeError("the echo server did not start")


async def _repeat(socket: ClientConnection, end: float) -> int:
    frame = "x" * 400
    sent = received = 0
    while time.monotonic() < end:
        while sent - received < WINDOW:
            sent += 1
            await socket.send(frame)
        await socket.recv()
        received += 1
    return received


def _resident(pid: int) -> float:
    """Resident set of a process, KB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return float(line.split()[1])
    raise RuntimeError("no VmRSS")
