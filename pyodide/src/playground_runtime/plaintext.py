"""An object's text for people: its repr, guarded against reprs that raise and against size.

A repr is given exactly while it is reasonably small. A container of very many elements is shown by
its beginning, so that displaying ten million numbers costs as little as displaying a few thousand.
"""

from itertools import chain, islice
from typing import Any

from playground_runtime import limits
from playground_runtime.text import clean, cut
from playground_runtime.viewing.static import exact

_EXACT = (list, tuple, set, frozenset, dict)
_BRACKETS: dict[type, tuple[str, str]] = {
    list: ("[", "]"),
    tuple: ("(", ")"),
    set: ("{", "}"),
    frozenset: ("frozenset({", "})"),
    dict: ("{", "}"),
}

#: Containers within containers beyond this are not handed to the interpreter's own recursion,
#: which in a browser ends Python itself instead of raising RecursionError.
MAX_NESTING = 200


def plain_text(value: object) -> str:
    """The repr of a value, bounded; never raises but for KeyboardInterrupt and SystemExit."""
    small = _measure(value)
    text = safe_repr(value) if small else _beginning(value)
    return cut(clean(text), limits.PLAIN_CHARS)


def safe_repr(value: object) -> str:
    """The repr of a value, or words that say how it failed."""
    try:
        return repr(value)
    except Exception as error:
        return failed_repr(value, error)


def failed_repr(value: object, error: Exception, method: str = "__repr__") -> str:
    """Words for a value whose repr raised."""
    problem = describe(error)
    return f"<{type_name(value)} object: its {method} raised {problem}>"


def describe(error: BaseException) -> str:
    """Name and message of an exception, also of one whose ``__str__`` raises."""
    name = clean(type(error).__name__)
    try:
        message = clean(str(error))
    except Exception:
        return f"{name} (its text cannot be shown)"
    return f"{name}: {message[:500]}" if message else name


def type_name(value: object) -> str:
    """The name of a value's true type, whatever it pretends to be."""
    return clean(type.__dict__["__name__"].__get__(type(value)))[: limits.NAME_CHARS]


def _measure(value: object) -> bool:
    """Whether a value's containers are few and shallow enough for an exact repr."""
    if exact(value) not in _EXACT:
        return True
    budget = limits.PLAIN_ELEMENTS
    level: list[Any] = [value]
    for _ in range(MAX_NESTING):
        inner: list[Any] = []
        for container in level:
            budget -= len(container)
            if budget < 0:
                return False
            inner.extend(child for child in _elements(container) if exact(child) in _EXACT)
        if not inner:
            return True
        level = inner
    return False


def _elements(container: Any) -> Any:
    if type(container) is dict:
        return chain(container.keys(), container.values())
    return container


def _beginning(value: Any, nesting: int = 0) -> str:
    """The first elements of a container, each shown in full when it is small itself."""
    kind = exact(value)
    if kind not in _EXACT or (nesting and _measure(value)):
        return safe_repr(value)
    if nesting > 20:
        return f"{_BRACKETS[kind][0]}…{_BRACKETS[kind][1]}"
    opening, closing = _BRACKETS[kind]
    shown = limits.PLAIN_ELEMENTS // 4 if nesting == 0 else 100
    parts: list[str] = []
    length = 0
    for element in islice(value.items() if kind is dict else value, shown):
        if kind is dict:
            key, inner = element
            part = f"{_beginning(key, nesting + 1)}: {_beginning(inner, nesting + 1)}"
        else:
            part = _beginning(element, nesting + 1)
        parts.append(part)
        length += len(part)
        if length > limits.PLAIN_CHARS:
            break
    left = len(value) - len(parts)
    if left:
        parts.append(f"… {left:,} more")
    return f"{opening}{', '.join(parts)}{closing}"
