"""What cannot be saved, and what stands in its place after a restore."""

from typing import TYPE_CHECKING, Any, NoReturn

from playground_runtime.state.forms.base import Columns, Form, register

if TYPE_CHECKING:
    from playground_runtime.state.scope import Scope
    from playground_runtime.state.walk import Walk


class NotSavedError(Exception):
    """Raised when something is used that could not be saved."""

    __module__ = "builtins"


class Placeholder:
    """Stands where an object was that could not be saved, and says so when it is used."""

    __slots__ = ("__weakref__", "_kind", "_reason")

    def __init__(self, kind: str, reason: str) -> None:
        object.__setattr__(self, "_kind", kind)
        object.__setattr__(self, "_reason", reason)

    def __repr__(self) -> str:
        kind, reason = stated(self)
        return f"<not saved: {kind} ({reason})>"

    def __getattribute__(self, name: str) -> Any:
        if name in ("__class__", "__doc__", "__module__", "__dict__"):
            return object.__getattribute__(self, name)
        return _refuse(self)

    def __setattr__(self, name: str, value: object) -> None:
        _refuse(self)


def stated(value: Placeholder) -> tuple[str, str]:
    """What kind of object there was, and why it was not saved."""
    read = object.__getattribute__
    return read(value, "_kind"), read(value, "_reason")


def _refuse(value: Placeholder, *_: object, **__: object) -> NoReturn:
    kind, reason = stated(value)
    raise NotSavedError(f"this object ({kind}) could not be saved, so it is not here: {reason}")


for _name in [
    "call",
    "getitem",
    "setitem",
    "delitem",
    "iter",
    "next",
    "len",
    "contains",
    "enter",
    "exit",
    "aiter",
    "anext",
    "aenter",
    "aexit",
    "await",
    "add",
    "radd",
    "sub",
    "rsub",
    "mul",
    "rmul",
    "truediv",
    "rtruediv",
    "floordiv",
    "rfloordiv",
    "mod",
    "rmod",
    "pow",
    "rpow",
    "matmul",
    "neg",
    "pos",
    "abs",
    "invert",
    "and",
    "rand",
    "or",
    "ror",
    "xor",
    "rxor",
    "lshift",
    "rshift",
    "lt",
    "le",
    "gt",
    "ge",
    "int",
    "float",
    "index",
    "complex",
    "bool",
    "bytes",
    "format",
    "str",
]:
    setattr(Placeholder, f"__{_name}__", _refuse)


class LostForm(Form):
    """A placeholder: the name of a type and a reason."""

    name = "lost"
    head = 2

    def take(self, walk: "Walk", values: list[Any]) -> Columns:
        told = [
            walk.give_up(
                value, stated(value)[1] if type(value) is Placeholder else walk.forms.why(value)
            )
            for value in values
        ]
        return [[kind for kind, _ in told], [reason for _, reason in told]]

    def make(self, count: int, columns: Columns, scope: "Scope") -> list[Any]:
        return [Placeholder(str(kind), str(reason)) for kind, reason in zip(*columns, strict=True)]


LOST = register(LostForm())
