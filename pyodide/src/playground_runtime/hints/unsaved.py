"""A hint about what is not here because it could not be saved: how to make it again."""

import ast
import linecache
from collections.abc import Iterator
from types import TracebackType

from playground_runtime.hints.scene import Scene, is_users
from playground_runtime.state.forms.lost import Placeholder

_CONTAINERS = (dict, list, tuple, set, frozenset)


def missing(scene: Scene) -> str | None:
    """Words for a NotSavedError: the command that shows which entries make the variable again."""
    name = _variable(scene)
    if name is None:
        return (
            "Values like this cannot be kept. `:remake` shows the entries that make them again; "
            "nothing runs before you say so."
        )
    return (
        f"What `{name}` held cannot be kept. `:remake {name}` shows the entries that make it again; "
        "nothing runs before you say so."
    )


def _variable(scene: Scene) -> str | None:
    """The variable of the session by which the code came to the placeholder, if that is clear."""
    for place in reversed(_places(scene.error.__traceback__)):
        names = place.tb_frame.f_globals
        used = [name for name in dict.fromkeys(_names(place)) if name in names]
        for name in used:
            if type(names[name]) is Placeholder:
                return name
        holding = [name for name in used if _holds(names[name])]
        if holding:
            return holding[0] if len(holding) == 1 else None
    return None


def _places(trace: TracebackType | None) -> list[TracebackType]:
    """Where the user's code came by, the last place last."""
    found = []
    while trace is not None:
        if is_users(trace.tb_frame.f_code.co_filename):
            found.append(trace)
        trace = trace.tb_next
    return found[-20:]


def _names(place: TracebackType) -> Iterator[str]:
    try:
        tree = ast.parse("".join(linecache.getlines(place.tb_frame.f_code.co_filename)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.lineno == place.tb_lineno:
            yield node.id


def _holds(value: object) -> bool:
    """Whether a value may have the placeholder in it: it is a container, or has attributes."""
    kind = type(value)
    return kind in _CONTAINERS or (kind.__module__ == "__main__" and not isinstance(value, type))
