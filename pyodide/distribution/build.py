"""Builds the runtime's distribution: ``python pyodide/distribution/build.py [--force]``.

It takes Pyodide from the npm package in ``frontend/node_modules``, a wheel of our own runtime, the
wheels that the recipes name, a lock file over them and a memory snapshot of a started Python, and
writes all of it, compressed, as one folder that the server serves for ever (docs/runtime.md). With
unchanged inputs it does nothing.
"""

import sys
from pathlib import Path


def main() -> int:
    """Run the command. Gives the exit code."""
    # This folder holds a `build` that would hide the package of that name, and its parent is
    # called `pyodide`, which would hide Pyodide's own: import it as `distribution` instead.
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    from distribution.command import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
