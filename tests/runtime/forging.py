"""Writes snapshots that no capture gives, to see what a restore does with them."""

import builtins
import types
from typing import Any

from playground_runtime.state.codec.chunks import digest
from playground_runtime.state.codec.columns import write_column, write_integers
from playground_runtime.state.codec.stream import Writer
from playground_runtime.state.forms.functions import _CODE
from playground_runtime.state.index import Index, Place, python


class Ref:
    """An object of the forged unit, by the number that it has there."""

    def __init__(self, number: int) -> None:
        self.number = number


class Forge:
    """One unit with whatever is put into it."""

    def __init__(self) -> None:
        self._sections: list[tuple[str, list[Any], list[int], list[list[Any]]]] = []
        self._refs: list[Ref] = []

    def add(self, form: str, *parts: Any, params: tuple[Any, ...] = ()) -> Ref:
        """One object of a form, from one value for each of its columns."""
        return self.columns(form, *([part] for part in parts), params=params)

    def columns(self, form: str, *columns: list[Any], params: tuple[Any, ...] = ()) -> Ref:
        """One object of a form, from its columns as they are written."""
        ref = Ref(len(self._refs))
        self._refs.append(ref)
        self._sections.append((form, list(params), [ref.number], list(columns)))
        return ref

    def chain(self, form: str, count: int, *, closed: bool = False) -> Ref:
        """Objects of one form, each with the next as its only item; the last has none or the first.

        Gives the first.
        """
        refs = [Ref(len(self._refs) + place) for place in range(count)]
        self._refs += refs
        numbers = [ref.number for ref in refs]
        columns = [[1] * (count - 1) + [int(closed)], refs[1:] + refs[:closed]]
        self._sections.append((form, [], numbers, columns))
        return refs[0]

    def lists(self, *items: Any) -> Ref:
        return self.columns("list", [len(items)], list(items))

    def tuples(self, *items: Any) -> Ref:
        return self.columns("tuple", [len(items)], list(items))

    def dicts(self, **items: Any) -> Ref:
        return self.columns("dict", [len(items)], list(items), list(items.values()))

    def named(self, value: Any) -> Ref:
        """A function or class of a library."""
        return self.add("name", value.__module__, value.__qualname__)

    def call(self, function: Any, *arguments: Any) -> Ref:
        return self.add("call", *arguments, params=(function, len(arguments)))

    def reduced(self, function: Any, arguments: Any, **more: Any) -> Ref:
        parts = [more.get(name) for name in ("state", "items", "pairs", "setter")]
        return self.add("reduced", function, arguments, *parts)

    def code(self, code: types.CodeType) -> Ref:
        parts = [
            self.tuples(*part) if type(part := getattr(code, name)) is tuple else part
            for name in _CODE
        ]
        return self.add("code", *parts, None)

    def function(self, source: str) -> Ref:
        """A function of the session."""
        code = compile(source, "<forged>", "exec")
        inner = next(one for one in code.co_consts if type(one) is types.CodeType)
        name = inner.co_name
        rest = (None,) * 8
        return self.add("function", self.code(inner), None, name, None, name, "__main__", *rest)

    def kind(self, name: str, bases: tuple[Any, ...] = (), **attributes: Any) -> Ref:
        """A class of the session; ``meta``, ``original`` and ``registered`` go their own way."""
        meta = attributes.pop("meta", None) or self.named(type)
        original, registered = attributes.pop("original", None), attributes.pop("registered", None)
        inner = self.tuples(*(bases or (self.named(object),)))
        row = [[one] for one in (meta, name, name, inner, None, original, registered)]
        names, values = list(attributes), list(attributes.values())
        return self.columns("class", *row, [len(names)], names, values)

    def instance(self, kind: Any) -> Ref:
        """An object of a class without attributes."""
        return self.columns("instance", params=(kind, "object", 0))

    def lazily(self, function: Any, *items: Any) -> Ref:
        """An iterator that calls a function for each item as soon as it is moved on."""
        iterator = self.call(self.add("name", "builtins", "iter"), self.lists(*items))
        return self.call(self.named(map), function, iterator)

    def bytes(self) -> bytes:
        """The unit."""
        out = Writer()
        numbers = {id(ref): ref.number for ref in self._refs}
        for number in (0, 0, len(self._refs), len(self._sections)):
            out.integer(number)
        for form, params, own, columns in self._sections:
            out.text(form)
            write_column(params, numbers, out)
            out.integer(len(own))
            write_integers(own, out)
            out.integer(len(columns))
            for column in columns:
                write_column(column, numbers, out)
        return out.value()

    def snapshot(self, *, version: str = "", **roots: Any) -> tuple[dict[str, Any], Any]:
        """What a runtime is asked to restore, with variables bound to objects of the unit."""
        pairs = {"name": roots.items()}
        return snapshot({"x": self.bytes()}, rooted(pairs), version)

    def state(self, **parts: Any) -> tuple[dict[str, Any], Any]:
        """A snapshot whose state of the interpreter is forged, with a variable beside it."""
        pairs = {"name": {"beside": 1}.items(), "state": parts.items()}
        return snapshot({"x": self.bytes()}, rooted(pairs))


def rooted(pairs: dict[str, Any]) -> bytes:
    """The unit that lists all roots: pairs of name and value (or Ref), by kind."""
    refs = [one for some in pairs.values() for _, one in some if type(one) is Ref]
    inner: list[list[Any]] = []
    for kind in ("name", "result", "state", "builtin"):
        some = list(pairs.get(kind, ()))
        inner += [[name for name, _ in some], [value for _, value in some]]
    lists: list[list[Any]] = [[], *([] for _ in range(4)), *inner]
    lists[0] = lists[1:5]
    for place in range(4):
        lists[1 + place] += inner[2 * place : 2 * place + 2]
    numbers = {id(one): place for place, one in enumerate(lists)}
    numbers |= {id(ref): -1 - place for place, ref in enumerate(refs)}
    out = Writer()
    out.integer(1)
    out.text("x")
    out.integer(len(refs))
    if refs:
        write_integers([0] * len(refs), out)
        write_integers([ref.number for ref in refs], out)
    out.integer(len(lists))
    out.integer(1)
    out.text("list")
    write_column([], {}, out)
    out.integer(len(lists))
    write_integers(list(range(len(lists))), out)
    out.integer(2)
    write_column([len(one) for one in lists], {}, out)
    write_column([value for one in lists for value in one], numbers, out)
    return out.value()


def snapshot(
    units: dict[str, bytes], roots: bytes, version: str = ""
) -> tuple[dict[str, Any], dict[int, bytes]]:
    """Header and blobs of a snapshot of these units."""
    index = Index(version or python(), roots)
    blobs: dict[int, bytes] = {}
    for number, (name, data) in enumerate(units.items(), 2):
        index.places[name] = Place(digest(data), 0, len(data), 10)
        blobs[number] = data
    blobs[1] = index.pack()
    rows = [{"names": [], "blob": number, "size": len(blobs[number])} for number in sorted(blobs)]
    return {"units": rows, "files": [], "directories": []}, blobs


EXEC = builtins.exec
