"""``make bench-page``: how the session page feels; ``--write`` puts it into docs/benchmarks.md.

Everything is measured in real Chromium against a server of its own. What a latency of typing is
stands in ``keys.py``.
"""

from __future__ import annotations

import gzip
import re
import statistics
import sys
import tempfile
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.bench.keys import LISTEN, Typing, type_keys
from tests.bench.report import machine, put
from tests.e2e.conftest import FLAGS, chromium_path
from tests.harness.seed import fill
from tests.harness.server import Server
from tests.harness.visitor import Visitor

ROUNDS = 5
KEYS = 150
LINES = 2_000
MANY = 5_000


class Figure(NamedTuple):
    """A measured value and what it must not reach."""

    name: str
    value: float
    #: None for a figure that only explains the one before it.
    target: float | None
    unit: str


#: Runs in every page before its scripts: when the newest entry was painted, and long tasks.
WATCH = """
globalThis.longest = 0;
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries())
    globalThis.longest = Math.max(globalThis.longest, duration);
}).observe({ type: 'longtask', buffered: true });
globalThis.painted = 0;
{
  const look = () => {
    if (!document.querySelector(`[data-entry="${globalThis.wanted ?? 500}"]`)) {
      requestAnimationFrame(look);
      return;
    }
    // A message that is sent while a frame is made arrives after it.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => (globalThis.painted = performance.now());
    port2.postMessage(0);
  };
  requestAnimationFrame(look);
}
"""

#: Scrolls one frame after the other, first up to the first entry, then down again.
SCROLL = """async () => {
  const log = document.querySelector('[role=log]');
  const frame = () => new Promise(requestAnimationFrame);
  const first = () => document.querySelector('[data-entry="1"]');
  let frames = 0;
  globalThis.longest = 0;
  while (!(first() && log.scrollTop === 0) && frames < 3_000) {
    log.scrollBy(0, -1_500);
    frames += 1;
    await frame();
  }
  const reached = first() !== null;
  const bottom = () => log.scrollHeight - log.scrollTop - log.clientHeight < 2;
  while (!bottom() && frames < 6_000) {
    log.scrollBy(0, 1_500);
    frames += 1;
    await frame();
  }
  await new Promise((done) => setTimeout(done, 300));
  return [globalThis.longest, reached, frames];
}"""

#: Writes `xs.` and waits for the list, as often as asked.
COMPLETE = """() => {
  globalThis.completions = [];
  addEventListener('keydown', (event) => {
    if (event.key !== '.') return;
    const look = () => {
      if (document.querySelector('.cm-tooltip-autocomplete li'))
        completions.push(performance.now() - event.timeStamp);
      else if (performance.now() - event.timeStamp < 3_000) setTimeout(look, 1);
    };
    look();
  }, { capture: true });
}"""


