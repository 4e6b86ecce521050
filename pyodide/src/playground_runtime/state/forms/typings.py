"""Type variables and aliases, by value and with one identity."""

import contextlib
import sys
import typing
from typing import Any

from playground_runtime.state.codec.stream import DamagedError
from playground_runtime.state.forms.base import exactly
from playground_runtime.state.forms.parts import parts

_DEFAULTS = sys.version_info >= (3, 13)
_NO_DEFAULT = getattr(typing, "NoDefault", None)


def _default(value: Any) -> tuple[Any, ...]:
    if not _DEFAULTS or value.__default__ is _NO_DEFAULT:
        return ()
    return (value.__default__,)


def _variable_row(value: typing.TypeVar) -> tuple[Any, ...]:
    flags = (value.__covariant__, value.__contravariant__, value.__infer_variance__)
    return (
        value.__name__,
        value.__constraints__,
        value.__bound__,
        flags,
        _default(value),
        _module(value),
    )


def _variable(
    name: str, constraints: Any, bound: Any, flags: Any, default: Any, module: Any
) -> Any:
    covariant, contravariant, inferred = flags
    named: dict[str, Any] = {"covariant": covariant, "contravariant": contravariant}
    if inferred:
        named["infer_variance"] = True
    if default:
        named["default"] = default[0]
    make: Any = typing.TypeVar
    return _placed(make(name, *constraints, bound=bound, **named), module)


def _module(value: Any) -> Any:
    return getattr(value, "__module__", None)


def _placed(made: Any, module: Any) -> Any:
    with contextlib.suppress(AttributeError):
        made.__module__ = module
    return made


def _simple_row(value: Any) -> tuple[Any, ...]:
    return value.__name__, _default(value), _module(value)


def _simple(kind: Any) -> Any:
    def build(name: str, default: Any, module: Any) -> Any:
        return _placed(kind(name, **({"default": default[0]} if default else {})), module)

    return build


def _new_type(name: str, kind: Any, path: str, module: str) -> Any:
    make: Any = typing.NewType
    made = make(name, kind)
    made.__qualname__ = path
    made.__module__ = module
    return made


def _alias_row(value: typing.TypeAliasType) -> tuple[Any, ...]:
    return value.__name__, value.__type_params__, value.__value__


def _alias(name: str, params: Any) -> typing.TypeAliasType:
    """An alias whose value is asked for later, as it may refer to the alias."""
    # The names come from a snapshot that anybody may have made, and stand in code that is run here.
    for one in exactly(params, tuple):
        exactly(one, typing.TypeVar, typing.TypeVarTuple, typing.ParamSpec)
    names = (name, *(one.__name__ for one in params))
    if not all(type(one) is str and one.isidentifier() for one in names):
        raise DamagedError("an alias has a name that is none")
    declared = ", ".join(_declared(one) for one in params)
    head = f"type {name}[{declared}]" if declared else f"type {name}"
    box: dict[str, Any] = {"held": []}
    exec(f"{head} = held[0]", box)  # noqa: S102  # Names alone, checked above.
    made: typing.TypeAliasType = box[name]
    _held[id(made)] = made, box["held"]
    return made


def _declared(param: Any) -> str:
    stars = {typing.TypeVarTuple: "*", typing.ParamSpec: "**"}.get(type(param), "")
    return f"{stars}{param.__name__}"


_held: dict[int, tuple[Any, list[Any]]] = {}


def _fill_alias(made: Any, value: Any) -> None:
    _held.pop(id(made))[1].append(value)


FORMS: dict[type, Any] = {
    typing.TypeVar: parts("type variable", 6, _variable_row, _variable),
    typing.ParamSpec: parts("parameters variable", 3, _simple_row, _simple(typing.ParamSpec)),
    typing.TypeVarTuple: parts("types variable", 3, _simple_row, _simple(typing.TypeVarTuple)),
    typing.NewType: parts(
        "new type",
        4,
        lambda value: (value.__name__, value.__supertype__, value.__qualname__, value.__module__),
        _new_type,
    ),
    typing.TypeAliasType: parts("type alias", 3, _alias_row, _alias, head=2, complete=_fill_alias),
}
