"""A value written as Python that makes it again, when it consists of plain values."""

import math
from typing import Any

from playground_runtime.viewing.static import exact

#: Elements and characters of such a text.
MAX_ELEMENTS = 20_000
MAX_CHARS = 200_000
MAX_LEVELS = 60

_BRACKETS: dict[type, str] = {list: "[]", tuple: "()", set: "{}", dict: "{}"}


class _NotPlainError(Exception):
    """The value cannot be written as a literal."""


def python_text(value: object) -> str | None:
    """The literal of a value, or None when it has none, is too large, or holds itself."""
    writer = _Writer()
    try:
        text = writer.text(value, 0)
    except _NotPlainError:
        return None
    return text if len(text) <= MAX_CHARS else None


class _Writer:
    def __init__(self) -> None:
        self._left = MAX_ELEMENTS
        self._chars = MAX_CHARS

    def text(self, value: Any, level: int) -> str:
        self._left -= 1
        if self._left < 0 or level > MAX_LEVELS:
            raise _NotPlainError
        kind = exact(value)
        if kind in _BRACKETS:
            return self._container(value, level)
        if kind is frozenset:
            return f"frozenset({self._container(set(value), level)})" if value else "frozenset()"
        text = self._plain(value)
        self._chars -= len(text)
        if self._chars < 0:
            raise _NotPlainError
        return text

    def _plain(self, value: Any) -> str:
        kind = exact(value)
        if kind in (str, bytes):
            if len(value) > MAX_CHARS:
                raise _NotPlainError
        elif kind is int:
            if value.bit_length() > 10_000:
                raise _NotPlainError
        elif kind is float:
            if not math.isfinite(value):
                raise _NotPlainError
        elif kind is complex:
            if not (math.isfinite(value.real) and math.isfinite(value.imag)):
                raise _NotPlainError
        elif kind is not bool and value is not None and value is not ...:
            raise _NotPlainError
        return repr(value)

    def _container(self, value: Any, level: int) -> str:
        kind = exact(value)
        if kind is set and not value:
            return "set()"
        brackets = _BRACKETS[kind]
        if kind is dict:
            parts = [
                f"{self.text(key, level + 1)}: {self.text(inner, level + 1)}"
                for key, inner in value.items()
            ]
        else:
            parts = [self.text(element, level + 1) for element in value]
        comma = "," if kind is tuple and len(parts) == 1 else ""
        return f"{brackets[0]}{', '.join(parts)}{comma}{brackets[1]}"
