"""What roots are bound to."""

from typing import NamedTuple

KINDS = ("name", "result", "state", "builtin")


class Key(NamedTuple):
    """``name``, ``result``, ``state`` or ``builtin``, and its name."""

    kind: str
    name: str

    @property
    def unit(self) -> str:
        """What the unit of such a root is called."""
        return self.name if self.kind == "name" else f"{self.kind} {self.name}"
