"""Makes the memory snapshot: the heap of a Python that has started and imported our runtime.

A page that loads it starts four to six times faster. It is made under Deno, whose WebAssembly can
suspend on promises as that of browsers can; a snapshot made by an engine without that ability
would lack it for ever. Nothing depends on the snapshot: without one, pages start Python plainly.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deno import find_deno_bin

from distribution.packing import pack

#: Modules of the standard library that entries import often. Each one imported here is there at
#: once in every session; together they add a quarter of a megabyte to the download.
COMMON_MODULES = """
abc argparse array ast asyncio base64 bisect calendar cmath collections contextlib copy csv
dataclasses datetime decimal difflib enum fractions functools glob hashlib heapq html inspect
io itertools json linecache logging math numbers operator os pathlib pickle pprint queue
random re shutil signal statistics string struct tempfile textwrap threading time timeit
traceback types typing unittest urllib.parse uuid warnings weakref zipfile zoneinfo
"""

_SCRIPT = Path(__file__).with_name("make_snapshot.mjs")
_SECONDS = 120


@dataclass(frozen=True)
class Snapshot:
    """The bytes of a snapshot's heap and of its file; ``reason`` says why there is none."""

    heap_bytes: int
    bytes: int
    reason: str | None


def make(folder: Path, wheels: list[Path], imports: list[str], target: Path) -> Snapshot:
    """Boot the Pyodide in ``folder`` with the wheels and write its memory, packed, to ``target``.

    Never raises for a snapshot that cannot be made: the answer says why.
    """
    request = {
        "folder": str(folder),
        "wheels": [str(wheel) for wheel in wheels],
        "imports": [*COMMON_MODULES.split(), *imports],
        "target": str(target),
    }
    try:
        heap_bytes = _run(folder, target.parent, request)
        target.write_bytes(pack(target.read_bytes()))
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        target.unlink(missing_ok=True)
        # The reason is shown in pages: one line, without the paths of this machine.
        return Snapshot(0, 0, _words(error).replace(str(folder), "").splitlines()[0][:300])
    return Snapshot(heap_bytes, target.stat().st_size, None)


def _run(folder: Path, target: Path, request: Mapping[str, object]) -> int:
    with tempfile.TemporaryDirectory() as cache:
        command = [
            *(find_deno_bin(), "run", "--quiet", "--no-config", "--no-lock", "--no-remote"),
            *("--no-npm", "--no-prompt", f"--allow-read={folder},{_SCRIPT.parent}"),
            *(f"--allow-write={target}", str(_SCRIPT)),
        ]
        done = subprocess.run(
            command,
            input=json.dumps(request),
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            env={"DENO_DIR": cache, "HOME": cache, "NO_COLOR": "1"},
            check=False,
        )
    if done.returncode:
        raise ValueError(f"Deno ended with {done.returncode}: {done.stderr.strip()[-2000:]}")
    heap_bytes = json.loads(done.stdout.splitlines()[-1])["heapBytes"]
    if not isinstance(heap_bytes, int):
        raise TypeError("Deno told no size")
    return heap_bytes


def _words(error: Exception) -> str:
    if isinstance(error, subprocess.TimeoutExpired):
        return f"Deno did not finish in {_SECONDS} s"
    if isinstance(error, OSError):
        return "Deno is not installed"
    return str(error)
