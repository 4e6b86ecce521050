"""``make bench-state``: what saving costs after every entry, ours beside the others, in one run.

Six sessions (``traces.py``). Natively: our engine, pickle for each variable (the method of pyhub),
cloudpickle, dill and Kishu, each in processes of its own; the others live in an environment that is
made for this run and thrown away. In Chromium: the product, as a visitor has it, and cloudpickle
and pickle in the same Python. ``python -m tests.bench.state --help`` tells how to take only some
traces, methods or one of the two places.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.bench import state_browser
from tests.bench.report import machine, put
from tests.bench.state_table import Row, row, table, targets
from tests.bench.traces import ALL, Trace
from tests.e2e.conftest import FLAGS, chromium_path
from tests.harness.server import ROOT, Server

HERE = Path(__file__).parent
PEERS = ["dill~=0.4.1", "cloudpickle~=3.1.2", "kishu~=0.3.4", "ipykernel"]

#: The methods that can be measured natively.
METHODS = ("ours", "cloudpickle", "dill", "pickle", "Kishu")

#: Seconds after which a method is stopped, and seconds after which Kishu begins no further entry.
PATIENCE = 120
KISHU_S = 40


def main() -> None:
    """Run what the arguments choose, once."""
    chosen = _arguments()
    traces = [trace for trace in ALL if all(word in trace.name for word in chosen.words)]
    if not traces:
        sys.exit(f"no trace is called so; there are: {', '.join(trace.name for trace in ALL)}")
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        others = set(chosen.methods) - {"ours", *(() if chosen.native else ("pickle",))}
        python = _environment(Path(folder) / "peers") if others else None
        if chosen.native:
            for trace in traces:
                rows += _natively(trace, Path(folder), python, chosen.methods)
        if chosen.chromium:
            found, travel, head = _in_chromium(traces, Path(folder), python, chosen.methods)
            rows += found
        else:
            travel, head = None, machine("not used")
    text = "\n\n".join([head, targets(rows, travel), *(table(trace, rows) for trace in traces)])
    print(text)
    if chosen.write:
        put("state", text)


def _arguments() -> argparse.Namespace:
    summary, _, rest = str(__doc__).partition("\n\n")
    parser = argparse.ArgumentParser(prog="python -m tests.bench.state", description=summary)
    parser.epilog = rest
    parser.add_argument("words", nargs="*", help="take only traces with these words in their names")
    every = ",".join(METHODS)
    parser.add_argument("--methods", default=every, help=f"a choice of {every}")
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--native", action="store_true", help="do not use Chromium")
    place.add_argument("--chromium", action="store_true", help="use nothing but Chromium")
    parser.add_argument(
        "--write", action="store_true", help="put the table into docs/benchmarks.md"
    )
    chosen = parser.parse_args()
    chosen.methods = chosen.methods.split(",")
    if unknown := set(chosen.methods) - set(METHODS):
        parser.error(f"there is no method {', '.join(sorted(unknown))}")
    partly = chosen.words or chosen.native or chosen.chromium or set(chosen.methods) != set(METHODS)
    if chosen.write and partly:
        parser.error("only a whole run may be written")
    if not chosen.native and not chosen.chromium:
        chosen.native = chosen.chromium = True
    return chosen


def _in_chromium(
    traces: list[Trace], folder: Path, python: Path | None, methods: list[str]
) -> tuple[list[Row], float | None, str]:
    """The rows of the browser, milliseconds of a step back, and what they were measured on."""
    package = None if python is None else _package(python, "cloudpickle")
    rows: list[Row] = []
    with Server(folder / "server") as running, sync_playwright() as playwright:
        path = chromium_path(playwright.chromium)
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for trace in traces:
            _say(f"{trace.name}: in Chromium")
            measured = state_browser.measure(chromium, running.url, trace, methods, package)
            for method, found in measured.items():
                rows.append(row(trace, method, found, found.pop("expected", "")))
        travel = None
        if "ours" in methods and len(traces) == len(ALL):
            _say("another point of a session of 50 MB")
            travel = state_browser.travel(chromium, running.url)
        head = machine(chromium.version)
        chromium.close()
    return rows, travel, head


def _package(python: Path, name: str) -> Path:
    """The folder of a package that another Python has."""
    program = f"import {name}; print({name}.__path__[0])"
    done = subprocess.run([python, "-c", program], capture_output=True, text=True, check=True)
    return Path(done.stdout.strip())


def _environment(place: Path) -> Path | None:
    """A Python with the others, None when they cannot be installed: then they are left out."""
    _say("installing dill, cloudpickle and Kishu")
    try:
        subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
        python = place / "bin/python"
        pip = [str(python), "-m", "pip", "install", "--quiet", *PEERS]
        subprocess.run(pip, check=True, stderr=subprocess.DEVNULL)
    except subprocess.CalledProcessError:
        _say("NOT MEASURED: dill, cloudpickle and Kishu cannot be installed here")
        return None
    return python


def _natively(trace: Trace, folder: Path, python: Path | None, wanted: list[str]) -> list[Row]:
    file = folder / "trace.json"
    file.write_text(json.dumps(asdict(trace)))
    expected = _expected(trace)
    ours = [sys.executable, "-m", "tests.bench.ours_native"]
    methods: dict[str, tuple[list[str], list[str]]] = {"ours": (ours, [])}
    if python is not None:
        pickles = [str(python), str(HERE / "peer_pickles.py")]
        for name in ("cloudpickle", "dill", "pickle"):
            methods[name] = (pickles, [name])
        methods["Kishu"] = ([str(python), str(HERE / "peer_kishu.py")], [str(KISHU_S)])
    rows: list[Row] = []
    for name, (program, extra) in methods.items():
        if name not in wanted:
            continue
        _say(f"{trace.name}: {name}")
        place = Path(tempfile.mkdtemp(dir=folder))
        saved = _ask([*program, "save", *extra, str(file), str(place)])
        if "steps" not in saved:
            _say(f"{trace.name}: {name} failed: {saved.get('failure')}")
            rows.append(Row(trace.name, f"{name}, native"))
            continue
        if len(saved["steps"]) < len(trace.entries):
            _say(f"{trace.name}: {name} saved {len(saved['steps'])} entries in {KISHU_S} s")
            rows.append(row(trace, f"{name}, native", saved, expected))
            continue
        back = _ask([*program, "restore", *extra, str(file), str(place)])
        if "failure" in back:
            _say(f"{trace.name}: {name} did not restore: {back['failure']}")
            back["check"] = ""
        rows.append(row(trace, f"{name}, native", saved | back, expected))
    return rows


def _expected(trace: Trace) -> str:
    """What the check prints where nothing was ever saved."""
    program = "import sys, json\nfor source in json.load(sys.stdin): exec(source, globals())"
    given = json.dumps([*trace.entries, trace.check])
    done = subprocess.run(
        [sys.executable, "-c", program], input=given, capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()[-1]


def _ask(command: list[str]) -> dict[str, Any]:
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'pyodide/src'}"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"failure": f"not done after {PATIENCE} s"}
    lines = done.stdout.strip().splitlines()
    try:
        answer: dict[str, Any] = json.loads(lines[-1])
    except (IndexError, ValueError):
        return {"failure": done.stderr[-500:]}
    return answer


def _say(what: str) -> None:
    print(f"  {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