def main() -> None:
    """Run everything, once."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Server(Path(folder)) as server,
        sync_playwright() as playwright,
    ):
        path = chromium_path(playwright.chromium)
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        parts: dict[str, Callable[[], list[Figure]]] = {
            "paint": lambda: _paint(browser, server.url),
            "typing": lambda: _typing(browser, server.url),
            "scrolling": lambda: _scrolling(browser, server.url),
        }
        chosen = [name for name in parts if name in sys.argv] or list(parts)
        figures = [figure for name in chosen for figure in _say(name, parts[name])]
        head = machine(browser.version)
        browser.close()
    table = _table(figures)
    print(f"{head}\n\n{table}")
    if "--write" in sys.argv:
        put("page", f"{head}\n\n{table}")


def _say(what: str, measure: Callable[[], list[Figure]]) -> list[Figure]:
    print(f"  {what}", file=sys.stderr, flush=True)
    return measure()


def _table(figures: list[Figure]) -> str:
    lines = ["| figure | measured | target | met? |", "|---|---|---|---|"]
    for name, value, target, unit in figures:
        wanted = "–" if target is None else f"below {target:,.0f} {unit}"
        met = "–" if target is None else "yes" if value < target else "no"
        lines.append(f"| {name} | {value:,.1f} {unit} | {wanted} | {met} |")
    return "\n".join(lines)


def _enter(browser: Browser, visitor: Visitor) -> BrowserContext:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.add_cookies(
        [
            {"name": cookie.name, "value": str(cookie.value), "url": visitor.base}
            for cookie in visitor.cookies
        ]
    )
    context.add_init_script(WATCH)
    return context


def _paint(browser: Browser, base: str) -> list[Figure]:
    visitor = Visitor(base)
    session = visitor.start()
    fill(visitor, session, 500)
    cold: list[float] = []
    warm: list[float] = []
    for _ in range(ROUNDS):
        context = _enter(browser, visitor)
        for times in (cold, warm):
            page = context.new_page()
            page.goto(f"{visitor.base}/s/{session}", wait_until="commit")
            times.append(_painted(page))
            page.evaluate("playground.ready")
            page.close()
        context.close()
    script = _scripts(visitor, f"/s/{session}")
    return [
        Figure("first paint of 500 entries, empty cache", statistics.median(cold), 1_000, "ms"),
        Figure("first paint of 500 entries, second visit", statistics.median(warm), 1_000, "ms"),
        Figure("JavaScript before the first paint, compressed", script, 200, "KB"),
    ]


def _painted(page: Page) -> float:
    page.wait_for_function("() => globalThis.painted", polling=50)
    return float(page.evaluate("painted"))


def _scripts(visitor: Visitor, path: str) -> float:
    html = visitor.get(path).body.decode()
    tags = re.findall(r"<(?:script|link)\b[^>]*>", html)
    addresses = {
        found.group(1)
        for tag in tags
        if (found := re.search(r'(?:src|href)="([^"]+\.js)"', tag)) is not None
    }
    waiting, size = list(addresses), 0
    while waiting:
        address = waiting.pop()
        with urllib.request.urlopen(visitor.base + address) as answer:
            text: bytes = answer.read()
        size += len(gzip.compress(text, 9))
        folder = address.rsplit("/", 1)[0]
        # Modules that are imported as a whole are fetched before anything runs.
        for name in re.findall(r'(?:from|import)\s*"\./([^"]+\.js)"', text.decode()):
            if f"{folder}/{name}" not in addresses:
                addresses.add(f"{folder}/{name}")
                waiting.append(f"{folder}/{name}")
    return size / 1_000


def _typing(browser: Browser, base: str) -> list[Figure]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(base)
    page.wait_for_url("**/s/*")
    page.wait_for_function("globalThis.playground?.ready")
    page.evaluate("playground.ready")
    page.locator(".cm-content").first.wait_for()
    page.evaluate("playground.execute('xs = [3, 1, 2]')")
    page.evaluate("playground.saved()")
    complete = _completions(page)
    page.evaluate(LISTEN)
    box = page.get_by_role("textbox", name="Code", exact=True)
    _stream(page)
    box.click()
    # Inside a bracket a line break runs nothing.
    page.keyboard.type("(")
    in_box = type_keys(page, KEYS)
    box.fill("")
    text = "".join(f"value_{line} = [{line}, 'text', {line} * 2]\n" for line in range(LINES))
    page.evaluate("playground.interrupt()")
    page.evaluate("text => playground.files.write('main.py', text)", text)
    page.get_by_role("region", name="Files").get_by_text("main.py").first.click()
    script = page.get_by_role("textbox", name="Text of main.py", exact=True)
    script.wait_for()
    _stream(page)
    script.click()
    page.keyboard.press("Control+Home")
    in_script = type_keys(page, KEYS)
    page.evaluate("playground.interrupt()")
    context.close()
    return [
        *_typed("the input", in_box),
        *_typed("2,000 lines", in_script),
        Figure("completion after a keystroke, median", complete, 50, "ms"),
    ]


def _typed(where: str, typing: Typing) -> list[Figure]:
    return [
        Figure(f"typing in {where} while output streams, p95", typing.latency, 16, "ms"),
        Figure("… processor time of the page in that, p95", typing.work, None, "ms"),
        Figure("… with the wait for the frame, p95", typing.shown, None, "ms"),
        Figure("… until the picture is there (Event Timing), p95", typing.event_timing, None, "ms"),
    ]


def _stream(page: Page) -> None:
    page.evaluate(
        "() => void playground.execute("
        "'import time\\nfor i in range(10**6):\\n    print(\"line\", i)\\n    time.sleep(0.005)')"
    )
    page.wait_for_timeout(1_000)


def _completions(page: Page) -> float:
    page.evaluate(COMPLETE)
    box = page.get_by_role("textbox", name="Code", exact=True)
    for _ in range(20):
        box.fill("")
        box.click()
        page.keyboard.type("xs", delay=60)
        page.keyboard.press("Escape")
        page.keyboard.press(".")
        page.wait_for_timeout(400)
        page.keyboard.press("Escape")
    box.fill("")
    found: list[float] = page.evaluate("completions")
    if len(found) < 10:
        raise RuntimeError(f"only {len(found)} of 20 completions came")
    return statistics.median(found)


def _scrolling(browser: Browser, base: str) -> list[Figure]:
    # Somebody new: who has a session already starts with that one.
    visitor = Visitor(base)
    session = visitor.start()
    fill(visitor, session, MANY)
    context = _enter(browser, visitor)
    page = context.new_page()
    page.add_init_script(f"globalThis.wanted = {MANY}")
    page.goto(f"{visitor.base}/s/{session}", wait_until="commit")
    _painted(page)
    page.evaluate("playground.ready")
    page.wait_for_timeout(1_000)
    longest, reached, frames = page.evaluate(SCROLL)
    if not reached:
        raise RuntimeError("the scrolling never came to the first entry")
    print(f"  {frames} frames", file=sys.stderr)
    context.close()
    # The browser tells of no task under 50 ms.
    name = "longest task while 5,000 entries scroll up and down (50: none was longer)"
    return [Figure(name, max(50.0, longest), 100, "ms")]


if __name__ == "__main__":
    main()
