"""Pickles many items with one memo, leaves out those that fail, and says why.

A pickle that fails halfway spoils the shared memo, so after the first failure each item is tried
alone to find the others, and the rest is pickled anew. Items that failed last time are tried first.
"""

import sys
import warnings
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from playground_runtime import pristine
from playground_runtime.hooks import Hooks
from playground_runtime.interrupts import Interrupts
from playground_runtime.state import reasons
from playground_runtime.state.buffer import CountingBuffer, TooLargeError
from playground_runtime.state.pickler import SessionPickler
from playground_runtime.state.survey import Survey, TooDeepError
from playground_runtime.state.units import Item, pack

#: Milliseconds for methods of the user's classes that pickle calls, until one is given up.
PATIENCE_MS = 10_000


@dataclass
class Dumped:
    """A unit's bytes, the items in it, why others are not, and the entries whose code it holds."""

    data: bytes = b""
    items: list[Item] = field(default_factory=list)
    failed: dict[Item, str] = field(default_factory=dict)
    code_files: set[str] = field(default_factory=set)


class Dumper:
    """Turns items into units, for one session."""

    def __init__(self, hooks: Hooks, interrupts: Interrupts) -> None:
        self._hooks = hooks
        self._interrupts = interrupts
        self._suspects: set[Item] = set()

    def dump(
        self, values: dict[Item, object], names: dict[str, Any], each: int, whole: int
    ) -> Dumped:
        """Pickle ``values``; one may take ``each`` bytes, all together ``whole``.

        ``names`` is the session's namespace, on which functions will be rebuilt.
        """
        shown = warnings.showwarning
        warnings.showwarning = _ignore
        main = sys.modules["__main__"]
        # Pickle must not find the session's names there: a name alone would be lost on loading.
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            self._hooks.deadline(PATIENCE_MS)
            return self._dump(_Job(values, names, each, whole))
        finally:
            self._hooks.deadline(0)
            sys.modules["__main__"] = main
            warnings.showwarning = shown

    def _dump(self, job: "_Job") -> Dumped:
        failed: dict[Item, str] = {}
        for item in self._suspects.intersection(job.values):
            self._note(failed, item, self._alone(job, item))
        for item, value in job.values.items():
            size = len(value) if isinstance(value, (bytes, bytearray, str)) else 0
            if size > job.each:
                failed[item] = reasons.too_large(size, job.each)
        searched = False
        while True:
            left = [item for item in job.values if item not in failed]
            done = self._together(job, left, failed)
            if done is not None:
                done.failed = failed
                self._suspects = set(failed)
                return done
            if not searched:
                searched = True
                for item in left:
                    if item not in failed:
                        self._note(failed, item, self._alone(job, item))

    @staticmethod
    def _note(failed: dict[Item, str], item: Item, reason: str | None) -> None:
        if reason is not None:
            failed[item] = reason

    def _together(self, job: "_Job", left: list[Item], failed: dict[Item, str]) -> Dumped | None:
        """One pass over ``left``; None when an item failed, which is then in ``failed``."""
        survey = job.survey()
        fit = [item for item in left if not self._unfit(job, survey, item, failed)]
        buffer = CountingBuffer(job.each)
        found = survey.classes.values()
        pickler = SessionPickler(buffer, job.names, found)
        items = self._skeletons(pickler, survey, buffer)
        if items is None:
            buffer = CountingBuffer(job.each)
            pickler, items = SessionPickler(buffer, job.names, found), []
        for item in fit:
            reason = self._one(pickler, buffer, job, item)
            if reason is None and buffer.total > job.whole:
                reason = reasons.no_room(job.whole)
            if reason is not None:
                failed[item] = reason
                return None
            items.append(item)
        return Dumped(pack(items, buffer.value()), items, {}, pickler.code_files)

    def _skeletons(
        self, pickler: SessionPickler, survey: Survey, buffer: CountingBuffer
    ) -> list[Item] | None:
        if not survey.classes:
            return []
        try:
            pickler.dump(pickler.skeletons(list(survey.classes.values())))
        except Exception:
            return None
        return [Item("class", "")]

    def _unfit(self, job: "_Job", survey: Survey, item: Item, failed: dict[Item, str]) -> bool:
        try:
            found = survey.visit(job.values[item])
        except TooDeepError:
            failed[item] = reasons.TOO_DEEP
        else:
            if found is None:
                return False
            failed[item] = f"holds {found}, which cannot be saved"
        return True

    def _alone(self, job: "_Job", item: Item) -> str | None:
        """Why an item cannot be pickled by itself; its size is not judged here."""
        found: dict[Item, str] = {}
        survey = job.survey()
        if self._unfit(job, survey, item, found):
            return found[item]
        buffer = CountingBuffer(max(job.whole, 1))
        pickler = SessionPickler(buffer, job.names, survey.classes.values())
        return self._one(pickler, buffer, job, item)

    def _one(
        self, pickler: SessionPickler, buffer: CountingBuffer, job: "_Job", item: Item
    ) -> str | None:
        value = job.values[item]
        buffer.begin()
        try:
            with self._interrupts.deliver():
                pickler.dump(value)
        except TooLargeError as error:
            return reasons.too_large(error.size, job.each, at_least=True)
        except KeyboardInterrupt:
            self._hooks.deadline(PATIENCE_MS)
            return "saving it took too long"
        except BaseException as error:
            return reasons.not_saved(value, pickler.culprit, error)
        if buffer.item > buffer.limit:
            return reasons.too_large(buffer.item, job.each)
        return None


@dataclass(frozen=True)
class _Job:
    values: dict[Item, object]
    names: dict[str, Any]
    each: int
    whole: int

    def survey(self) -> Survey:
        """A survey that knows the objects which would silently become copies."""
        return Survey(
            {
                id(self.names): "the namespace itself (globals())",
                id(sys.modules): "sys.modules",
                id(sys.path): "sys.path itself",
                id(pristine.live()): "the built-in names",
            }
        )


def _ignore(*_: object, **__: object) -> None:
    """Show nothing: saving must not print."""
