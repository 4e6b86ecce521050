"""Completes code at a place: names, attributes, keys, files, keyword arguments, modules.

Nothing of the user runs but what asks for it (``_ipython_key_completions_``), and that under a
deadline. The page filters by what is typed on; so all that fits the place is given at once.
"""

import builtins
import inspect
import keyword
import re
import types
from collections.abc import Iterable
from typing import Any

from playground_runtime.modules import module_names, names_in_module
from playground_runtime.scanning import Scan, index_of, primary_before, scan
from playground_runtime.session import Session
from playground_runtime.subjects import Finder, Subject, attributes
from playground_runtime.text import clean, utf16_length

#: Items of one answer, characters of a label.
ITEMS = 2_000
LABEL_CHARS = 200

type Item = dict[str, Any]

_FROM = re.compile(r"\s*from\s+([\w.]+)\s+import\s+\(?[\w\s,]*\Z")
_IMPORT = re.compile(r"\s*(?:from\s+[\w.]*|import\s+(?:[\w.\s]+,\s*)*[\w.]*)\Z")
_NAMING = re.compile(r"\b(?:def|class|as)\s+\w*\Z")
_OPENING = re.compile(r"open|read|load|path|image", re.IGNORECASE)
_WORDS = re.compile(r"(?<![\w.])[^\W\d]\w{2,}")


def complete(session: Session, args: dict[str, Any]) -> dict[str, Any] | None:
    """``{from, items}`` for the ``place`` in ``source``; None when nothing fits there."""
    source = str(args["source"])
    place = index_of(source, int(args["place"]))
    found = Completer(session, source, place, explicit=bool(args.get("explicit"))).answer()
    if found is None or not found[1]:
        return None
    start, items = found
    return {"from": utf16_length(source[:start]), "items": items[:ITEMS]}


