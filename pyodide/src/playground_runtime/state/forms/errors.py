"""Exceptions, with their chain, notes and traceback.

Frames cannot be saved. A traceback is made again from frames that stop at the same places of
functions of the same names, so that it prints the same lines.
"""

from inspect import CO_NEWLOCALS
from types import CodeType, FrameType, TracebackType
from typing import TYPE_CHECKING, Any

from playground_runtime.state import reasons
from playground_runtime.state.codec.stream import DamagedError
from playground_runtime.state.forms.base import Columns, Form, exactly, register_class, transposed
from playground_runtime.state.forms.instances import mro, names_in
from playground_runtime.state.naming import is_made_by_python

if TYPE_CHECKING:
    from playground_runtime.state.scope import Scope
    from playground_runtime.state.walk import Walk


#: Frames of a traceback that are saved, from the outermost on.
_FRAMES = 1000


@register_class
class ExceptionForm(Form):
    """Exceptions of one class."""

    name = "exception"
    head = 1
    copies = True

    def __init__(self, kind: Any) -> None:
        if not issubclass(kind, BaseException):
            raise DamagedError("its bytes are damaged")
        self._kind = kind
        self.deep = issubclass(kind, BaseExceptionGroup)
        self._fields = _fields(kind)

    def params(self) -> list[Any]:
        return [self._kind]

    def take(self, walk: "Walk", values: list[Any]) -> Columns:
        for value in values:
            if _has_locals(value.__traceback__):
                walk.remark(value, reasons.LOCALS)
        return transposed([walk.keep(self._row(value)) for value in values], 7)

    def _row(self, error: Any) -> tuple[Any, ...]:
        fields = tuple(read(error) for _, read, _ in self._fields)
        return (
            _read_args(error),
            _read_dict(error) or None,
            error.__cause__,
            error.__context__,
            error.__suppress_context__,
            _steps(error.__traceback__),
            fields,
        )

    def make(self, count: int, columns: Columns, scope: "Scope") -> list[Any]:
        base = next(one for one in mro(self._kind) if not is_made_by_python(one))
        made = []
        for args in columns[0]:
            exactly(args, tuple)
            one = base.__new__(self._kind, *args)
            base.__init__(one, *args)  # type: ignore[misc]  # The built-in one is wanted.
            made.append(one)
        return made

    def fill(self, made: list[Any], columns: Columns, scope: "Scope") -> None:
        for one, names, cause, context, suppress, trace, fields in zip(made, *columns, strict=True):
            if names:
                _read_dict(one).update(exactly(names, dict))
            BaseException.__dict__["__cause__"].__set__(one, cause)
            BaseException.__dict__["__context__"].__set__(one, context)
            BaseException.__dict__["__suppress_context__"].__set__(one, suppress)
            BaseException.__dict__["__traceback__"].__set__(one, _rebuilt(trace))
            for (_, read, write), value in zip(self._fields, fields, strict=True):
                if read(one) is not value:
                    write(one, value)


_read_args = BaseException.__dict__["args"].__get__
_read_dict = BaseException.__dict__["__dict__"].__get__
_COMMON = frozenset(names_in(BaseException))


def _fields(kind: type) -> list[tuple[str, Any, Any]]:
    """What C keeps for an exception beside its arguments: ``value``, ``name``, ``filename`` …"""
    found = []
    for part in mro(kind):
        if is_made_by_python(part) or not issubclass(part, BaseException):
            continue
        for name, one in names_in(part).items():
            if name not in _COMMON and hasattr(one, "__set__") and hasattr(one, "__get__"):
                found.append((name, _quiet(one), _quiet_set(one)))
    return sorted(found, key=lambda field: field[0])


def _quiet(descriptor: Any) -> Any:
    def read(error: Any) -> Any:
        try:
            return descriptor.__get__(error)
        except (AttributeError, TypeError):
            return None

    return read


def _quiet_set(descriptor: Any) -> Any:
    def write(error: Any, value: Any) -> None:
        try:
            descriptor.__set__(error, value)
        except (AttributeError, TypeError):
            return

    return write


def form_of(kind: type) -> Form:
    """The form of an exception class."""
    return ExceptionForm(kind)


def _steps(trace: TracebackType | None) -> list[Any]:
    """File, function, line and columns of each frame of a traceback."""
    steps: list[Any] = []
    while trace is not None and len(steps) < _FRAMES:
        code = trace.tb_frame.f_code
        positions = list(code.co_positions())[trace.tb_lasti // 2 : trace.tb_lasti // 2 + 1]
        place = positions[0] if positions else (trace.tb_lineno, None, None, None)
        names = (code.co_filename, code.co_name, code.co_qualname, code.co_firstlineno)
        steps.append((*names, trace.tb_lineno, *place[1:]))
        trace = trace.tb_next
    return steps


def _has_locals(trace: TracebackType | None) -> bool:
    """Whether a function with variables is in a traceback."""
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_flags & CO_NEWLOCALS and (code.co_nlocals or code.co_cellvars):
            return True
        trace = trace.tb_next
    return False


def _rebuilt(steps: list[Any]) -> TracebackType | None:
    trace: TracebackType | None = None
    for step in reversed(exactly(steps, list)[:_FRAMES]):
        for one in exactly(step, tuple):
            if type(exactly(one, str, int, type(None))) is int and not 0 <= one < 1 << 31:
                raise DamagedError("its bytes are damaged")
        frame = _frame(*step)
        trace = TracebackType(trace, frame, frame.f_lasti, step[4])
    return trace


def _frame(
    file: str, name: str, path: str, first: int, line: int, end: Any, left: Any, right: Any
) -> FrameType:
    """A frame that stands at a place, of code that only raises there."""
    code = _raising(file, name, path, first, line, end, left, right)
    try:
        exec(code, {"__name__": "__main__"})  # noqa: S102  # Our code.
    except ZeroDivisionError as error:
        trace = error.__traceback__
        assert trace is not None and trace.tb_next is not None
        return trace.tb_next.tb_frame
    raise AssertionError


def _raising(
    file: str, name: str, path: str, first: int, line: int, end: Any, left: Any, right: Any
) -> CodeType:
    code = compile("1/0", file, "exec")
    units = len(code.co_code) // 2
    entry = bytearray()
    delta = line - first
    while units > 0:
        size = min(units, 8)
        if left is None or right is None or end is None:
            entry.append(128 | 13 << 3 | size - 1)
            entry += _variable(_zigzag(delta))
        else:
            entry.append(128 | 14 << 3 | size - 1)
            entry += _variable(_zigzag(delta)) + _variable(max(0, end - line))
            entry += _variable(left + 1) + _variable(right + 1)
        delta = 0
        units -= size
    return code.replace(
        co_name=name, co_qualname=path, co_firstlineno=first, co_linetable=bytes(entry)
    )


def _zigzag(value: int) -> int:
    return value << 1 if value >= 0 else -value << 1 | 1


def _variable(value: int) -> bytes:
    """A number as the table of places in code has it: six bits a byte."""
    made = bytearray()
    while value >= 64:
        made.append(64 | value & 63)
        value >>= 6
    made.append(value)
    return bytes(made)
