"""Where the build finds its inputs and leaves its results."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

#: Role of each file of Pyodide, and its name in the npm package.
PYODIDE_FILES = {
    "loader": "pyodide.mjs",
    "asm": "pyodide.asm.mjs",
    "wasm": "pyodide.asm.wasm",
    "stdlib": "python_stdlib.zip",
}


class BuildError(Exception):
    """The distribution cannot be built; the text tells the person what to do."""


@dataclass(frozen=True)
class Places:
    """The folders of one build. Tests point them elsewhere."""

    pyodide: Path
    recipes: Path
    cache: Path
    output: Path

    def require_pyodide(self) -> None:
        """Raise BuildError unless the npm package is there."""
        for name in (*PYODIDE_FILES.values(), "package.json", "pyodide-lock.json"):
            if not (self.pyodide / name).is_file():
                raise BuildError(f"{self.pyodide / name} is missing: run `npm ci` in frontend/")


def standard() -> Places:
    """The places inside the repository."""
    here = Path(__file__).resolve().parent
    return Places(
        pyodide=here.parents[1] / "frontend" / "node_modules" / "pyodide",
        recipes=here / "recipes",
        cache=here / "cache",
        output=here / "build",
    )
