"""A case of the battery: a small session, a save, and what goes on after the restore.

A case holds no expected output. What it must print is what one interpreter prints that was never
saved or restored; ``verdict.py`` compares.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from textwrap import dedent


@dataclass(frozen=True)
class Case:
    """A session in entries; ``steps`` come before the restore, ``after`` behind it.

    Attributes:
        at: go back to what was saved after this step (from 1), instead of to the last save.
        save: after which steps a snapshot is taken: ``each`` of them, or only at the ``end``.
        raises: entries may end in an error; otherwise that is a mistake in the case.
        unsaved: names that must be listed as not saved, each with a pattern of the reason. All
            else must be kept, and ``after`` looks at that.
        remarks: names that must be saved with a remark, each with a pattern of it.
        since: the oldest Python that the case is written for.
        browser: the case needs what only the browser's Python has.
    """

    name: str
    steps: list[str]
    after: list[str]
    group: str = ""
    at: int = 0
    save: str = "each"
    raises: bool = False
    unsaved: dict[str, str] = field(default_factory=dict)
    since: tuple[int, int] = (3, 12)
    browser: bool = False
    remarks: dict[str, str] = field(default_factory=dict)


#: Stands between the entries where the session is saved and restored.
RESTORE = "---"


def case(
    name: str,
    *sources: str,
    at: int = 0,
    save: str = "each",
    raises: bool = False,
    unsaved: dict[str, str] | None = None,
    since: tuple[int, int] = (3, 12),
    browser: bool = False,
    remarks: dict[str, str] | None = None,
) -> Case:
    """A case from its entries, among them ``---``."""
    entries = [dedent(source).strip("\n") for source in sources]
    cut = entries.index(RESTORE)
    named = dict(unsaved or {})
    steps, after = entries[:cut], entries[cut + 1 :]
    return Case(name, steps, after, "", at, save, raises, named, since, browser, remarks or {})


def group(name: str, *cases: Case) -> list[Case]:
    """The cases as those of a group, whose name stands before theirs."""
    return [replace(one, name=f"{name}.{one.name}", group=name) for one in cases]


def fitting(
    cases: Iterable[Case], version: tuple[int, int], *, browser: bool = False
) -> list[Case]:
    """The cases for a Python of this version, natively or in the browser."""
    return [one for one in cases if one.since <= version and (browser or not one.browser)]


def unique(cases: Iterable[Case]) -> list[Case]:
    """The cases, once it is sure that no two have one name.

    Raises:
        ValueError: two have.
    """
    found: dict[str, Case] = {}
    for one in cases:
        if one.name in found:
            raise ValueError(f"two cases are called {one.name}")
        found[one.name] = one
    return list(found.values())
