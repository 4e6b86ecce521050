"""The layer in the process: groups, threads, and a full queue that says so."""

from __future__ import annotations

import asyncio
import threading

from sessions_app.hub import OVERFLOW, HubLayer


async def test_a_group_hears_everything_in_order() -> None:
    hub = HubLayer()
    channels = [await hub.new_channel() for _ in range(3)]
    for channel in channels:
        await hub.group_add("g", channel)
    for i in range(500):
        await hub.group_send("g", {"type": "x", "i": i})
    for channel in channels:
        assert [(await hub.receive(channel))["i"] for _ in range(500)] == list(range(500))


async def test_a_full_queue_says_so_and_goes_on() -> None:
    hub = HubLayer(capacity=10)
    await hub.group_add("g", "slow")
    for i in range(25):
        hub.publish("g", {"type": "x", "i": i})
    got = [await hub.receive("slow") for _ in range(5)]
    assert OVERFLOW in got
    hub.publish("g", {"type": "x", "i": 99})
    while got[-1] != {"type": "x", "i": 99}:
        got.append(await asyncio.wait_for(hub.receive("slow"), 1))


async def test_other_threads_publish() -> None:
    hub = HubLayer()
    await hub.group_add("g", "c")
    waiting = asyncio.create_task(hub.receive("c"))
    await asyncio.sleep(0)
    thread = threading.Thread(target=hub.publish, args=("g", {"type": "x"}))
    thread.start()
    assert await asyncio.wait_for(waiting, 2) == {"type": "x"}
    thread.join()


async def test_a_cancelled_wait_loses_nothing() -> None:
    hub = HubLayer()
    await hub.group_add("g", "c")
    waiting = asyncio.create_task(hub.receive("c"))
    await asyncio.sleep(0)
    waiting.cancel()
    await hub.group_send("g", {"type": "x"})
    assert await hub.receive("c") == {"type": "x"}


async def test_who_left_hears_nothing() -> None:
    hub = HubLayer()
    await hub.group_add("g", "a")
    await hub.group_add("g", "b")
    await hub.group_discard("g", "a")
    hub.forget("b")
    await hub.group_send("g", {"type": "x"})
    await hub.send("b", {"type": "x"})
    assert not hub._queues["a"].messages
    assert "b" not in hub._queues
