"""Static files under names that carry the hash of their content, so browsers keep them for ever.

Vite already names its files so, and its modules import each other by those names; a second hash
would make a browser load a module twice. Files below ``build/`` therefore keep their names.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

_BUILT = "build/"


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Hashes and compresses the server's own static files, only compresses Vite's."""

    def post_process(self, paths: dict[str, Any], **options: Any) -> Iterator[tuple[Any, Any, Any]]:
        """Handle collected files, as Django describes it."""
        own = {name: path for name, path in paths.items() if not name.startswith(_BUILT)}
        yield from super().post_process(own, **options)
        if not options.get("dry_run"):
            built = sorted(paths.keys() - own.keys())
            yield from ((name, other, True) for name, other in self.compress_files(built))

    def stored_name(self, name: str) -> str:
        """Give the name under which a file is served."""
        return name if name.startswith(_BUILT) else super().stored_name(name)
