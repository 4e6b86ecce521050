"""The browser's figures: ours beside a bare Pyodide page, taken in turns in one run.

Times are milliseconds. A cold start has an empty profile, a warm one is the second visit of the
same profile; both run from navigation to the first result of ``1+1``. Medians of ``rounds``.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections import defaultdict
from typing import Any

from playwright.sync_api import Browser, Page

Figures = dict[str, dict[str, float]]

WORK = """
def work():
    table = {}
    for i in range(400_000):
        key = (i * 7919) % 5003
        table[key] = table.get(key, 0) + len(str(i)) * 3
    return sorted(table.values())[-1]
import time
_t = time.perf_counter()
work()
(time.perf_counter() - _t) * 1000
"""

#: Runs in the page: median round trip of 1+1 in ms.
ROUND_TRIP = """async (run) => {
  run = eval(run);
  for (let i = 0; i < 5; i += 1) await run('1+1');
  const times = [];
  for (let i = 0; i < 40; i += 1) {
    const start = performance.now();
    await run('1+1');
    times.push(performance.now() - start);
    await new Promise((done) => setTimeout(done, 30));
  }
  return times.sort((a, b) => a - b)[20];
}"""

#: Runs in the page: ms for 20,000 printed lines and the longest task of the page meanwhile.
FLOOD = """async (run) => {
  run = eval(run);
  let longest = 0;
  const observer = new PerformanceObserver((list) => {
    for (const task of list.getEntries()) longest = Math.max(longest, task.duration);
  });
  observer.observe({ entryTypes: ['longtask'] });
  const start = performance.now();
  await run('for i in range(20_000): print(i)');
  const took = performance.now() - start;
  await new Promise((done) => setTimeout(done, 1500));
  observer.disconnect();
  return [took, longest];
}"""

#: Runs in the page: ms from asking to stop until the run has ended.
STOP = """async ([run, stop]) => {
  run = eval(run); stop = eval(stop);
  const times = [];
  for (let i = 0; i < 7; i += 1) {
    const running = run('while True: pass');
    await new Promise((done) => setTimeout(done, 400));
    const start = performance.now();
    stop();
    // Under load a signal may come while nothing looks at it.
    const again = setInterval(stop, 250);
    await running;
    clearInterval(again);
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[3];
}"""

#: The longest that one step may take, in seconds; a step that hangs is named.
STEP_SECONDS = 90

#: How long a new window is left alone before a start is measured in it, in seconds.
SETTLE_SECONDS = 2

OURS = "(code) => playground.execute(code)"
BARE = "(code) => globalThis.run(code)"


def measure(browser: Browser, base: str, bare: str, rounds: int = 3) -> Figures:
    """All figures: name -> {ours, bare}."""
    raw: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for _ in range(rounds):
        for side, address, run in (("ours", base, OURS), ("bare", bare, BARE)):
            for name, value in _starts(browser, address, run).items():
                raw[name][side].append(value)
    for side, address, run, stop in (
        ("ours", base, OURS, "() => playground.interrupt()"),
        ("bare", bare, BARE, "() => globalThis.stop()"),
    ):
        for name, values in _steady(browser, address, run, stop).items():
            raw[name][side] = values
    for side, best in _work(browser, {"ours": (base, OURS), "bare": (bare, BARE)}).items():
        raw["pure-Python work (best)"][side] = [best]
    for name, values in _only_ours(browser, base).items():
        raw[name]["ours"] = values
    return {
        name: {side: statistics.median(values) for side, values in sides.items()}
        for name, sides in raw.items()
    }


def _take(page: Page, what: str, script: str, argument: Any = None) -> Any:
    """Evaluate a script in the page; unlike Playwright's own, this gives up.

    Raises:
        RuntimeError: it took longer than ``STEP_SECONDS``.
    """
    print(f"  {what}", file=sys.stderr, flush=True)
    answer = page.evaluate(
        "([script, argument, seconds]) => Promise.race([(0, eval)(script)(argument),"
        " new Promise((done) => setTimeout(done, seconds * 1000, '--late--'))])",
        [script, argument, STEP_SECONDS],
    )
    if answer == "--late--":
        raise RuntimeError(f"{what}: no answer in {STEP_SECONDS} s at {page.url}")
    return answer


def _first_result(page: Page, run: str) -> float:
    # The start page goes on to the session's, so the clock is the wall's, not the document's.
    page.wait_for_function(
        "!!(globalThis.playground?.execute || globalThis.run)", timeout=120_000, polling=5
    )
    now: float = _take(
        page,
        "first result",
        "async (run) => { await eval(run)('1+1');"
        " return performance.timeOrigin + performance.now() }",
        run,
    )
    return now


def _starts(browser: Browser, address: str, run: str) -> dict[str, float]:
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(address)
    page.wait_for_function("!!(globalThis.playground?.execute || globalThis.run)", timeout=120_000)
    address = page.url
    cookies = context.storage_state()
    context.close()
    time.sleep(3)
    context = browser.new_context(storage_state=cookies, bypass_csp=True)
    figures = {}
    for name in ("cold start", "warm start"):
        page = context.new_page()
        # A new window loads pages of the browser's own, which belong to no side.
        time.sleep(SETTLE_SECONDS)
        start = page.evaluate("performance.timeOrigin + performance.now()")
        page.goto(address, wait_until="commit")
        figures[name] = _first_result(page, run) - start
        page.close()
        # A closed tab holds its lease for two seconds, in case it comes back.
        time.sleep(3)
    context.close()
    return figures


def _steady(browser: Browser, address: str, run: str, stop: str) -> dict[str, list[float]]:
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(address)
    page.wait_for_function("!!(globalThis.playground?.execute || globalThis.run)", timeout=120_000)
    page.wait_for_load_state()
    page.wait_for_timeout(3_000)
    _take(page, "first run", "(run) => eval(run)('1')", run)
    round_trip = _take(page, "round trip", ROUND_TRIP, run)
    flood, longest = _take(page, "flood", FLOOD, run)
    stopped = _take(page, "stop", STOP, [run, stop])
    context.close()
    return {
        "round trip of 1+1": [round_trip],
        "20,000 printed lines": [flood],
        "longest task of the page meanwhile": [longest],
        "stop of a busy loop": [stopped],
    }


def _work(browser: Browser, sides: dict[str, tuple[str, str]]) -> dict[str, float]:
    """The best time of the same work on each side, taken in turns: machines change their pace."""
    pages = {}
    for side, (address, run) in sides.items():
        page = browser.new_context(bypass_csp=True).new_page()
        page.goto(address)
        page.wait_for_function("!!(globalThis.playground?.execute || globalThis.run)")
        page.wait_for_timeout(3_000)
        _take(page, "first run", "(run) => eval(run)('1')", run)
        pages[side] = (page, run)
    script = (
        "async ([run, code]) => { const r = await eval(run)(code);"
        " return parseFloat(r.result ? r.result['text/plain'] : r) }"
    )
    times: dict[str, list[float]] = {side: [] for side in sides}
    for _ in range(12):
        for side, (page, run) in pages.items():
            times[side].append(float(_take(page, "work", script, [run, WORK])))
    for page, _ in pages.values():
        page.context.close()
    return {side: min(values) for side, values in times.items()}


def _only_ours(browser: Browser, base: str) -> dict[str, list[float]]:
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(base)
    page.wait_for_url("**/s/*")
    page.wait_for_function("globalThis.playground?.ready")
    _take(page, "ready", "() => playground.ready")
    _take(page, "state", "() => playground.execute('xs = list(range(200_000)); n = 0')")
    _take(page, "saved", "() => playground.saved()")
    costs, safe = [], []
    for _ in range(7):
        _take(page, "change", "() => playground.execute('n += 1')")
        started = page.evaluate("performance.now()")
        costs.append(
            _take(page, "save", "() => playground.saved().then((report) => report.saveMs)")
        )
        safe.append(page.evaluate("performance.now()") - started)
    reloads = []
    for _ in range(5):
        page.reload(wait_until="commit")
        page.wait_for_function("!!globalThis.playground?.execute", polling=5)
        script = "() => playground.execute('len(xs)').then(() => performance.now())"
        reloads.append(_take(page, "reload", script))
    respawns = []
    for _ in range(3):
        page.evaluate("() => { globalThis.gone = playground.execute('sum(range(10**13))') }")
        page.wait_for_timeout(500)
        _take(page, "kill", "() => playground.interrupt().then(() => globalThis.gone)")
        started = page.evaluate("performance.now()")
        _take(page, "respawn", "() => playground.execute('len(xs)')")
        respawns.append(page.evaluate("performance.now()") - started)
    context.close()
    return {
        "snapshot in the runtime's thread (1 MB state, small change)": costs,
        "until that change is safe on the server": safe,
        "reload to restored values (1 MB state)": reloads,
        "respawn after a kill to restored values": respawns,
    }
