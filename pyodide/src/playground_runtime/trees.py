"""A nested container as a tree that the page can open level by level.

It is sent beside the plain text as ``application/vnd.playground.tree+json``. A node is
``{"text"}`` for a single value, or ``{"open", "close", "size", "items", "more"}``, where ``items``
are ``[key, node]`` pairs and ``more`` counts those left out. Levels are filled from the
outside in, so that what is left out of a large value is what lies deepest.
"""

from dataclasses import fields, is_dataclass
from itertools import islice
from typing import Any

from playground_runtime import limits
from playground_runtime.plaintext import safe_repr, type_name
from playground_runtime.text import clean, encode_letters, shorten

MIME = "application/vnd.playground.tree+json"

_BRACKETS: dict[type, tuple[str, str]] = {
    list: ("[", "]"),
    tuple: ("(", ")"),
    set: ("{", "}"),
    frozenset: ("frozenset({", "})"),
    dict: ("{", "}"),
}

type Node = dict[str, Any]


def tree(value: object) -> str | None:
    """The tree's JSON for a container that holds containers, None for any other value."""
    children = _children(value)
    if children is None or not any(_opens(child) for _, child in islice(children, 1_000)):
        return None
    return encode_letters(_Maker().root(value))


def _opens(value: object) -> bool:
    return type(value) in _BRACKETS or _is_record(value)


def _is_record(value: object) -> bool:
    """Whether it is a dataclass's object or a named tuple."""
    kind = type(value)
    return (is_dataclass(kind) and not isinstance(value, type)) or is_named(kind)


def is_named(kind: type) -> bool:
    """Whether a type is made by ``namedtuple``."""
    return issubclass(kind, tuple) and type(getattr(kind, "_fields", None)) is tuple


class _Maker:
    """Builds one tree, level by level, within the bounds."""

    def __init__(self) -> None:
        self._nodes = limits.TREE_NODES
        self._chars = limits.TREE_CHARS
        self._next: list[tuple[Node, Any, tuple[int, ...]]] = []

    def root(self, value: object) -> Node:
        node = self._node(value, ())
        for _ in range(limits.TREE_LEVELS):
            level, self._next = self._next, []
            for parent, container, above in level:
                self._fill(parent, container, above)
        return node

    def _fill(self, parent: Node, container: Any, above: tuple[int, ...]) -> None:
        items = []
        children = _children(container) or []
        for key, child in islice(children, limits.TREE_CHILDREN):
            if self._nodes <= 0 or self._chars <= 0:
                break
            name = None if key is None else self._text(key)
            items.append([name, self._node(child, above)])
        parent["items"] = items
        parent["more"] = parent["size"] - len(items)

    def _node(self, value: Any, above: tuple[int, ...]) -> Node:
        self._nodes -= 1
        self._chars -= 30
        if id(value) in above:
            return {"text": "…"}
        if not _opens(value):
            return {"text": self._text(value)}
        opening, closing = _brackets(value)
        size = _size(value)
        self._chars -= 40 + len(opening)
        node = {"open": opening, "close": closing, "size": size, "items": [], "more": size}
        if size:
            self._next.append((node, value, (*above, id(value))))
        return node

    def _text(self, value: object) -> str:
        text = clean(shorten(_short(value), limits.TREE_TEXT))
        self._chars -= len(text)
        return text


def _short(value: Any) -> str:
    """The repr of a value; of long text only the part that is shown."""
    if type(value) in (str, bytes) and len(value) > limits.TREE_TEXT:
        return safe_repr(value[: limits.TREE_TEXT])[:-1] + "…"
    return safe_repr(value)


def _brackets(value: object) -> tuple[str, str]:
    return _BRACKETS.get(type(value)) or (f"{type_name(value)}(", ")")


def _size(value: Any) -> int:
    return len(_children(value) or []) if _is_record(value) else len(value)


def _children(value: Any) -> list[tuple[object, object]] | None:
    """What a container holds, with keys where it has any; at most one more than is shown."""
    kind = type(value)
    most = limits.TREE_CHILDREN + 1
    if kind is dict:
        return list(islice(value.items(), most))
    if kind in (list, tuple):
        return list(enumerate(value[:most]))
    if kind in _BRACKETS:
        return [(None, element) for element in islice(value, most)]
    if is_named(kind):
        return [(_Name(name), one) for name, one in zip(kind._fields, value, strict=False)]
    if _is_record(value):
        held = getattr(value, "__dict__", {})
        names = [field.name for field in fields(value) if field.repr]
        return [(_Name(name), held[name]) for name in names if name in held]
    return None


class _Name(str):
    """A field's name, shown without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)
