"""Reads the recipes: which packages the distribution contains.

A recipe is ``recipes/NAME/meta.yaml`` in pyodide-build's format, checked by its own classes.
``source`` is either a folder of this repository with a ``pyproject.toml`` (a pure package, made
into a wheel here) or the file name of a wheel with its SHA-256 (fetched by pip).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pyodide_build.recipe.spec import MetaConfig

from distribution.places import BuildError


@dataclass(frozen=True)
class Recipe:
    """One package: where it comes from, what it needs, what it imports as."""

    name: str
    version: str
    imports: tuple[str, ...]
    depends: tuple[str, ...]
    checks: tuple[str, ...]
    folder: Path | None
    wheel: str
    sha256: str


def load(folder: Path) -> list[Recipe]:
    """Read all recipes below ``folder``, each after those it depends on.

    Raises:
        BuildError: a recipe is malformed, names an unknown package, or depends on itself.
    """
    found = {path.parent.name: _read(path) for path in sorted(folder.glob("*/meta.yaml"))}
    ordered: dict[str, Recipe] = {}
    for name in found:
        _place(name, found, ordered, ())
    return list(ordered.values())


def _read(path: Path) -> Recipe:
    try:
        config = MetaConfig.from_yaml(path)
    except Exception as error:  # YAML, attrs and cattrs each raise their own kinds
        raise BuildError(f"{path}: {error}") from error
    package, source = config.package, config.source
    if package.name != path.parent.name:
        raise BuildError(f"{path}: the package is called {package.name!r}, its folder is not")
    if source.path is None and not _is_wheel_of(package.name, package.version, source.url):
        raise BuildError(f"{path}: source/url must be the file name of a pure wheel")
    return Recipe(
        name=package.name,
        version=package.version,
        imports=tuple(package.top_level),
        depends=tuple(config.requirements.run),
        checks=tuple(config.test.imports),
        folder=source.path.resolve() if source.path else None,
        wheel=source.url or f"{package.name}-{package.version}-py3-none-any.whl",
        sha256=source.sha256 or "",
    )


def _is_wheel_of(name: str, version: str, url: str | None) -> bool:
    prefix = f"{name.replace('-', '_')}-{version}-"
    return bool(url and url.startswith(prefix) and url.endswith("-none-any.whl") and "/" not in url)


def _place(
    name: str, found: dict[str, Recipe], ordered: dict[str, Recipe], above: tuple[str, ...]
) -> None:
    if name in above:
        raise BuildError(f"recipes depend on each other: {' -> '.join((*above, name))}")
    if name not in found:
        raise BuildError(f"there is no recipe for {name}, which {above[-1]} needs")
    if name in ordered:
        return
    for needed in found[name].depends:
        _place(needed, found, ordered, (*above, name))
    ordered[name] = found[name]
