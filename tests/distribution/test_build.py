"""The distribution that the repository builds: whole, locked, quick to leave alone."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from distribution import command, publish, snapshot
from distribution.places import BuildError, Places, standard
from pyodide_lock import PyodideLockSpec

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def built() -> Path:
    """The folder of the current build; builds it if need be, as ``make`` does."""
    script = ROOT / "pyodide" / "distribution" / "build.py"
    subprocess.run([sys.executable, str(script)], check=True, cwd=ROOT, timeout=300)
    described = publish.current(standard().output)
    assert described is not None
    return standard().output / described["base"].rstrip("/").rpartition("/")[2]


def test_each_file_is_there_with_its_compressed_forms(built: Path) -> None:
    described = json.loads((built / "distribution.json").read_text())
    names = [*described["files"].values(), *(wheel["file"] for wheel in described["wheels"])]
    for name in names:
        for suffix in ("", ".br", ".gz"):
            assert (built / f"{name}{suffix}").stat().st_size > 0
    assert [wheel["name"] for wheel in described["wheels"]] == ["playground_runtime"]


def test_the_lock_file_holds_the_hashes_of_the_wheels(built: Path) -> None:
    lock = PyodideLockSpec.from_json(built / "pyodide-lock.json")
    assert {package.file_name: package.sha256 for package in lock.packages.values()} == {
        wheel.name: hashlib.sha256(wheel.read_bytes()).hexdigest() for wheel in built.glob("*.whl")
    }


def test_it_starts_from_a_memory_snapshot(built: Path) -> None:
    described = json.loads((built / "distribution.json").read_text())
    assert described["snapshot"]["reason"] is None
    name = described["files"]["snapshot"]
    digest = hashlib.sha256((built / name).read_bytes()).hexdigest()
    assert name == f"snapshot-{digest[:12]}.bin"
    # Its empty pages are left out.
    assert 0 < (built / name).stat().st_size < 0.7 * described["snapshot"]["heapBytes"]


def test_unchanged_inputs_build_nothing(built: Path) -> None:
    before = built.stat().st_mtime_ns
    started = time.monotonic()
    described = command.build(standard())
    assert time.monotonic() - started < 5
    assert described["base"] == publish.base(built.name)
    assert built.stat().st_mtime_ns == before


def test_a_snapshot_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    made = snapshot.make(tmp_path, [], ["json"], tmp_path / "snapshot.bin")
    assert made.heap_bytes == 0
    assert made.reason is not None
    assert "pyodide.mjs" in made.reason
    assert str(tmp_path) not in made.reason
    assert not (tmp_path / "snapshot.bin").exists()


def test_without_the_npm_package_it_says_what_to_do(tmp_path: Path) -> None:
    places = Places(tmp_path, tmp_path, tmp_path, tmp_path / "build")
    with pytest.raises(BuildError, match="npm ci"):
        command.build(places)
