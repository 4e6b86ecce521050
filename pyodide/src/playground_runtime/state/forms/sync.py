"""Locks, context variables and what asyncio leaves between two runs."""

import asyncio
import contextvars
import threading
from typing import TYPE_CHECKING, Any

from playground_runtime.state.codec.stream import DamagedError
from playground_runtime.state.forms.base import Form, UnsavableError, exactly
from playground_runtime.state.forms.parts import parts

if TYPE_CHECKING:
    from playground_runtime.state.scope import Scope

_LOCK, _RLOCK = type(threading.Lock()), type(threading.RLock())

#: Classes of asyncio whose objects are plain attributes, bound to a loop only while used.
ASYNCIO = frozenset(
    {
        asyncio.Queue,
        asyncio.PriorityQueue,
        asyncio.LifoQueue,
        asyncio.Lock,
        asyncio.Event,
        asyncio.Semaphore,
        asyncio.BoundedSemaphore,
        asyncio.Condition,
    }
)


def _free(lock: Any) -> tuple[Any, ...]:
    held = lock.locked() if type(lock) is _LOCK else "count=0 " not in repr(lock)
    if held:
        raise UnsavableError("a lock that is held")
    return ()


def _asyncio_row(value: Any) -> tuple[Any, ...]:
    names = {name: None if name == "_loop" else inner for name, inner in value.__dict__.items()}
    return type(value), names


def _asyncio(kind: Any) -> Any:
    if kind not in ASYNCIO:
        raise DamagedError("its bytes are damaged")
    return object.__new__(kind)


def _fill_names(made: Any, names: Any) -> None:
    kind: Any = type(made)
    kind.__getattribute__(made, "__dict__").update(exactly(names, dict))


def future(value: Any) -> Form:
    """The form of a future or task that is done."""
    if not value.done():
        what = "a task" if isinstance(value, asyncio.Task) else "a future"
        raise UnsavableError(f"{what} of asyncio that is not done")
    return _FUTURE


def _future_row(value: Any) -> tuple[Any, ...]:
    if value.cancelled():
        return "cancelled", None
    error = value.exception()
    return ("error", error) if error is not None else ("result", value.result())


class _NoLoop:
    """The loop of a future that is done: nobody will be called."""

    def get_debug(self) -> bool:
        return False

    def is_closed(self) -> bool:
        return False

    def call_soon(self, *_: Any, **__: Any) -> None:
        return None

    def call_exception_handler(self, _: Any) -> None:
        return None


def _future() -> Any:
    try:
        loop: Any = asyncio.get_running_loop()
    except RuntimeError:
        loop = _NoLoop()
    return asyncio.Future(loop=loop)


def _end_future(made: Any, how: str, value: Any) -> None:
    if how == "cancelled":
        made.cancel()
    elif how == "error":
        if not isinstance(value, BaseException):
            raise DamagedError("its bytes are damaged")
        made.set_exception(value)
        made.exception()
    else:
        made.set_result(value)


_missing = object()


def _default_of(value: "contextvars.ContextVar[Any]") -> tuple[Any, ...]:
    try:
        return (contextvars.Context().run(value.get),)
    except LookupError:
        return ()


def _variable_parts(_: "Scope", value: "contextvars.ContextVar[Any]") -> tuple[Any, ...]:
    default = _default_of(value)
    present = value.get(_missing)
    is_set = present is not _missing and not (default and present is default[0])
    return value.name, default, (present,) if is_set else ()


def _variable(scope: "Scope", name: str, default: tuple[Any, ...], present: Any) -> Any:
    made: Any = (
        contextvars.ContextVar(name, default=default[0])
        if default
        else contextvars.ContextVar(name)
    )
    if present:
        scope.run(made.set, present[0])
    return made


def _context_row(value: contextvars.Context) -> tuple[Any, ...]:
    return (list(value.items()),)


def _fill_context(made: contextvars.Context, items: list[Any]) -> None:
    for variable, value in exactly(items, list):
        made.run(exactly(variable, contextvars.ContextVar).set, value)


CONTEXT = parts(
    "context",
    1,
    _context_row,
    contextvars.Context,
    head=0,
    complete=_fill_context,
    copies=True,
    fresh=True,
)
LOCK = parts("lock", 0, _free, threading.Lock)
RLOCK = parts("rlock", 0, _free, threading.RLock)
ASYNCIO_FORM = parts(
    "asyncio",
    2,
    _asyncio_row,
    _asyncio,
    head=1,
    complete=_fill_names,
    copies=True,
    fresh=True,
)
_FUTURE = parts("future", 2, _future_row, _future, head=0, complete=_end_future)
VARIABLE = parts(
    "context variable", 3, _variable_parts, _variable, deep=True, scoped=True, fresh=True
)
LOCAL = parts(
    "thread local",
    1,
    lambda value: (threading.local.__getattribute__(value, "__dict__"),),
    threading.local,
    head=0,
    copies=True,
    complete=_fill_names,
)
FORMS: dict[type, Any] = {
    _LOCK: lambda value: _free(value) or LOCK,
    _RLOCK: lambda value: _free(value) or RLOCK,
    contextvars.ContextVar: VARIABLE,
    contextvars.Context: CONTEXT,
    threading.local: LOCAL,
}
