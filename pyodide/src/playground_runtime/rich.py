"""What people show on purpose: ``display(Markdown("…"))``, as IPython has it.

The classes are builtins here, and ``from IPython.display import …`` finds them as well: a finder at
the end of ``sys.meta_path`` gives that module to whoever asks, unless a real one is installed.
"""

import builtins
import importlib.machinery
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

type Data = str | bytes | bytearray | memoryview


class _Shown:
    """Data of one kind, given as it is or as the name of a file."""

    mime = "text/plain"

    def __init__(self, data: Any = None, *, filename: str | None = None, url: str | None = None):
        if url is not None:
            raise ValueError("a url cannot be shown here: put the file among the session's files")
        if filename is not None:
            data = self._read(filename)
        if data is None:
            raise ValueError(f"{type(self).__name__} needs something to show")
        self.data = data

    def _read(self, filename: str) -> Any:
        return Path(filename).read_text(encoding="utf-8")

    def __repr__(self) -> str:
        return f"<{type(self).__name__} object>"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return {self.mime: self.data}


class HTML(_Shown):
    """HTML, shown in a frame in which no script runs."""

    mime = "text/html"


class Markdown(_Shown):
    """Text with Markdown, and formulas between dollar signs."""

    mime = "text/markdown"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return {self.mime: self.data, "text/plain": self.data}


class Latex(_Shown):
    """Text with formulas in LaTeX, between dollar signs."""

    mime = "text/latex"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return {self.mime: self.data, "text/plain": self.data}


class Math(Latex):
    """One formula in LaTeX, without dollar signs."""

    def __init__(self, data: Any = None, **options: Any):
        super().__init__(data, **options)
        self.data = f"$\\displaystyle {str(self.data).strip('$ ')}$"


class SVG(_Shown):
    """A drawing in SVG."""

    mime = "image/svg+xml"


class JSON(_Shown):
    """Data of JSON, shown as a tree. Text is read as JSON."""

    mime = "application/json"

    def __init__(self, data: Any = None, **options: Any):
        super().__init__(data, **options)
        if isinstance(self.data, str):
            self.data = json.loads(self.data)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        text = json.dumps(self.data, ensure_ascii=False, indent=1)
        return {self.mime: text, "text/plain": text}


class Image(_Shown):
    """A picture: bytes or the name of a file, as PNG, JPEG, GIF, WebP or SVG."""

    def __init__(self, data: Any = None, *, alt: str | None = None, **options: Any):
        for ignored in ("width", "height", "format", "embed"):
            options.pop(ignored, None)
        if isinstance(data, str | Path):
            options, data = {**options, "filename": str(data)}, None
        super().__init__(data, **options)
        self.mime = _image_kind(bytes(self.data[:300]))
        self.alt = alt

    def _read(self, filename: str) -> bytes:
        return Path(filename).read_bytes()

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        svg = self.mime == SVG.mime
        data = bytes(self.data).decode("utf-8", "replace") if svg else bytes(self.data)
        words = {"text/plain": self.alt} if self.alt else {}
        return {self.mime: data, **words}


def _image_kind(start: bytes) -> str:
    for beginning, kind in (
        (b"\x89PNG", "image/png"),
        (b"\xff\xd8", "image/jpeg"),
        (b"GIF8", "image/gif"),
    ):
        if start.startswith(beginning):
            return kind
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return "image/webp"
    if b"<svg" in start:
        return SVG.mime
    raise ValueError("this is no picture in PNG, JPEG, GIF, WebP or SVG")


CLASSES: dict[str, type] = {
    one.__name__: one for one in (HTML, Markdown, Latex, Math, SVG, JSON, Image)
}


class _Shim:
    """Finds and makes ``IPython`` and ``IPython.display``."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name not in ("IPython", "IPython.display"):
            return None
        loader: Any = _Shim
        return importlib.machinery.ModuleSpec(name, loader, is_package=name == "IPython")

    @staticmethod
    def create_module(spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return ModuleType(spec.name)

    @staticmethod
    def exec_module(module: ModuleType) -> None:
        if module.__name__ == "IPython":
            # Libraries ask these two to see where they are: not in IPython.
            vars(module).update(version_info=(9, 0, 0, ""), get_ipython=lambda: None)
            return
        vars(module).update(CLASSES, display=vars(builtins)["display"])


def install() -> None:
    """Let ``IPython.display`` be found, after everything that is really installed."""
    if _Shim not in sys.meta_path:
        sys.meta_path.append(_Shim)
