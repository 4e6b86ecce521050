"""Open files of the session's folder, and the streams of the runtime.

A file is opened again as it was, without losing what is in it. What was written is flushed before
the folder is saved, so that place and content agree.
"""

import gc
import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playground_runtime.plaintext import type_name
from playground_runtime.state.forms.base import Form, UnsavableError, exactly
from playground_runtime.state.forms.parts import parts
from playground_runtime.state.forms.storage import closed

if TYPE_CHECKING:
    from playground_runtime.state.forms.choose import Chooser
    from playground_runtime.state.scope import Scope

_TEXT, _RAW = io.TextIOWrapper, io.FileIO
_NEWLINES = ("", "\n", "\r", "\r\n")
_BUFFERED = (io.BufferedReader, io.BufferedWriter, io.BufferedRandom)


def chooser(kind: type, reduce: "Chooser") -> "Chooser | None":
    """How files of a class are saved; open ones in memory save themselves (``reduce``)."""
    if kind in (_TEXT, _RAW, *_BUFFERED):
        return _choose
    if kind in (io.StringIO, io.BytesIO):
        return lambda value: closed(kind) if value.closed else reduce(value)
    return None


def _choose(file: Any) -> Form:
    if type(file) is _TEXT and type(file.buffer) not in _BUFFERED:
        raise UnsavableError(f"a text file over an object of type {type_name(file.buffer)}")
    if type(file) in _BUFFERED and type(file.raw) is not _RAW:
        raise UnsavableError(f"a buffer over an object of type {type_name(file.raw)}")
    name = file.name
    if type(name) is not str:
        raise UnsavableError("an open file without a name")
    if not file.closed and not _is_plain(name):
        raise UnsavableError(f"the open file {name}, which is gone")
    return FILE


def _is_plain(name: str) -> bool:
    path = Path(name)
    return path.is_file() and not path.is_symlink()


def _row(scope: "Scope", file: Any) -> tuple[Any, ...]:
    """Name, whole path, mode, place, what text files have, and whether it is closed."""
    mode = getattr(file, "mode", "r")
    path = scope.inside(os.path.abspath(file.name))  # noqa: PTH100  # It may be relative.
    if file.closed:
        return file.name, path, mode, 0, _text_options(file), True
    # Flushing lets a loop over lines forget that the file has been read ahead.
    place = _place(file)
    if file.writable():
        file.flush()
    return file.name, path, mode, place, _text_options(file), False


def _place(file: Any) -> int:
    """Where the file stands, also in the middle of a loop over its lines."""
    try:
        return int(file.tell())
    except OSError:
        # A loop over its lines has read ahead, and until it is over no place is given. So what it
        # has not given yet is read, and the place is as far before the end.
        rest = file.read()
        file.seek(0)
        whole = file.read()
        file.seek(0)
        file.read(len(whole) - len(rest))
        return int(file.tell())


def _text_options(file: Any) -> tuple[Any, ...] | None:
    if not isinstance(file, _TEXT):
        return None
    return file.encoding, file.errors, file.line_buffering, _newline(file)


def _newline(file: Any) -> str | None:
    """The ``newline=`` that a text file was opened with; only its traversal by C gives it."""
    if file.closed:
        return None
    place = file.tell()
    if place >> 64:
        # It stands within what its decoder holds back, which cannot be told from a newline.
        return None
    file.seek(place)
    texts = [one for one in gc.get_referents(file) if type(one) is str]
    return texts[1] if len(texts) == 3 and texts[1] in _NEWLINES else None


def _open(
    scope: "Scope", name: str, path: str, mode: str, place: int, options: Any, closed: bool
) -> Any:
    exactly(name, str)
    exactly(mode, str)
    whole = os.devnull
    if not closed:
        whole = scope.outside(exactly(path, str))
        if set(mode) & set("wax+"):
            whole = scope.within(path)
        if not _is_plain(whole):
            raise FileNotFoundError(f"{name} is not a file here")

    def opener(_: str, flags: int) -> int:
        return os.open(whole, flags & ~(os.O_TRUNC | os.O_EXCL | os.O_CREAT), 0o666)

    if options is None:
        mode = mode if "b" in mode else mode + "b"
        file: Any = open(name, mode, opener=opener)  # noqa: SIM115
    else:
        encoding, errors, lines, *more = options
        newline = more[0] if more else None
        buffering = 1 if lines else -1
        file = open(name, mode, buffering, encoding, errors, newline, opener=opener)  # noqa: SIM115
    if closed:
        file.close()
    else:
        file.seek(place)
    return file


FILE = parts("file", 6, _row, _open, deep=True, scoped=True, fresh=True)
