"""Tells whether a variable is the same at two points: a digest of all that it leads to.

A value of few objects is walked by itself, so that its digest says nothing of what it shares a unit
with. For others it is that of the units that they lead to: the same digest means the same value,
but another one may also mean that something beside the value in its unit has changed.
"""

from collections.abc import Collection
from hashlib import blake2b
from types import FunctionType
from typing import TYPE_CHECKING, Any

from playground_runtime.state.codec.columns import write_column
from playground_runtime.state.codec.nodes import is_node
from playground_runtime.state.codec.stream import Writer
from playground_runtime.state.naming import is_class
from playground_runtime.state.unit import Unit, write_unit
from playground_runtime.state.walk import Homes, TooLargeError, Walk

if TYPE_CHECKING:
    from playground_runtime.state.capture import Capture
    from playground_runtime.state.keys import Key

#: Values that are walked for a digest, and bytes that are written.
_VALUES = 500
_BYTES = 64 * 1024

#: Bytes of a digest.
_SIZE = 8


class _Small(Walk):
    """A walk that gives up before it asks a library for the parts of an object."""

    def _meet(self, value: Any) -> None:
        known = type(value) is FunctionType or is_class(value)
        if not known and self.forms.of_kind(type(value)) is None:
            raise TooLargeError(0)
        super()._meet(value)


class Contents:
    """The digests of one capture, after its units were written."""

    def __init__(self, capture: "Capture") -> None:
        self._capture = capture
        self._homes = Homes()
        store = capture.store
        self._homes.units = dict.fromkeys(store.fixed, store.constants)
        self._sums: dict[str, bytes] = {}

    def of(self, without: Collection["Key"]) -> dict[str, str]:
        """Hexadecimal digests of variables by name, but for some and those that are not saved."""
        capture = self._capture
        wanted = [key for key in capture.roots if key.kind == "name" and key not in without]
        capture.forms.only_known(self._definition)
        found = {key.name: self._digest(capture.roots[key]) for key in wanted}
        return {name: digest.hex() for name, digest in found.items() if digest is not None}

    def _definition(self, value: Any, _: str) -> Unit:
        """The unit of a function or class; none is made here."""
        home = self._capture.store.homes.units.get(id(value))
        if home is None or home.name not in self._capture.units:
            raise TooLargeError(0)
        return home

    def _digest(self, value: Any) -> bytes | None:
        if not is_node(value):
            out = Writer()
            write_column([value], {}, out)
            return _sum(out.value())
        return self._of_values(value) or self._of_units(value)

    def _of_values(self, value: Any) -> bytes | None:
        """By the values themselves, if they are few."""
        walk = _Small(Unit("", id(value)), self._capture.forms, self._homes, _VALUES)
        homes = dict(self._homes.units)
        try:
            walk.run(value)
            if walk.lost:
                return None
            data = write_unit(walk, _BYTES).value()
        except (TooLargeError, OverflowError):
            return None
        finally:
            self._homes.units = homes
        others = dict.fromkeys(other.name for other in walk.others)
        return _sum(data, *(self._of_unit(name) for name in others))

    def _of_units(self, value: Any) -> bytes | None:
        home = self._capture.store.homes.units.get(id(value))
        number = home.numbers.get(id(value)) if home is not None else None
        if home is None or number is None or home.name not in self._capture.units:
            return None
        return _sum(str(number).encode(), self._of_unit(home.name))

    def _of_unit(self, name: str) -> bytes:
        """Of a unit with all that it leads to."""
        known = self._sums.get(name)
        if known is not None:
            return known
        units = self._capture.units
        found: set[str] = set()
        waiting = [name]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting += units[one].imports
        parts = [part for one in sorted(found) for part in (one.encode(), units[one].digest)]
        made = self._sums[name] = _sum(name.encode(), *parts)
        return made


def _sum(*parts: bytes) -> bytes:
    made = blake2b(digest_size=_SIZE)
    for part in parts:
        made.update(len(part).to_bytes(8, "little"))
        made.update(part)
    return made.digest()
