"""The tables of ``make bench-state``: a row for each method on each trace, and the targets."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass, field
from typing import Any

from tests.bench.traces import TYPICAL, Trace

#: What our rows of Chromium are called.
OURS = "ours, in Chromium"


@dataclass
class Row:
    """A method on a trace: the bytes and milliseconds of each save, the restore, whether right."""

    trace: str
    method: str
    sizes: list[float] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    first: float = math.nan
    whole: float = math.nan
    right: bool | None = None


def row(trace: Trace, method: str, found: dict[str, Any], expected: str) -> Row:
    """A row of what was measured; ``expected`` is what the check should have printed."""
    lines = str(found.get("check", "")).strip().splitlines()
    right = (bool(lines) and lines[-1] == expected) if "check" in found else None
    sizes = [float(size) for size, _ in found["steps"]]
    times = [float(ms) for _, ms in found["steps"]]
    first, whole = found.get("first", math.nan), found.get("all", math.nan)
    return Row(trace.name, method, sizes, times, first, whole, right)


def table(trace: Trace, rows: list[Row]) -> str:
    """The rows of one trace."""
    lines = [
        f"**{trace.name}**, {len(trace.entries)} entries",
        "",
        "| method | MB in all | KB a save, median | ms a save, median | p95"
        " | restore: ms to first use | to all | all right? |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for one in rows:
        if one.trace == trace.name:
            lines.append(f"| {' | '.join(_cells(one, len(trace.entries)))} |")
    return "\n".join(lines)


def _cells(one: Row, entries: int) -> list[str]:
    method, count = one.method, len(one.sizes)
    if count < 2:
        return [f"{method}: failed, or not done in time", *["–"] * 7]
    if count < entries:
        method += f": {count} entries, then it was stopped"
    return [
        method,
        f"{sum(one.sizes) / 1e6:,.2f}",
        f"{statistics.median(one.sizes) / 1e3:,.1f}",
        f"{statistics.median(one.times):,.1f}",
        f"{statistics.quantiles(one.times, n=20)[18]:,.0f}",
        _ms(one.first),
        _ms(one.whole),
        {True: "yes", False: "no", None: "–"}[one.right],
    ]


def targets(rows: list[Row], travel: float | None) -> str:
    """What is asked of the typical trace in Chromium, of a step back, and of all, as measured."""
    found: list[tuple[str, float, str, float]] = []
    for one in rows:
        if one.method == OURS and one.trace == TYPICAL.name:
            found += [
                ("save in the runtime's thread, median", statistics.median(one.times), "ms", 50),
                ("restore to first use, Python being up", one.first, "ms", 300),
                ("sent in all", sum(one.sizes) / 1e6, "MB", 9),
                ("sent for a small step (median)", statistics.median(one.sizes) / 1e3, "KB", 10),
            ]
    if travel is not None:
        found.append(("another point of a session of 50 MB, little changed", travel, "ms", 100))
    lines = ["| figure | measured | target | met? |", "|---|---|---|---|"]
    for name, value, unit, most in found:
        met = "yes" if value <= most else "no"
        lines.append(f"| {name} | {value:,.1f} {unit} | at most {most} {unit} | {met} |")
    wrong = [one for one in rows if one.method.startswith("ours") and one.right is False]
    lines.append(f"| restored sessions that are wrong | {len(wrong)} | 0 | {_no_if(wrong)} |")
    return "\n".join(lines)


def _no_if(wrong: list[Row]) -> str:
    return "no" if wrong else "yes"


def _ms(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:,.0f}"
