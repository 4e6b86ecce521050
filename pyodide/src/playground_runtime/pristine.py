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
_active: list["Pristine"] = []


def remember(**replaced: object) -> None:
    """Count these values of ``builtins`` as the originals from now on, and set them."""
    _original.update(replaced)
    _live.update(replaced)


def original(name: str) -> object:
    """The original value of a name of ``builtins``."""
    return _original.get(name)


def changes() -> dict[str, object]:
    """What entries have added to ``builtins`` or changed there."""
    now = {**_live}
    for aside in _active[::-1]:
        now |= aside.changed
    return {
        name: value
        for name, value in now.items()
        if _original.get(name, _missing) is not value and value is not _missing
    }


def undo() -> None:
    """Let ``builtins`` hold the originals and nothing else."""
    for name in changes():
        _live.pop(name, None)
    _live.update(_original)
    for aside in _active:
        aside.changed.clear()


def change(name: str, value: object) -> None:
    """Let entries find this value in ``builtins``; our own work does not."""
    if _active and name in _original:
        _active[0].changed[name] = value
    else:
        _live[name] = value


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
        _active.append(self)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        _active.remove(self)
        for name, value in self.changed.items():
            if value is _missing:
                _live.pop(name, None)
            else:
                _live[name] = value


def live() -> dict[str, Any]:
    """The dict of ``builtins`` itself."""
    return _live
