"""The door through which the worker calls Python; docs/runtime.md lists its functions.

It alone knows JavaScript. Arguments and answers are JSON text or bytes. A request that is refused
raises ``RefusedError``, whose JSON ``refusal`` gives as well: the text of an error in JavaScript
comes by way of ``sys.stderr``, which an entry may have replaced.
"""

import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, cast

from playground_runtime import questions, session
from playground_runtime.errors import RefusedError
from playground_runtime.hooks import Hooks
from playground_runtime.session import Session
from playground_runtime.text import decode_json, encode_json

_in_browser = sys.platform == "emscripten"
if _in_browser:
    from pyodide.ffi import to_js

_session: Session | None = None
_refusal = ""


def start(hooks: Hooks, config: str) -> None:
    """Make the session: its ``__main__``, streams and home folder."""
    global _session
    _session = Session(hooks, decode_json(config)["home"])


def reseed() -> None:
    """Make randomness new after a start from a memory snapshot; before ``start`` or after."""
    session.reseed()


def execute(request: str) -> str | Coroutine[Any, Any, str]:
    """Run an entry; the answer comes at once, or as an awaitable when the code awaits."""
    asked = decode_json(request)
    answer = _started().execute(
        asked["number"], asked["source"], asked.get("path"), whole=asked["whole"] is True
    )
    return encode_json(answer) if isinstance(answer, dict) else _later(answer)


async def _later(answer: Coroutine[Any, Any, dict[str, Any]]) -> str:
    return encode_json(await answer)


def status(source: str) -> str:
    """Whether a source is ``complete``, ``incomplete`` or ``invalid``."""
    return _started().status(source)


def cancel() -> None:
    """Cancel the running execution where it waits in ``await``."""
    _started().cancel()


def variables() -> str:
    """JSON rows of the variable table."""
    return encode_json(_started().variables())


def capture(limits: str) -> Any:
    """A list: the JSON header of a snapshot, then the bytes of each new blob."""
    header, blobs = _started().capture(decode_json(limits))
    answer = [encode_json(header), *blobs]
    return to_js(answer) if _in_browser else answer


def restore(header: str, blobs: Any) -> str:
    """Replace namespace and home folder by a snapshot's; JSON of what was restored."""
    given = [_bytes(blob) for blob in blobs]
    return encode_json(_started().restore(decode_json(header), given))


def clear(names: str | None) -> None:
    """Delete the variables named in a JSON list, or all."""
    wanted = decode_json(names) if isinstance(names, str) else None
    _started().clear(wanted)


def list_files() -> str:
    """JSON rows of the home folder's files."""
    return encode_json(_started().home.rows())


def read_file(path: str) -> Any:
    """The bytes of a file."""
    with _noted():
        data = _started().home.read(path)
    return to_js(data) if _in_browser else data


def write_file(path: str, data: Any) -> None:
    """Write a file whole."""
    with _noted():
        _started().home.write(path, _bytes(data))


def remove_file(path: str) -> None:
    """Remove a file or folder."""
    with _noted():
        _started().home.remove(path)


def ask(question: str, args: str) -> str:
    """The answer to one of the table of questions; JSON of at most ``questions.MAX_CHARS``."""
    with _noted():
        return questions.answer(_started(), question, decode_json(args))


def refusal() -> str:
    """JSON ``{"code", "message"}`` of the latest refused request."""
    return _refusal


@contextmanager
def _noted() -> Iterator[None]:
    global _refusal
    try:
        yield
    except RefusedError as error:
        _refusal = str(error)
        raise


def _bytes(data: Any) -> bytes:
    return data if isinstance(data, bytes) else cast(bytes, data.to_bytes())


def _started() -> Session:
    if _session is None:
        raise RefusedError("invalid", "Python has not been started.")
    return _session
