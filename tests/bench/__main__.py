"""``make bench``: measures, prints a table; ``--write`` puts it into docs/benchmarks.md."""

from __future__ import annotations

import asyncio
import datetime
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.bench import bare, browser, server
from tests.e2e.conftest import FLAGS, chromium_path
from tests.harness.server import ROOT, Server

TARGET = ROOT / "docs/benchmarks.md"
BEGIN, END = "<!-- figures -->", "<!-- /figures -->"


def main() -> None:
    """Run everything, once."""
    with tempfile.TemporaryDirectory() as folder:
        figures = asyncio.run(server.measure(Path(folder) / "server"))
        with Server(Path(folder) / "browser") as running, sync_playwright() as playwright:
            path = chromium_path(playwright.chromium)
            chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
            figures |= browser.measure(chromium, running.url, bare.serve())
            machine = _machine(chromium.version)
            chromium.close()
    table = _table(figures)
    print(f"{machine}\n\n{table}")
    if "--write" in sys.argv:
        text = TARGET.read_text()
        before, after = text.split(BEGIN)[0], text.split(END)[1]
        TARGET.write_text(f"{before}{BEGIN}\n{machine}\n\n{table}\n{END}{after}")


def _table(figures: dict[str, dict[str, float]]) -> str:
    lines = ["| figure | ours | bare | ours ÷ bare |", "|---|---|---|---|"]
    for name, sides in figures.items():
        ours, floor = sides["ours"], sides.get("bare")
        ratio = f"{ours / floor:.2f}" if floor else "–"
        lines.append(f"| {name} | {ours:,.1f} | {_number(floor)} | {ratio} |")
    return "\n".join(lines)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:,.1f}"


def _machine(chromium: str) -> str:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=ROOT
    ).stdout.strip()
    load = os.getloadavg()[0]
    return (
        f"Measured on {datetime.date.today()} at commit {commit}: {os.cpu_count()} cores,"
        f" {platform.system()}, Python {platform.python_version()}, Chromium {chromium},"
        f" load {load:.1f} at the end."
    )


if __name__ == "__main__":
    main()
