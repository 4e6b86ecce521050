"""Captures a session's values and files into blobs, and restores them.

A capture is of one instant: it runs to its end without letting any other code of the session run,
but for the ``__reduce__`` methods of what it saves.
"""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playground_runtime.errors import RefusedError
from playground_runtime.files import Home
from playground_runtime.hooks import Hooks
from playground_runtime.inspection import display_name
from playground_runtime.interpreter import Interpreter
from playground_runtime.interrupts import Interrupts
from playground_runtime.state import reasons
from playground_runtime.state.blobs import Blobs
from playground_runtime.state.dump import Dumper
from playground_runtime.state.folder import FolderCapture
from playground_runtime.state.load import forget_classes, load
from playground_runtime.state.record import Record
from playground_runtime.state.units import Item

#: Names that a unit lists; it may hold more.
NAMES = 10_000

#: Results (``_N``) that are saved, the latest ones.
RESULTS = 500


class Engine:
    """The saving side of one session."""

    def __init__(
        self, interpreter: Interpreter, home: Home, hooks: Hooks, interrupts: Interrupts
    ) -> None:
        self._interpreter = interpreter
        self._home = home
        self._hooks = hooks
        self._interrupts = interrupts
        self._blobs = Blobs()
        self._folder = FolderCapture(home, self._blobs)
        self._values = Dumper(hooks, interrupts)
        self._states = Dumper(hooks, interrupts)
        self.record = Record(interpreter, home.root)

    def capture(self, each: int, file: int, whole: int) -> tuple[dict[str, Any], dict[int, bytes]]:
        """A snapshot's header and the blobs that the page does not have yet, by number.

        A variable may take ``each`` bytes, a file ``file``, everything together ``whole``.
        """
        new: dict[int, bytes] = {}
        with _without_collection():
            names = self._interpreter.namespace.names
            values = self._values.dump(self._items(), names, each, whole)
            states = self._states.dump(self.record.read(values.code_files), names, each, whole)
        units: list[dict[str, Any]] = []
        for dumped in (values, states):
            if dumped.items:
                saved = [display_name(item.name) for item in dumped.items if item.kind == "name"]
                number = self._blobs.number(dumped.data, new)
                units.append({"names": saved[:NAMES], "blob": number, "size": len(dumped.data)})
        room = whole - sum(unit["size"] for unit in units)
        folder = self._folder.capture(file, room, new)
        header = {
            "units": units,
            "files": folder.files,
            "directories": folder.directories,
            "unsaved": reasons.bounded(self._unsaved(values.failed) + folder.unsaved),
        }
        return header, new

    def restore(self, request: dict[str, Any], blobs: dict[int, bytes]) -> dict[str, Any]:
        """Replace namespace and home folder by a snapshot's; report names that failed."""
        self._interpreter.forget()
        forget_classes()
        self.record.reset()
        failed = self._restore_files(request, blobs)
        for number, data in blobs.items():
            self._blobs.learn(number, data)
        restored: list[str] = []
        results: dict[int, object] = {}
        for unit in request.get("units", ()):
            problems = self._restore_unit(blobs.get(unit["blob"]), restored, results)
            if isinstance(problems, str):
                failed += [reasons.row(name, problems) for name in unit.get("names", ())]
            else:
                failed += self._unsaved(problems)
        self._interpreter.set_results(results)
        return {"restored": restored, "failed": reasons.bounded(failed)}

    def _items(self) -> dict[Item, object]:
        namespace = self._interpreter.namespace
        values = {Item("name", name): namespace.names[name] for name in namespace.user_names()}
        results = self._interpreter.results
        for number in sorted(n for n in list(results) if type(n) is int)[-RESULTS:]:
            values[Item("result", str(number))] = results[number]
        return values

    def _unsaved(self, failed: dict[Item, str]) -> list[dict[str, Any]]:
        """Rows for variables. A lost ``_N`` raises NameError when it is used; it needs no row."""
        rows = [
            reasons.row(display_name(item.name), reason)
            for item, reason in failed.items()
            if item.kind in ("name", "builtin")
        ]
        odd = self._interpreter.namespace.odd_names()
        return rows + [reasons.row(display_name(name), reasons.NOT_TEXT) for name in odd]

    def _restore_unit(
        self, data: bytes | None, restored: list[str], results: dict[int, object]
    ) -> dict[Item, str] | str:
        """Load one unit; a text is the reason why nothing of it could be."""
        names = self._interpreter.namespace.names

        def take(item: Item, value: Any) -> None:
            match item.kind:
                case "name":
                    names[item.name] = value
                    restored.append(display_name(item.name))
                case "result":
                    results[int(item.name)] = value
                case "state":
                    self.record.set(item.name, value)
                case "builtin":
                    self.record.set_builtin(item.name, value)

        if data is None:
            return "its bytes are missing"
        try:
            return load(data, names, self._hooks, self._interrupts, take)
        except Exception as error:
            return reasons.not_restored(error)

    def _restore_files(
        self, request: dict[str, Any], blobs: dict[int, bytes]
    ) -> list[dict[str, Any]]:
        failed: list[dict[str, Any]] = []
        self._home.empty()
        self._folder.forget()
        for path in request.get("directories", ()):
            try:
                self._home.make_folder(path)
            except RefusedError as refusal:
                failed.append(reasons.row(display_name(path), refusal.message))
        for row in request.get("files", ()):
            try:
                self._home.write(row["path"], blobs[row["blob"]])
                seconds = row["modifiedAt"] / 1000
                os.utime(self._home.root / row["path"], (seconds, seconds))
            except RefusedError as refusal:
                failed.append(reasons.row(display_name(row["path"]), refusal.message))
            except (KeyError, OSError, OverflowError):
                failed.append(reasons.row(display_name(row["path"]), "its bytes are missing"))
        return failed


@contextmanager
def _without_collection() -> Iterator[None]:
    """Keep the garbage collector, and so finalizers of the user, from running meanwhile."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
