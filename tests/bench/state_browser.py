"""The browser's side of ``make bench-state``: a trace in the product, and what others would cost.

Bytes are those that the page sends, compressed, with the manifest; milliseconds are those of the
runtime's thread. A restore is timed from the moment an empty session would have answered.
"""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, Page

from tests.bench.traces import Trace

START_MS = 120_000

#: An entry that saves the namespace as others would, in the same Python, and says what it cost.
PEERS = """
def _peer(method):
    import pickle, time
    from types import ModuleType
    import cloudpickle
    names = dict(globals())
    values = {n: v for n, v in names.items() if not n.startswith('__') and n != '_peer'}
    start = time.perf_counter()
    if method == 'pickle':
        size = 0
        for value in values.values():
            try: size += len(pickle.dumps(value))
            except Exception: pass
    else:
        size = len(cloudpickle.dumps(values))
    return size, (time.perf_counter() - start) * 1000
"""


def measure(browser: Browser, base: str, trace: Trace) -> dict[str, dict[str, Any]]:
    """The product's row and those of two others, by method."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(base)
    _ready(page)
    found = {"ours, in Chromium": _ours(page, trace)}
    for method in ("cloudpickle", "pickle"):
        found[f"{method}, in Chromium"] = _peer(page, trace, method)
    expected = _fresh_check(page, trace)
    context.close()
    return {method: one | {"expected": expected} for method, one in found.items()}


def _ready(page: Page) -> None:
    page.wait_for_url("**/s/*", timeout=START_MS)
    page.wait_for_function("!!globalThis.playground?.ready", timeout=START_MS)
    page.evaluate("playground.ready")


def _new(page: Page) -> None:
    page.goto(page.evaluate("playground.create().then(({ url }) => new URL(url, location).href)"))
    _ready(page)


def _run(page: Page, source: str) -> dict[str, Any]:
    outcome: dict[str, Any] = page.evaluate("(source) => playground.execute(source)", source)
    if outcome["status"] != "ok":
        raise RuntimeError(f"{source[:60]!r}: {outcome.get('error')}")
    return outcome


def _ours(page: Page, trace: Trace) -> dict[str, Any]:
    _new(page)
    steps = []
    for source in trace.entries:
        _run(page, source)
        report = page.evaluate("playground.saved()")
        steps.append([report["bytes"], report["saveMs"]])
    full = page.url
    first = _reload(page, full, trace.first_use)
    whole = _reload(page, full, "len(globals())")
    outcome = page.evaluate("(source) => playground.execute(source)", trace.check)
    check = outcome["stdout"] or str(outcome.get("error"))
    _new(page)
    empty = _reload(page, page.url, "1")
    return {"steps": steps, "first": first - empty, "all": whole - empty, "check": check}


def _reload(page: Page, address: str, source: str) -> float:
    """Milliseconds from navigation to the answer of an entry, the best of three: others' work on
    the machine only adds to it. The first visit of all fills the caches."""
    times = []
    for _ in range(4):
        page.goto(address, wait_until="commit")
        page.wait_for_function("!!globalThis.playground?.execute", polling=5, timeout=START_MS)
        script = "(source) => playground.execute(source).then(() => performance.now())"
        times.append(float(page.evaluate(script, source)))
        page.evaluate("playground.saved()")
        # A closed page holds its lease for two seconds, in case it comes back.
        page.wait_for_timeout(2_500)
    return min(times[1:])


def _peer(page: Page, trace: Trace, method: str) -> dict[str, Any]:
    """Bytes and milliseconds of another's saves; whether they restore right is seen natively."""
    _new(page)
    _run(page, PEERS)
    steps = []
    for source in trace.entries:
        _run(page, source)
        text = _run(page, f"_peer({method!r})")["result"]["text/plain"]
        steps.append([float(part) for part in text.strip("()").split(",")])
    return {"steps": steps}


def _fresh_check(page: Page, trace: Trace) -> str:
    _new(page)
    for source in trace.entries:
        _run(page, source)
    lines: list[str] = _run(page, trace.check)["stdout"].strip().splitlines()
    return lines[-1]
