"""Arrays and tables of libraries, asked by the attributes that these have in common.

Their code is run, each call bounded. Only classes of known libraries are asked: an object of the
user that merely looks like one is not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playground_runtime.guarding import Guard
from playground_runtime.viewing.shapes import shape
from playground_runtime.viewing.static import class_attribute, is_library

#: Columns of a table that are shown.
COLUMNS = 50


@dataclass(frozen=True)
class Frame:
    """Columns and rows of a library's table or array."""

    columns: list[object]
    total: int
    read: Callable[[int, int], list[list[Any]]]
    labels: Callable[[int, int], list[Any]] | None


def frame_of(value: Any, guard: Guard) -> Frame | None:
    """The rows and columns of an array with one or two axes, of a series or a data frame."""
    axes = shape(value, guard) if is_library(value) else None
    if axes is None or len(axes) > 2:
        return None
    wide = min(axes[1], COLUMNS) if len(axes) == 2 else 1
    if class_attribute(type(value), "iloc") is not None:
        return _pandas(value, axes, wide, guard)
    if class_attribute(type(value), "tolist") is not None:
        names: list[object] = list(range(wide)) if len(axes) == 2 else [""]
        return Frame(names, axes[0], _array_reader(value, axes, wide, guard), None)
    return None


def _array_reader(
    value: Any, axes: tuple[int, ...], wide: int, guard: Guard
) -> Callable[[int, int], list[list[Any]]]:
    def read(start: int, count: int) -> list[list[Any]]:
        def work() -> Any:
            if len(axes) == 1:
                return [[one] for one in value[start : start + count].tolist()]
            return value[start : start + count, :wide].tolist()

        return _rows(guard.call(work))

    return read


def _pandas(value: Any, axes: tuple[int, ...], wide: int, guard: Guard) -> Frame | None:
    def heads() -> list[object]:
        if len(axes) == 1:
            return [value.name if value.name is not None else ""]
        return list(value.columns[:wide])

    def read(start: int, count: int) -> list[list[Any]]:
        def work() -> Any:
            part = value.iloc[start : start + count]
            if len(axes) == 1:
                return [[one] for one in part.tolist()]
            columns = [part.iloc[:, at].tolist() for at in range(wide)]
            return [list(row) for row in zip(*columns, strict=False)]

        return _rows(guard.call(work))

    def labels(start: int, count: int) -> list[Any]:
        found = guard.call(lambda: value.index[start : start + count].tolist())
        return found if type(found) is list else []

    names = guard.call(heads)
    return None if type(names) is not list else Frame(names, axes[0], read, labels)


def _rows(found: Any) -> list[list[Any]]:
    if type(found) is not list or any(type(row) is not list for row in found):
        return []
    return found
