"""The program behind ``forks.py``: reads a request a line, forks, answers a line.

Run as ``python fork_server.py FOLDER...`` with the folders to import from.
"""

import asyncio
import base64
import gc
import json
import os
import select
import shutil
import signal
import sys
import tempfile
import time
from typing import Any

if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    # Nothing beside this program may be found by code of a case.
    sys.path[:] = [path for path in sys.path if os.path.abspath(path or ".") != here]
    sys.path[:0] = sys.argv[1:]

import importlib.util

_spec = importlib.util.spec_from_file_location(
    "battery_driver", os.path.join(os.path.dirname(os.path.abspath(__file__)), "driver.py")
)
assert _spec is not None
assert _spec.loader is not None
driver = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(driver)


# Entries may replace it.
_json = json.dumps


def child(request: dict[str, Any], home: str, out: int) -> None:
    """Perform the script in this process and write what came of it."""
    store = {key: base64.b64decode(text) for key, text in request["store"].items()}
    known = set(store)
    # What is written past the session's streams goes nowhere, least of all into our answers.
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    results = asyncio.run(driver.perform(request["script"], home, store))
    new = {key: base64.b64encode(store[key]).decode() for key in store if key not in known}
    with os.fdopen(out, "w") as pipe:
        pipe.write(_json({"results": results, "store": new}))


def perform(request: dict[str, Any]) -> dict[str, Any]:
    """Fork, wait, and read; a child that dies or hangs has no results."""
    home = tempfile.mkdtemp(prefix="battery-")
    near, far = os.pipe()
    process = os.fork()
    if process == 0:
        status = 1
        try:
            os.close(near)
            child(request, home, far)
            status = 0
        finally:
            os._exit(status)
    os.close(far)
    text = _read(near, request["seconds"])
    os.close(near)
    if text is None:
        os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    shutil.rmtree(home, ignore_errors=True)
    if not text:
        return {"results": [], "store": {}}
    answer: dict[str, Any] = json.loads(text)
    return answer


def _read(pipe: int, seconds: float) -> bytes | None:
    end = time.monotonic() + seconds
    parts: list[bytes] = []
    while (left := end - time.monotonic()) > 0:
        if select.select([pipe], [], [], left)[0]:
            part = os.read(pipe, 1 << 20)
            if not part:
                return b"".join(parts)
            parts.append(part)
    return None


if __name__ == "__main__":
    gc.freeze()
    sys.dont_write_bytecode = True
    for line in sys.stdin:
        sys.stdout.write(json.dumps(perform(json.loads(line))) + "\n")
        sys.stdout.flush()
