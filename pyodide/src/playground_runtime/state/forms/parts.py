"""Forms of objects that are made from a few parts by one call."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from playground_runtime.state.forms.base import Columns, Form, register, transposed

if TYPE_CHECKING:
    from playground_runtime.state.scope import Scope
    from playground_runtime.state.walk import Walk


class PartsForm(Form):
    """``read`` gives the parts of an object; ``build`` and ``complete`` make it from them."""

    def __init__(
        self,
        name: str,
        width: int,
        read: Callable[..., tuple[Any, ...]],
        build: Callable[..., Any],
        *,
        head: int | None = None,
        complete: Callable[..., object] | None = None,
        deep: bool = False,
        hashes: bool = False,
        scoped: bool = False,
        copies: bool = False,
        fresh: bool = False,
        remark: Callable[[Any], str] | None = None,
    ) -> None:
        self.name = name
        self.head = width if head is None else head
        self.deep = deep
        self.hashes = hashes
        self._width = width
        self._read = read
        self._build = build
        self._complete = complete
        self.copies = copies
        self._scoped = scoped
        #: Whether ``read`` makes objects of its own.
        self._fresh = fresh
        #: Says what of an object is not kept, if anything.
        self._remark = remark

    def take(self, walk: "Walk", values: list[Any]) -> Columns:
        first = (walk.forms.scope,) if self._scoped else ()
        rows = [self._read(*first, value) for value in values]
        if self._fresh:
            walk.keep(rows)
        if self._remark is not None:
            for value in values:
                if words := self._remark(value):
                    walk.remark(value, words)
        return transposed(rows, self._width)

    def make(self, count: int, columns: Columns, scope: "Scope") -> list[Any]:
        first = (scope,) if self._scoped else ()
        if not columns:
            return [self._build(*first) for _ in range(count)]
        return [self._build(*first, *row) for row in zip(*columns, strict=True)]

    def fill(self, made: list[Any], columns: Columns, scope: "Scope") -> None:
        if self._complete is not None:
            for one, *row in zip(made, *columns, strict=True):
                self._complete(one, *row)


def parts(
    name: str,
    width: int,
    read: Callable[..., tuple[Any, ...]],
    build: Callable[..., Any],
    **more: Any,
) -> PartsForm:
    """A form of parts that is known to the loader."""
    return register(PartsForm(name, width, read, build, **more))
