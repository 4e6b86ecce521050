"""Captures a session's values and files into blobs, and restores them.

A capture is of one instant: no code of the session runs between its first and last byte. What the
blobs hold is described in docs/snapshots.md.
"""

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playground_runtime.errors import RefusedError
from playground_runtime.files import Home
from playground_runtime.hooks import Hooks
from playground_runtime.inspection import display_name
from playground_runtime.interpreter import Interpreter
from playground_runtime.interrupts import Interrupts
from playground_runtime.state import packs, reasons
from playground_runtime.state.blobs import Blobs
from playground_runtime.state.capture import Captured
from playground_runtime.state.changes import Look
from playground_runtime.state.folder import FolderCapture
from playground_runtime.state.index import MAGIC, Index, Place, python
from playground_runtime.state.keys import Key
from playground_runtime.state.patches import Patches
from playground_runtime.state.record import Record
from playground_runtime.state.restore import restore
from playground_runtime.state.scope import Scope
from playground_runtime.state.store import Store
from playground_runtime.state.telling import Told
from playground_runtime.streams import standard_stream

#: Names that a row of a snapshot lists; it may hold more.
NAMES = 10_000

#: Results (``_N``) that are saved, the latest ones.
RESULTS = 500

#: Milliseconds for a restore, until it is given up.
PATIENCE_MS = 60_000


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
        self._scope = Scope(interpreter, str(home.root))
        self._store = Store(self._scope)
        #: Variables that are as they were at the capture before the last.
        self.still: set[str] = set()
        #: Digests of the others that are saved, by the names that are shown.
        self.contents: dict[str, str] = {}
        #: What of saved variables is not kept, by the names that are shown.
        self.remarks: dict[str, str] = {}
        self.record = Record(interpreter, home.root, Patches(self._scope.naming))

    def capture(
        self, each: int, file: int, whole: int, *, thorough: bool = False
    ) -> tuple[dict[str, Any], dict[int, bytes]]:
        """A snapshot's header and the blobs that the page does not have yet, by number.

        A variable may take ``each`` bytes, a file ``file``, everything together ``whole``. What no
        code that ran can have reached is looked at only when it must be ``thorough``.
        """
        new: dict[int, bytes] = {}
        self._scope.begin()
        roots = self._roots()
        with _without_collection():
            captured = self._store.capture(
                roots, Look(self._interpreter.used(), thorough), each, whole
            )
            self.still = captured.still
            self.contents = {display_name(name): one for name, one in captured.contents.items()}
            self.remarks = {
                display_name(key.name): words
                for key, words in captured.remarks.items()
                if key.kind == "name" and key not in captured.lost
            }
            for key in roots.keys() - captured.lost.keys():
                if key.kind == "name" and _is_new_stream(roots[key]):
                    self.remarks[display_name(key.name)] = reasons.STREAM
            units = self._units(captured, roots, new)
        room = whole - sum(unit["size"] for unit in units)
        folder = self._folder.capture(file, room, new)
        header = {
            "units": units,
            "files": folder.files,
            "directories": folder.directories,
            "missed": captured.missed,
            "unsaved": reasons.bounded(self._unsaved(captured.lost) + folder.unsaved),
        }
        return header, new

    def _roots(self) -> dict[Key, Any]:
        namespace = self._interpreter.namespace
        roots = {Key("name", name): namespace.names[name] for name in namespace.user_names()}
        results = self._interpreter.results
        for number in sorted(n for n in list(results) if type(n) is int)[-RESULTS:]:
            roots[Key("result", str(number))] = results[number]
        return roots | self.record.read()

    def _units(
        self, captured: Captured, roots: dict[Key, Any], new: dict[int, bytes]
    ) -> list[dict[str, Any]]:
        """Rows of blobs: the index first, then the units' bytes and chunks, each once."""
        bodies = {name: out.value() for name, out in captured.fresh.items() if name}
        for out in captured.fresh.values():
            for piece, data in out.chunks.items():
                if data is not None:
                    self._blobs.number(data, new, piece)
        packs.place(captured.units.values(), bodies, self._blobs, new)
        index = Index(python(), captured.fresh[""].value())
        rows: dict[bytes, list[str]] = {}
        for name, unit in captured.units.items():
            index.places[name] = Place(unit.blob, unit.offset, unit.length, unit.count)
            rows.setdefault(unit.blob, [])
            for chunk in unit.chunks:
                rows.setdefault(chunk, [])
        for chunk in captured.root.chunks:
            rows.setdefault(chunk, [])
        data = index.pack()
        gone = {key for key, told in captured.lost.items() if not told.partly}
        names = [display_name(key.name) for key in roots if key.kind == "name" and key not in gone]
        found = [{"names": names[:NAMES], "blob": self._blobs.number(data, new), "size": len(data)}]
        for blob in rows:
            number, size = self._blobs.known(blob)
            found.append({"names": [], "blob": number, "size": size})
        return found

    def restore(self, request: dict[str, Any], blobs: dict[int, bytes]) -> dict[str, Any]:
        """Replace namespace and home folder by a snapshot's; report names that failed."""
        self._interpreter.forget()
        self.record.reset()
        self._store.forget()
        self.still = set()
        failed = self._restore_files(request, blobs)
        digests = {self._blobs.learn(number, data): data for number, data in blobs.items()}
        self._scope.begin()
        data = next(
            (
                one
                for row in request.get("units", ())
                if (one := blobs.get(row["blob"], b"")).startswith(MAGIC)
            ),
            b"",
        )
        names = [name for row in request.get("units", ()) for name in row.get("names", ())]
        restored: list[str] = []
        try:
            self._hooks.deadline(PATIENCE_MS)
            with self._interrupts.deliver():
                found = restore(self._scope, data, digests)
        except (Exception, KeyboardInterrupt) as error:
            failed += [reasons.row(name, reasons.not_restored(error)) for name in names]
        else:
            self._store.adopt(found.units)
            self._bind(found.roots, restored)
            failed += self.record.refused
            failed += [
                reasons.row(display_name(key.name), reason)
                for key, reason in found.failed.items()
                if key.kind in ("name", "builtin")
            ]
        finally:
            self._hooks.deadline(0)
        return {"restored": restored, "failed": reasons.bounded(failed)}

    def _bind(self, roots: dict[Key, Any], restored: list[str]) -> None:
        names = self._interpreter.namespace.names
        results: dict[int, object] = {}
        for key, value in roots.items():
            match key.kind:
                case "name":
                    names[key.name] = value
                    restored.append(display_name(key.name))
                case "result":
                    results[int(key.name)] = value
                case "state":
                    self.record.set(key.name, value)
                case "builtin":
                    self.record.set_builtin(key.name, value)
        self._interpreter.set_results(results)

    def _unsaved(self, lost: dict[Key, Told]) -> list[dict[str, Any]]:
        """Rows for variables. A lost ``_N`` says so itself when it is used; it needs no row."""
        rows = [
            reasons.row(display_name(key.name), told.reason, missing=told.missing)
            for key, told in lost.items()
            if key.kind in ("name", "builtin")
        ]
        odd = self._interpreter.namespace.odd_names()
        return rows + [reasons.row(display_name(name), reasons.NOT_TEXT) for name in odd]

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
                failed.append(reasons.row(display_name(row["path"]), reasons.MISSING))
        return failed


def _is_new_stream(value: object) -> bool:
    """Whether the session writes to this in the place of its own streams."""
    return any(
        value is sys.__dict__.get(name) and value is not standard_stream(name)
        for name in ("stdout", "stderr")
    )


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
