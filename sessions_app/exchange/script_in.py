"""Reads a Python file: it becomes a file of the session and, in the percent format, entries too.

A file without ``# %%`` marks is only put beside the session's other files, to be opened and run
there. One with marks was made of cells, here or in an editor, and they become entries again.
"""

from __future__ import annotations

import re

from sessions_app.errors import ActionError
from sessions_app.exchange.cells import Maker
from sessions_app.exchange.incoming import Plan, Stash, is_plain_path, plan_files
from sessions_app.limits import limits

#: ``# %%``, perhaps with a title, the kind of the cell in brackets, or other words of an editor.
_MARK = re.compile(r"^#[ \t]*%%(?P<rest>[ \t].*)?$")
_TEXT = re.compile(r"\[(markdown|md|raw)\]")
_COMMENT = re.compile(r"^# ?")


def read_script(data: bytes, name: str, title: str, stash: Stash, now: int) -> Plan:
    """Make a plan from the bytes of a Python file.

    Raises:
        ActionError: ``invalid``, it is not text; ``too-large``.
    """
    if len(data) > limits().variable_bytes:
        most = limits().variable_bytes // 2**20
        raise ActionError("too-large", f"A file may have {most} MB at most.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ActionError("invalid", "This is not a Python file: it is not UTF-8 text.") from None
    if "\x00" in text:
        raise ActionError("invalid", "This is not a Python file: it is not text.")
    path = name.replace("\\", "/").rpartition("/")[2]
    path = path if is_plain_path(path) and len(path) <= 200 else "main.py"
    maker = Maker(now)
    for kind, body in cells_of(text):
        if kind:
            maker.text(_uncommented(body), kind, stash)
        elif body.strip():
            maker.code(body.strip("\n"))
    fields = plan_files(stash, {path: data}, now)
    plan = Plan(title=title, **fields)  # type: ignore[arg-type]  # names and values belong together
    plan.entries, plan.next_number = maker.entries, maker.next_number
    if not plan.entries:
        plan.notes = [f"{path} is among the files of the new session: open it there to run it."]
    return plan


def cells_of(text: str) -> list[tuple[str, str]]:
    """The cells of a percent file, each with its media type when it is text; none without marks.

    What stands before the first mark is a cell, unless it is only comments.
    """
    cells: list[tuple[str, list[str]]] = [("", [])]
    marked = False
    for line in text.replace("\r\n", "\n").split("\n"):
        mark = _MARK.match(line)
        if mark is None:
            cells[-1][1].append(line)
            continue
        marked = True
        kind = _TEXT.search(mark["rest"] or "")
        mime = "" if kind is None else "text/plain" if kind[1] == "raw" else "text/markdown"
        cells.append((mime, []))
    if not marked:
        return []
    head = cells[0][1]
    if all(not line.strip() or line.startswith("#") for line in head):
        del cells[0]
    return [(kind, "\n".join(lines)) for kind, lines in cells]


def _uncommented(text: str) -> str:
    return "\n".join(_COMMENT.sub("", line) for line in text.strip("\n").split("\n"))
