"""Runs entries: their code, their result, their ending.

Code without a top-level ``await`` runs at once, outside the event loop; other code runs as a task
that ``cancel`` can end. All of it runs in one ``contextvars`` context, so a decimal precision that
one entry sets holds in the next.
"""

import asyncio
import builtins
import contextvars
import inspect
import sys
from collections.abc import Callable, Coroutine
from types import CodeType
from typing import Any, Literal

from playground_runtime import pristine
from playground_runtime.caches import forget_folders
from playground_runtime.compiling import SOURCE_ERRORS, Compiled, Compiler
from playground_runtime.displays import mimebundle
from playground_runtime.interaction import clock
from playground_runtime.interrupts import Interrupts
from playground_runtime.namespace import Namespace
from playground_runtime.outputs import OutputQueue
from playground_runtime.plaintext import safe_repr
from playground_runtime.tracebacks import error_output, trim
from playground_runtime.used import names_of

type Status = Literal["ok", "error", "interrupted"]
type Answer = dict[str, Any]

#: Names by which code has other code run later on, at any time.
_LASTING = frozenset(
    [
        "call_later",
        "call_soon",
        "call_at",
        "call_soon_threadsafe",
        "Thread",
        "Timer",
        "start_new_thread",
        "SIGALRM",
        "SIGINT",
        "settrace",
        "setprofile",
        "add_reader",
        "run_in_executor",
    ]
)

_run_code = exec
_evaluate = eval


