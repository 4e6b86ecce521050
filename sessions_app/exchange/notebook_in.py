"""Reads a Jupyter notebook: code cells become entries that were not run here, with their outputs.

Text cells become entries without code that show their text. Notebooks come from everywhere, so
what is not as the format says is left out and noted, as long as the rest makes sense.
"""

from __future__ import annotations

from typing import Any

import msgspec

from sessions_app import titles
from sessions_app.errors import ActionError
from sessions_app.exchange.cells import Maker
from sessions_app.exchange.incoming import Plan, Stash
from sessions_app.exchange.outputs_in import outputs_of
from sessions_app.exchange.source import file_name

NOT_A_NOTEBOOK = "This is not a Jupyter notebook: {why}"

Text = str | list[str]


class RawCell(msgspec.Struct):
    """A cell, as far as it is read; the rest of it may be anything."""

    cell_type: str
    source: Text = ""
    outputs: list[Any] = []
    attachments: dict[str, Any] | None = None


class RawNotebook(msgspec.Struct):
    """A notebook, as far as it is read."""

    nbformat: int
    cells: list[RawCell] | None = None
    metadata: dict[str, Any] = {}


_decoder = msgspec.json.Decoder(RawNotebook)


def read_notebook(data: bytes, title: str, stash: Stash, now: int) -> Plan:
    """Make a plan from the bytes of a notebook.

    Raises:
        ActionError: ``invalid``, it is none; ``limit``, ``too-large``, it holds too much.
    """
    notebook = _decoded(data)
    maker = Maker(now)
    notes: list[str] = []
    language = _language(notebook.metadata)
    if language not in ("", "python"):
        notes.append(f"This notebook is written in {language}; only Python runs here.")
    magics: list[str] = []
    for cell in notebook.cells or []:
        _add(maker, cell, stash, magics, notes)
    if magics:
        where = ", ".join(magics[:10]) + (" …" if len(magics) > 10 else "")
        notes.append(
            f"Lines that begin with % or ! are Jupyter's own and do not run here: {where}."
        )
    own = notebook.metadata.get("title")
    plan = Plan(title=title)
    # A file that was renamed since is meant by its new name.
    if isinstance(own, str) and file_name(own, "") == file_name(title, ""):
        plan.title = own.strip() if titles.problem(own.strip()) is None else title
    plan.entries, plan.next_number = maker.entries, maker.next_number
    plan.notes = list(dict.fromkeys([*notes, *maker.notes]))
    return plan


def _decoded(data: bytes) -> RawNotebook:
    if data[:4] == b"PK\x03\x04":
        raise ActionError("invalid", NOT_A_NOTEBOOK.format(why="it is a zip file."))
    try:
        notebook = _decoder.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except msgspec.ValidationError:
        raise ActionError(
            "invalid", NOT_A_NOTEBOOK.format(why="it has no list of cells as notebooks do.")
        ) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise ActionError("invalid", NOT_A_NOTEBOOK.format(why="it is not JSON.")) from None
    if notebook.nbformat < 4 and notebook.cells is None:
        raise ActionError(
            "invalid",
            "This notebook is of an old format. Open it in Jupyter, save it, and bring it again.",
        )
    if notebook.cells is None or notebook.nbformat > 4:
        raise ActionError(
            "invalid", NOT_A_NOTEBOOK.format(why="it is not of format 4, which is read here.")
        )
    return notebook


def _language(metadata: dict[str, Any]) -> str:
    for part, key in (("language_info", "name"), ("kernelspec", "language")):
        value = metadata.get(part)
        name = value.get(key) if isinstance(value, dict) else None
        if isinstance(name, str) and name.isprintable():
            return name[:40].lower()
    return ""


def _add(maker: Maker, cell: RawCell, stash: Stash, magics: list[str], notes: list[str]) -> None:
    source = joined(cell.source)
    if cell.cell_type == "code":
        if not source.strip() and not cell.outputs:
            return
        number = maker.code(source, outputs_of(cell.outputs, maker, stash))
        if any(line.lstrip()[:1] in ("%", "!") for line in source.splitlines()):
            magics.append(f"#{number}")
    elif cell.cell_type in ("markdown", "raw"):
        maker.text(source, "text/markdown" if cell.cell_type == "markdown" else "text/plain", stash)
        if cell.attachments:
            notes.append("Pictures that were attached to text cells were left out.")
    else:
        notes.append("Cells that are neither code nor text were left out.")


def joined(text: Text) -> str:
    """Text that a notebook may have as a list of lines."""
    return text if isinstance(text, str) else "".join(text)
