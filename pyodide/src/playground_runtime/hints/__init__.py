"""Plain words about an exception, for people who see it for the first time.

A hint says what went wrong in this code, with its own names, and what helps. It is given only when
the cause is clear from the exception and the code that failed: a wrong hint is worse than none.
The words come from a table by type of exception; each entry of it looks at one kind of mistake.
"""

import json
from collections.abc import Callable

from playground_runtime import limits
from playground_runtime.hints import calls, data, names, operands, syntax, trouble, unsaved
from playground_runtime.hints.scene import Scene
from playground_runtime.state.forms.lost import NotSavedError
from playground_runtime.text import clean

type Rule = Callable[[Scene], str | None]

_RULES: list[tuple[type[BaseException], tuple[Rule, ...]]] = [
    (SyntaxError, (syntax.hint,)),
    (NotSavedError, (unsaved.missing,)),
    (NameError, (names.unbound, names.undefined)),
    (ImportError, (names.not_imported,)),
    (AttributeError, (names.of_nothing, names.attribute)),
    (TypeError, (calls.hint, operands.hint, data.json_types)),
    (IndexError, (data.index,)),
    (KeyError, (data.key,)),
    (UnicodeError, (trouble.encoding,)),
    (json.JSONDecodeError, (data.json_text,)),
    (ValueError, (data.numbers, data.values)),
    (ZeroDivisionError, (data.zero,)),
    (RecursionError, (trouble.recursion,)),
    (RuntimeError, (trouble.running,)),
    (OSError, (trouble.files,)),
    (MemoryError, (trouble.memory,)),
]


def hint(error: BaseException) -> str | None:
    """A hint about an exception, or None when its cause is not clear."""
    try:
        return _hint(error)
    except Exception:
        return None


def _hint(error: BaseException) -> str | None:
    kind = type(error)
    if kind.__module__ not in ("builtins", "json.decoder", "io", "urllib.error"):
        return None
    scene = Scene(error)
    if scene.raised:
        return None
    for wanted, rules in _RULES:
        if issubclass(kind, wanted):
            for rule in rules:
                words = rule(scene)
                if words:
                    return clean(words)[: limits.HINT_CHARS]
    return None
