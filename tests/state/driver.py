"""Performs scripts of runs, saves and restores in this interpreter, on the real runtime.

It needs the standard library and ``playground_runtime`` only, and runs in every Python that the
battery is for, Pyodide among them. One interpreter performs one script: a fresh interpreter for
every restore is what makes the battery worth something, and is the caller's to provide.

This is the one place that knows how the engine is called.
"""

import json
import pickle
import traceback
from typing import Any

from playground_runtime.session import Session as Runtime
from playground_runtime.session import reseed

type Step = dict[str, Any]

# Entries may replace what they like in these modules.
_dumps, _loads, _json_loads, _format_exc = (
    pickle.dumps,
    pickle.loads,
    json.loads,
    traceback.format_exc,
)

MEGABYTE = 1024 * 1024
LIMITS = {
    "variableBytes": 10 * MEGABYTE,
    "fileBytes": 10 * MEGABYTE,
    "totalBytes": 100 * MEGABYTE,
}


class Hooks:
    """What the worker offers, with nobody at the keyboard and no deadlines."""

    def __init__(self) -> None:
        self.outputs: list[Step] = []

    def started(self) -> None:
        """Nobody waits for it."""

    def output(self, outputs: str) -> None:
        self.outputs += _json_loads(outputs)

    def input(self, prompt: str, password: bool) -> str:
        return ""

    def sleep(self, ms: float) -> None:
        """Nothing waits here."""

    def deadline(self, ms: float) -> None:
        """Nothing takes long here."""


class Session:
    """A session of the runtime, by three verbs."""

    def __init__(self, home: str) -> None:
        reseed()
        self.hooks = Hooks()
        self.runtime = Runtime(self.hooks, home)
        self.number = 0
        self.blobs: dict[int, bytes] = {}

    async def run(self, code: str) -> Step:
        """Run an entry; what it printed, its result and its error."""
        self.number += 1
        self.hooks.outputs.clear()
        answer = self.runtime.execute(self.number, code)
        if not isinstance(answer, dict):
            answer = await answer
        shown: Step = {"status": answer["status"], "stdout": "", "result": None, "error": None}
        for output in self.hooks.outputs:
            if output["type"] == "stream" and output["name"] == "stdout":
                shown["stdout"] += output["text"]
            elif output["type"] == "execute_result":
                shown["result"] = output["data"].get("text/plain")
            elif output["type"] == "error":
                shown["error"] = f"{output['ename']}: {output['evalue']}"
        return shown

    def save(self) -> tuple[Step, bytes]:
        """A report of what was saved and what not, and the bytes a fresh session restores."""
        header, new = self.runtime.capture(LIMITS)
        self.blobs.update(zip(header["new"], new, strict=True))
        report = {
            "unsaved": {row["name"]: row["reason"] for row in header["unsaved"]},
            "remarks": {row["name"]: row["remark"] for row in header["variables"] if row["remark"]},
            "bytes": sum(map(len, new)),
            "ms": header["captureMs"],
        }
        kept = {key: header[key] for key in header if key not in ("new", "variables")}
        return report, _dumps((self.number, kept, self.blobs))

    def restore(self, saved: bytes) -> Step:
        """Be what was saved; a report of what could not be."""
        number, header, blobs = _loads(saved)
        # Numbers of entries are never used again, not even after going back.
        self.number = max(self.number, number)
        self.blobs.update(blobs)
        numbers = sorted(blobs)
        report = self.runtime.restore(
            {**header, "blobIds": numbers}, [blobs[number] for number in numbers]
        )
        return {"failed": {row["name"]: row["reason"] for row in report["failed"]}}


async def perform(script: list[Step], home: str, store: dict[str, bytes]) -> list[Step]:
    """Perform ``{"run": code}``, ``{"save": key}``, ``{"restore": key}``, ``{"skip": n}``.

    ``skip`` lets the next entry have a number as if n more had run. ``store`` holds the saves. The
    script ends at the first save or restore that raises: a session was lost then.
    """
    session = Session(home)
    done: list[Step] = []
    for step in script:
        ((verb, value),) = step.items()
        try:
            if verb == "run":
                done.append(await session.run(value))
            elif verb == "save":
                report, store[value] = session.save()
                done.append(report)
            elif verb == "restore":
                done.append(session.restore(store[value]))
            else:
                session.number += value
                done.append({})
        except BaseException:
            done.append({"lost": _format_exc(limit=-4)})
            break
    return done
