"""Open files of the session's folder, and the streams of the runtime.

A file is opened again as it was, without losing what is in it. What was written is flushed before
the folder is saved, so that place and content agree.
"""

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playground_runtime.state.forms.base import Form, UnsavableError, exactly
from playground_runtime.state.forms.parts import parts
from playground_runtime.state.forms.storage import closed

if TYPE_CHECKING:
    from playground_runtime.state.forms.choose import Chooser
    from playground_runtime.state.scope import Scope

_TEXT, _RAW = io.TextIOWrapper, io.FileIO
_BUFFERED = (io.BufferedReader, io.BufferedWriter, io.BufferedRandom)


def chooser(kind: type, reduce: "Chooser") -> "Chooser | None":
    """How files of a class are saved; open ones in memory save themselves (``reduce``)."""
    if kind in (_TEXT, _RAW, *_BUFFERED):
        return _choose
    if kind in (io.StringIO, io.BytesIO):
        return lambda value: closed(kind) if value.closed else reduce(value)
    return None


def _choose(file: Any) -> Form:
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
    if file.writable():
        file.flush()
    return file.name, path, mode, _place(file), _text_options(file), False


def _place(file: Any) -> int:
    """Where the file stands, also in the middle of a loop over its lines."""
    try:
        return int(file.tell())
    except OSError:
        # A loop reads ahead; the place is before what it has not given yet.
        rest = file.read()
        place = file.tell() - len(rest.encode(file.encoding, file.errors or "strict"))
        file.seek(place)
        return int(place)


def _text_options(file: Any) -> tuple[Any, ...] | None:
    if not isinstance(file, _TEXT):
        return None
    return file.encoding, file.errors, file.line_buffering


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
        encoding, errors, lines = options
        file = open(name, mode, 1 if lines else -1, encoding, errors, opener=opener)  # noqa: SIM115
    if closed:
        file.close()
    else:
        file.seek(place)
    return file


FILE = parts("file", 6, _row, _open, deep=True, scoped=True, fresh=True)
