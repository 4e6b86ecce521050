"""Finds the entries that make variables again: the last one that made each, and what that needs.

What is here needs no run. Entries that changed a variable after it was made are needed as well.
"""

import builtins
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from playground_runtime.remaking.effects import Call, effects
from playground_runtime.remaking.reading import Definition, Reading, read

#: Results of earlier entries, and names that every module has.
_KEPT = re.compile(r"_\d*|Out|__\w+__")


class Entry(NamedTuple):
    """An entry as it ran. ``failed`` is the line of the error that ended it, None if it ended well.

    The source is empty when the entry was deleted.
    """

    number: int
    source: str
    failed: int | None = None
    deleted: bool = False


class Remade(NamedTuple):
    """An entry that is to run again, and what there is to know of it before."""

    number: int
    #: The names for which it is run.
    makes: list[str]
    #: Names that are here and saved, and become something else.
    changes: list[str]
    #: Names that it reads, which a later entry has changed since.
    stale: list[tuple[str, int]]
    warnings: list[str]


class Unknown(NamedTuple):
    """A variable that no entry makes; ``deleted`` is the entry that is gone, if that is known."""

    name: str
    deleted: bool


class Found(NamedTuple):
    """The entries to run, in order, and the variables for which there are none."""

    entries: list[Remade]
    unknown: list[Unknown]


def find(
    entries: Sequence[Entry],
    wanted: Sequence[str],
    here: Collection[str],
    hints: Mapping[str, int] | None = None,
) -> Found:
    """Find what makes the ``wanted`` names again.

    ``entries`` are those that led to the present state, in order; ``here`` the names that can be
    used as they are; ``hints`` the numbers of the entries after which a variable was new, which
    help where the code does not tell.
    """
    return _Finder(entries, frozenset(here) - frozenset(wanted), hints or {}).run(wanted)


