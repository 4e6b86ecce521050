"""A session in this interpreter: the parts put together, and what may be asked of them.

Every call but ``execute`` and ``cancel`` is made while nothing runs. Our own work is done with the
original ``builtins`` (see ``pristine``).
"""

import builtins
import getpass
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from playground_runtime import pristine, rich
from playground_runtime.caches import forget_folders
from playground_runtime.displays import mimebundle
from playground_runtime.files import Home
from playground_runtime.guarding import Guard
from playground_runtime.hooks import Hooks
from playground_runtime.inspection import Row, variable_rows
from playground_runtime.interaction import Interaction, clock
from playground_runtime.interpreter import Answer, Interpreter
from playground_runtime.interrupts import Interrupts
from playground_runtime.namespace import Namespace
from playground_runtime.outputs import OutputQueue
from playground_runtime.previews import Previews
from playground_runtime.state.engine import Engine
from playground_runtime.streams import InputStream, TextStream, remember_standard
from playground_runtime.text import clean


def _log(text: str) -> None:
    """Write to the process's own stderr; Pyodide makes the text of its errors from that."""
    if sys.__stderr__ is not None:
        sys.__stderr__.write(clean(text))
        sys.__stderr__.flush()


def reseed() -> None:
    """Make randomness new after a start from a memory snapshot, which would repeat it."""
    random.seed()
    tempfile._name_sequence = None  # type: ignore[attr-defined]  # Not a public name.


class Session:
    """One namespace with its streams, files and saved state."""

    def __init__(self, hooks: Hooks, home: str) -> None:
        self.hooks = hooks
        self.home = Home(home)
        self.interrupts = Interrupts()
        #: The rows of the variable table as of the last capture.
        self._rows: dict[str, Row] = {}
        self._queue = OutputQueue(hooks.output, _log)
        self.interpreter = Interpreter(Namespace(), self._queue, self.interrupts, hooks.started)
        self._enter_home()
        self._replace_streams()
        self._engine = Engine(self.interpreter, self.home, hooks, self.interrupts)
        self.interrupts.install()

    def execute(
        self, number: int, source: str, path: str | None = None, *, whole: bool = True
    ) -> Answer | Coroutine[Any, Any, Answer]:
        """Run an entry (see ``Interpreter.execute``)."""
        return self.interpreter.execute(number, source, path, whole=whole)

    def cancel(self) -> None:
        """Cancel the running execution where it waits in ``await``."""
        self.interpreter.cancel()

    def status(self, source: str) -> str:
        """``complete``, ``incomplete`` or ``invalid``."""
        with pristine.Pristine():
            return self.interpreter.compiler.status(source)

    def variables(self) -> list[dict[str, Any]]:
        """The rows of the variable table."""
        with pristine.Pristine():
            return self._variables({})

    def _variables(self, known: dict[str, Row]) -> list[Row]:
        previews = Previews(self.hooks, self.interrupts)
        return self.interpreter.context.run(
            variable_rows, self.interpreter.namespace, previews, self.guard(), known
        )

    def capture(self, limits: dict[str, int]) -> tuple[dict[str, Any], list[bytes]]:
        """A snapshot's header, and its new blobs in the order of ``header["new"]``."""
        started = clock()
        with pristine.Pristine():
            bounds = (limits["variableBytes"], limits["fileBytes"], limits["totalBytes"])
            work = partial(self._engine.capture, *bounds, thorough=limits.get("thorough") is True)
            header, new = self.interpreter.context.run(work)
            still = self._engine.still
            known = {name: row for name, row in self._rows.items() if name in still}
            header["variables"] = self._variables(known)
            for row in header["variables"]:
                row["remark"] = self._engine.remarks.get(row["name"])
                if row["name"] not in known:
                    row["content"] = self._engine.contents.get(row["name"])
            self._rows = {row["name"]: row for row in header["variables"]}
            header["new"] = list(new)
            header["captureMs"] = round((clock() - started) * 1000, 3)
        return header, list(new.values())

    def restore(self, request: dict[str, Any], blobs: list[bytes]) -> dict[str, Any]:
        """Replace namespace and home folder; give ``{restored, failed, variables}``."""
        with pristine.Pristine():
            named = dict(zip(request.get("blobIds", ()), blobs, strict=False))
            report = self._engine.restore(request, named)
            forget_folders()
        report["variables"] = self.variables()
        return report

    def clear(self, names: list[str] | None) -> None:
        """Delete the named variables; with None all, and the interpreter's state with them."""
        with pristine.Pristine():
            if names is None:
                self.interpreter.forget()
                self._engine.record.reset()
            else:
                for name in names:
                    self.interpreter.namespace.remove(name)

    def guard(self) -> Guard:
        """A way to run code of the user for one question, under a deadline."""
        return Guard(self.hooks, self.interrupts)

    def _enter_home(self) -> None:
        home = str(self.home.root)
        os.chdir(home)
        if home not in sys.path:
            sys.path.insert(0, home)
        # Byte code is kept by whole seconds; a module written twice in one would stay the old one.
        sys.dont_write_bytecode = True

    def _replace_streams(self) -> None:
        interaction = Interaction(self.hooks, self._queue)
        asking, secret, sleep = interaction.functions()
        stdout, stderr = TextStream("stdout", self._queue), TextStream("stderr", self._queue)
        stdin = InputStream(lambda: interaction.ask("", password=False))
        remember_standard(stdout=stdout, stderr=stderr, stdin=stdin)
        sys.stdout, sys.stderr, sys.stdin = stdout, stderr, stdin
        getpass.getpass = secret
        time.sleep = sleep
        pristine.remember(input=asking, display=self._display_function(), **rich.CLASSES)
        rich.install()
        vars(builtins)["Out"] = self.interpreter.results

    def _display_function(self) -> Callable[..., None]:
        queue = self._queue

        def display(*objects: object) -> None:
            """Show objects in their richest forms."""
            with pristine.Pristine():
                for value in objects:
                    queue.add({"type": "display_data", "data": mimebundle(value)})

        return display
