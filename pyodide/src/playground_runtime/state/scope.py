"""What saving and restoring know of the session: namespace, modules, sources, fixed objects."""

import builtins
import gc
import getpass
import importlib
import os
import sys
import time
from collections.abc import Callable
from types import FunctionType, ModuleType
from typing import Any

from playground_runtime import pristine
from playground_runtime.interpreter import Interpreter
from playground_runtime.state.codec.stream import DamagedError
from playground_runtime.state.forms.classes import ClassDict, class_dict
from playground_runtime.state.forms.functions import Source
from playground_runtime.state.naming import Naming
from playground_runtime.streams import standard_stream


class Scope:
    """One session, as forms see it."""

    def __init__(self, interpreter: Interpreter, home: str) -> None:
        self._interpreter = interpreter
        self.naming = Naming(home)
        self._home = home
        #: Modules that every runtime has; their names are not worth saving.
        self.at_start = frozenset(sys.modules)
        #: Dicts behind classes that were met, and the class of each.
        self.class_dicts: dict[int, type] = {}
        self.specials: dict[int, str] = {}
        self._class_dict_marks: dict[int, ClassDict] = {}
        self._gone: list[ClassDict] = []
        self._sources: dict[str, Source] = {}
        self._module_of: dict[int, Any] = {}

    def begin(self) -> None:
        """Look at the session anew before a capture or restore."""
        self.class_dicts.clear()
        marks = self._class_dict_marks
        # Units of this session may still know them by identity, until they are forgotten.
        self._gone = [marks.pop(key) for key in list(marks) if marks[key].owner is None]
        self._module_of.clear()
        self.naming.forget()
        self.specials = {id(value): name for name, value in self.special_values().items()}

    def special_values(self) -> dict[str, Any]:
        namespace = self._interpreter.namespace
        live = pristine.live()
        proxies = {name: sys.modules[name] for name in ("js", "pyodide_js") if name in sys.modules}
        return proxies | {
            "globals": namespace.names,
            "main": namespace.module,
            "results": self._interpreter.results,
            "builtins": live,
            "modules": sys.modules,
            "path": sys.path,
            "environ": os.environ,
            "stdout": standard_stream("stdout"),
            "stderr": standard_stream("stderr"),
            "stdin": standard_stream("stdin"),
            "display": pristine.original("display"),
            "input": builtins.input,
            "getpass": getpass.getpass,
            "sleep": time.sleep,
        }

    def special(self, name: str) -> Any:
        """One of the fixed objects."""
        if name in ("js", "pyodide_js"):
            return importlib.import_module(name)
        return self.special_values()[name]

    def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call something in the context of the executions."""
        return self._interpreter.context.run(function, *arguments)

    def inside(self, path: str) -> str:
        """A path in the home folder without that; other paths as they are."""
        return path.removeprefix(self._home + "/")

    def outside(self, path: str) -> str:
        """The whole path that ``inside`` gave."""
        return path if path.startswith("/") else f"{self._home}/{path}"

    def within(self, path: str) -> str:
        """The whole path of something in the home folder.

        Raises:
            DamagedError: it is elsewhere.
        """
        home = os.path.realpath(self._home)
        whole = os.path.realpath(self.outside(path))
        if os.path.commonpath((home, whole)) != home:
            raise DamagedError("it is outside of the session's folder")
        return whole

    def globals_of(self, function: FunctionType) -> Any:
        """Whose names a function sees: the session's (None), a library's, a module's, a dict's."""
        names = function.__globals__
        if names is self._interpreter.namespace.names:
            return None
        known = self._module_of.get(id(names), names)
        if known is names:
            known = self._module_of[id(names)] = self._owner(names)
        return known

    def _owner(self, names: dict[str, Any]) -> Any:
        name = names.get("__name__")
        module = sys.modules.get(name) if type(name) is str else None
        if not isinstance(module, ModuleType) or vars(module) is not names:
            holders = gc.get_referrers(names)
            module = next((one for one in holders if type(one) is ModuleType), None)
            if module is None or vars(module) is not names:
                return names
        return module if self.naming.is_own_module(module) else name

    def globals_for(self, place: Any) -> dict[str, Any]:
        """The dict that ``globals_of`` described."""
        if place is None:
            return self._interpreter.namespace.names
        if isinstance(place, str):
            return vars(self.naming.library(place))
        if isinstance(place, ModuleType):
            return vars(place)
        place.setdefault("__builtins__", builtins)
        return place  # type: ignore[no-any-return]  # A dict of names, as it was saved.

    def source_of(self, name: str) -> Source | None:
        """The source of an entry, one object for each."""
        text = self._interpreter.compiler.sources.get(name)
        if text is None:
            return None
        known = self._sources.get(name)
        if known is None or known.text != text:
            known = self._sources[name] = Source(name, text)
        return known

    def add_source(self, name: str, text: str) -> Source:
        """Make the source of an entry known to tracebacks."""
        self._interpreter.compiler.register(name, text)
        made = self._sources[name] = Source(name, text)
        return made

    def contents(self, value: Any) -> Any:
        """What is saved for the contents of a cell: a mark in the place of the dict of a class."""
        owner = self.class_dicts.get(id(value)) if type(value) is dict else None
        if owner is None:
            return value
        mark = self._class_dict_marks.get(id(owner))
        if mark is None or mark.owner is not owner:
            mark = self._class_dict_marks[id(owner)] = ClassDict(owner)
        return mark

    @staticmethod
    def opened(contents: Any) -> Any:
        """What ``contents`` stood for."""
        owner = contents.owner if type(contents) is ClassDict else None
        return contents if owner is None else class_dict(owner)
