"""Values that read best as a table: rows of dicts or equal tuples, columns of lists, CSV text."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from playground_runtime.guarding import Guard
from playground_runtime.viewing.children import items
from playground_runtime.viewing.libraries import frame_of
from playground_runtime.viewing.static import (
    base_of,
    derives,
    fields_of,
    instance_dict,
    length,
)

#: Rows that decide whether a value is a table, its columns, characters of a CSV text.
LOOKED_AT = 100
COLUMNS = 50
CSV_CHARS = 2_000_000

#: Stands for a cell that its row does not have.
ABSENT = object()

Row = list[Any]


@dataclass(frozen=True)
class Table:
    """Columns, and a way to read some of the rows. ``opens`` when a row is an item of the value."""

    columns: list[object]
    total: int
    read: Callable[[int, int], list[Row]]
    opens: bool
    labels: Callable[[int, int], list[Any]] | None = None


def table_of(value: Any, guard: Guard) -> Table | None:
    """The table that a value is, or None."""
    base = base_of(value)
    if base is str:
        return _csv_table(value)
    if base is dict:
        return _dict_of_lists(value)
    if base is not None and base.__name__ in ("list", "tuple", "deque"):
        return _rows(value)
    frame = frame_of(value, guard)
    if frame is None:
        return None
    return Table(frame.columns, frame.total, frame.read, opens=False, labels=frame.labels)


def _rows(value: Any) -> Table | None:
    sample = [child.value for child in items(value, 0, LOOKED_AT)]
    total = length(value) or 0
    if len(sample) < 2 or fields_of(type(value)):
        return None
    make = _dict_columns(sample) or _tuple_columns(sample) or _record_columns(sample)
    if make is None:
        return None
    columns, cells = make

    def read(start: int, count: int) -> list[Row]:
        return [cells(child.value) for child in items(value, start, count)]

    return Table(columns, total, read, opens=True)


Columns = tuple[list[object], Callable[[Any], Row]] | None


def _dict_columns(sample: list[Any]) -> Columns:
    if any(base_of(one) is not dict for one in sample):
        return None
    names: dict[str, None] = {}
    for one in sample:
        for key in islice(dict.keys(one), COLUMNS + 1):
            if type(key) is not str:
                return None
            names[key] = None
    columns: list[Any] = list(names)
    if not 0 < len(columns) <= COLUMNS:
        return None

    def cells(row: Any) -> Row:
        if base_of(row) is not dict:
            return [row] + [ABSENT] * (len(columns) - 1)
        return [dict.get(row, name, ABSENT) for name in columns]

    return columns, cells


def _tuple_columns(sample: list[Any]) -> Columns:
    """Equal tuples or lists of plain values; lists within lists are better as a tree."""
    wide = length(sample[0]) if base_of(sample[0]) in (tuple, list) else None
    if wide is None or not 2 <= wide <= COLUMNS:
        return None
    for one in sample:
        base: Any = base_of(one)
        if base not in (tuple, list) or base.__len__(one) != wide:
            return None
        if any(base_of(cell) not in (None, str) for cell in base.__iter__(one)):
            return None
    names = fields_of(type(sample[0]))
    columns: list[object] = list(names) if names and len(names) == wide else list(range(wide))

    def cells(row: Any) -> Row:
        base: Any = base_of(row)
        if base not in (tuple, list):
            return [row] + [ABSENT] * (wide - 1)
        found = list(islice(base.__iter__(row), wide))
        return found + [ABSENT] * (wide - len(found))

    return columns, cells


def _record_columns(sample: list[Any]) -> Columns:
    """Instances of one dataclass."""
    kind = type(sample[0])
    names = fields_of(kind)
    if not names or derives(kind, tuple) or len(names) > COLUMNS:
        return None
    if any(type(one) is not kind or instance_dict(one) is None for one in sample):
        return None

    def cells(row: Any) -> Row:
        inner = (instance_dict(row) or {}) if type(row) is kind else {}
        return [inner.get(name, ABSENT) for name in names]

    return list(names), cells


def _dict_of_lists(value: Any) -> Table | None:
    names = list(islice(dict.keys(value), COLUMNS + 1))
    columns = [dict.__getitem__(value, name) for name in names]
    if not 2 <= len(names) <= COLUMNS or any(type(name) is not str for name in names):
        return None
    total = length(columns[0])
    if any(base_of(one) not in (list, tuple) or length(one) != total for one in columns):
        return None
    if not total or not all(map(_is_plain_column, columns)):
        return None

    def read(start: int, count: int) -> list[Row]:
        parts = [[child.value for child in items(column, start, count)] for column in columns]
        return [list(row) for row in zip(*parts, strict=False)]

    return Table(names, total, read, opens=False)


def _is_plain_column(column: Any) -> bool:
    return all(base_of(child.value) in (None, str) for child in items(column, 0, LOOKED_AT))


def _csv_table(text: str) -> Table | None:
    size = str.__len__(text)
    if not 4 <= size <= CSV_CHARS or str.count(text, "\n") < 1:
        return None
    plain = str.__str__(text)
    head = plain[:20_000].splitlines()[:20]
    separator = next((mark for mark in ",;\t|" if _is_regular(head, mark)), None)
    if separator is None:
        return None

    def rows() -> list[Row]:
        return [row for row in csv.reader(plain.splitlines(), delimiter=separator) if row]

    try:
        whole = rows()
    except csv.Error:
        return None
    columns: list[object] = list(whole[0])
    body = whole[1:]

    def read(start: int, count: int) -> list[Row]:
        return [[*row, *[ABSENT] * len(columns)][: len(columns)] for row in body[start:][:count]]

    return Table(columns, len(body), read, opens=False)


def _is_regular(head: list[str], separator: str) -> bool:
    """Whether lines split by a separator into equally many cells, of which there are several."""
    try:
        widths = {len(row) for row in csv.reader(head, delimiter=separator) if row}
    except csv.Error:
        return False
    return len(widths) == 1 and 2 <= widths.pop() <= COLUMNS and len(head) >= 2
