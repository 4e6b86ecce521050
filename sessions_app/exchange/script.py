"""Writes a session as a Python file in the percent format: one ``# %%`` block for each entry.

Outputs are left out. Editors (VS Code, Spyder, PyCharm) and Jupytext read the format, and so does
the playground's import.
"""

from __future__ import annotations

from typing import IO

from sessions_app.exchange.source import Progress, Source, note_of


def write_script(source: Source, file: IO[bytes], progress: Progress) -> None:
    """Write the file."""
    parts = [_comment(source.state.title)]
    for entry in source.shown:
        note = note_of(entry)
        if note is not None:
            parts.append(f"# %% [{note[0]}]\n{_comment(note[1])}")
        elif entry.path is not None:
            parts.append(f"# %% #{entry.number} {' '.join(entry.path.split())}\n{entry.source}")
        else:
            parts.append(f"# %% #{entry.number}\n{entry.source}")
    file.write("\n\n".join(part.rstrip() for part in parts).encode() + b"\n")
    progress(1)


def _comment(text: str) -> str:
    return "\n".join(f"# {line}".rstrip() for line in text.splitlines())
