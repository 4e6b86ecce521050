"""``make bench``: measures, prints a table; ``--write`` puts it into docs/benchmarks.md."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.bench import bare, browser, server
from tests.bench.report import machine, put
from tests.e2e.conftest import FLAGS, chromium_path
from tests.harness.server import Server


def main() -> None:
    """Run everything, once."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "--write", action="store_true", help="put the table into docs/benchmarks.md"
    )
    write = parser.parse_args().write
    with tempfile.TemporaryDirectory() as folder:
        figures = asyncio.run(server.measure(Path(folder) / "server"))
        with Server(Path(folder) / "browser") as running, sync_playwright() as playwright:
            path = chromium_path(playwright.chromium)
            chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
            figures |= browser.measure(chromium, running.url, bare.serve())
            head = machine(chromium.version)
            chromium.close()
    table = _table(figures)
    print(f"{head}\n\n{table}")
    if write:
        put("figures", f"{head}\n\n{table}")


def _table(figures: dict[str, dict[str, float]]) -> str:
    lines = ["| figure | ours | bare | ours ÷ bare |", "|---|---|---|---|"]
    for name, sides in figures.items():
        ours, floor = sides["ours"], sides.get("bare")
        ratio = f"{ours / floor:.2f}" if floor else "–"
        lines.append(f"| {name} | {ours:,.1f} | {_number(floor)} | {ratio} |")
    return "\n".join(lines)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:,.1f}"


if __name__ == "__main__":
    main()
