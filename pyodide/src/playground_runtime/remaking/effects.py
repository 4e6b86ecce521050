"""What running code again does besides making values, as far as its text tells."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

type Effect = Literal["asks", "files", "random", "network", "time"]


class Call(NamedTuple):
    """A call: what is called, as written, and whether its arguments open a file for writing."""

    path: str
    writes: bool


_EFFECTS: dict[Effect, tuple[str, ...]] = {
    "asks": ("input", "getpass.getpass"),
    "files": (
        *("os.remove", "os.unlink", "os.rename", "os.replace", "os.rmdir", "os.truncate"),
        *("os.mkdir", "os.makedirs", "os.symlink", "os.write"),
        *("shutil.copy", "shutil.copy2", "shutil.copyfile", "shutil.copytree"),
        *("shutil.move", "shutil.rmtree", "shutil.unpack_archive", "shutil.make_archive"),
    ),
    "random": ("random.", "numpy.random.", "secrets.", "uuid.uuid1", "uuid.uuid4", "os.urandom"),
    "network": (
        *("urllib.request.", "requests.", "http.client.", "socket.", "pyodide.http.", "aiohttp."),
        *("websockets.", "ftplib.", "smtplib.", "js.fetch", "js.XMLHttpRequest", "js.WebSocket"),
        "micropip.",
    ),
    "time": (
        *("time.time", "time.time_ns", "time.localtime", "time.gmtime", "time.perf_counter"),
        *("time.monotonic", "datetime.datetime.now", "datetime.datetime.utcnow"),
        *("datetime.datetime.today", "datetime.date.today"),
    ),
}

#: Methods that write files, whatever they are called on.
_WRITING = frozenset(
    [
        *("write_text", "write_bytes", "mkdir", "unlink", "rmdir", "touch", "savefig"),
        *("to_csv", "to_excel", "to_json", "to_parquet", "to_pickle", "to_html"),
    ]
)


def dotted(node: ast.expr) -> str:
    """``a.b.c`` of such an expression; a beginning that is no name is left out: ``.c``."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    parts.append(node.id if isinstance(node, ast.Name) else "")
    return ".".join(reversed(parts))


def call(node: ast.Call) -> Call:
    """What a call is to ``effects``."""
    path = dotted(node.func)
    last = path.rpartition(".")[2]
    return Call(path, _opens_to_write(node, path) if last == "open" else last in _WRITING)


def _opens_to_write(node: ast.Call, path: str) -> bool:
    """Whether an ``open`` may write: its mode says so, or cannot be read."""
    place = 1 if path == "open" else 0
    given = [one.value for one in node.keywords if one.arg == "mode"]
    given += node.args[place : place + 1]
    if not given:
        return False
    mode = given[0]
    return not (isinstance(mode, ast.Constant) and isinstance(mode.value, str)) or bool(
        set("wax+") & set(mode.value)
    )


def effects(calls: Iterable[Call], modules: Mapping[str, str]) -> set[Effect]:
    """What calls do; ``modules`` has what imported names stand for: ``np`` is ``numpy``."""
    return {effect for one in calls for effect in _of(one, modules)}


def _of(one: Call, modules: Mapping[str, str]) -> Iterator[Effect]:
    if one.writes:
        yield "files"
    head, dot, rest = one.path.partition(".")
    path = modules.get(head, head) + dot + rest
    for effect, paths in _EFFECTS.items():
        if any(path.startswith(known) if known.endswith(".") else path == known for known in paths):
            yield effect
