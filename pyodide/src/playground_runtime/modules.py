"""The names of modules, and the names in one, without importing anything."""

import ast
import functools
import importlib.util
import pkgutil
import sys
import types
from pathlib import Path

#: Bytes of a module's source that is read for its names.
SOURCE_BYTES = 1_000_000


def module_names(package: str) -> list[str]:
    """The modules that could be imported from a package, or at the top with an empty name."""
    if not package:
        # Pyodide's standard library is one archive, which ``pkgutil`` does not list.
        known = {*sys.stdlib_module_names, *sys.builtin_module_names}
        found = known | {one.name for one in pkgutil.iter_modules()}
        return sorted(name for name in found if not name.startswith("_"))
    path = getattr(sys.modules.get(package), "__path__", None)
    if path is None:
        return []
    return sorted(one.name for one in pkgutil.iter_modules(list(path)))


def names_in_module(name: str) -> list[str]:
    """What ``from name import`` can take: of a loaded module, or by reading its source."""
    module = sys.modules.get(name)
    found = vars(module) if isinstance(module, types.ModuleType) else _names_in_source(name)
    return sorted({*(str(one) for one in found if str(one)[:1] != "_"), *module_names(name)})


@functools.lru_cache(maxsize=50)
def _names_in_source(name: str) -> tuple[str, ...]:
    if "." in name:
        # The search for a part of a package would import the package.
        return ()
    try:
        spec = importlib.util.find_spec(name)
        source = _source_of(spec.origin if spec else None)
        tree = ast.parse(source)
    except (ImportError, ValueError, SyntaxError, OSError, AttributeError):
        return ()
    return tuple(_top_level(tree))


def _source_of(origin: str | None) -> bytes:
    path = Path(origin or "")
    if path.suffix != ".py" or path.stat().st_size > SOURCE_BYTES:
        return b""
    return path.read_bytes()


def _top_level(tree: ast.Module) -> list[str]:
    found: list[str] = []
    for node in tree.body:
        match node:
            case ast.FunctionDef(name) | ast.AsyncFunctionDef(name) | ast.ClassDef(name):
                found.append(name)
            case ast.Import(names) | ast.ImportFrom(names=names):
                found += [one.asname or one.name.partition(".")[0] for one in names]
            case ast.Assign(targets):
                found += [one.id for one in targets if isinstance(one, ast.Name)]
    return found
