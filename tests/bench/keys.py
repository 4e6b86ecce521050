"""How long keys take: what a page does from a key until the frame that shows it is made.

For each key, from the browser's own time stamp of it:

*until shown* is all of it, to the end of the page's work on the frame that shows the key;
*latency* is the same without the wait for the screen to ask for that frame, up to 16.7 ms at 60 Hz:
time in which the page was done and the frame not due. What delays the key before the page sees it,
the handling, a frame that begins late because the page is busy, and style, layout and paint of the
frame all count, and of a longer wait all beyond one interval of the screen;
*Event Timing* is the browser's own figure, from the key until the picture is on the screen, with
that wait and the drawing by other processes; it comes in steps of 8 ms, and none below 16 ms come
at all, so that fewer count as 8.
"""

from __future__ import annotations

import statistics
from typing import NamedTuple

from playwright.sync_api import Page

#: The time between two keys, in ms: that of a key held down.
PAUSE_MS = 30

#: What is typed, over and over: names that open lists, brackets, strings, lines.
CODE = "for row in range(12):\nvalue = row * 3.5 + len('text')\nprint(value, row)\n\n"

#: Collects the keys until `keys` is read.
LISTEN = """() => {
  globalThis.keys = [];
  globalThis.interactions = new Map();
  const interval = 1000 / 60;
  const after = (work) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = work;
    port2.postMessage(0);
  };
  let latest = {};
  addEventListener('keydown', (event) => {
    const key = { at: event.timeStamp, taken: false, handled: performance.now() };
    latest = key;
    const look = (due) => {
      // A frame between the events of one key does not show it yet.
      if (!key.taken) return void requestAnimationFrame(look);
      const wait = Math.min(interval, Math.max(0, due - key.handled));
      // A message that is sent while a frame is made arrives after it.
      after(() => {
        const shown = performance.now() - key.at;
        keys.push([shown - wait, shown]);
      });
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


class Typing(NamedTuple):
    """95th percentiles over many keys, in ms."""

    latency: float
    shown: float
    event_timing: float


def type_keys(page: Page, count: int) -> Typing:
    """Type into what has the focus, where ``LISTEN`` has run."""
    page.evaluate("() => { keys.length = 0; interactions.clear(); }")
    for place in range(count):
        key = CODE[place % len(CODE)]
        page.keyboard.press("Enter" if key == "\n" else key)
        page.wait_for_timeout(PAUSE_MS)
    page.wait_for_timeout(1_000)
    found: list[tuple[float, float]] = page.evaluate("keys")
    slow: list[float] = page.evaluate("[...interactions.values()]")
    if len(found) < count:
        raise RuntimeError(f"{count} keys were pressed, {len(found)} seen")
    return Typing(
        _p95([latency for latency, _ in found]),
        _p95([shown for _, shown in found]),
        _p95([*slow, *[8.0] * (count - len(slow))]),
    )


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[18]
