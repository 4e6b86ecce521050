"""Who may do what with a class: a pure function of a person's part in it and the name of a deed."""

from __future__ import annotations

from typing import Literal, get_args

Part = Literal["lead", "helper", "pupil"]
Deed = Literal["see", "open_work", "let_in", "roster", "cards", "settings", "teachers", "archive"]

#: All deeds. ``see`` is the class page with its roster, ``open_work`` a pupil's session (to look
#: and to take a copy), ``let_in`` the tap that opens a name for a browser that asks.
DEEDS: tuple[Deed, ...] = get_args(Deed)

_ALLOWED: dict[str, frozenset[Deed]] = {
    "lead": frozenset(DEEDS),
    "helper": frozenset({"see", "open_work", "let_in"}),
    "pupil": frozenset(),
}


def may(part: str | None, deed: Deed) -> bool:
    """Whether a person with that part in a class (None: no part) may do it."""
    return part is not None and deed in _ALLOWED.get(part, frozenset())