class _Finder:
    def __init__(
        self, entries: Sequence[Entry], here: frozenset[str], hints: Mapping[str, int]
    ) -> None:
        self._entries = entries
        self._here = here
        self._hints = hints
        self._readings: dict[int, Reading | None] = {}
        self._chosen: dict[int, set[str]] = {}
        self._asked: set[tuple[str, int]] = set()
        self._unknown: dict[str, Unknown] = {}
        self._defined: dict[str, Definition | None] = {}

    def run(self, wanted: Sequence[str]) -> Found:
        for name in wanted:
            self._require(name, len(self._entries))
        remade = [self._described(index) for index in sorted(self._chosen)]
        return Found(remade, list(self._unknown.values()))

    def _reading(self, index: int) -> Reading | None:
        if index not in self._readings:
            entry = self._entries[index]
            self._readings[index] = read(entry.source, entry.failed) if entry.source else None
        return self._readings[index]

    def _require(self, name: str, before: int) -> None:
        """Choose the entries by which ``name`` came to be before the entry at ``before``."""
        waiting = [(name, before, True)]
        while waiting:
            name, before, told = waiting.pop()
            if (name, before) in self._asked:
                continue
            self._asked.add((name, before))
            found = self._makers(name, before)
            if not found and told:
                self._unknown.setdefault(name, Unknown(name, self._is_deleted(name)))
            for index in found:
                if index not in self._chosen:
                    self._chosen[index] = set()
                    # What only functions read they may never come to.
                    direct = self._direct(index)
                    waiting += [(one, index, one in direct) for one in self._absent(index)]
                self._chosen[index].add(name)

    def _direct(self, index: int) -> set[str]:
        reading = self._reading(index)
        return reading.reads if reading else set()

    def _absent(self, index: int) -> list[str]:
        """The names that an entry needs and that are not here."""
        needed = self._needed(index) - self._here - vars(builtins).keys()
        return sorted(name for name in needed if not _KEPT.fullmatch(name))

    def _makers(self, name: str, before: int) -> list[int]:
        """The entries before that made a name or changed it since, the last ones first."""
        found: list[int] = []
        words = re.compile("|".join(map(_word, [name, *self._setters.get(name, ())])))
        hint = self._hints.get(name)
        for index in reversed(range(before)):
            entry = self._entries[index]
            if entry.number != hint and not words.search(entry.source):
                continue
            reading = self._reading(index)
            if reading is None:
                continue
            if name in reading.makes:
                return [*found, index]
            dynamic = reading.dynamic and entry.number == hint
            if name in reading.changes or name in self._sets(reading) or dynamic:
                found.append(index)
        return found

    def _is_deleted(self, name: str) -> bool:
        hint = self._hints.get(name)
        gone = {entry.number for entry in self._entries if entry.deleted}
        return bool(gone) if hint is None else hint in gone

    @cached_property
    def _setters(self) -> dict[str, set[str]]:
        """By global name the functions that set it, also through other functions."""
        if not any("global" in entry.source for entry in self._entries):
            return {}
        functions: dict[str, Definition] = {}
        for index, entry in enumerate(self._entries):
            reading = self._reading(index) if "def " in entry.source else None
            functions.update(reading.definitions if reading else {})
        setters: dict[str, set[str]] = {}
        for function in functions:
            for one in self._definitions([function]).values():
                for name in one.writes:
                    setters.setdefault(name, set()).add(function)
        return setters

    def _definition(self, name: str) -> Definition | None:
        """What a function or class is that an entry made, as the latest one left it."""
        if name not in self._defined:
            self._defined[name] = None
            pattern = re.compile(rf"\b(?:def|class)\s+{re.escape(name)}\b")
            for index in reversed(range(len(self._entries))):
                if pattern.search(self._entries[index].source):
                    reading = self._reading(index)
                    if reading is not None and name in reading.definitions:
                        self._defined[name] = reading.definitions[name]
                        break
        return self._defined[name]

    def _definitions(
        self, names: Iterable[str], *, instances: bool = False
    ) -> dict[str, Definition]:
        """The functions and classes that code with these names leads to, also through others.

        With ``instances`` the variables among the names lead to their classes.
        """
        found: dict[str, Definition] = {}
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name in found:
                continue
            definition = self._definition(name)
            if definition is not None:
                found[name] = definition
                waiting += definition.reads
            elif instances:
                waiting += self._classes(name) - found.keys()
        return found

    def _classes(self, name: str) -> set[str]:
        """The classes that the entry used which made a variable: perhaps it is their instance."""
        for index in self._makers(name, len(self._entries)):
            reading = self._reading(index)
            if reading is not None and name in reading.makes:
                known = ((one, self._definition(one)) for one in reading.uses)
                return {one for one, definition in known if definition and definition.is_class}
        return set()

    def _sets(self, reading: Reading) -> set[str]:
        """The globals that the functions set which an entry uses."""
        if not self._setters:
            return set()
        found = self._definitions(reading.uses)
        return {name for one in found.values() for name in one.writes}

    def _needed(self, index: int) -> set[str]:
        """The names that an entry needs from before, its functions' names included."""
        reading = self._reading(index)
        if reading is None:
            return set()
        through = self._definitions(reading.uses, instances=True)
        inner = {name for one in through.values() for name in one.reads}
        return reading.reads | (inner - reading.makes)

    def _described(self, index: int) -> Remade:
        reading = self._reading(index) or Reading()
        entry = self._entries[index]
        written = reading.makes | reading.changes | self._sets(reading)
        changed = sorted(
            name
            for name in (written & self._here) - reading.imports.keys() - self._modules.keys()
            if not self._is_same(name, index)
        )
        made = sorted(self._chosen[index])
        return Remade(
            entry.number, made, changed, self._stale(index), self._warnings(reading, entry)
        )

    def _is_same(self, name: str, index: int) -> bool:
        """Whether it is a function that is defined nowhere later, so that it becomes what it is."""
        reading = self._reading(index)
        if reading is None or name not in reading.definitions:
            return False
        return self._definition(name) is reading.definitions[name] and not (
            reading.definitions[name].is_class or self._later(name, index)
        )

    def _later(self, name: str, index: int) -> int | None:
        """The number of the last entry after that which makes or changes a name, if not chosen."""
        word = re.compile(_word(name))
        for later in reversed(range(index + 1, len(self._entries))):
            if later in self._chosen or not word.search(self._entries[later].source):
                continue
            reading = self._reading(later)
            if reading is not None and name in reading.makes | reading.changes:
                return self._entries[later].number
        return None

    def _stale(self, index: int) -> list[tuple[str, int]]:
        names = (self._needed(index) & self._here) - self._modules.keys()
        found = ((name, self._later(name, index)) for name in sorted(names))
        return [(name, number) for name, number in found if number is not None]

    @cached_property
    def _modules(self) -> dict[str, str]:
        """What the imported names stand for."""
        modules: dict[str, str] = {}
        for index, entry in enumerate(self._entries):
            reading = self._reading(index) if "import" in entry.source else None
            modules.update(reading.imports if reading else {})
        return modules

    def _warnings(self, reading: Reading, entry: Entry) -> list[str]:
        calls: list[Call] = list(reading.calls)
        for one in self._definitions(reading.uses, instances=True).values():
            calls += one.calls
        found: list[str] = sorted(effects(calls, self._modules))
        return found + (["failed"] if entry.failed is not None else [])


def _word(name: str) -> str:
    return rf"\b{re.escape(name)}\b"
