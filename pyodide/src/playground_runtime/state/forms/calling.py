"""What may be called to make an object of a library again.

A snapshot says by name which function or class rebuilds an object, and anybody may have made the
snapshot. So only what exists to make objects is called: classes of libraries that do nothing but
hold values, a few functions of the standard library by name, and functions of packages whose names
say that they rebuild. A capture asks the same, so whatever is refused here was listed as not saved.
"""

import copyreg
import operator
import re
import sys
import types
from typing import TYPE_CHECKING, Any

from playground_runtime.state.codec.stream import DamagedError
from playground_runtime.state.forms.instances import mro, names_in
from playground_runtime.state.naming import is_class, module_of, name_of

if TYPE_CHECKING:
    from playground_runtime.state.scope import Scope

_FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType)

#: Functions of the standard library that are called, by module and name.
_KNOWN = frozenset(
    {
        ("builtins", "iter"),
        ("re", "_compile"),
        ("logging", "getLogger"),
        ("copyreg", "__newobj__"),
        ("copyreg", "__newobj_ex__"),
        ("copyreg", "_reconstructor"),
        ("_operator", "getitem"),
        ("_functools", "reduce"),
        ("array", "_array_reconstructor"),
        ("zoneinfo", "ZoneInfo._unpickle"),
        ("_ctypes", "_unpickle"),
        ("string.templatelib", "_template_unpickle"),
        ("playground_runtime.state.forms.library", "construct"),
    }
)

#: The classes of ``builtins`` that are called; the others have forms of their own.
_BUILTINS = frozenset(
    {"bytearray", "complex", "enumerate", "filter", "map", "reversed", "zip", "slice", "range"}
)

#: Modules of the standard library whose objects do something when they are made.
_ACTING = frozenset(
    [
        "_ctypes",
        "_io",
        "_posixsubprocess",
        "_socket",
        "_sqlite3",
        "_ssl",
        "_thread",
        "_winapi",
        "bdb",
        "cProfile",
        "code",
        "codeop",
        "compileall",
        "ctypes",
        "dbm",
        "doctest",
        "faulthandler",
        "fileinput",
        "ftplib",
        "gc",
        "http.client",
        "http.server",
        "imaplib",
        "importlib",
        "io",
        "js",
        "mailbox",
        "mmap",
        "msvcrt",
        "multiprocessing",
        "nt",
        "os",
        "pdb",
        "pkgutil",
        "playground_runtime",
        "poplib",
        "posix",
        "profile",
        "pty",
        "pydoc",
        "pyodide",
        "pyodide_js",
        "_pyodide",
        "_pyodide_core",
        "runpy",
        "select",
        "selectors",
        "shelve",
        "shutil",
        "signal",
        "smtplib",
        "socket",
        "socketserver",
        "sqlite3",
        "ssl",
        "subprocess",
        "sys",
        "tarfile",
        "tempfile",
        "threading",
        "timeit",
        "trace",
        "tracemalloc",
        "unittest",
        "urllib.request",
        "weakref",
        "webbrowser",
        "xmlrpc",
        "zipfile",
        "zipimport",
    ]
)

#: What of these modules only holds values.
_HOLDING = frozenset(
    {
        ("_io", "StringIO"),
        ("_io", "BytesIO"),
        ("os", "stat_result"),
        ("os", "terminal_size"),
        ("os", "times_result"),
        ("os", "uname_result"),
        ("signal", "Signals"),
        ("signal", "Handlers"),
        ("signal", "Sigmasks"),
        ("zipfile", "ZipInfo"),
        ("tarfile", "TarInfo"),
        ("unittest.mock", "_Call"),
    }
)

#: Names by which functions of packages say that they make objects again.
_REBUILDING = re.compile(
    r"_.*|scalar|.*(reconstruct|unpickle|rebuild|restore|constructor|ctor|newobj|from_wk).*",
    re.IGNORECASE,
)

#: What takes iterators without moving them on.
_LAZY = frozenset({iter, enumerate, zip, map, filter, reversed})


