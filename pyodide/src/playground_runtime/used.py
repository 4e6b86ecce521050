"""The names that code uses."""

from collections.abc import Iterable
from types import CodeType


def names_of(codes: Iterable[CodeType]) -> frozenset[str]:
    """The names that code uses, with the functions in it."""
    names: set[str] = set()
    waiting = list(codes)
    while waiting:
        code = waiting.pop()
        names.update(code.co_names)
        waiting += [one for one in code.co_consts if type(one) is CodeType]
    return frozenset(names)
