"""Hints about the world around the code: files, encodings, endless recursion, memory."""

import io
import os
import re
from types import TracebackType

from playground_runtime.hints.scene import Scene, code, listing, near

_DRIVE = re.compile(r"^[A-Za-z]:[\\/]|^/(?:Users|home|mnt|media)/|^~")


def files(scene: Scene) -> str | None:
    """Words for an OSError."""
    error = scene.error
    if type(error).__module__ == "urllib.error":
        return "Code here reaches only the addresses that this site allows. Put the file among the files."
    name = getattr(error, "filename", None)
    if isinstance(error, io.UnsupportedOperation):
        return _mode(scene.message)
    if not isinstance(name, str):
        return None
    if isinstance(error, FileNotFoundError):
        return _not_found(name)
    if isinstance(error, IsADirectoryError):
        return f"`{name}` is a folder, not a file." if "`" not in name else None
    if isinstance(error, FileExistsError):
        return "There is a file or folder of that name already."
    return None


def _mode(message: str) -> str | None:
    if message == "not writable":
        return 'The file is open for reading only. To write, open it with `open(name, "w")`.'
    if message == "not readable":
        return "The file is open for writing only. To read, open it with `open(name)`."
    return None


def _not_found(path: str) -> str | None:
    folder, name = os.path.split(path)
    if len(path) > 100 or "`" in path:
        return None
    if _DRIVE.search(path) and not (folder and os.path.isdir(folder)):
        return (
            "Code in a web page cannot see the disk of your computer. Put the file among the files of "
            f"this session, then open it by its name: `{re.split(r'[\\/]', path)[-1]}`."
        )
    try:
        here = sorted(os.listdir(folder or "."))
    except OSError:
        return f"There is no folder `{folder}`."
    meant = near(name, here)
    if meant:
        return f"There is no file `{path}`. Did you mean `{os.path.join(folder, meant)}`?"
    shown = [one for one in here if not one.startswith(".")]
    if not shown:
        return f"There is no file `{path}`; there are no files at all yet. Upload it first."
    return f"There is no file `{path}`. There are {listing(shown)}."


def encoding(scene: Scene) -> str | None:
    """Words for text that is not encoded as expected."""
    error = scene.error
    if isinstance(error, UnicodeDecodeError):
        start = bytes(error.object[:8])
        if start.startswith(
            (b"\x89PNG", b"\xff\xd8", b"GIF8", b"PK\x03\x04", b"%PDF", b"\x1f\x8b")
        ):
            return 'This file is not text. To read its bytes, open it with `open(name, "rb")`.'
        if start.startswith((b"\xff\xfe", b"\xfe\xff")):
            return 'This text is encoded as UTF-16: `open(name, encoding="utf-16")`.'
        if error.encoding.replace("-", "").lower() in ("utf8", "ascii"):
            return (
                "The text is not encoded as UTF-8, perhaps it comes from an old Windows program. Try "
                '`open(name, encoding="cp1252")`.'
            )
    if isinstance(error, UnicodeEncodeError) and error.encoding.lower() == "ascii":
        return "ASCII has no such letter. Use the encoding `utf-8`, which has all of them."
    return None


def recursion(scene: Scene) -> str | None:
    """Words for a function that calls itself without end."""
    if not scene.message.startswith("maximum recursion depth exceeded"):
        return None
    names, own = _repeated(scene.error.__traceback__)
    if not names or len(names) > 2:
        return None
    if len(names) == 2:
        return f"`{names[0]}` and `{names[1]}` call each other without end. One must stop at some point."
    if own and names[0] in (
        "__getattr__",
        "__getattribute__",
        "__setattr__",
        "__repr__",
        "__str__",
    ):
        return f"`{names[0]}` asks for itself again and again by what it does to `self`."
    return (
        f"`{names[0]}` calls itself without end. It needs a case in which it returns without calling "
        "itself, and every call must come nearer to it."
    )


def _repeated(trace: TracebackType | None) -> tuple[list[str], bool]:
    """The names of the functions that the last hundred frames are of, when they are the user's."""
    codes = []
    while trace is not None:
        codes.append(trace.tb_frame.f_code)
        trace = trace.tb_next
    # The very last ones may be of something that the function calls, like `print`.
    tail = codes[-110:-10]
    if len(tail) < 50:
        return [], False
    different = list(dict.fromkeys(tail))
    if any(one.co_filename.startswith("<frozen") for one in different):
        return [], False
    first = different[0]
    return [one.co_name for one in different], first.co_varnames[:1] == ("self",)


def running(scene: Scene) -> str | None:
    """Words for a RuntimeError."""
    message = scene.message
    match = re.match(
        r"(dictionary|Set|deque) (?:changed size|keys changed|mutated) during", message
    )
    if match:
        loop = code(scene.loops())
        copy = f"`for … in list({loop}):`" if loop else "`for … in list(…):`"
        thing = {"dictionary": "dictionary", "Set": "set"}.get(match[1], match[1])
        return f"A {thing} must not grow or shrink while a loop goes through it. Go through a copy: {copy}."
    if "cannot be called from a running event loop" in message or message.startswith(
        "This event loop is already running"
    ):
        return "An event loop runs here already: write `await main()` in place of `asyncio.run(main())`."
    if message.startswith("can't start new thread"):
        return "Python in a web page has no threads. `asyncio` can do several things by turns."
    return None


def memory(scene: Scene) -> str | None:
    """Words for too little memory."""
    return "That needs more memory than this page can have. Work with smaller pieces at a time."
