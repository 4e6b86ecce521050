"""Lets imports see files that an entry has just written."""

import sys
from importlib.machinery import FileFinder


def forget_folders() -> None:
    """Forget what folders hold, so that the next import looks again.

    ``importlib.invalidate_caches`` would also have the zip file of the standard library read and
    parsed again by the next import, which takes a tenth of a second in a browser.
    """
    for finder in list(sys.path_importer_cache.values()):
        if isinstance(finder, FileFinder):
            finder.invalidate_caches()
