"""The browser's side of ``make bench-state``: a trace in the product, and what others would cost.

Bytes are those that the page sends, compressed, with the manifest; milliseconds are those of the
runtime's thread. A restore is timed from the moment an empty session would have answered.
"""

from __future__ import annotations

import base64
import io
import statistics
import zipfile
from collections.abc import Collection
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.bench.traces import Trace

START_MS = 120_000

#: The methods that can be measured here, as they are called in the table.
METHODS = ("ours", "cloudpickle", "pickle")

#: An entry that makes a session of 50 MB.
LARGE = """
import random
a, b, c, d, e, f = ([random.random() for _ in range(1_040_000)] for _ in range(6))
"""

#: An entry that brings cloudpickle, which no session has of itself.
BRING = """
import base64, sys, tempfile
_file = tempfile.NamedTemporaryFile(suffix='.zip', delete=False)
_file.write(base64.b64decode({data!r})); _file.close()
sys.path.insert(0, _file.name)
import cloudpickle
del base64, sys, tempfile, cloudpickle, _file
"""

#: An entry that saves the namespace as others would, in the same Python, and says what it cost.
PEERS = """
def _peer(method):
    import pickle, time
    names = dict(globals())
    values = {n: v for n, v in names.items() if not n.startswith('__') and n != '_peer'}
    start = time.perf_counter()
    if method == 'pickle':
        size = 0
        for value in values.values():
            try: size += len(pickle.dumps(value))
            except Exception: pass
    else:
        import cloudpickle
        size = len(cloudpickle.dumps(values))
    return size, (time.perf_counter() - start) * 1000
"""


def measure(
    browser: Browser, base: str, trace: Trace, methods: Collection[str], cloudpickle: Path | None
) -> dict[str, dict[str, Any]]:
    """The rows of the chosen methods, by name; cloudpickle's only where its folder is given."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(base)
    _ready(page)
    found: dict[str, dict[str, Any]] = {}
    if "ours" in methods:
        found["ours, in Chromium"] = _ours(page, trace)
    peers = ["cloudpickle"] if "cloudpickle" in methods and cloudpickle is not None else []
    peers += ["pickle"] if "pickle" in methods else []
    others, expected = _others(page, trace, peers, cloudpickle)
    found |= {f"{method}, in Chromium": one for method, one in others.items()}
    context.close()
    return {method: one | {"expected": expected} for method, one in found.items()}


def travel(browser: Browser, base: str) -> float:
    """Milliseconds to restore another point that differs little, in a session of 50 MB.

    The median of eight steps back and forth, as the page's API has them.
    """
    context = browser.new_context()
    page = context.new_page()
    page.goto(base)
    _ready(page)
    _run(page, LARGE)
    page.evaluate("playground.saved()")
    for place in range(2):
        _run(page, f"note = {{'at': {place}}}; d[0] = {place}.5; more = [{place}] * 100")
        page.evaluate("playground.saved()")
    last = page.evaluate("playground.saved().then((report) => report.number)")
    times = []
    for turn in range(10):
        place = turn % 2
        script = """async (number) => {
            const started = performance.now();
            await playground.restore(number);
            return performance.now() - started;
        }"""
        times.append(float(page.evaluate(script, last - 1 + place)))
        shown = _run(page, "print(note['at'], d[0], len(f))")["stdout"].strip()
        if shown != f"{place} {place}.5 1040000":
            raise RuntimeError(f"at point {place}: {shown}")
        page.evaluate("playground.saved()")
    context.close()
    return statistics.median(times[2:])


def _ready(page: Page) -> None:
    page.wait_for_url("**/s/*", timeout=START_MS)
    page.wait_for_function("() => !!globalThis.playground?.ready", timeout=START_MS)
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
    first, whole = _reload(page, page.url, trace.first_use)
    outcome = page.evaluate("(source) => playground.execute(source)", trace.check)
    check = outcome["stdout"] or str(outcome.get("error"))
    _new(page)
    empty, _ = _reload(page, page.url, "1")
    return {"steps": steps, "first": first - empty, "all": whole - empty, "check": check}


def _reload(page: Page, address: str, source: str) -> tuple[float, float]:
    """Milliseconds from navigation to the answer of an entry, and of one that needs all.

    The best of three: others' work on the machine only adds to it. The first visit fills caches.
    """
    firsts, wholes = [], []
    script = "(source) => playground.execute(source).then(() => performance.now())"
    for _ in range(4):
        page.goto(address, wait_until="commit")
        page.wait_for_function(
            "() => !!globalThis.playground?.execute", polling=5, timeout=START_MS
        )
        firsts.append(float(page.evaluate(script, source)))
        wholes.append(float(page.evaluate(script, "len(globals())")))
        page.evaluate("playground.saved()")
        # A closed page holds its lease for two seconds, in case it comes back.
        page.wait_for_timeout(2_200)
    return min(firsts[1:]), min(wholes[1:])


def _others(
    page: Page, trace: Trace, methods: list[str], package: Path | None
) -> tuple[dict[str, dict[str, Any]], str]:
    """Bytes and milliseconds of others' saves, and what the check prints where nothing is restored.

    Whether the others restore right is seen natively.
    """
    _new(page)
    if "cloudpickle" in methods and package is not None:
        _run(page, BRING.format(data=_packed(package)))
    _run(page, PEERS)
    found: dict[str, dict[str, Any]] = {method: {"steps": []} for method in methods}
    for source in trace.entries:
        _run(page, source)
        for method in methods:
            text = _run(page, f"_peer({method!r})")["result"]["text/plain"]
            found[method]["steps"].append([float(part) for part in text.strip("()").split(",")])
    lines: list[str] = _run(page, trace.check)["stdout"].strip().splitlines()
    return found, lines[-1]


def _packed(package: Path) -> str:
    """The modules of a package of pure Python, as base64 of a zip file."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for module in sorted(package.rglob("*.py")):
            archive.write(module, module.relative_to(package.parent))
    return base64.b64encode(whole.getvalue()).decode()
