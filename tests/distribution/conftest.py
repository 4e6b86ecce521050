"""Lets the tests import the build as ``distribution``, as its command does."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "pyodide"))
