"""Performs the battery in the Python of the browser: real Chromium, the distribution as built.

A page of its own does it, with an interpreter for every script, since hundreds of visits to the
product's page take half an hour. The second save is left to the native run. A few cases of each
group are taken through the product by the end-to-end tests.
"""

from __future__ import annotations

import contextlib
import json
import struct
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from tests.state.case import Case
from tests.state.verdict import Verdict, judge, plan

HERE = Path(__file__).parent
BUILD = HERE.parents[1] / "pyodide/distribution/build"
PAGE = b"<!doctype html><title>Battery</title><script type=module src=/state/page.mjs></script>"

#: Bytes of a page of the packed memory.
PAGE_BYTES = 4096

#: Cases that are handed to the page at once, and seconds for each of them.
CHUNK = 40
PATIENCE = 90


class _Handler(SimpleHTTPRequestHandler):
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
    }

    def do_GET(self) -> None:
        if self.path == "/":
            self._send("text/html", PAGE)
        elif self.path == "/snapshot":
            self._send("application/octet-stream", snapshot())
        else:
            super().do_GET()

    def _send(self, kind: str, data: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(data)

    def translate_path(self, path: str) -> str:
        folder, _, name = path.lstrip("/").rpartition("/")
        name = Path(name.partition("?")[0]).name
        if folder == "state":
            return str(HERE / name)
        if folder == "dist":
            return str(distribution() / name)
        return str(BUILD / name)

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "max-age=3600")
        super().end_headers()

    def copyfile(self, source: Any, outputfile: Any) -> None:
        with contextlib.suppress(ConnectionError):  # a worker that is replaced reads no more
            super().copyfile(source, outputfile)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the results are what is looked at."""


def distribution() -> Path:
    """The folder of the distribution that is served now."""
    current = json.loads((BUILD / "current.json").read_text())
    return BUILD / Path(current["base"]).name


def snapshot() -> bytes:
    """The memory that the browser's Python starts from, unpacked as ``image.ts`` does."""
    name = json.loads((BUILD / "current.json").read_text())["files"]["snapshot"]
    packed = (distribution() / name).read_bytes()
    header, heap, count = struct.unpack_from("<III", packed)
    at = 12 + 8 * count
    memory = bytearray(heap)
    start = at + header
    for first, pages in struct.iter_unpack("<II", packed[12:at]):
        size = pages * PAGE_BYTES
        memory[first * PAGE_BYTES : first * PAGE_BYTES + size] = packed[start : start + size]
        start += size
    found: bytes = packed[at : at + header] + bytes(memory)
    return found


def version() -> tuple[int, int]:
    """The browser's Python."""
    major, minor = json.loads((BUILD / "current.json").read_text())["version"].split(".")[:2]
    return int(major), int(minor)


def try_cases(browser: Browser, cases: list[Case]) -> dict[str, Verdict]:
    """Judge the cases in a browser.

    Raises:
        ValueError: a case is wrong in itself.
    """
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(HERE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    context = browser.new_context()
    found: dict[str, Verdict] = {}
    try:
        page = context.new_page()
        page.goto(f"http://localhost:{server.server_address[1]}/")
        page.wait_for_function("!!globalThis.battery")
        for start in range(0, len(cases), CHUNK):
            some = cases[start : start + CHUNK]
            scripts = [
                [(way, script) for way, script in plan(case).items() if way != "twice"]
                for case in some
            ]
            results = page.evaluate("([a, s]) => battery(a, s)", [scripts, PATIENCE])
            for case, result in zip(some, results, strict=True):
                failure = result.get("failure")
                found[case.name] = Verdict("lost", failure) if failure else judge(case, result)
    finally:
        context.close()
        server.shutdown()
        server.server_close()
    return found
