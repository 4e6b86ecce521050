"""The inspector's question: one page of one view of a value that a path leads to.

A path is a list of steps ``["item", index]`` and ``["attr", index]`` from a variable. Code of the
user runs only in reprs, each bounded, and in what libraries of tables are asked.
"""

from typing import Any

from playground_runtime.errors import RefusedError
from playground_runtime.inspection import estimate
from playground_runtime.plaintext import plain_text, type_name
from playground_runtime.previews import Previews
from playground_runtime.session import Session
from playground_runtime.text import clean, shorten
from playground_runtime.viewing.children import (
    UNREAD,
    Child,
    attributes,
    child_at,
    item_count,
    items,
)
from playground_runtime.viewing.literals import python_text
from playground_runtime.viewing.shapes import shape_text
from playground_runtime.viewing.sources import has_source, source_of
from playground_runtime.viewing.static import base_of
from playground_runtime.viewing.tables import ABSENT, Table, table_of

#: Rows of a page, characters of a page of text, bytes of a page of bytes, steps of a path.
ROWS = 100
TEXT_CHARS = 20_000
BYTES = 4_096
STEPS = 200

LABEL_CHARS = 80
CELL_CHARS = 100


class Viewer:
    """Looks at one value for one question."""

    def __init__(self, session: Session) -> None:
        self._names = session.interpreter.namespace.names
        self._sources = session.interpreter.compiler.sources
        self._previews = Previews(session.hooks, session.interrupts)
        self._guard = session.guard()

    def locate(self, name: object, path: object) -> tuple[Any, list[dict[str, Any]]]:
        """The value at the end of a path, and the steps to it in words."""
        if type(name) is not str or name not in self._names:
            raise RefusedError("not-found", "This variable does not exist any more.")
        value = self._names[name]
        crumbs = [{"label": clean(name), "type": type_name(value), "code": True}]
        steps = path if type(path) is list and len(path) <= STEPS else []
        for step in steps:
            part, index = step if type(step) is list and len(step) == 2 else (None, None)
            child = child_at(value, part, index)
            if child is None:
                raise RefusedError("not-found", "This part of the value does not exist any more.")
            label, code = self._step_text(child)
            crumbs.append({"label": label, "type": type_name(child.value), "code": code})
            value = child.value
        return value, crumbs

    def _step_text(self, child: Child) -> tuple[str, bool]:
        """How a step is written, and whether that is Python."""
        if child.dotted:
            return f".{clean(str(child.key))}"[:LABEL_CHARS], str(child.key).isidentifier()
        if child.key is None:
            return f"element {child.index + 1}", False
        literal = python_text(child.key)
        if literal is not None and len(literal) <= LABEL_CHARS:
            return f"[{clean(literal)}]", True
        return f"[{self.label(child.key)}]", False

    def label(self, key: object) -> str:
        """A key, short."""
        return shorten(self._previews.preview(key), LABEL_CHARS)

    def views(self, value: Any, table: Table | None) -> list[str]:
        """The ways in which a value can be shown, the best first."""
        base = base_of(value)
        found: list[str] = []
        if has_source(value):
            found.append("source")
        if table is not None and base is not str:
            found.append("table")
        if base in (bytes, bytearray):
            found.append("bytes")
        if item_count(value) is not None:
            found.append("items")
        if attributes(value):
            found.append("attributes")
        if base not in (bytes, bytearray) and not has_source(value):
            found.append("text")
        if table is not None and base is str:
            found.append("table")
        return found or ["text"]

    def look(self, args: dict[str, Any]) -> dict[str, Any]:
        """The answer to the question ``view``."""
        value, crumbs = self.locate(args.get("name"), args.get("path"))
        table = table_of(value, self._guard)
        views = self.views(value, table)
        wanted = args.get("view")
        view = wanted if wanted in views else views[0]
        start, count = _whole(args.get("start")), _whole(args.get("count"))
        return {
            "crumbs": crumbs,
            "type": type_name(value),
            "sizeBytes": estimate(value),
            "shape": shape_text(value, self._guard),
            "copyable": python_text(value) is not None,
            "views": views,
            "view": view,
            "page": self._page(value, view, table, start, count),
        }

    def _page(
        self, value: Any, view: str, table: Table | None, start: int, count: int
    ) -> dict[str, Any]:
        match view:
            case "items":
                total = item_count(value) or 0
                return self._rows(items(value, start, min(count, ROWS)), start, total)
            case "attributes":
                found = attributes(value)
                return self._rows(found[start : start + min(count, ROWS)], start, len(found))
            case "table" if table is not None:
                return self._table(table, start, min(count, ROWS))
            case "bytes":
                part = bytes(memoryview(value)[start : start + min(count, BYTES)])
                return {"start": start, "total": len(memoryview(value)), "hex": part.hex()}
            case "source":
                made = source_of(value, self._sources)
                return {
                    "head": made.head,
                    "doc": made.doc,
                    "text": made.text,
                    "file": None if made.entry is not None else made.file,
                    "line": made.line,
                    "entry": made.entry,
                }
            case _:
                return self._text(value, start, min(count, TEXT_CHARS))

    def _rows(self, children: list[Child], start: int, total: int) -> dict[str, Any]:
        rows = [
            {
                "label": self._row_label(child),
                "type": "" if child.value is UNREAD else type_name(child.value),
                "preview": "" if child.value is UNREAD else self._previews.preview(child.value),
                "unread": child.value is UNREAD,
                "step": [child.part, child.index],
            }
            for child in children
        ]
        return {"start": start, "total": total, "rows": rows}

    def _row_label(self, child: Child) -> str:
        if child.key is None:
            return ""
        if child.dotted:
            return shorten(str(child.key), LABEL_CHARS)
        return self.label(child.key)

    def _table(self, table: Table, start: int, count: int) -> dict[str, Any]:
        rows = table.read(start, count)
        labels = table.labels(start, count) if table.labels else []
        numeric = [
            bool(rows) and all(type(row[at]) in (int, float) for row in rows if at < len(row))
            for at in range(len(table.columns))
        ]
        return {
            "start": start,
            "total": table.total,
            "columns": [self._cell(column) for column in table.columns],
            "numeric": numeric,
            "opens": table.opens,
            "rows": [
                {
                    "label": self._cell(labels[at]) if at < len(labels) else str(start + at),
                    "cells": [self._cell(cell) for cell in row],
                }
                for at, row in enumerate(rows)
            ],
        }

    def _cell(self, value: object) -> str:
        if value is ABSENT:
            return ""
        if type(value) is str:
            return shorten(value[: CELL_CHARS * 2], CELL_CHARS)
        return shorten(self._previews.preview(value), CELL_CHARS)

    def _text(self, value: Any, start: int, count: int) -> dict[str, Any]:
        own = base_of(value) is str
        whole = str.__str__(value) if own else self._guard.call(lambda: plain_text(value))
        if whole is None:
            whole = self._previews.preview(value)
        part = clean(whole[start : start + count])
        return {"start": start, "total": len(whole), "text": part, "own": own}


def view(session: Session, args: dict[str, Any]) -> dict[str, Any]:
    """One page of one view of a value."""
    return Viewer(session).look(args)


def copy(session: Session, args: dict[str, Any]) -> dict[str, Any]:
    """A value as Python text; null when it has none."""
    value, _ = Viewer(session).locate(args.get("name"), args.get("path"))
    return {"text": None if (text := python_text(value)) is None else clean(text)}


def _whole(value: object) -> int:
    return min(value, 2**53) if type(value) is int and value > 0 else 0
