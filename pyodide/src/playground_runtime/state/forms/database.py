"""Connections to databases of SQLite: a file, or a database in memory by its bytes.

What was registered on a connection, and what only the connection has, cannot be asked back from C.
It is not kept; a remark says so.
"""

import functools
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from playground_runtime.state import reasons
from playground_runtime.state.forms.base import UnsavableError, exactly
from playground_runtime.state.forms.parts import parts
from playground_runtime.state.naming import is_module

if TYPE_CHECKING:
    from playground_runtime.state.scope import Scope

#: What ``register_converter`` was called with by sqlite3 itself.
_CONVERTERS = ("DATE", "TIMESTAMP")
_FUNCTIONS = "pragma function_list"
_COLLATIONS = "pragma collation_list"
#: Switches of a connection that change what its statements do.
_PRAGMAS = ("foreign_keys", "recursive_triggers")
_TEMPORARY = "select 1 from sqlite_temp_schema limit 1"


def _row(scope: "Scope", value: Any) -> tuple[Any, ...]:
    """The file, or the bytes of a database in memory; and how rows are given."""
    with _quiet(value) as ask:
        path = _path(ask("pragma database_list"))
        # A database in memory with nothing in it has no bytes.
        data = b"" if path or not ask("pragma page_count")[0][0] else value.serialize()
        pragmas = {name: ask(f"pragma {name}")[0][0] for name in _PRAGMAS}
        options = value.isolation_level, _detected(ask), getattr(value, "autocommit", None), pragmas
    begun = value.in_transaction and not path
    return scope.inside(path), data, begun, options, value.row_factory, value.text_factory


def _detected(ask: Any) -> int:
    """The ``detect_types`` of a connection, by trying whether a converter of ours is asked.

    What needs a table to be tried is not found while there is none.
    """
    import sqlite3

    known, mark = dict(sqlite3.converters), object()
    sqlite3.converters["TEXT"] = lambda _: mark
    try:
        found = sqlite3.PARSE_COLNAMES * (ask("""select 'x' as "x [TEXT]" """)[0][0] is mark)
        rows = ask("select name from sqlite_schema limit 1")
        return found | sqlite3.PARSE_DECLTYPES * any(row[0] is mark for row in rows)
    finally:
        sqlite3.converters.clear()
        sqlite3.converters.update(known)


def _path(files: list[Any]) -> str:
    return next((str(row[2]) for row in files if row[1] == "main"), "")


@contextmanager
def _quiet(value: Any) -> Iterator[Any]:
    """What asks the database, while functions of the session that watch it are taken off.

    Raises:
        UnsavableError: it is closed, or a progress handler watches it, which could not be put back.
    """
    try:
        value.total_changes  # noqa: B018  # It raises when the connection is closed.
        watching = _watching(value)
        trace = guard = None
        if watching:
            value.set_trace_callback(None)
            trace, watching = _gone(watching, _watching(value))
        if watching:
            value.set_authorizer(None)
            guard, watching = _gone(watching, _watching(value))
    except Exception as error:
        raise UnsavableError(f"a closed database ({error})") from error
    try:
        if watching:
            raise UnsavableError("a database with a progress handler")
        yield functools.partial(_ask, value)
    finally:
        if trace is not None:
            value.set_trace_callback(trace)
        if guard is not None:
            value.set_authorizer(guard)


def _ask(value: Any, question: str) -> list[Any]:
    ask = value.cursor()
    ask.row_factory = None
    try:
        rows: list[Any] = ask.execute(question).fetchall()
        return rows
    finally:
        ask.close()


def _watching(value: Any) -> list[Any]:
    """Trace callback, progress handler and authorizer: C has its own module behind each."""
    held = gc.get_referents(value)
    return [one for one, following in pairwise(held) if is_module(following)]


def _gone(before: list[Any], after: list[Any]) -> tuple[Any, list[Any]]:
    """The one that was taken off, and those that are left. They keep their order."""
    if len(before) == len(after):
        return None, after
    for one, other in zip(before, [*after, None], strict=True):
        if one is not other:
            return one, after
    return before[-1], after


def _remark(value: Any) -> str:
    """What the connection has that a restored one has not."""
    watching = _watching(value)
    with _quiet(value) as ask:
        files = ask("pragma database_list")
        made = set(_named(ask)) - _builtin()
        temporary = bool(ask(_TEMPORARY))
        detecting = _detected(ask)
    others = [str(row[1]) for row in files if row[1] not in ("main", "temp")]
    found = sorted(made)
    if watching:
        found.append(reasons.WATCHED)
    if detecting:
        found += _converters()
    if others:
        found.append(f"the attached database {', '.join(others)}")
    if temporary:
        found.append(reasons.TEMPORARY)
    if value.in_transaction and _path(files):
        found.append(reasons.UNCOMMITTED)
    return reasons.gone(found)


def _named(ask: Any) -> list[str]:
    functions = [f"the function {row[0]}" for row in ask(_FUNCTIONS) if not row[1]]
    return functions + [f"the collation {row[1]}" for row in ask(_COLLATIONS)]


def _converters() -> list[str]:
    import sqlite3

    return [f"the converter {name}" for name in sqlite3.converters if name not in _CONVERTERS]


@functools.cache
def _builtin() -> set[str]:
    """The functions and collations that every connection has."""
    import sqlite3

    fresh = sqlite3.connect(":memory:")
    try:
        return set(_named(functools.partial(_ask, fresh)))
    finally:
        fresh.close()


def _connection(
    scope: "Scope", path: str, data: bytes, begun: bool, options: Any, rows: Any, texts: Any
) -> Any:
    import sqlite3

    where = scope.within(path) if exactly(path, str) else ":memory:"
    if type(options) is not tuple:
        # So it was before there were others.
        options = options, 0, None, {}
    level, detect, autocommit, pragmas = options
    more = {} if autocommit is None else {"autocommit": exactly(autocommit, bool, int)}
    exactly(level, str, type(None))
    made = sqlite3.connect(where, detect_types=detect, isolation_level=level, **more)
    for name in exactly(pragmas, dict).keys() & set(_PRAGMAS):
        made.execute(f"pragma {name} = {exactly(pragmas[name], int)}")
    if data:
        source = sqlite3.connect(":memory:")
        source.deserialize(data)
        source.backup(made)
        source.close()
    if begun and not made.in_transaction:
        made.execute("begin")
    made.row_factory = rows
    made.text_factory = texts
    return made


def _record_row(value: Any) -> tuple[Any, ...]:
    return value.keys(), tuple(value)


def _record(names: list[str], values: tuple[Any, ...]) -> Any:
    import sqlite3

    called = [exactly(name, str).replace('"', '""') for name in exactly(names, list)]
    source = sqlite3.connect(":memory:")
    try:
        columns = ", ".join(f'null as "{name}"' for name in called)
        return sqlite3.Row(source.execute(f"select {columns}"), exactly(values, tuple))
    finally:
        source.close()


ROW = parts("sqlite row", 2, _record_row, _record, deep=True, fresh=True)
CONNECTION = parts(
    "sqlite", 6, _row, _connection, deep=True, scoped=True, fresh=True, remark=_remark
)
