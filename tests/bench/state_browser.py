"""The browser's side of ``make bench-state``: a trace in the product, and what others would cost.

Bytes are those that the page sends, compressed, with the manifest; milliseconds are those of the
runtime's thread. A restore is timed from the moment an empty session would have answered.
"""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Collection
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.bench.traces import Trace

START_MS = 120_000

#: The methods that can be measured here, as they are called in the table.
METHODS = ("ours", "cloudpickle", "pickle")

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
        found["ours, in Chromium"] = _ours(page, trace) | {"expected": _fresh_check(page, trace)}
    if "cloudpickle" in methods and cloudpickle is not None:
        found["cloudpickle, in Chromium"] = _peer(page, trace, "cloudpickle", cloudpickle)
    if "pickle" in methods:
        found["pickle, in Chromium"] = _peer(page, trace, "pickle")
    context.close()
    return found


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


def _peer(page: Page, trace: Trace, method: str, package: Path | None = None) -> dict[str, Any]:
    """Bytes and milliseconds of another's saves; whether they restore right is seen natively."""
    _new(page)
    if package is not None:
        _run(page, BRING.format(data=_packed(package)))
    _run(page, PEERS)
    steps = []
    for source in trace.entries:
        _run(page, source)
        text = _run(page, f"_peer({method!r})")["result"]["text/plain"]
        steps.append([float(part) for part in text.strip("()").split(",")])
    return {"steps": steps}


def _packed(package: Path) -> str:
    """The modules of a package of pure Python, as base64 of a zip file."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for module in sorted(package.rglob("*.py")):
            archive.write(module, module.relative_to(package.parent))
    return base64.b64encode(whole.getvalue()).decode()


def _fresh_check(page: Page, trace: Trace) -> str:
    _new(page)
    for source in trace.entries:
        _run(page, source)
    lines: list[str] = _run(page, trace.check)["stdout"].strip().splitlines()
    return lines[-1]
