"""Queues and wrappers that C keeps closed: CSV readers and writers, keys, dictionaries."""

import csv
import functools
import gc
import io
import queue
from typing import Any

from playground_runtime.state.forms.base import UnsavableError, exactly
from playground_runtime.state.forms.parts import parts


def _queue_row(value: Any) -> tuple[Any, ...]:
    items = []
    while not value.empty():
        items.append(value.get_nowait())
    for item in items:
        value.put(item)
    return (items,)


def _fill_queue(made: Any, items: list[Any]) -> None:
    for item in exactly(items, list):
        made.put(item)


def _key_row(value: Any) -> tuple[Any, ...]:
    inside = [one for one in gc.get_referents(value) if one is not type(value)]
    return inside[0], tuple(inside[1:])


def _key(compare: Any, held: Any) -> Any:
    made = functools.cmp_to_key(compare)
    return made(held[0]) if exactly(held, tuple) else made


DIALECT = [
    "delimiter",
    "doublequote",
    "escapechar",
    "lineterminator",
    "quotechar",
    "quoting",
    "skipinitialspace",
    "strict",
]


def _dialect(value: Any) -> dict[str, Any]:
    return {name: getattr(value.dialect, name) for name in DIALECT}


def _csv_row(value: Any) -> tuple[Any, ...]:
    inside = [
        one
        for one in gc.get_referents(value)
        if one is not type(value) and one is not value.dialect and type(one) is not list
    ]
    target = next((one for one in inside if type(one) is not type), None)
    if target is None:
        raise UnsavableError("a CSV reader")
    return target, _dialect(value)


def _reader(source: Any, dialect: dict[str, Any]) -> Any:
    return csv.reader(source, **dialect)


class _Target:
    """Has the ``write`` that a CSV writer was made with."""

    def __init__(self, write: Any) -> None:
        self.write = write


def _writer(write: Any, dialect: dict[str, Any]) -> Any:
    return csv.writer(_Target(write), **dialect)


def _memory_row(value: Any) -> tuple[Any, ...]:
    return ()


def closed(kind: Any) -> Any:
    """The form of a closed file in memory."""
    return _CLOSED[kind]


def _shut(kind: Any) -> Any:
    def build() -> Any:
        made = kind()
        made.close()
        return made

    return build


def compressing(value: Any) -> Any:
    """The form of a dictionary for Zstandard.

    Raises:
        UnsavableError: this is something else at work.
    """
    if type(value).__name__ != "ZstdDict":
        raise UnsavableError("a compressor at work")
    return _ZSTD


def _zstd_row(value: Any) -> tuple[Any, ...]:
    return value.dict_content, True


def _zstd(content: bytes, raw: bool) -> Any:
    from compression.zstd import ZstdDict  # type: ignore[import-not-found]  # Python 3.14 has it.

    try:
        return ZstdDict(content)
    except ValueError:
        return ZstdDict(content, is_raw=raw)


_ZSTD = parts("zstd dict", 2, _zstd_row, _zstd, deep=True, fresh=True)
_CLOSED = {
    kind: parts(f"closed {kind.__name__}", 0, _memory_row, _shut(kind))
    for kind in (io.StringIO, io.BytesIO)
}
FORMS: dict[type, Any] = {
    queue.SimpleQueue: parts(
        "simple queue",
        1,
        _queue_row,
        queue.SimpleQueue,
        head=0,
        complete=_fill_queue,
        copies=True,
        fresh=True,
    ),
    type(functools.cmp_to_key(int)): parts("comparing key", 2, _key_row, _key, fresh=True),
    type(csv.reader([])): parts("csv reader", 2, _csv_row, _reader, deep=True, fresh=True),
    type(csv.writer(io.StringIO())): parts(
        "csv writer", 2, _csv_row, _writer, deep=True, fresh=True
    ),
}
