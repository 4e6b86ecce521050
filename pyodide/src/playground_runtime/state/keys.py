"""What roots are bound to."""

from typing import Any, NamedTuple

from playground_runtime.namespace import RESERVED
from playground_runtime.state.codec.stream import DamagedError

KINDS = ("name", "result", "state", "builtin")


class Key(NamedTuple):
    """``name``, ``result``, ``state`` or ``builtin``, and its name."""

    kind: str
    name: str

    @property
    def unit(self) -> str:
        """What the unit of such a root is called."""
        return self.name if self.kind == "name" else f"{self.kind} {self.name}"


def read_roots(table: Any) -> dict[Key, Any]:
    """The roots that an index lists; names that no session can have are left out.

    Raises:
        DamagedError: it is not such a list.
    """
    roots: dict[Key, Any] = {}
    for kind, part in zip(KINDS, _list(table, len(KINDS)), strict=True):
        names, values = _list(part, 2)
        if type(names) is not list or type(values) is not list or len(names) != len(values):
            raise DamagedError("its bytes are damaged")
        for name, value in zip(names, values, strict=True):
            if type(name) is str and _fits(kind, name):
                roots[Key(kind, name)] = value
    return roots


def _list(value: Any, length: int) -> list[Any]:
    if type(value) is not list or len(value) != length:
        raise DamagedError("its bytes are damaged")
    return value


def _fits(kind: str, name: str) -> bool:
    if kind == "name":
        return name not in RESERVED
    return kind != "result" or (name.isascii() and name.isdecimal() and len(name) < 10)
