"""Recipes: what is read from them, and what is refused with a word that helps."""

from __future__ import annotations

from pathlib import Path

import pytest
from distribution import recipes
from distribution.places import BuildError, standard

WHEEL = "source:\n  url: {0}-1.0-py3-none-any.whl\n  sha256: " + "0" * 64 + "\n"


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).mkdir()
    (folder / name / "meta.yaml").write_text(text)


def recipe(name: str, *needs: str, source: str = WHEEL) -> str:
    run = "".join(f"\n    - {need}" for need in needs)
    requirements = f"requirements:\n  run:{run}\n" if needs else ""
    return f"package:\n  name: {name}\n  version: '1.0'\n{source.format(name)}{requirements}"


def test_a_package_comes_after_those_it_needs(tmp_path: Path) -> None:
    write(tmp_path, "a", recipe("a", "c"))
    write(tmp_path, "b", recipe("b"))
    write(tmp_path, "c", recipe("c", "b"))
    assert [found.name for found in recipes.load(tmp_path)] == ["b", "c", "a"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (recipe("other"), "its folder is not"),
        (recipe("a", "missing"), "no recipe for missing"),
        (recipe("a", "a"), "depend on each other"),
        (recipe("a", source="source:\n  url: a-1.0-py3-none-any.whl\n"), "sha256"),
        (recipe("a", source=WHEEL.replace("{0}-1.0", "{0}-2.0")), "file name of a pure wheel"),
        (recipe("a", source=WHEEL.replace("{0}-1.0", "../{0}-1.0")), "file name of a pure wheel"),
        (recipe("a", source=WHEEL.replace("none-any", "cp314-any")), "file name of a pure wheel"),
        (recipe("a") + "unknown: 1\n", "meta.yaml"),
        ("package: [", "meta.yaml"),
    ],
)
def test_a_bad_recipe_is_refused(tmp_path: Path, text: str, words: str) -> None:
    write(tmp_path, "a", text)
    with pytest.raises(BuildError, match=words):
        recipes.load(tmp_path)


def test_the_recipes_of_the_repository_are_sound() -> None:
    found = {recipe.name: recipe for recipe in recipes.load(standard().recipes)}
    ours = found["playground_runtime"]
    assert ours.folder is not None
    assert (ours.folder / "pyproject.toml").is_file()
    assert set(ours.depends) <= set(found)
