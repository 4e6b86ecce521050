"""The user's globals: the plain dict of a module that is ``sys.modules['__main__']``.

Pickle, ``typing`` and dataclasses look a class's module up there. Nothing of the runtime is kept
in it: results (``_``, ``_N``, ``Out``) and ``display`` are builtins, like ``_`` in Python's prompt.
"""

import builtins
import re
import sys
from types import ModuleType
from typing import Any

#: Names that every module has; the runtime owns them.
RESERVED = frozenset(
    {
        "__name__",
        "__doc__",
        "__package__",
        "__loader__",
        "__spec__",
        "__builtins__",
        "__warningregistry__",
        "__conditional_annotations__",
        "__annotate__",
        "__annotate_func__",
    }
)
_HIDDEN = re.compile(r"_\d*|__.*__")


def is_hidden(name: str) -> bool:
    """Whether a name is left out of the variable table: ``_``, ``_5``, ``__name__``."""
    return _HIDDEN.fullmatch(name) is not None


class Namespace:
    """The session's present ``__main__``; ``renew`` replaces it by an empty one."""

    def __init__(self) -> None:
        self.module = ModuleType("__main__")
        self.renew()

    @property
    def names(self) -> dict[str, Any]:
        """The dict in which entries run."""
        return self.module.__dict__

    def renew(self) -> None:
        """Begin with an empty module. What still holds the old one can no longer reach ours."""
        self.module = ModuleType("__main__")
        self.module.__dict__["__builtins__"] = builtins
        sys.modules["__main__"] = self.module

    def user_names(self) -> list[str]:
        """The names that are saved: all text names but the reserved, in order of creation."""
        return [name for name in list(self.names) if type(name) is str and name not in RESERVED]

    def odd_names(self) -> list[object]:
        """Keys put there by code that are not text."""
        return [name for name in list(self.names) if type(name) is not str]

    def shown_names(self) -> list[str]:
        """The names of the variable table."""
        return [name for name in self.user_names() if not is_hidden(name)]

    def remove(self, name: str) -> None:
        """Delete one variable if there is one of that name; reserved names stay."""
        if name not in RESERVED:
            self.names.pop(name, None)
