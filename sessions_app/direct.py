"""Reading and writing single rows without building a query, for the path of every operation.

Django's query builder takes several times as long as the database for statements this simple, and
an operation needs five of them. The columns and their conversions are still those of the models;
signals are not sent, and defaults of the database are not used. Call within a transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Field, Model

AnyField = Field[Any, Any]


def select[M: Model](
    model: type[M], *, defer: tuple[str, ...] = (), lock: bool = False, **where: Any
) -> list[M]:
    """The rows whose fields (by their ``attname``) have these values, locked with ``lock``."""
    statement = _select(model, defer, tuple(where), lock and _locks())
    values = [
        _field(model, name).get_db_prep_value(value, connection) for name, value in where.items()
    ]
    fields = _read(model, defer)
    names = [field.attname for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found = [list(row) for row in cursor.fetchall()]
    for place, column in _converted(model, defer):
        for convert in _conversions(column):
            for row in found:
                row[place] = convert(row[place], column, connection)
    return [model.from_db(connection.alias, names, row) for row in found]


def insert(rows: Sequence[Model]) -> None:
    """Insert rows of one model whose key the database gives; they do not learn it."""
    if not rows:
        return
    fields = _inserted(type(rows[0]))
    values = [
        [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(_insert(type(rows[0])), values)


def update(row: Model, names: Iterable[str]) -> None:
    """Write some fields of a row that exists."""
    model = type(row)
    fields = [_field(model, name) for name in names]
    key = model._meta.pk
    assigned = ", ".join(f"{_column(field)} = %s" for field in fields)
    statement = f"UPDATE {_table(model)} SET {assigned} WHERE {_column(key)} = %s"  # noqa: S608  # own names
    values = [
        field.get_db_prep_save(getattr(row, field.attname), connection) for field in [*fields, key]
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@cache
def _select(model: type[Model], defer: tuple[str, ...], where: tuple[str, ...], lock: bool) -> str:
    columns = ", ".join(map(_column, _read(model, defer)))
    equal = " AND ".join(f"{_column(_field(model, name))} = %s" for name in where)
    statement = f"SELECT {columns} FROM {_table(model)} WHERE {equal}"  # noqa: S608  # own names
    return f"{statement} FOR UPDATE" if lock else statement


@cache
def _read(model: type[Model], defer: tuple[str, ...]) -> list[AnyField]:
    return [field for field in model._meta.concrete_fields if field.attname not in defer]


@cache
def _converted(model: type[Model], defer: tuple[str, ...]) -> list[tuple[int, Any]]:
    """The columns whose values are not yet those of the fields, each with its place."""
    columns = [field.get_col(model._meta.db_table) for field in _read(model, defer)]
    return [(place, column) for place, column in enumerate(columns) if _conversions(column)]


def _conversions(column: Any) -> list[Callable[..., Any]]:
    # Not cached: they belong to the connection of this thread.
    return [
        *connection.ops.get_db_converters(column),
        *column.get_db_converters(connection),
    ]


@cache
def _insert(model: type[Model]) -> str:
    columns = ", ".join(map(_column, _inserted(model)))
    places = ", ".join("%s" for _ in _inserted(model))
    return f"INSERT INTO {_table(model)} ({columns}) VALUES ({places})"  # noqa: S608  # own names


@cache
def _inserted(model: type[Model]) -> list[AnyField]:
    return [field for field in model._meta.concrete_fields if not field.primary_key]


@cache
def _field(model: type[Model], name: str) -> AnyField:
    field = model._meta.get_field(name)
    assert isinstance(field, Field)
    return field


def _locks() -> bool:
    return connection.features.has_select_for_update


def _table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _column(field: AnyField) -> str:
    return connection.ops.quote_name(str(field.column))
