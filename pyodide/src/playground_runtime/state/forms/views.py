"""Views of dicts, and matches of patterns."""

import gc
import itertools
import re
from collections import OrderedDict
from typing import Any

from playground_runtime.state.codec.stream import DamagedError
from playground_runtime.state.forms.base import UnsavableError, exactly
from playground_runtime.state.forms.parts import parts


def _owner(view: Any) -> Any:
    owners = [one for one in gc.get_referents(view) if isinstance(one, dict)]
    if len(owners) != 1:
        raise UnsavableError("a view of a dict")
    return owners[0]


def _view_row(view: Any) -> tuple[Any, ...]:
    return _owner(view), type(view).__name__.rpartition("_")[2]


def _view(owner: Any, which: str) -> Any:
    kind = OrderedDict if isinstance(owner, OrderedDict) else dict
    if which not in ("keys", "values", "items"):
        raise DamagedError("its bytes are damaged")
    return getattr(kind, which)(owner)


def _match_row(found: "re.Match[Any]") -> tuple[Any, ...]:
    """The pattern, the text, and the way of searching that gives the same match again."""
    args = (found.re, found.string, found.pos, found.endpos)
    for how in ("search", "match", "fullmatch"):
        again = getattr(found.re, how)(*args[1:])
        if again is not None and again.regs == found.regs:
            return *args, how, 0
    for number, other in enumerate(found.re.finditer(*args[1:])):
        if other.regs == found.regs:
            return *args, "finditer", number
    raise UnsavableError("a match of a regular expression")


def _match(pattern: Any, text: Any, start: int, end: int, how: str, number: int) -> Any:
    exactly(pattern, re.Pattern)
    if how not in ("search", "match", "fullmatch", "finditer"):
        raise DamagedError("its bytes are damaged")
    if how == "finditer":
        return next(itertools.islice(pattern.finditer(text, start, end), number, None))
    return getattr(pattern, how)(text, start, end)


_VIEW = parts("dict view", 2, _view_row, _view)
_dicts: tuple[Any, ...] = ({}, OrderedDict())
VIEWS: dict[type, Any] = {
    **{type(one.keys()): _VIEW for one in _dicts},
    **{type(one.values()): _VIEW for one in _dicts},
    **{type(one.items()): _VIEW for one in _dicts},
    re.Match: parts("match", 6, _match_row, _match, deep=True),
}
