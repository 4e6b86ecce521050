"""Wheels: ours is a real one and always the same; a fetched one must have the expected hash."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from distribution import wheels
from distribution.places import BuildError
from distribution.recipes import Recipe

OURS = Recipe("pure", "1.0", ("pure",), (), (), None, "pure-1.0-py3-none-any.whl", "")


@pytest.fixture
def project(tmp_path: Path) -> Recipe:
    folder = tmp_path / "project"
    (folder / "src" / "pure" / "sub").mkdir(parents=True)
    (folder / "pyproject.toml").write_text(
        '[project]\nname = "pure"\nversion = "1.0"\ndependencies = ["cloudpickle~=3.1"]\n'
    )
    (folder / "src" / "pure" / "__init__.py").write_text("x = 1\n")
    (folder / "src" / "pure" / "sub" / "m.py").write_text("y = 2\n")
    (folder / "src" / "pure" / "py.typed").touch()
    (folder / "src" / "pure" / "__pycache__").mkdir()
    (folder / "src" / "pure" / "__pycache__" / "m.pyc").write_bytes(b"no")
    return replace(OURS, folder=folder)


def test_our_wheel_lists_each_file_with_its_hash(project: Recipe, tmp_path: Path) -> None:
    wheel = wheels.provide(project, tmp_path / "cache", tmp_path)
    with zipfile.ZipFile(wheel) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    record = contents.pop("pure-1.0.dist-info/RECORD").decode()
    rows = {name: digest for name, digest, _ in csv.reader(io.StringIO(record))}
    assert rows.pop("pure-1.0.dist-info/RECORD") == ""
    digests = {
        name: "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode()[:43]
        for name, data in contents.items()
    }
    assert rows == digests
    assert {"pure/__init__.py", "pure/sub/m.py", "pure/py.typed"} <= set(contents)
    assert not any("__pycache__" in name for name in contents)
    assert b"Requires-Dist: cloudpickle~=3.1\n" in contents["pure-1.0.dist-info/METADATA"]


def test_the_same_sources_give_the_same_wheel(project: Recipe, tmp_path: Path) -> None:
    first = wheels.provide(project, tmp_path, tmp_path).read_bytes()
    assert project.folder is not None
    (project.folder / "src" / "pure" / "__init__.py").touch()
    assert wheels.provide(project, tmp_path, tmp_path).read_bytes() == first
    (project.folder / "src" / "pure" / "__init__.py").write_text("x = 3\n")
    assert wheels.provide(project, tmp_path, tmp_path).read_bytes() != first


def test_a_version_that_is_not_the_recipes_is_refused(project: Recipe, tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"its recipe pure 2\.0"):
        wheels.provide(replace(project, version="2.0"), tmp_path, tmp_path)


def test_a_wheel_in_the_cache_needs_no_network(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / OURS.wheel).write_bytes(b"a wheel")
    known = replace(OURS, sha256=hashlib.sha256(b"a wheel").hexdigest())
    assert wheels.provide(known, cache, tmp_path).read_bytes() == b"a wheel"


def test_a_wheel_that_cannot_be_had_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / OURS.wheel).write_bytes(b"spoilt")
    with pytest.raises(BuildError, match="could not be downloaded"):
        wheels.provide(replace(OURS, sha256="0" * 64), cache, tmp_path)
    assert not (cache / OURS.wheel).exists()
