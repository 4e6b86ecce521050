"""Generates TypeScript from a module of wire types: ``frontend/src/protocol.gen.ts`` from
``sessions_app/protocol/``.

``python -m sessions_app.typescript`` writes the file; ``--check`` only says whether it is fresh and
ends with status 1 when it is not. Needs no Django. Structs become interfaces, tags become literal
``type`` fields, unions keep their names, and the module's numeric limits become constants, so the
browser is checked by its compiler against what the server decodes.
"""

from __future__ import annotations

import sys
import types
import typing
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct, inspect

from sessions_app import protocol

TARGET = Path(__file__).resolve().parent.parent / "frontend/src/protocol.gen.ts"
HEADER = "// Generated from sessions_app/protocol/ by `make protocol`. Do not edit.\n"

Names = Mapping[str, object]


def generate(module: types.ModuleType = protocol, header: str = HEADER) -> str:
    """The whole TypeScript module as text."""
    parts = [header]
    names: Names = vars(module)
    for name, value in names.items():
        if name.isupper() and isinstance(value, int | str) and not name.startswith("_"):
            text = f"'{value}'" if isinstance(value, str) else value
            parts.append(f"export const {name} = {text};\n")
    for name, value in names.items():
        if name.startswith("_") or name in _BASES:
            continue
        if isinstance(value, type) and issubclass(value, Struct):
            parts.append(_interface(value, names))
        elif isinstance(value, types.UnionType):
            members = " | ".join(member.__name__ for member in typing.get_args(value))
            parts.append(f"export type {name} = {members};\n")
        elif typing.get_origin(value) is typing.Literal:
            parts.append(f"export type {name} = {_literals(typing.get_args(value))};\n")
    return "\n".join(parts)


_BASES = {"Value", "Operation", "Message", "Struct"}


def _named_literals(names: Names) -> dict[frozenset[object], str]:
    return {
        frozenset(typing.get_args(value)): name
        for name, value in names.items()
        if typing.get_origin(value) is typing.Literal
    }


def _interface(struct: type[Struct], names: Names) -> str:
    info = inspect.type_info(struct)
    if not isinstance(info, inspect.StructType):
        raise TypeError(f"{struct.__name__} is not a struct")
    lines = [_comment(struct), f"export interface {struct.__name__} {{"]
    if info.tag_field is not None:
        lines.append(f"  {info.tag_field}: '{info.tag}';")
    for field in info.fields:
        # Every field is there in TypeScript: the server always sends all of them, and a replica
        # that spelled a default in two ways would differ from the other replicas.
        lines.append(f"  {field.encode_name}: {_type(field.type, names)};")
    lines.append("}\n")
    return "\n".join(line for line in lines if line)


def _comment(struct: type[Struct]) -> str:
    text = (struct.__doc__ or "").strip().split("\n\n")[0]
    return f"/** {' '.join(text.split())} */"


def _literals(values: typing.Iterable[object]) -> str:
    return " | ".join(f"'{value}'" if isinstance(value, str) else str(value) for value in values)


def _type(kind: inspect.Type, names: Names) -> str:
    match kind:
        case inspect.Metadata(type=inner):
            return _type(inner, names)
        case inspect.StrType():
            return "string"
        case inspect.IntType() | inspect.FloatType():
            return "number"
        case inspect.BoolType():
            return "boolean"
        case inspect.NoneType():
            return "null"
        case inspect.LiteralType(values=values):
            return _named_literals(names).get(frozenset(values)) or _literals(values)
        case inspect.StructType(cls=cls):
            return cls.__name__
        case inspect.DictType(value_type=value):
            # `Record` would name the protocol's own struct here.
            return f"{{ [key: string]: {_type(value, names)} }}"
        case inspect.ListType(item_type=item) | inspect.VarTupleType(item_type=item):
            text = _type(item, names)
            return f"readonly ({text})[]" if " " in text else f"readonly {text}[]"
        case inspect.UnionType(types=members):
            return _union(members, names)
        case _:
            raise TypeError(f"no TypeScript for {kind!r}")


def _union(members: typing.Iterable[inspect.Type], names: Names) -> str:
    members = list(members)
    structs = {member.cls for member in members if isinstance(member, inspect.StructType)}
    for name, value in names.items():
        if isinstance(value, types.UnionType) and set(typing.get_args(value)) == structs:
            rest = [
                _type(member, names)
                for member in members
                if not isinstance(member, inspect.StructType)
            ]
            return " | ".join([name, *rest])
    return " | ".join(_type(member, names) for member in members)


def main(target: Path = TARGET, text: str | None = None) -> int:
    """Write the file, or with ``--check`` compare it."""
    text = text or generate()
    if "--check" not in sys.argv:
        target.write_text(text)
        return 0
    if target.read_text() == text:
        return 0
    sys.stderr.write(f"{target.name} is stale: run `make protocol`\n")
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
