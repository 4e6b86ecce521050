"""How long keys take: what a page does from a key until the frame that shows it is made.

For each key, from the browser's own time stamp of it:

*until shown* is all of it, to the end of the task in which the page makes the frame that shows the
key, as the browser's trace has it;
*latency* is the same without the wait for the screen to ask for that frame, up to 16.7 ms at 60 Hz:
time in which the page was done and the frame not due. What delays the key before the page sees it,
the handling, a frame that begins late because the page is busy, and style, layout and paint of the
frame all count, and of a longer wait all beyond one interval of the screen;
*work* is the processor time of the page's thread in it, whatever else keeps the machine busy;
*Event Timing* is the browser's own figure, from the key until the picture is on the screen, with
that wait and the drawing by other processes; it comes in steps of 8 ms, and none below 16 ms come
at all, so that fewer count as 8.
"""

from __future__ import annotations

import bisect
import math
import statistics
from typing import Any, NamedTuple

from playwright.sync_api import Page

#: The time between two keys, in ms: that of a key held down.
PAUSE_MS = 30

#: What is typed, over and over: names that open lists, brackets, strings, lines.
CODE = "for row in range(12):\nvalue = row * 3.5 + len('text')\nprint(value, row)\n\n"

#: Marks each key and the frame that shows it in the trace; `interactions` is for Event Timing.
LISTEN = """() => {
  globalThis.interactions = new Map();
  const interval = 1000 / 60;
  let latest = { count: 0 };
  addEventListener('keydown', (event) => {
    const begun = performance.now();
    const key = { count: latest.count + 1, taken: false, handled: begun };
    latest = key;
    performance.mark(`key ${key.count} ${begun - event.timeStamp}`);
    const look = (due) => {
      // A frame between the events of one key does not show it yet.
      if (!key.taken) return void requestAnimationFrame(look);
      const wait = Math.min(interval, Math.max(0, due - key.handled));
      performance.mark(`frame ${key.count} ${wait}`);
    };
    requestAnimationFrame(look);
  }, { capture: true });
  // The window hears an event last, when the page has done what it does with it.
  for (const type of ['keydown', 'keypress', 'beforeinput', 'input'])
    addEventListener(type, (event) => {
      latest.handled = performance.now();
      latest.taken ||= type === 'input' || event.defaultPrevented;
    });
  new PerformanceObserver((list) => {
    for (const { interactionId, duration } of list.getEntries())
      if (interactionId)
        interactions.set(interactionId, Math.max(interactions.get(interactionId) ?? 0, duration));
  }).observe({ type: 'event', durationThreshold: 16 });
}"""

#: What tells the trace of tasks and marks from others; no more, for tracing takes time too.
TRACED = {"includedCategories": ["toplevel", "blink.user_timing"]}
TASK = "ThreadControllerImpl::RunTask"


class Typing(NamedTuple):
    """95th percentiles over many keys, in ms."""

    latency: float
    work: float
    shown: float
    event_timing: float


def type_keys(page: Page, count: int) -> Typing:
    """Type into what has the focus, where ``LISTEN`` has run."""
    page.evaluate("interactions.clear()")
    trace = _Trace(page)
    for place in range(count):
        key = CODE[place % len(CODE)]
        page.keyboard.press("Enter" if key == "\n" else key)
        page.wait_for_timeout(PAUSE_MS)
    page.wait_for_timeout(1_000)
    found = _times(trace.end())
    slow: list[float] = page.evaluate("[...interactions.values()]")
    if len(found) < count:
        raise RuntimeError(f"{count} keys were pressed, {len(found)} seen")
    return Typing(
        _p95([key.shown - key.wait for key in found]),
        _p95([key.work for key in found]),
        _p95([key.shown for key in found]),
        _p95([*slow, *[8.0] * (count - len(slow))]),
    )


class _Trace:
    """What the browser records from now on until the end."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._events: list[dict[str, Any]] = []
        self._complete = False
        self._browser = page.context.new_cdp_session(page)
        self._browser.on("Tracing.dataCollected", lambda part: self._events.extend(part["value"]))
        self._browser.on("Tracing.tracingComplete", self._ended)
        self._browser.send("Tracing.start", {"transferMode": "ReportEvents", "traceConfig": TRACED})

    def end(self) -> list[dict[str, Any]]:
        self._browser.send("Tracing.end")
        while not self._complete:
            self._page.wait_for_timeout(50)
        self._browser.detach()
        return self._events

    def _ended(self, _: object) -> None:
        self._complete = True


class _Key(NamedTuple):
    """In ms: from its time stamp until its frame is made, the wait in that, processor time."""

    shown: float
    wait: float
    work: float


def _times(events: list[dict[str, Any]]) -> list[_Key]:
    marks = [event for event in events if event["name"].startswith(("key ", "frame "))]
    thread = next((mark["pid"], mark["tid"]) for mark in marks)
    tasks = sorted(
        (event["ts"], event["ts"] + event["dur"], event["tdur"])
        for event in events
        if event["name"] == TASK and (event["pid"], event["tid"]) == thread and "tdur" in event
    )

    def task_at(moment: float) -> int:
        return bisect.bisect_right(tasks, (moment, math.inf)) - 1

    begun: dict[str, tuple[float, int]] = {}
    keys: list[_Key] = []
    for mark in sorted(marks, key=lambda mark: float(mark["ts"])):
        kind, key, value = mark["name"].split()
        if kind == "key":
            begun[key] = mark["ts"] - float(value) * 1_000, task_at(mark["ts"])
        elif key in begun:
            pressed, first = begun.pop(key)
            last = task_at(mark["ts"])
            work = sum(task[2] for task in tasks[first : last + 1])
            keys.append(_Key((tasks[last][1] - pressed) / 1_000, float(value), work / 1_000))
    return keys


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[18]
