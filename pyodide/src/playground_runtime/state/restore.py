"""Reads a snapshot's units and builds what its roots name."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from playground_runtime.state import reasons
from playground_runtime.state.build import Builder
from playground_runtime.state.codec.chunks import Digest, digest
from playground_runtime.state.codec.stream import Budget, DamagedError, Reader
from playground_runtime.state.forms.lost import Placeholder, stated
from playground_runtime.state.index import Index, Place, python
from playground_runtime.state.keys import Key, read_roots
from playground_runtime.state.packs import SMALL
from playground_runtime.state.scope import Scope
from playground_runtime.state.unit import LoadedUnit, Unit

#: Bytes of memory that all units of a snapshot together may take.
MEMORY = 1_500_000_000

_DAMAGED = "its bytes are damaged"

type Fetch = Callable[[Digest], bytes]


class Restored(NamedTuple):
    """What the roots are, which could not be read and why, and the units for the next capture."""

    roots: dict[Key, Any]
    failed: dict[Key, str]
    units: dict[str, Unit]


def restore(scope: Scope, data: bytes, blobs: Mapping[Digest, bytes]) -> Restored:
    """Build everything that a snapshot's index lists.

    Raises:
        DamagedError: the index cannot be read.
    """
    return _Restore(scope, Index.unpack(data), blobs).run()


class _Restore:
    def __init__(self, scope: Scope, index: Index, blobs: Mapping[Digest, bytes]) -> None:
        self._index = index
        self._blobs = blobs
        self._budget = Budget(MEMORY)
        self._builder = Builder(scope)
        self._loaded: dict[str, LoadedUnit] = {}
        self._units: dict[str, Unit] = {}
        self._broken: dict[str, str] = {}

    def run(self) -> Restored:
        roots = LoadedUnit(Reader(self._index.roots, self._fetch, self._budget))
        self._loaded[""] = roots
        for name, place in self._index.places.items():
            self._read(name, place)
        for name, unit in self._loaded.items():
            self._builder.add(name, unit)
        for unit in self._loaded.values():
            for other, number in unit.outside:
                table = self._builder.tables.get(other)
                if table is None or not 0 <= number < table.size:
                    self._builder.missing(other, number, self._broken.get(other, reasons.MISSING))
        for name, unit in self._loaded.items():
            self._builder.link(name, unit.outside)
        self._builder.run()
        return self._restored(roots)

    def _fetch(self, name: Digest) -> bytes:
        try:
            return self._blobs[name]
        except KeyError:
            raise DamagedError("a part of its bytes is missing") from None

    def _read(self, name: str, place: Place) -> None:
        """Read the parts of one unit; it alone fails when its bytes are not there."""
        try:
            data = self._fetch(place.blob)[place.offset : place.offset + place.length]
            chunks: list[Digest] = []

            def fetch(chunk: Digest) -> bytes:
                chunks.append(chunk)
                return self._fetch(chunk)

            if not name:
                raise DamagedError(_DAMAGED)
            if self._index.python != python() and name.startswith("def "):
                raise DamagedError("it is code of another version of Python")
            self._loaded[name] = LoadedUnit(Reader(data, fetch, self._budget))
        except Exception as error:
            error = error if isinstance(error, DamagedError) else DamagedError(_DAMAGED)
            self._broken[name] = f"it could not be read back: {error}"
            if name:
                self._builder.missing(name, place.count, self._broken[name])
            else:
                del self._broken[name]
            return
        unit = self._units[name] = Unit(name, 0)
        unit.digest = digest(data)
        unit.blob, unit.offset, unit.length = place.blob, place.offset, place.length
        unit.data = data if len(data) < SMALL else b""
        unit.count = place.count
        unit.chunks = chunks
        for other, number in self._loaded[name].outside:
            unit.imports.setdefault(other, set()).add(number)

    def _restored(self, loaded: LoadedUnit) -> Restored:
        table = self._builder.tables[""]
        roots = read_roots(table.objects[0] if table.size else None)
        for key, value in roots.items():
            if id(value) in self._builder.halves:
                roots[key] = Placeholder("object", self._builder.halves[id(value)][1])
        for name, unit in self._units.items():
            own = self._builder.tables[name]
            unit.numbers = {id(one): number for number, one in enumerate(own.objects[: own.size])}
            unit.root_key = id(own.objects[0]) if own.size else 0
        restored = Restored(roots, self._failed(roots), self._units)
        self._builder.clear()
        return restored

    def _failed(self, roots: dict[Key, Any]) -> dict[Key, str]:
        """The roots that are broken, or in whose unit something is."""
        why = {id(self._builder.nowhere.objects[0]): "its bytes are missing"}
        why |= {key: reason for key, (_, reason) in self._builder.halves.items()}
        for name, reason in self._broken.items():
            why.update((id(one), reason) for one in self._builder.tables[name].objects)
        halves = {reason for _, reason in self._builder.halves.values()}
        first: dict[str, str] = {}
        for name, number, reason in self._builder.failed:
            why[id(self._builder.tables[name].objects[number])] = reason
            first.setdefault(name, reason)
        failed: dict[Key, str] = {}
        for key, value in roots.items():
            if type(value) is Placeholder and stated(value)[1] in halves:
                failed[key] = stated(value)[1]
            found = why.get(id(value)) or first.get(key.unit)
            if found is not None:
                failed[key] = found
        return failed


__all__ = ["Restored", "reasons", "restore"]
