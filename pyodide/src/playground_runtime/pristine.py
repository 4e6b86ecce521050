"""Keeps the runtime's own work safe from entries that change ``builtins``.

``builtins.len = 3`` is the right of an entry, and breaks the standard library too. Our own work
runs with the original functions and puts those of the entry back afterwards.
"""

import builtins
from types import TracebackType
from typing import Any

_live: dict[str, Any] = vars(builtins)
_original: dict[str, Any] = dict(_live)
_missing = object()


def remember(**replaced: object) -> None:
    """Count these values of ``builtins`` as the originals from now on, and set them."""
    _original.update(replaced)
    _live.update(replaced)


def changes() -> dict[str, object]:
    """What entries have added to ``builtins`` or changed there."""
    return {
        name: value for name, value in _live.items() if _original.get(name, _missing) is not value
    }


def undo() -> None:
    """Let ``builtins`` hold the originals and nothing else."""
    for name in changes():
        del _live[name]
    _live.update(_original)


class Pristine:
    """A context in which ``builtins`` holds the original functions."""

    def __enter__(self) -> None:
        self.changed: dict[str, Any] = {}
        get = _live.get
        for name, value in _original.items():
            found = get(name, _missing)
            if found is not value:
                self.changed[name] = found
                _live[name] = value

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for name, value in self.changed.items():
            if value is _missing:
                _live.pop(name, None)
            else:
                _live[name] = value


def live() -> dict[str, Any]:
    """The dict of ``builtins`` itself."""
    return _live