class Interpreter:
    """One namespace, one context, one execution at a time."""

    def __init__(
        self,
        namespace: Namespace,
        queue: OutputQueue,
        interrupts: Interrupts,
        started: Callable[[], object],
    ) -> None:
        self.namespace = namespace
        self.compiler = Compiler()
        self.context = contextvars.copy_context()
        self.results: dict[int, object] = {}
        #: Names in code that ran since they were asked for; None when it may have reached anything.
        self._used: frozenset[str] | None = frozenset()
        self._lasting = False
        self._queue = queue
        self._started = started
        self._interrupts = interrupts
        self._task: asyncio.Task[Any] | None = None
        self._filename = ""
        self._cancelled = False
        self._earlier: set[asyncio.Task[Any]] = set()

    def execute(
        self, number: int, source: str, path: str | None = None, *, whole: bool = True
    ) -> Answer | Coroutine[Any, Any, Answer]:
        """Run an entry. Gives ``{status, durationMs}``, or an awaitable of it for async code.

        Unless it is said to be ``whole``, a source that is only the beginning of an entry is
        ``incomplete``: nothing has happened. For any other the page is told, before it runs, that
        there is an entry now.

        Tracebacks call it ``<entry-N>``, or by the ``path`` of the file that it is.
        """
        with pristine.Pristine():
            self._queue.begin()
            self._filename = path or f"<entry-{number}>"
            self._cancelled = False
            self._earlier = _tasks()
            forget_folders()
            started = clock()
            try:
                code = self.context.run(self.compiler.compile, self._filename, source)
            except SOURCE_ERRORS as error:
                if not whole and self.compiler.status(source) == "incomplete":
                    self.compiler.unregister(self._filename)
                    self._queue.end()
                    return {"status": "incomplete", "durationMs": 0}
                self._started()
                return self._end(started, error)
            self._started()
            self.note(code.body, code.last)
            if _awaits(code.body) or _awaits(code.last):
                return self._run_async(number, code, started)
        try:
            with self._interrupts.deliver():
                self.context.run(self._run_sync, number, code)
        except BaseException as error:
            return self._end(started, self._as_interrupt(error))
        return self._end(started, None)

    def cancel(self) -> None:
        """Cancel the running execution where it waits, in ``await`` or in ``asyncio.run``."""
        waiting = {self._task} if self._task is not None else _tasks() - self._earlier
        for task in waiting:
            if task is not None and not task.done():
                self._cancelled = True
                task.cancel()

    def _as_interrupt(self, error: BaseException | None) -> BaseException | None:
        if self._cancelled and isinstance(error, asyncio.CancelledError):
            return KeyboardInterrupt().with_traceback(error.__traceback__)
        return error

    def note(self, *codes: CodeType | None) -> None:
        """Remember which names code uses that is about to run."""
        names = names_of(code for code in codes if code is not None)
        self._lasting = self._lasting or not names.isdisjoint(_LASTING)
        if self._used is not None:
            self._used |= names

    def used(self) -> frozenset[str] | None:
        """The names that code used since this was last asked; None when it may have used any."""
        used = None if self._lasting or _others() else self._used
        self._used = frozenset()
        return used

    def forget(self) -> None:
        """Start anew: empty namespace, no results, a new context."""
        self._used, self._lasting = None, False
        self.namespace.renew()
        self.compiler.forget()
        self.context = contextvars.Context()
        self.set_results({})

    def set_results(self, results: dict[int, object]) -> None:
        """Let ``Out`` and the ``_N`` hold these results."""
        names = vars(builtins)
        for number in self.results:
            names.pop(f"_{number}", None)
        self.results = results
        names["Out"] = results
        names.pop("_", None)
        for number, value in results.items():
            names[f"_{number}"] = value
        if results:
            names["_"] = results[max(results)]

    def _run_sync(self, number: int, code: Compiled) -> None:
        names = self.namespace.names
        if code.body is not None:
            _run_code(code.body, names)
        if code.last is not None:
            self._show(number, _evaluate(code.last, names))

    async def _run_async(self, number: int, code: Compiled, started: float) -> Answer:
        loop = asyncio.get_running_loop()
        self._task = loop.create_task(self._guarded(number, code), context=self.context)
        flushing = loop.create_task(self._flush_regularly())
        error: BaseException | None
        try:
            with self._interrupts.deliver():
                error = await self._task
        except BaseException as problem:
            error = problem
        finally:
            self._task = None
            flushing.cancel()
        return self._end(started, self._as_interrupt(error))

    async def _guarded(self, number: int, code: Compiled) -> BaseException | None:
        """Keep exceptions inside the task: an event loop lets KeyboardInterrupt escape."""
        names = self.namespace.names
        try:
            if code.body is not None:
                waiting = _evaluate(code.body, names)
                if _awaits(code.body):
                    await waiting
            if code.last is not None:
                value = _evaluate(code.last, names)
                self._show(number, await value if _awaits(code.last) else value)
        except BaseException as error:
            return error
        return None

    async def _flush_regularly(self) -> None:
        while True:
            await asyncio.sleep(0.05)
            self._queue.nudge()

    def _show(self, number: int, value: object) -> None:
        if value is None:
            return
        self.results[number] = value
        names = vars(builtins)
        names["_"] = names[f"_{number}"] = value
        names["Out"] = self.results
        with pristine.Pristine():
            output = {"type": "execute_result", "data": mimebundle(value)}
            self._queue.add(output, last=True)

    def _end(self, started: float, error: BaseException | None) -> Answer:
        duration = (clock() - started) * 1000
        with pristine.Pristine():
            status: Status = "ok" if error is None else self._report(error)
            self._queue.end()
        return {"status": status, "durationMs": round(duration, 3)}

    def _report(self, error: BaseException) -> Status:
        if isinstance(error, SystemExit):
            code = "" if error.code in (None, 0) else f" ({safe_repr(error.code)[:500]})"
            self._queue.write("stderr", f"The code asked to exit{code}. The session goes on.\n")
            return "ok"
        trim(error)
        if isinstance(error, Exception):
            sys.last_exc = error
            sys.last_type, sys.last_value = type(error), error
            sys.last_traceback = error.__traceback__
        shown = self.context.copy().run(error_output, error, self._filename)
        self._queue.add(shown, last=True)
        return "interrupted" if isinstance(error, KeyboardInterrupt) else "error"


def _awaits(code: CodeType | None) -> bool:
    return code is not None and bool(code.co_flags & inspect.CO_COROUTINE)


def _others() -> set[asyncio.Task[Any]]:
    """The tasks that may still run, but for the present one."""
    tasks = _tasks()
    return tasks - {asyncio.current_task()} if tasks else tasks


def _tasks() -> set[asyncio.Task[Any]]:
    """The tasks of the event loop, which in a browser runs always."""
    loop = asyncio._get_running_loop()
    return asyncio.all_tasks(loop) if loop is not None else set()
