"""Generates ``frontend/src/classroom/protocol.gen.ts``, as ``sessions_app.typescript`` does for the
session's messages: ``python -m playground.classrooms.typescript`` writes it, ``--check`` compares.
"""

from __future__ import annotations

from pathlib import Path

from playground.classrooms import protocol
from sessions_app import typescript

TARGET = Path(__file__).resolve().parents[2] / "frontend/src/classroom/protocol.gen.ts"
HEADER = "// Generated from playground/classrooms/protocol.py by `make protocol`. Do not edit.\n"


def generate() -> str:
    """The whole TypeScript module as text."""
    return typescript.generate(protocol, HEADER)


if __name__ == "__main__":
    raise SystemExit(typescript.main(TARGET, generate()))
