"""Which units the code that ran can have reached: by the names in it, and what those lead to."""

import re
from typing import Any

from playground_runtime.state.keys import Key
from playground_runtime.state.unit import Unit

#: The names that executed code used; None when it may have reached anything.
type Touched = frozenset[str] | None

#: Names by which code comes at what it does not name.
_ANYTHING = frozenset(
    [
        "exec",
        "eval",
        "compile",
        "globals",
        "vars",
        "locals",
        "__import__",
        "__main__",
        "__dict__",
        "__globals__",
        "__closure__",
        "modules",
        "_getframe",
        "currentframe",
        "gc",
        "inspect",
        "importlib",
        "ctypes",
        "run_path",
        "runpy",
        "get_objects",
        "get_referrers",
        "all_tasks",
        "create_task",
        "ensure_future",
        "run_until_complete",
    ]
)
_RESULT = re.compile(r"_(\d*)|Out")


def reached(
    touched: Touched, roots: dict[Key, Any], units: dict[str, Unit], homes: dict[int, Unit]
) -> set[str] | None:
    """The names of the units that may have changed; None for all."""
    if touched is None or touched & _ANYTHING:
        return None
    by_name = {key.name: value for key, value in roots.items() if key.kind == "name"}
    always = [value for key, value in roots.items() if key.kind in ("state", "builtin")]
    if any(_RESULT.fullmatch(name) for name in touched):
        always += [value for key, value in roots.items() if key.kind == "result"]
    found: set[str] = set()
    seen: set[str] = set()
    names = list(touched)
    waiting = [homes[id(value)].name for value in always if id(value) in homes]
    while names or waiting:
        while names:
            name = names.pop()
            if name in seen or name not in by_name:
                continue
            seen.add(name)
            home = homes.get(id(by_name[name]))
            if home is not None:
                waiting.append(home.name)
            if name in units:
                waiting.append(name)
        if not waiting:
            continue
        unit = units.get(name := waiting.pop())
        if unit is None or name in found:
            continue
        found.add(name)
        if unit.lost or unit.names & _ANYTHING:
            return None
        names += unit.names
        waiting += unit.imports
    return found
