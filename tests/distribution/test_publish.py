"""Publishing: a build appears whole, the last few stay, leftovers go."""

from __future__ import annotations

import gzip
import os
import time
from pathlib import Path
from typing import Any

import brotli
import zstandard
from distribution import compress, publish


def describe(build: str) -> dict[str, Any]:
    return {"base": publish.base(build), "files": {"loader": "a.mjs"}, "wheels": []}


def put(output: Path, build: str, age: float = 0.0) -> None:
    folder = output / f"{publish.PARTIAL}{build}"
    folder.mkdir(parents=True)
    (folder / "a.mjs").write_text(build)
    publish.publish(output, folder, build, describe(build))
    os.utime(output / build, (time.time() - age, time.time() - age))


def test_current_names_the_latest_whole_build(tmp_path: Path) -> None:
    assert publish.current(tmp_path) is None
    put(tmp_path, "one")
    put(tmp_path, "two")
    assert publish.current(tmp_path) == describe("two")
    assert (tmp_path / "two" / "a.mjs").read_text() == "two"
    (tmp_path / "two" / "a.mjs").unlink()
    assert publish.current(tmp_path) is None


def test_a_broken_current_counts_as_none(tmp_path: Path) -> None:
    for text in ("{", "[]", "null", '{"base": 5}', '{"base": "/x/", "files": [], "wheels": []}'):
        (tmp_path / "current.json").write_text(text)
        assert publish.current(tmp_path) is None


def test_the_last_builds_stay(tmp_path: Path) -> None:
    for age, build in enumerate(["e", "d", "c", "b"]):
        put(tmp_path, build, age=100 - age)
    put(tmp_path, "a")
    kept = sorted(path.name for path in tmp_path.iterdir() if path.is_dir())
    assert kept == ["a", "b", "c"]


def test_building_the_same_again_replaces_it(tmp_path: Path) -> None:
    put(tmp_path, "one")
    put(tmp_path, "one")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["current.json", "one"]


def test_leftovers_of_broken_off_builds_go(tmp_path: Path) -> None:
    old, new = tmp_path / f"{publish.PARTIAL}old", tmp_path / f"{publish.PARTIAL}new"
    for path in (old, new):
        path.mkdir()
    os.utime(old, (0, 0))
    publish.remove_leftovers(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [new.name]


def test_compressed_files_hold_the_same_bytes(tmp_path: Path) -> None:
    data = b"print(1)\n" * 1_000
    folder, cache = tmp_path / "folder", tmp_path / "cache"
    folder.mkdir()
    files = [folder / "lasting.js", folder / "fresh.bin"]
    for file in files:
        file.write_bytes(data)
    for _ in range(2):
        compress.compress_all(files, {"lasting.js"}, cache)
        for file in files:
            packed = file.with_name(file.name + ".br").read_bytes()
            assert brotli.decompress(packed) == data
            packed = file.with_name(file.name + ".zst").read_bytes()
            assert zstandard.decompress(packed) == data
            assert gzip.decompress(file.with_name(file.name + ".gz").read_bytes()) == data
    assert len(list(cache.iterdir())) == 3
