"""``sys.stdout``, ``sys.stderr`` and ``sys.stdin`` of a session.

The two outputs are text streams that write into the queue of the running execution; they cannot be
closed, and they have a ``buffer`` for bytes. Reading ``sys.stdin`` asks the person at the page.
"""

import codecs
import io
from collections.abc import Callable
from typing import Any

from playground_runtime.outputs import OutputQueue

_isinstance = isinstance
_str = str
_type = type
_len = len
_name_error = TypeError


class TextStream(io.TextIOBase):
    """One of the two output streams."""

    encoding = "utf-8"
    errors = "replace"
    newlines = None
    line_buffering = True
    mode = "w"

    def __init__(self, name: str, queue: OutputQueue) -> None:
        super().__init__()
        self._short = name
        self._queue_write = queue.write
        self._queue_flush = queue.flush
        self.name = f"<{name}>"
        self.buffer = ByteStream(self, name, queue)

    def write(self, text: str, /) -> int:
        """Write text and give its length. Raises TypeError for anything but ``str``."""
        if _type(text) is not _str:
            if not _isinstance(text, _str):
                raise _name_error(f"write() argument must be str, not {_type(text).__name__}")
            text = "".join((text, ""))
        self._queue_write(self._short, text)
        return _len(text)

    def flush(self) -> None:
        """Send what waits at once."""
        self._queue_flush()

    def writable(self) -> bool:
        """Always."""
        return True

    def isatty(self) -> bool:
        """Never."""
        return False

    def close(self) -> None:
        """Flush only: later prints must still work."""
        self.flush()

    def reconfigure(self, **options: Any) -> None:
        """Accept the options of a console stream; the encoding stays UTF-8."""

    def __del__(self) -> None:
        """Nothing is owned; the base class would call ``close``."""

    def __reduce_ex__(self, protocol: Any) -> Any:
        return (standard_stream, (self._short,))


class ByteStream(io.RawIOBase):
    """``sys.stdout.buffer``: bytes of UTF-8 that may be cut anywhere."""

    def __init__(self, text: TextStream, name: str, queue: OutputQueue) -> None:
        super().__init__()
        self.raw = self
        self.name = f"<{name}>"
        self.mode = "wb"
        self._text = text
        self._short = name
        self._queue = queue
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def write(self, data: Any, /) -> int:
        """Write bytes and give their count."""
        view = bytes(memoryview(data))
        self._queue.write(self._short, self._decoder.decode(view))
        return len(view)

    def flush(self) -> None:
        """Send what waits at once."""
        self._queue.flush()

    def writable(self) -> bool:
        """Always."""
        return True

    def close(self) -> None:
        """Flush only."""
        self.flush()

    def __del__(self) -> None:
        """Nothing is owned."""


class InputStream(io.TextIOBase):
    """``sys.stdin``: each line is asked from the page."""

    encoding = "utf-8"
    errors = "replace"
    mode = "r"
    name = "<stdin>"

    def __init__(self, ask: Callable[[], str]) -> None:
        super().__init__()
        self._ask = ask

    def readable(self) -> bool:
        """Always."""
        return True

    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]  # It is text.
        """Ask for one line, ending in a newline."""
        return self._ask() + "\n"

    def read(self, size: int | None = -1, /) -> str:
        """Ask for one line: the page has no end of file."""
        return self.readline()

    def close(self) -> None:
        """Do nothing: later reads must still work."""

    def __reduce_ex__(self, protocol: Any) -> Any:
        return (standard_stream, ("stdin",))


_standard: dict[str, Any] = {}


def remember_standard(**streams: Any) -> None:
    """Name the session's streams, so that a saved reference leads to those of its restorer."""
    _standard.update(streams)


def standard_stream(name: str) -> Any:
    """The session's stream of that name; what a saved reference to it becomes."""
    return _standard[name]
