"""The steps of a build, from inputs to the folder that is served.

Two hashes keep the builds apart. ``hash`` covers what a session's values depend on, Pyodide and
the wheels; saved snapshots carry it. The folder's name covers the tools that made it as well, so
whatever is fetched from its addresses never changes.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import json
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from distribution import compress, lock, publish, recipes, snapshot, wheels
from distribution.places import PYODIDE_FILES, BuildError, Places, standard
from distribution.recipes import Recipe


def run(arguments: list[str]) -> int:
    """Build as told on the command line. Gives the exit code."""
    parser = argparse.ArgumentParser(description="Builds the runtime's distribution.")
    parser.add_argument("--force", action="store_true", help="build although nothing changed")
    force = parser.parse_args(arguments).force
    try:
        build(standard(), force=force)
    except BuildError as error:
        print(f"The runtime could not be built: {error}")
        return 1
    return 0


def build(places: Places, *, force: bool = False) -> dict[str, Any]:
    """Build the distribution if its inputs have changed. Gives the content of ``current.json``.

    Raises:
        BuildError: an input is missing or wrong.
    """
    started = time.monotonic()
    places.require_pyodide()
    places.output.mkdir(parents=True, exist_ok=True)
    publish.remove_leftovers(places.output)
    folder = Path(tempfile.mkdtemp(prefix=publish.PARTIAL, dir=places.output))
    try:
        packages = [
            (recipe, wheels.provide(recipe, places.cache, folder))
            for recipe in recipes.load(places.recipes)
        ]
        engine = _engine_hash(places, packages)
        made_by = _tools_hash(engine)
        present = publish.current(places.output)
        if present and not force and present["base"] == publish.base(made_by):
            print(f"Runtime: up to date ({made_by})")
            return present
        print(f"Runtime: building {made_by} from Pyodide {_pyodide_version(places)}", flush=True)
        description = _fill(places, folder, packages, engine, made_by)
        publish.publish(places.output, folder, made_by, description)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"Runtime: built in {time.monotonic() - started:.0f} s")
    return description


def _fill(
    places: Places, folder: Path, packages: list[tuple[Recipe, Path]], engine: str, made_by: str
) -> dict[str, Any]:
    files = dict(PYODIDE_FILES)
    for name in files.values():
        shutil.copyfile(places.pyodide / name, folder / name)
    original = places.pyodide / "pyodide-lock.json"
    files["lock"] = "pyodide-lock.json"
    lock.make(original, packages).to_json(folder / files["lock"])
    made = _add_snapshot(folder, packages, files)
    lasting = set(PYODIDE_FILES.values())
    print("Runtime: compressing", flush=True)
    compress.compress_all(
        [file for file in folder.iterdir() if file.is_file()], lasting, places.cache
    )
    return {
        "hash": engine,
        "version": lock.python_version(original),
        "pyodide": _pyodide_version(places),
        "base": publish.base(made_by),
        "files": files,
        "wheels": [{"name": recipe.name, "file": wheel.name} for recipe, wheel in packages],
        "snapshot": {"heapBytes": made.heap_bytes, "bytes": made.bytes, "reason": made.reason},
    }


def _add_snapshot(
    folder: Path, packages: list[tuple[Recipe, Path]], files: dict[str, str]
) -> snapshot.Snapshot:
    print("Runtime: making the memory snapshot", flush=True)
    target = folder / "snapshot.bin"
    imports = [name for recipe, _ in packages for name in recipe.checks]
    made = snapshot.make(folder, [wheel for _, wheel in packages], imports, target)
    if made.reason:
        print(f"Runtime: warning: no memory snapshot, Python will start slowly: {made.reason}")
        return made
    # No two snapshots have the same bytes, and addresses are cached for ever.
    digest = hashlib.sha256(target.read_bytes()).hexdigest()[:12]
    files["snapshot"] = f"snapshot-{digest}.bin"
    target.rename(folder / files["snapshot"])
    return made


def _engine_hash(places: Places, packages: list[tuple[Recipe, Path]]) -> str:
    inputs = [places.pyodide / name for name in (*PYODIDE_FILES.values(), "pyodide-lock.json")]
    return _hash(*((path.name, path.read_bytes()) for path in inputs + [w for _, w in packages]))


def _tools_hash(engine: str) -> str:
    tools = sorted(Path(__file__).parent.glob("*.*"))
    versions = [
        f"{name}=={_version(name)}"
        for name in ("brotli", "deno", "zstandard", "pyodide-build", "pyodide-lock")
    ]
    return _hash(
        ("engine", engine.encode()),
        ("versions", " ".join(versions).encode()),
        *((path.name, path.read_bytes()) for path in tools if path.is_file()),
    )


def _hash(*parts: tuple[str, bytes]) -> str:
    whole = hashlib.sha256()
    for name, data in parts:
        whole.update(f"{name} {len(data)} {hashlib.sha256(data).hexdigest()}\n".encode())
    return whole.hexdigest()[:20]


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "none"


def _pyodide_version(places: Places) -> str:
    version: str = json.loads((places.pyodide / "package.json").read_text("utf-8"))["version"]
    return version
