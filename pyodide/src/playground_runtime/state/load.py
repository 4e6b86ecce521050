"""Loads the items of a unit, one by one, and says which could not be and why."""

import pickle
import warnings
from collections.abc import Callable
from typing import Any

import cloudpickle.cloudpickle as base

from playground_runtime.hooks import Hooks
from playground_runtime.interrupts import Interrupts
from playground_runtime.state import reasons, rebuild
from playground_runtime.state.dump import PATIENCE_MS
from playground_runtime.state.units import Item, unpack


def forget_classes() -> None:
    """Let classes of a restored state be made anew, instead of changing those of the present."""
    base._DYNAMIC_CLASS_TRACKER_BY_CLASS.clear()
    base._DYNAMIC_CLASS_TRACKER_BY_ID.clear()


def load(
    data: bytes,
    names: dict[str, Any],
    hooks: Hooks,
    interrupts: Interrupts,
    take: Callable[[Item, object], object],
) -> dict[Item, str]:
    """Hand each item of a unit to ``take``; give the reasons of those that failed.

    Raises:
        ValueError: these are not the bytes of a unit.
    """
    items, file = unpack(data)
    rebuild.use_globals(names)
    unpickler = pickle.Unpickler(file)  # noqa: S301  # It runs in the visitor's sandbox only.
    failed: dict[Item, str] = {}
    shown = warnings.showwarning
    warnings.showwarning = lambda *_, **__: None
    try:
        hooks.deadline(PATIENCE_MS)
        for place, item in enumerate(items):
            try:
                with interrupts.deliver():
                    value = unpickler.load()
                take(item, value)
            except BaseException as error:
                failed[item] = _reason(error)
                # The memo misses an object now: what follows would be read wrongly.
                failed.update((later, reasons.FOLLOWS) for later in items[place + 1 :])
                break
    finally:
        hooks.deadline(0)
        warnings.showwarning = shown
    return failed


def _reason(error: BaseException) -> str:
    if isinstance(error, KeyboardInterrupt):
        return "reading it back took too long"
    return reasons.not_restored(error)
