"""Where actions run: in the one writing thread on SQLite, in a pool of threads on PostgreSQL.

SQLite takes one writer at a time, and syncing each commit to the disk is what costs. So the web
process has one thread that commits up to ``BATCH`` waiting actions at once, each in a savepoint of
its own; one that fails undoes only itself. A Celery process asks that thread over a local socket
(``writer_socket.py``), so that the sockets of the web process hear what changed. Without a web
process (tests, management commands) actions simply run where they are called.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

from asgiref.sync import sync_to_async
from django.db import DatabaseError, close_old_connections, connection, transaction

from sessions_app import cache, writer_socket
from sessions_app.actions import NAMED, expect_runners_back
from sessions_app.errors import ActionError

log = logging.getLogger(__name__)

#: Actions that one commit carries at most, and that may wait for it.
BATCH = 64
MAX_WAITING = 10_000

#: Threads that run actions on PostgreSQL.
THREADS = 8

#: How long a view waits for its action, in seconds.
TIMEOUT_S = 60


class _Task:
    def __init__(self, call: Callable[[], Any]) -> None:
        self.call = call
        self.future: Future[Any] = Future()
        self.value: Any = None
        self.error: Exception | None = None

    def run(self) -> None:
        """Run in a savepoint (or, when it is the outermost, a transaction) of its own."""
        self.value, self.error = None, None
        try:
            with transaction.atomic():
                self.value = self.call()
        except Exception as error:
            self.error = error

    def resolve(self) -> None:
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.value)


class _Writer:
    """The writing thread of SQLite."""

    def __init__(self) -> None:
        self._waiting: queue.Queue[_Task | None] = queue.Queue(MAX_WAITING)
        self.thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self.thread.start()

    def submit(self, call: Callable[[], Any]) -> Future[Any]:
        task = _Task(call)
        try:
            self._waiting.put_nowait(task)
        except queue.Full:
            raise ActionError("busy", "The server is very busy. Try again in a moment.") from None
        return task.future

    def stop(self) -> None:
        """Finish what waits, then end."""
        self._waiting.put(None)
        self.thread.join(TIMEOUT_S)

    def _work(self) -> None:
        going = True
        while going:
            first = self._waiting.get()
            batch = [first]
            while len(batch) < BATCH and not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            going = None not in batch
            # Who gave up waiting (a request that was cancelled) needs no answer and no write.
            tasks = [task for task in batch if task and task.future.set_running_or_notify_cancel()]
            if tasks:
                _commit(tasks)
        connection.close()


def _commit(tasks: list[_Task]) -> None:
    """Run tasks in one transaction; when that fails as a whole, each in one of its own."""
    cache.forget_pending()
    try:
        with transaction.atomic():
            for task in tasks:
                task.run()
    except Exception as error:
        log.warning("A group of %d actions could not be committed: %s", len(tasks), error)
        _commit_singly(tasks)
    cache.forget_pending()
    for task in tasks:
        task.resolve()
    if any(isinstance(task.error, DatabaseError) for task in tasks):
        # The connection may be of no use any more; the next action opens another.
        connection.close()


def _commit_singly(tasks: list[_Task]) -> None:
    connection.close()
    for task in tasks:
        cache.forget_pending()
        task.run()


class _Pool:
    """The writing threads of PostgreSQL."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="writer")

    def submit(self, call: Callable[[], Any]) -> Future[Any]:
        return self._threads.submit(_pooled, call)

    def stop(self) -> None:
        self._threads.shutdown()


def _pooled(call: Callable[[], Any]) -> Any:
    close_old_connections()
    try:
        return _direct(call)
    finally:
        close_old_connections()


def _direct(call: Callable[[], Any]) -> Any:
    cache.forget_pending()
    try:
        with transaction.atomic():
            return call()
    finally:
        cache.forget_pending()


_running: _Writer | _Pool | None = None
_server: writer_socket.Server | None = None


def start_web_process() -> None:
    """Start writing threads (and on SQLite the socket for other processes). Once a process."""
    global _running, _server
    if _running is not None:
        return
    if connection.vendor == "sqlite":
        _running = _Writer()
        _server = writer_socket.Server(_answer)
        # Not waited for, and of no use where there is no database yet.
        _running.submit(expect_runners_back)
    else:
        _running = _Pool()


def stop_web_process() -> None:
    """Finish what waits and stop the threads."""
    global _running, _server
    if _server is not None:
        _server.stop()
    if _running is not None:
        _running.stop()
    _running = _server = None


async def run_action[**P, R](action: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run an action for a coroutine.

    Raises:
        ActionError: what the action raises, or ``busy``.
    """
    call = partial(action, *args, **kwargs)
    if _running is None:
        direct: R = await sync_to_async(_direct)(call)
        return direct
    result: R = await asyncio.wrap_future(_running.submit(call))
    return result


def run_action_sync[**P, R](action: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run an action for a view.

    Raises:
        ActionError: what the action raises, or ``busy``.
    """
    call = partial(action, *args, **kwargs)
    if _running is None:
        direct: R = _direct(call)
        return direct
    result: R = _running.submit(call).result(TIMEOUT_S)
    return result


def run_named(name: str, *args: Any) -> Any:
    """Run an action of ``actions.NAMED`` where it belongs; for tasks.

    On SQLite that is the web process, if one runs.

    Raises:
        ActionError: what the action raises.
    """
    if _running is None and connection.vendor == "sqlite":
        try:
            return writer_socket.ask(name, args)
        except writer_socket.NobodyThereError:
            pass
    return run_action_sync(NAMED[name], *args)


def _answer(name: str, args: list[Any]) -> Any:
    if name not in NAMED:
        raise ActionError("not-found", "There is no such action.")
    return run_action_sync(NAMED[name], *args)
