"""Where figures are written: sections of docs/benchmarks.md between markers, with the machine."""

from __future__ import annotations

import datetime
import os
import platform
import subprocess

from tests.harness.server import ROOT

TARGET = ROOT / "docs/benchmarks.md"


def put(section: str, text: str) -> None:
    """Replace what stands between the section's markers."""
    begin, end = f"<!-- {section} -->", f"<!-- /{section} -->"
    whole = TARGET.read_text()
    before, after = whole.split(begin)[0], whole.split(end)[1]
    TARGET.write_text(f"{before}{begin}\n{text}\n{end}{after}")


def machine(chromium: str) -> str:
    """When, at which commit and on what the figures were taken."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=ROOT
    ).stdout.strip()
    load = os.getloadavg()[0]
    return (
        f"Measured on {datetime.date.today()} at commit {commit}: {os.cpu_count()} cores,"
        f" {platform.system()}, Python {platform.python_version()}, Chromium {chromium},"
        f" load {load:.1f} at the end."
    )
