"""Makes and fetches the wheels of the distribution.

Our own package is written straight into a wheel: it is pure Python, and the same sources must give
the same bytes, because the distribution's hash stands in every saved snapshot. Byte-compiling it
does not pay: its modules are already imported in the memory snapshot, so the files are read for
tracebacks only.
"""

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

from distribution.places import BuildError
from distribution.recipes import Recipe

#: The earliest time that a zip file can hold.
_EPOCH = (1980, 1, 1, 0, 0, 0)


def provide(recipe: Recipe, cache: Path, folder: Path) -> Path:
    """Put the wheel of ``recipe`` into ``folder`` and give its path.

    Raises:
        BuildError: it cannot be fetched, its bytes are not the expected ones, or its sources do
            not fit the recipe.
    """
    target = folder / recipe.wheel
    if recipe.folder is not None:
        target.write_bytes(_from_source(recipe, recipe.folder))
    else:
        target.write_bytes(_fetched(recipe, cache).read_bytes())
    return target


def _from_source(recipe: Recipe, folder: Path) -> bytes:
    project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
    if (project["name"], project["version"]) != (recipe.name, recipe.version):
        raise BuildError(
            f"{folder / 'pyproject.toml'} is {project['name']} {project['version']}, "
            f"its recipe {recipe.name} {recipe.version}"
        )
    info = f"{recipe.name}-{recipe.version}.dist-info"
    requires = "".join(f"Requires-Dist: {need}\n" for need in project.get("dependencies", []))
    files = dict(_sources(folder / "src", recipe.imports))
    files[f"{info}/METADATA"] = (
        f"Metadata-Version: 2.1\nName: {recipe.name}\nVersion: {recipe.version}\n{requires}"
    ).encode()
    files[f"{info}/WHEEL"] = (
        b"Wheel-Version: 1.0\nGenerator: playground\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    )
    files[f"{info}/RECORD"] = _record(files, info)
    return _zip(files)


def _sources(folder: Path, packages: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    for package in packages:
        for path in sorted((folder / package).rglob("*")):
            if path.is_file() and (path.suffix == ".py" or path.name == "py.typed"):
                yield path.relative_to(folder).as_posix(), path.read_bytes()


def _record(files: dict[str, bytes], info: str) -> bytes:
    rows = [f"{name},sha256={_digest(data)},{len(data)}" for name, data in files.items()]
    return "\n".join([*rows, f"{info}/RECORD,,", ""]).encode()


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def _zip(files: dict[str, bytes]) -> bytes:
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            # Stored, not deflated: the whole wheel is compressed better by Brotli.
            for name, data in files.items():
                archive.writestr(zipfile.ZipInfo(name, _EPOCH), data)
        file.seek(0)
        return file.read()


def _fetched(recipe: Recipe, cache: Path) -> Path:
    cache.mkdir(parents=True, exist_ok=True)
    wheel = cache / recipe.wheel
    if not _matches(wheel, recipe.sha256):
        wheel.unlink(missing_ok=True)
        _download(recipe, cache)
    if not _matches(wheel, recipe.sha256):
        raise BuildError(f"{recipe.wheel} is not the file whose SHA-256 its recipe names")
    return wheel


def _matches(file: Path, sha256: str) -> bool:
    return file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == sha256


def _download(recipe: Recipe, cache: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "wanted.txt"
        wanted.write_text(f"{recipe.name}=={recipe.version} --hash=sha256:{recipe.sha256}\n")
        command = [
            *(sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet"),
            *("--no-deps", "--only-binary", ":all:", "--require-hashes"),
            *("--dest", str(cache), "--requirement", str(wanted)),
        ]
        done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)
    if done.returncode:
        raise BuildError(f"{recipe.wheel} could not be downloaded:\n{done.stderr.strip()}")
