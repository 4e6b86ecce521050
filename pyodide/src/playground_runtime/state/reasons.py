"""Why something is not saved, in plain words."""

from typing import Any

from playground_runtime import limits
from playground_runtime.plaintext import describe, type_name
from playground_runtime.text import clean

_KNOWN = {
    "generator": "a running generator",
    "async_generator": "a running generator",
    "coroutine": "a coroutine that has begun",
    "frame": "a running function's frame",
    "traceback": "a traceback",
    "TextIOWrapper": "an open file",
    "BufferedReader": "an open file",
    "BufferedWriter": "an open file",
    "BufferedRandom": "an open file",
    "FileIO": "an open file",
    "Task": "an asyncio task",
    "Future": "an asyncio future",
    "Thread": "a thread",
    "socket": "a network connection",
    "Connection": "an open connection",
    "Cursor": "a database cursor",
    "JsProxy": "a JavaScript object",
    "HASH": "a hash in the making",
    "Compress": "a compressor at work",
    "Decompress": "a decompressor at work",
}

TOO_LONG = "reading it back took too long, or was stopped"
TOO_DEEP = "too deeply nested"
NOT_TEXT = "its name is not text"
LINK = "a link to another file is not saved"
ODD_FILE = "it is not an ordinary file"
UNREADABLE = "it cannot be read"
BAD_PATH = "its name is too long or not valid text"
TOO_MANY_FILES = f"there are more than {limits.FILES:,} files"
MISSING = "its bytes are missing"
SETTING = "a setting of Python"
UNSAVABLE = "it cannot be saved"
CACHE = "its cache starts empty after a reload"
STREAM = "after a reload print() and errors do not go there, but to the screen"
LOCALS = "the variables inside its traceback are gone after a reload"
WATCHED = "its trace callback or authorizer"
TEMPORARY = "its temporary tables"
UNCOMMITTED = "what is not committed yet"
FOLLOWS = "it could not be read back after another variable failed"


def kind_of(value: object) -> str:
    """What a placeholder says it stands for."""
    return clean(type_name(value))[:100]


def failed(value: object, error: BaseException) -> str:
    """The reason for an object that its library would not give."""
    known = _KNOWN.get(type_name(value))
    if known is not None:
        return known
    words = f"an object of type {type_name(value)} ({describe(error)})"
    return clean(words)[: limits.REASON_CHARS]


def held(path: str, reason: str, more: int) -> str:
    """The reason for a variable that holds something which cannot be saved."""
    others = f", and {more:,} more" if more else ""
    return clean(f"{path} -> {reason}, which cannot be saved{others}")[: limits.REASON_CHARS]


def remark(path: str, words: str, more: int) -> str:
    """The remark on a variable that holds something of which not all is kept."""
    others = f", and {more:,} more" if more else ""
    return clean(f"{path}: {words}{others}")[: limits.REASON_CHARS]


def gone(things: list[str]) -> str:
    """The remark on an object from which some things are taken; empty when there are none."""
    if not things:
        return ""
    named = ", ".join(things[:5]) + (f", and {len(things) - 5:,} more" if things[5:] else "")
    return f"after a reload it is without {named}"


def too_large(size: int, limit: int, *, at_least: bool = False) -> str:
    """The reason for a variable or file over its limit."""
    about = "over " if at_least else ""
    return f"too large: {about}{megabytes(size)}, the limit is {megabytes(limit)}"


def no_room(limit: int) -> str:
    """The reason for what no longer fits into a whole snapshot."""
    return f"no room left: all values and files together may take {megabytes(limit)}"


def not_restored(error: BaseException) -> str:
    """The reason for a variable whose bytes could not be turned into a value again."""
    if isinstance(error, ModuleNotFoundError) and error.name:
        return f"it needs the module {clean(error.name)[:100]}, which is not here"
    if isinstance(error, KeyboardInterrupt):
        return TOO_LONG
    if type(error).__name__ == "MissingError":
        return str(error)
    return f"it could not be read back: {describe(error)}"[: limits.REASON_CHARS]


def row(name: str, reason: str, *, missing: bool = False) -> dict[str, Any]:
    """A row of a list of what was not saved; ``missing`` when it is not here either."""
    named = {"name": name, "reason": reason}
    return {**named, "missing": True} if missing else named


def bounded(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first rows, and a last one that counts the others."""
    if len(rows) <= limits.UNSAVED:
        return rows
    kept = rows[: limits.UNSAVED - 1]
    return [*kept, row("…", f"{len(rows) - len(kept):,} more were not saved")]


def megabytes(size: int) -> str:
    """``11.4 MB``, ``10 MB`` or ``300 bytes``; a MB is 1024 KB here as on the page."""
    if size < 100_000:
        return f"{size:,} bytes"
    text = f"{size / 2**20:.1f}"
    return (text[:-2] if size % 2**20 == 0 else text) + " MB"
