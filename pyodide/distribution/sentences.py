"""Collects the sentences that the runtime makes for people into the pages' catalogue.

They stand in the runtime's code, where what they tell is known; a page receives and keeps them in
English. `frontend/src/i18n/sentences/english.json` has each with its holes, ``%{name}``, so that a
page can recognize one and show it in the language of whoever looks (`translate.ts` beside it).
"""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
RUNTIME = ROOT / "pyodide/src/playground_runtime"
TARGET = ROOT / "frontend/src/i18n/sentences/english.json"

#: Modules whose texts are for people. Whoever makes another one names it here.
SOURCES = (
    *sorted(RUNTIME.glob("hints/*.py")),
    RUNTIME / "problems.py",
    RUNTIME / "state/reasons.py",
    *sorted(RUNTIME.glob("state/forms/*.py")),
)

#: Words that fill holes and are made of others, or stand alone.
PARTS = (
    *("dictionary", "dict", "list", "tuple", "set", "range", "text", "generator", "this"),
    *("A list", "A dictionary", "A tuple", "A set", "A whole number", "A number", "values"),
    *(
        "line before",
        "character",
        "characters",
        "element",
        "elements",
        "line",
        "type",
        "object",
        "over",
    ),
)

#: Marks of a pattern for Python's own messages.
_PATTERN = re.compile(r"^\^|\(\?|\\[dwsWS(]|\|\\b")
#: Two words or more, or one and what is filled in.
_WORDS = re.compile(r"[A-Za-z]{2,}[,:.]? |[ -][A-Za-z]{2,}")
#: In the modules of the forms of values, which have names for other things too, what a reason is.
_REASON = re.compile(r"(an?|the|it|this|%\{what\}) ")
_GROUP = re.compile(r"\\(\d)")


def generate() -> str:
    """The catalogue: the sentences of each module, in the order of its code."""
    found = {
        path.relative_to(RUNTIME).with_suffix("").as_posix(): list(dict.fromkeys(_sentences(path)))
        for path in SOURCES
    }
    found["parts"] = [*PARTS]
    kept = {module: sentences for module, sentences in found.items() if sentences}
    return json.dumps(kept, ensure_ascii=False, indent=2) + "\n"


def _sentences(path: Path) -> Iterator[str]:
    for node in _texts(ast.parse(path.read_text())):
        text = _template(node)
        if path.parent.name == "forms" and not _REASON.match(text):
            continue
        if _WORDS.search(re.sub(r"%\{\w+\}", "x", text)) and not _PATTERN.search(text):
            yield _GROUP.sub(r"%{part\1}", text)


def _texts(node: ast.AST) -> Iterator[ast.Constant | ast.JoinedStr]:
    """Texts that may be said: no docstrings, no patterns, nothing that is only compared."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
            continue
        if isinstance(child, ast.Compare) or _is_tool(child):
            continue
        if isinstance(child, ast.JoinedStr):
            yield child
            for part in child.values:
                if isinstance(part, ast.FormattedValue):
                    yield from _texts(part)
        elif isinstance(child, ast.Constant):
            if isinstance(child.value, str):
                yield child
        else:
            yield from _texts(child)


def _is_tool(node: ast.AST) -> bool:
    """A call of ``re``, or of a text's own method such as ``"a b".split()``."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    owner = node.func.value
    if isinstance(owner, ast.Name) and owner.id == "re":
        return True
    return isinstance(owner, ast.Constant) or node.func.attr in ("startswith", "endswith")


def _template(node: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    holes: dict[str, str] = {}
    text = ""
    for part in node.values:
        if isinstance(part, ast.Constant):
            text += str(part.value)
        elif isinstance(part, ast.FormattedValue):
            source = ast.unparse(part.value)
            text += "%{" + holes.setdefault(source, _hole(part.value, holes)) + "}"
    return text


def _hole(value: ast.expr, taken: dict[str, str]) -> str:
    """A name for a hole: the variable's, else the function's, with a number if it is taken."""
    if isinstance(value, ast.Call):
        value = value.func
    name = value.attr if isinstance(value, ast.Attribute) else "part"
    if isinstance(value, ast.Name):
        name = value.id.strip("_")
    used = taken.values()
    return (
        name
        if name not in used
        else next(f"{name}{number}" for number in range(2, 99) if f"{name}{number}" not in used)
    )


if __name__ == "__main__":
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(generate())
