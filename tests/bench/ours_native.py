"""Measures our engine on a trace in plain CPython, on the same terms as the others.

``python ours_native.py save TRACE FOLDER`` and ``restore``; the bytes are those of new blobs and of
the manifest, as the engine gives them, before they are compressed.
"""

import asyncio
import json
import os
import pickle
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.state import driver


async def save(entries: list[str], folder: Path) -> dict[str, Any]:
    """Bytes and milliseconds of the save after each entry."""
    session = driver.Session(tempfile.mkdtemp())
    steps = []
    header: dict[str, Any] = {}
    for entry in entries:
        outcome = await session.run(entry)
        if outcome["error"]:
            return {"failure": outcome["error"]}
        started = time.perf_counter()
        header, new = session.runtime.capture(driver.LIMITS)
        took = (time.perf_counter() - started) * 1000
        session.blobs.update(zip(header["new"], new, strict=True))
        manifest = {name: header[name] for name in header if name != "variables"}
        steps.append([sum(map(len, new)) + len(json.dumps(manifest)), took])
    kept = {name: header[name] for name in header if name not in ("new", "variables")}
    (folder / "saved").write_bytes(pickle.dumps((len(entries), kept, session.blobs)))
    return {"steps": steps, "unsaved": header["unsaved"]}


async def restore(check: str, first_use: str, folder: Path) -> dict[str, Any]:
    """Milliseconds to the first use of a small variable and to all, and what the check says."""
    data = (folder / "saved").read_bytes()
    session = driver.Session(tempfile.mkdtemp())
    started = time.perf_counter()
    session.restore(data)
    used = await session.run(first_use)
    first = (time.perf_counter() - started) * 1000
    await session.run("len(globals())")
    whole = (time.perf_counter() - started) * 1000
    shown = await session.run(check)
    return {
        "first": first,
        "all": whole,
        "check": shown["stdout"] or shown["error"],
        "used": used["stdout"],
    }


if __name__ == "__main__":
    verb, trace, place = sys.argv[1:]
    given = json.loads(Path(trace).read_text())
    out = os.fdopen(os.dup(1), "w")
    job = (
        save(given["entries"], Path(place))
        if verb == "save"
        else restore(given["check"], given["first_use"], Path(place))
    )
    out.write(json.dumps(asyncio.run(job)) + "\n")
    out.close()
    os._exit(0)
