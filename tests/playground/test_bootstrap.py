"""The launcher's set-up: steps run when their inputs changed, and say what is missing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from playground import bootstrap


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone with a source folder, and stamps of its own."""
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "STAMPS", tmp_path / "build" / "stamps")
    monkeypatch.setattr(bootstrap, "LOG", tmp_path / "build" / "setup.log")
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "page.ts").write_text("1")
    return tmp_path


class Product:
    """Something made from the source folder, that counts how often."""

    def __init__(self, root: Path) -> None:
        self.root, self.file, self.count = root, root / "page.js", 0

    def make(self) -> None:
        self.count += 1
        self.file.write_text("made")

    def ask(self) -> int:
        stamp = bootstrap.fingerprint([self.root / "source"])
        bootstrap.unless_current("page", stamp, [self.file], self.make)
        return self.count


def test_a_step_runs_once_until_its_inputs_change(root: Path) -> None:
    product = Product(root)
    assert [product.ask(), product.ask()] == [1, 1]
    (root / "source" / "page.ts").write_text("2")
    assert [product.ask(), product.ask()] == [2, 2]
    (root / "source" / "more.ts").write_text("")
    assert product.ask() == 3
    product.file.unlink()
    assert product.ask() == 4


def test_build_products_are_no_inputs(root: Path) -> None:
    before = bootstrap.fingerprint([root / "source"])
    (root / "source" / "node_modules").mkdir()
    (root / "source" / "node_modules" / "x.js").write_text("x")
    assert bootstrap.fingerprint([root / "source"]) == before


def test_a_failed_step_leaves_no_stamp_and_is_done_again(root: Path) -> None:
    product = Product(root)
    failing = [sys.executable, "-c", "print('the reason'); raise SystemExit(3)"]

    def fail() -> None:
        bootstrap.step("Making the page", failing, root)

    with pytest.raises(bootstrap.SetupError, match="the reason"):
        bootstrap.unless_current("page", "stamp", [product.file], fail)
    assert product.ask() == 1


def test_a_step_that_made_nothing_is_told(root: Path) -> None:
    with pytest.raises(bootstrap.SetupError, match=r"not: .*page\.js"):
        bootstrap.unless_current("page", "stamp", [root / "page.js"], lambda: None)


def test_a_python_that_is_new_enough_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYGROUND_PYTHON", sys.executable)
    assert bootstrap.find_python() == sys.executable


def test_the_need_for_a_newer_python_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "_probe", lambda python: ((3, 11), True))
    with pytest.raises(bootstrap.SetupError, match=r"needs Python 3\.12 or newer"):
        bootstrap.find_python()


def test_a_python_without_venv_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "_probe", lambda python: ((3, 13), False))
    with pytest.raises(bootstrap.SetupError, match="apt-get install python3-venv"):
        bootstrap.find_python()


def test_the_need_for_node_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(bootstrap.SetupError, match="needs Node 20"):
        bootstrap.check_node()


def test_help_lists_every_command() -> None:
    # Below another make, such as `make test`, it would tell which folder it enters.
    alone = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(
        ["make", "help"], cwd=bootstrap.ROOT, capture_output=True, text=True, env=alone
    )
    makefile = (bootstrap.ROOT / "Makefile").read_text()
    phony = next(line for line in makefile.splitlines() if line.startswith(".PHONY:"))
    listed = [line.split()[1] for line in done.stdout.splitlines()]
    assert sorted(listed) == sorted(phony.split()[1:])
