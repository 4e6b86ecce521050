"""The entries that led to the values that are here, in order: going back leaves others behind."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple


class Mark(NamedTuple):
    """After entry ``after`` the session went to the state after entry ``to`` (0: the beginning)."""

    after: int
    to: int


def lineage(numbers: Iterable[int], marks: Iterable[Mark]) -> list[int]:
    """Those of the numbers of entries that led to the present state, in ascending order."""
    moved: Mapping[int, int] = {mark.after: mark.to for mark in marks}
    known = set(numbers)
    last = max(known, default=0)
    found: list[int] = []
    at = moved.get(last, last)
    while at > 0:
        if at in known:
            found.append(at)
        # Going back points to what came before, so this ends; a forged mark must not loop.
        at = min(moved.get(at - 1, at - 1), at - 1)
    return found[::-1]
