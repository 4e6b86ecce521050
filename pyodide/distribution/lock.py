"""Writes the lock file: the packages of the distribution and the hashes of their wheels.

It names our own packages only. The npm package's lock file describes some 350 others that live on
a content delivery network, which nobody here contacts.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from pyodide_lock import PyodideLockSpec
from pyodide_lock.spec import InfoSpec, PackageSpec

from distribution.recipes import Recipe


def python_version(original: Path) -> str:
    """The version of Python inside Pyodide, from the lock file of the npm package."""
    version: str = _info(original).python
    return version


def make(original: Path, packages: list[tuple[Recipe, Path]]) -> PyodideLockSpec:
    """Lock the given wheels for the Pyodide whose own lock file is ``original``.

    Raises:
        ValueError: the name of a wheel does not fit its recipe.
    """
    specs = {recipe.name: _package(recipe, wheel) for recipe, wheel in packages}
    lock = PyodideLockSpec(info=_info(original), packages=specs)
    lock.check_wheel_filenames()
    return lock


def _info(original: Path) -> InfoSpec:
    return InfoSpec.from_dict(json.loads(original.read_text("utf-8"))["info"])


def _package(recipe: Recipe, wheel: Path) -> PackageSpec:
    return PackageSpec(
        name=recipe.name,
        version=recipe.version,
        file_name=wheel.name,
        install_dir="site",
        sha256=hashlib.sha256(wheel.read_bytes()).hexdigest(),
        imports=list(recipe.imports),
        depends=list(recipe.depends),
    )
