"""Explains code at a place: the name under the pointer, and the call that the caret is in."""

import inspect
import re
from typing import Any

from playground_runtime.guarding import Guard
from playground_runtime.plaintext import type_name
from playground_runtime.previews import Previews
from playground_runtime.scanning import index_of, primary_before, scan
from playground_runtime.session import Session
from playground_runtime.subjects import Finder, Subject
from playground_runtime.text import clean, shorten, utf16_length

#: Characters of a docstring, of a title and of one parameter; parameters of a signature.
DOC_CHARS = 2_000
TITLE_CHARS = 300
PARAMETER_CHARS = 80
PARAMETERS = 40


def describe(session: Session, args: dict[str, Any]) -> dict[str, Any] | None:
    """``{from, to, title, doc, value}`` for the name at ``place`` of ``source``; or None."""
    source = str(args["source"])
    place = index_of(source, int(args["place"]))
    rest = re.sub(r"\A\w*", "", source[place:])
    end = len(source) - len(rest)
    here = scan(source, end)
    word = here.word
    if not word or word[0].isdigit() or here.comment or here.string:
        return None
    guard = session.guard()
    finder = Finder(session.interpreter.namespace.names, guard, source[: end - len(word)])
    subject = finder.find(primary_before(here, end))
    if subject is None:
        return None
    start = utf16_length(source[: end - len(word)])
    about = _explained(session, guard, word, subject)
    return {"from": start, "to": start + utf16_length(word), **about}


def signature(session: Session, args: dict[str, Any]) -> dict[str, Any] | None:
    """``{from, name, parameters, active, doc}`` of the call around ``place``; or None.

    ``active`` is the index of the parameter at the place, or -1.
    """
    source = str(args["source"])
    here = scan(source, index_of(source, int(args["place"])))
    if not here.brackets or here.source[here.brackets[-1]] != "(" or here.comment:
        return None
    opened = here.brackets[-1]
    called = primary_before(here, opened)
    if not called or re.search(r"\b(?:def|class)\s+\Z", source[: opened - len(called)]):
        return None
    guard = session.guard()
    subject = Finder(session.interpreter.namespace.names, guard, source[:opened]).find(called)
    if subject is None or not subject.exact or not callable(subject.value):
        return None
    parameters = _parameters(guard, subject)
    doc = _doc(guard, subject.value)
    if parameters is None:
        title = doc.partition("\n")[0]
        parameters, names = _parts_of(title), []
        if not parameters:
            return None
    else:
        names = [re.sub(r"\W.*", "", part.lstrip("*"), flags=re.S) for part in parameters]
    written = _split(source[opened + 1 : here.place], here.pairs, opened + 1)
    return {
        "from": utf16_length(source[:opened]),
        "name": clean(called.rpartition(".")[2])[:TITLE_CHARS],
        "parameters": parameters,
        "active": _active(parameters, names, written),
        "doc": clean(_first_paragraph(doc)),
    }


def _explained(session: Session, guard: Guard, word: str, subject: Subject) -> dict[str, Any]:
    value, title, shown = subject.value, "", ""
    if not subject.exact:
        title = f"{word}: {value.__name__}"
    elif callable(value):
        parameters = _parameters(guard, subject)
        head = "class " if isinstance(value, type) else ""
        title = f"{head}{word}" + ("" if parameters is None else f"({', '.join(parameters)})")
    elif inspect.ismodule(value):
        title = f"module {word}"
    else:
        title = f"{word}: {type_name(value)}"
        shown = Previews(session.hooks, session.interrupts).preview(value)
    documented = callable(value) or inspect.ismodule(value)
    doc = _doc(guard, value) if documented and subject.exact else ""
    return {"title": shorten(title, TITLE_CHARS), "doc": clean(doc), "value": shown}


def _doc(guard: Guard, value: Any) -> str:
    found = guard.call(lambda: inspect.getdoc(value))
    return found[:DOC_CHARS] if isinstance(found, str) else ""


def _first_paragraph(doc: str) -> str:
    return doc.strip().partition("\n\n")[0][:TITLE_CHARS]


def _parameters(guard: Guard, subject: Subject) -> list[str] | None:
    """The parameters as text; None when nothing says them."""

    def read() -> list[str]:
        found = list(inspect.signature(subject.value).parameters.values())
        found = found[1 if subject.bound else 0 :][:PARAMETERS]
        parts = [shorten(str(one), PARAMETER_CHARS) for one in found]
        kinds = [one.kind for one in found]
        if (
            inspect.Parameter.KEYWORD_ONLY in kinds
            and inspect.Parameter.VAR_POSITIONAL not in kinds
        ):
            parts.insert(kinds.index(inspect.Parameter.KEYWORD_ONLY), "*")
        return parts

    return guard.call(read)


def _parts_of(title: str) -> list[str]:
    """The parameters that the first line of a docstring tells, as those of ``range`` do."""
    found = re.match(r"[\w.]+\((.*?)\)", title)
    return [part.strip() for part in found[1].split(",") if part.strip()] if found else []


def _split(written: str, pairs: dict[int, int], offset: int) -> list[str]:
    """The arguments written so far, without what stands in brackets and strings."""
    text = list(written)
    for end, start in pairs.items():
        if start >= offset:
            text[start - offset : end - offset] = ["0"] * (end - start)
    return "".join(text).split(",")


def _active(parameters: list[str], names: list[str], written: list[str]) -> int:
    given = re.match(r"\s*(\w+)\s*=(?!=)", written[-1])
    if given:
        return names.index(given[1]) if given[1] in names else -1
    position = 0
    for index, part in enumerate(parameters):
        if part in ("*", "/"):
            continue
        if part.startswith("**") or (index and parameters[index - 1] == "*"):
            return -1
        if part.startswith("*") or position == len(written) - 1:
            return index
        position += 1
    return -1