class Completer:
    """One question about one place."""

    def __init__(self, session: Session, source: str, place: int, *, explicit: bool) -> None:
        self._session = session
        self._scan: Scan = scan(source, place)
        self._explicit = explicit
        self._guard = session.guard()
        self._names = session.interpreter.namespace.names
        self._finder = Finder(self._names, self._guard, source[:place])

    def answer(self) -> tuple[int, list[Item]] | None:
        """Where the completed text begins, and what may stand there."""
        here, line = self._scan, self._scan.line()
        if here.comment:
            return None
        if here.string is not None:
            return self._in_string()
        start = here.place - len(here.word)
        if (imported := _FROM.match(line)) is not None:
            return start, [_item(name, "variable") for name in names_in_module(imported[1])]
        if _IMPORT.match(line):
            dotted = re.search(r"[\w.]*\Z", line)
            prefix = dotted.group().rpartition(".")[0] if dotted else ""
            return start, [_item(name, "module") for name in module_names(prefix)]
        if _NAMING.search(line) or here.word[:1].isdigit():
            return None
        if here.source[max(0, start - 1) : start] == ".":
            return self._attributes(start)
        keys = self._keys(start, quote="")
        if not here.word and not self._explicit:
            return (start, keys) if keys else None
        return start, [*keys, *self._arguments(start), *self._all_names(start)]

    def _attributes(self, start: int) -> tuple[int, list[Item]] | None:
        owner = primary_before(self._scan, start - 1)
        if owner[:1].isdigit():
            return None
        subject = self._finder.find(owner)
        return None if subject is None else (start, _members(subject, self._scan.word))

    def _in_string(self) -> tuple[int, list[Item]] | None:
        here, opened = self._scan, self._scan.string
        assert opened is not None
        keys = self._keys(opened.start, quote=opened.quote)
        if keys:
            return opened.content, keys
        before = here.source[max(0, opened.start - 60) : opened.start]
        written = here.source[opened.content : here.place]
        called = re.search(r"([\w.]+)\s*\([^()]*\Z", before)
        wanted = called is not None and _OPENING.search(called[1]) is not None
        if not (wanted or self._explicit or "/" in written) or "\n" in written:
            return None
        paths = [row["path"] for row in self._session.home.rows()]
        return opened.content, [_item(path, "file") for path in paths]

    def _keys(self, start: int, quote: str) -> list[Item]:
        """The keys of what is indexed by a bracket right before ``start``."""
        here = self._scan
        at = len(here.source[:start].rstrip())
        if not here.brackets or here.brackets[-1] != at - 1 or here.source[at - 1] != "[":
            return []
        subject = self._finder.find(primary_before(here, at - 1))
        if subject is None or not subject.exact:
            return []
        closed = here.source[here.place :].lstrip(quote)[:1] == "]"
        items = []
        for key in self._keys_of(subject.value):
            if quote and type(key) is str:
                escaped = key.replace("\\", "\\\\").replace(quote[0], "\\" + quote[0])
                if "\n" in key:
                    continue
                after = "" if here.source.startswith(quote, here.place) else quote
                item = _item(key, "key")
                item["apply"] = clean(escaped) + after + ("" if closed else "]")
                items.append(item)
            elif not quote and type(key) in (str, int, float, bool):
                items.append(_item(repr(key), "key", apply=repr(key) + ("" if closed else "]")))
        return items

    def _keys_of(self, value: Any) -> Iterable[Any]:
        if isinstance(value, dict):
            return list(dict.keys(value))[:ITEMS]
        try:
            method = inspect.getattr_static(value, "_ipython_key_completions_")
        except AttributeError:
            return []
        keys = self._guard.call(lambda: list(method(value))[:ITEMS])
        return keys or []

    def _arguments(self, start: int) -> list[Item]:
        """The keyword arguments of the call that the place is in."""
        here = self._scan
        if not here.brackets or here.source[here.brackets[-1]] != "(":
            return []
        if here.source[:start].rstrip()[-1:] not in ("(", ","):
            return []
        called = self._finder.find(primary_before(here, here.brackets[-1]))
        if called is None or not callable(called.value):
            return []
        signature = self._guard.call(lambda: inspect.signature(called.value))
        if signature is None:
            return []
        named = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
        parameters = list(signature.parameters.values())[1 if called.bound else 0 :]
        return [
            _item(f"{one.name}=", "argument", boost=20) for one in parameters if one.kind in named
        ]

    def _all_names(self, start: int) -> list[Item]:
        items: dict[str, Item] = {}
        for name in self._session.interpreter.namespace.user_names():
            items[name] = _value_item(name, self._names.get(name), boost=10)
        for name in _words(self._scan.source, start):
            items.setdefault(name, _item(name, "text", boost=5))
        for name, value in vars(builtins).items():
            items.setdefault(name, _value_item(name, value, boost=0))
        for name in (*keyword.kwlist, *keyword.softkwlist):
            items[name] = _item(name, "keyword", boost=1)
        private = self._scan.word.startswith("_")
        return [item for name, item in items.items() if private or not name.startswith("_")]


def _words(source: str, start: int) -> set[str]:
    """The words of the code but the one that is being written."""
    return {word.group() for word in _WORDS.finditer(source) if word.start() != start}


def _members(subject: Subject, typed: str) -> list[Item]:
    found = attributes(subject)
    if not typed.startswith("_"):
        found = {name: value for name, value in found.items() if not name.startswith("_")}
    elif not typed.startswith("__"):
        found = {name: value for name, value in found.items() if not name.startswith("__")}
    return [_value_item(name, found[name], boost=0) for name in sorted(found)]


def _value_item(name: str, value: object, boost: int) -> Item:
    if isinstance(value, property | types.GetSetDescriptorType | types.MemberDescriptorType):
        return _item(name, "property", boost=boost)
    if isinstance(value, types.ModuleType):
        return _item(name, "module", boost=boost)
    if isinstance(value, type):
        return _item(name, "class", boost=boost)
    routines = (staticmethod, classmethod)
    if inspect.isroutine(value) or isinstance(value, routines):
        return _item(name, "function", boost=boost)
    return _item(
        name, "variable", detail=type.__dict__["__name__"].__get__(type(value)), boost=boost
    )


def _item(label: str, kind: str, **more: Any) -> Item:
    item: Item = {"label": clean(label)[:LABEL_CHARS], "kind": kind}
    item.update({key: value for key, value in more.items() if value})
    return item
