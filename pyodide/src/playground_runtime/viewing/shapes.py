"""How many elements a value has, as a short text: ``"1000"``, ``"3×4"``."""

from typing import Any

from playground_runtime.guarding import Guard
from playground_runtime.viewing.static import class_attribute, is_library, length

#: Axes that are told.
AXES = 8


def shape_text(value: object, guard: Guard) -> str | None:
    """The lengths along a value's axes as a text; None when it has none."""
    axes = shape(value, guard)
    return None if axes is None else "×".join(str(axis) for axis in axes)


def shape(value: Any, guard: Guard) -> tuple[int, ...] | None:
    """The lengths along a value's axes: one for a list, two for a table."""
    own = length(value)
    if own is not None:
        return (own,)
    if not is_library(value) or class_attribute(type(value), "shape") is None:
        return None
    found = guard.call(lambda: value.shape)
    if type(found) is not tuple or not 0 < len(found) <= AXES:
        return None
    try:
        return tuple(int(axis) for axis in found)
    except Exception:
        return None
