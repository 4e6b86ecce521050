"""Says which variables are not saved, or not wholly, and what in them is the reason."""

from typing import Any, NamedTuple

from playground_runtime.state import paths, reasons
from playground_runtime.state.forms.lost import Placeholder
from playground_runtime.state.keys import Key
from playground_runtime.state.unit import Unit
from playground_runtime.state.walk import Walk


class Told(NamedTuple):
    """Why a variable is not saved, or (``partly``) what in it is not.

    It is ``missing`` when what was not saved is not here either: a placeholder stands for it.
    """

    reason: str
    partly: bool = False
    missing: bool = False


def tell(
    roots: dict[Key, Any], units: dict[str, Unit], root: Unit, walks: dict[str, Walk]
) -> dict[Key, Told]:
    """The reasons by variable. Units that were walked have them looked for, others keep them."""
    lost: dict[int, tuple[Any, str]] = {}
    for walk in walks.values():
        walk.unit.lost = {id(value): reason for value, reason in walk.lost}
        lost.update((id(value), (value, reason)) for value, reason in walk.lost)
    told: dict[Key, Told] = {}
    for key, value in roots.items():
        if id(value) in lost:
            told[key] = _of_itself(value, lost[id(value)][1])
    for unit in [unit for unit in units.values() if unit.lost]:
        for key, value in roots.items():
            if id(value) in unit.lost:
                told[key] = _of_itself(value, unit.lost[id(value)])
    by_root = {id(value): key for key, value in reversed(roots.items())}
    for name, walk in walks.items():
        held = [value for value, _ in walk.lost]
        held += [lost[key][0] for key in walk.keys if key in lost]
        if name:
            walk.unit.told = _told(walk.unit, held, lost, roots, by_root) if held else None
    for unit in units.values():
        if unit.told is not None and unit.told[0] in roots:
            told.setdefault(*unit.told)
    order = {key: place for place, key in enumerate(roots)}
    return dict(sorted(told.items(), key=lambda item: order.get(item[0], 0)))


def remarks(
    roots: dict[Key, Any], units: dict[str, Unit], walks: dict[str, Walk]
) -> dict[Key, str]:
    """What is not kept of saved variables, by variable. Units that were not walked keep theirs."""
    by_root = {id(value): key for key, value in reversed(roots.items())}
    for name, walk in walks.items():
        if name and walk.remarks:
            walk.unit.remarks = {id(value): words for value, words in walk.remarks}
            owner = _owner(walk.unit, units, by_root)
            if owner is not None:
                value, words = walk.remarks[0]
                path = paths.path_to(owner.name, roots[owner], value)
                more = len(walk.unit.remarks) - 1
                walk.unit.remarked = owner, reasons.remark(path, words, more)
    found: dict[Key, str] = {}
    for unit in units.values():
        if unit.remarks:
            for key, value in roots.items():
                if id(value) in unit.remarks:
                    found[key] = unit.remarks[id(value)]
    for unit in units.values():
        if unit.remarked is not None and unit.remarked[0] in roots:
            found.setdefault(*unit.remarked)
    return found


def _owner(unit: Unit, units: dict[str, Unit], by_root: dict[int, Key]) -> Key | None:
    """The variable whose unit it is, or else one whose unit leads to it."""
    seen = {unit.name: unit}
    for one in (waiting := [unit]):
        if one.root_key in by_root:
            return by_root[one.root_key]
        for other in units.values():
            if one.name in other.imports and other.name not in seen:
                seen[other.name] = other
                waiting.append(other)
    return None


def _told(
    unit: Unit,
    held: list[Any],
    lost: dict[int, tuple[Any, str]],
    roots: dict[Key, Any],
    by_root: dict[int, Key],
) -> tuple[Key, Told] | None:
    owner = by_root.get(unit.root_key)
    if owner is None:
        return None
    value, reason = lost[id(held[0])]
    if roots[owner] is value:
        return owner, _of_itself(value, reason)
    path = paths.path_to(owner.name, roots[owner], value)
    missing = any(type(one) is Placeholder for one in held)
    return owner, Told(reasons.held(path, reason, len(held) - 1), partly=True, missing=missing)


def _of_itself(value: Any, reason: str) -> Told:
    whole = reason.startswith(("too large", "no room", "it could not be read"))
    words = reason if whole else f"{reason} cannot be saved"
    return Told(words, missing=type(value) is Placeholder)