def check(function: Any, arguments: tuple[Any, ...], scope: "Scope") -> None:
    """Make sure that a call only makes an object.

    Raises:
        DamagedError: it may do something else.
    """
    if type(arguments) is not tuple:
        raise DamagedError("its bytes are damaged")
    if not allowed(function, scope):
        raise DamagedError(f"it would have to call {spelled(function)}")
    lazy = function in _LAZY or module_of(function) == "itertools"
    if not lazy and any(_moves(one) for one in arguments):
        raise DamagedError("an iterator would have to be moved on")
    first = arguments[0] if arguments else None
    if function is operator.getitem:
        fine = is_class(first) or module_of(type(first)) in ("typing", "types", "functools")
    elif (module_of(function), function.__qualname__) == ("_functools", "reduce"):
        fine = first is operator.or_ and type(arguments[1]) is tuple
    elif function is copyreg._reconstructor or function.__qualname__ == "construct":  # type: ignore[attr-defined]  # Not in typeshed.
        base: Any = (
            arguments[1] if len(arguments) > 1 and function.__qualname__[0] == "_" else first
        )
        fine = is_class(base) and (base is object or _is_plain(base) or allowed(base, scope))
    elif function in (copyreg.__newobj__, copyreg.__newobj_ex__):  # type: ignore[attr-defined]  # As above.
        fine = is_class(first) and (scope.naming.is_own(module_of(first)) or allowed(first, scope))
    else:
        return
    if not fine:
        raise DamagedError(f"it would have to call {spelled(first)}")


def _is_plain(kind: type) -> bool:
    return module_of(kind) == "builtins" and not issubclass(kind, type)


def _moves(value: Any) -> bool:
    return any("__next__" in names_in(part) for part in mro(type(value)))


def allowed(function: Any, scope: "Scope") -> bool:
    """Whether this is a class that holds values, or a function that makes objects again."""
    module = module_of(function)
    if module is None and isinstance(function, types.BuiltinFunctionType):
        # A method of a class in C, such as ``ZoneInfo._unpickle``.
        return (module_of(function.__self__), function.__qualname__) in _KNOWN
    if type(module) is not str:
        return False
    if is_class(function):
        path: Any = type.__dict__["__qualname__"].__get__(function)
        if issubclass(function, type) or not scope.naming.by_name(function, module, path):
            return False
        if module == "builtins":
            return path in _BUILTINS
        return (module, path) in _HOLDING or not _acts(module)
    if type(function) not in _FUNCTIONS:
        return False
    path = function.__qualname__
    if (module, path) in _KNOWN:
        return True
    if module.partition(".")[0] in sys.stdlib_module_names or _acts(module):
        return False
    named = scope.naming.by_name(function, module, path)
    return named and _REBUILDING.fullmatch(path.rpartition(".")[2]) is not None


def _acts(module: str) -> bool:
    parts = module.split(".")
    return any(".".join(parts[:end]) in _ACTING for end in range(1, len(parts) + 1))


def spelled(function: Any) -> str:
    """How a function or class is called in a reason."""
    if is_class(function):
        return f"{module_of(function)}.{name_of(function)}"
    if type(function) in _FUNCTIONS:
        return f"{module_of(function)}.{function.__qualname__}"
    return f"an object of type {name_of(type(function))}"


def call(function: Any, arguments: tuple[Any, ...], scope: "Scope") -> Any:
    """Call what ``check`` allows; no ``__new__`` of the session is used.

    Raises:
        DamagedError: the call is not allowed.
    """
    check(function, arguments, scope)
    if function is copyreg.__newobj__:  # type: ignore[attr-defined]  # Not in typeshed.
        return _bare(arguments[0], scope)(*arguments)
    if function is copyreg.__newobj_ex__:  # type: ignore[attr-defined]  # Not in typeshed.
        kind, args, named = arguments
        return _bare(kind, scope)(kind, *args, **named)
    return function(*arguments)


def _bare(kind: Any, scope: "Scope") -> Any:
    """The ``__new__`` of the library's class behind a class."""
    for part in mro(kind):
        if "__new__" in names_in(part) and not scope.naming.is_own(module_of(part)):
            return part.__new__
    raise DamagedError("its class cannot be made")
