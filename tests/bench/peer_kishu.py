"""Measures Kishu on a trace, in a Python of its own that has it from PyPI (see ``state.py``).

``python peer_kishu.py save SECONDS TRACE FOLDER`` runs the entries in an IPython shell to which
Kishu is attached, so that it commits after each, and begins none after so many seconds; ``restore``
checks the last commit out in a new process.
"""

import json
import os
import random
import sys
import time
from pathlib import Path
from typing import Any

EMPTY = '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'


def shell(folder: Path) -> Any:
    """An IPython shell with Kishu attached to a notebook in the folder."""
    notebook = folder / "notebook.ipynb"
    if not notebook.exists():
        notebook.write_text(EMPTY)
    # Without these Kishu looks for a running Jupyter server and a browser.
    os.environ |= {
        "TEST_NOTEBOOK_PATH": str(notebook),
        "ENV_KISHU_TEST_MODE": "1",
        "KISHU_PATH_ROOT": str(folder),
        "IPYTHONDIR": str(folder / "ipython"),
    }
    from IPython.core.interactiveshell import InteractiveShell

    made = InteractiveShell.instance()
    made.run_cell(f"from kishu import init_kishu\ninit_kishu({str(notebook)!r})")
    return made


def save(entries: list[str], folder: Path, seconds: float) -> dict[str, Any]:
    """Bytes that its database grew by and milliseconds beside the entry itself, for each entry."""
    made = shell(folder)
    # What the same entries cost without Kishu, to tell its own time.
    bare: dict[str, Any] = {"__name__": "__main__"}
    steps, before = [], _size(folder)
    begun = time.perf_counter()
    for entry in entries:
        if time.perf_counter() - begun > seconds:
            break
        stream = random.getstate()
        started = time.perf_counter()
        exec(compile(entry, "<bare>", "exec"), bare)
        alone = time.perf_counter() - started
        random.setstate(stream)
        started = time.perf_counter()
        made.run_cell(entry, store_history=True)
        took = time.perf_counter() - started
        now = _size(folder)
        steps.append([now - before, max(0.0, took - alone) * 1000])
        before = now
    head = made.user_ns["_kishu"]._kishu_branch.get_head().commit_id
    (folder / "head").write_text(head or "")
    return {"steps": steps}


def restore(check: str, first_use: str, folder: Path) -> dict[str, Any]:
    """Milliseconds of the checkout, which loads all, and what the check prints then."""
    from IPython.utils.capture import capture_output

    made = shell(folder)
    started = time.perf_counter()
    made.user_ns["_kishu"].checkout((folder / "head").read_text())
    with capture_output() as first:
        made.run_cell(first_use)
    took = (time.perf_counter() - started) * 1000
    with capture_output() as shown:
        made.run_cell(check)
    return {"first": took, "all": took, "check": shown.stdout, "used": first.stdout}


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.glob("*.kishudb*"))


if __name__ == "__main__":
    verb, seconds, trace, place = sys.argv[1:]
    given = json.loads(Path(trace).read_text())
    out = os.fdopen(os.dup(1), "w")
    if verb == "save":
        answer = save(given["entries"], Path(place), float(seconds))
    else:
        answer = restore(given["check"], given["first_use"], Path(place))
    out.write("\n" + json.dumps(answer) + "\n")
    out.close()
    os._exit(0)
