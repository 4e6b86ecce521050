"""A list of rows as a table: dicts with common keys, tuples of one length, records.

It is sent beside the plain text as ``application/vnd.playground.table+json``:
``{"columns": [{"name", "number"}], "rows": [[cell, …], …], "moreRows", "moreColumns"}``. A cell is
text, or null where a dict has no such key; a column is ``number`` when all its cells are numbers.
"""

from dataclasses import fields, is_dataclass
from itertools import islice
from typing import Any

from playground_runtime import limits
from playground_runtime.plaintext import safe_repr
from playground_runtime.text import clean, encode_letters, shorten
from playground_runtime.trees import is_named

MIME = "application/vnd.playground.table+json"

_MISSING = object()
_CONTAINERS = (list, tuple, dict, set, frozenset)


def table(value: Any) -> str | None:
    """The table's JSON for a list or tuple of rows, None for any other value."""
    if type(value) not in (list, tuple):
        return None
    rows: list[Any] = list(islice(value, limits.TABLE_ROWS))
    kind = type(rows[0]) if len(rows) > 1 else None
    if kind is None or any(type(row) is not kind for row in rows):
        return None
    found = _columns(kind, rows)
    if found is None:
        return None
    names, cells = found
    return encode_letters(_fitted(names, cells, len(value)))


def _columns(kind: Any, rows: list[Any]) -> tuple[list[str], list[list[object]]] | None:
    """The names of the columns and the rows' values."""
    if kind is dict:
        return _of_dicts(rows)
    if is_named(kind):
        return [str(name) for name in kind._fields], [list(row) for row in rows]
    if is_dataclass(kind):
        names = [field.name for field in fields(kind) if field.repr]
        return names, [[_held(row).get(name, _MISSING) for name in names] for row in rows]
    if kind is tuple and len(rows[0]) > 1 and all(len(row) == len(rows[0]) for row in rows):
        # A grid of containers reads better as a tree.
        if any(type(cell) in _CONTAINERS for row in rows for cell in row):
            return None
        return [str(place) for place in range(len(rows[0]))], [list(row) for row in rows]
    return None


def _held(row: object) -> dict[str, object]:
    slots = getattr(type(row), "__slots__", ())
    return getattr(row, "__dict__", None) or {
        name: getattr(row, name) for name in slots if hasattr(row, name)
    }


def _of_dicts(rows: list[dict[Any, Any]]) -> tuple[list[str], list[list[object]]] | None:
    keys: dict[str, None] = {}
    for row in rows:
        if not all(type(key) is str for key in islice(row, 1_000)):
            return None
        keys.update(dict.fromkeys(islice(row, 1_000)))
    filled = sum(min(len(row), 1_000) for row in rows)
    # Dicts that have little in common are no rows of one table.
    if not keys or filled < len(keys) * len(rows) / 2:
        return None
    return list(keys), [[row.get(key, _MISSING) for key in keys] for row in rows]


def _fitted(names: list[str], rows: list[list[object]], size: int) -> dict[str, Any]:
    """The table within its bounds, with how much is left out."""
    width = min(len(names), limits.TABLE_COLUMNS)
    left = limits.TABLE_CHARS
    shown: list[list[str | None]] = []
    for row in rows:
        cells = [_cell(value) for value in row[:width]]
        left -= sum(len(cell or "") + 8 for cell in cells)
        if left < 0 and shown:
            break
        shown.append(cells)
    kept = rows[: len(shown)]
    columns = [
        {"name": shorten(name, 100), "number": _numeric([row[at] for row in kept])}
        for at, name in enumerate(names[:width])
    ]
    return {
        "columns": columns,
        "rows": shown,
        "moreRows": size - len(shown),
        "moreColumns": len(names) - width,
    }


def _cell(value: object) -> str | None:
    if value is _MISSING:
        return None
    if type(value) is str:
        return shorten(value, limits.TABLE_CELL)
    return clean(shorten(safe_repr(value), limits.TABLE_CELL))


def _numeric(values: list[object]) -> bool:
    known = [value for value in values if value is not _MISSING and value is not None]
    return bool(known) and all(type(value) in (int, float) for value in known)
