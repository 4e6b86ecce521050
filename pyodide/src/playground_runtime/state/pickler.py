"""The pickler of the session: cloudpickle's, with functions, classes and state of our own.

Its reducers return tuples for pickle; the functions named in them live in ``rebuild``. ``culprit``
is the object at work, so that a failure can be put into words.
"""

import sys
import types
from collections.abc import Callable, Iterable
from typing import Any

import cloudpickle
import cloudpickle.cloudpickle as base

from playground_runtime.state import classes, objects, rebuild
from playground_runtime.state.survey import by_reference

type Reduced = Any


class _Skeleton:
    """Stands for a cell or class that is saved before its contents."""

    def __init__(self, reduced: Reduced) -> None:
        self.reduced = reduced

    def __reduce__(self) -> Reduced:
        return self.reduced


class SessionPickler(cloudpickle.Pickler):  # type: ignore[misc]  # cloudpickle has no types.
    """Pickles several values one after the other; what they share stays shared."""

    def __init__(self, file: Any, names: dict[str, Any], found: Iterable[type]) -> None:
        super().__init__(file, protocol=5)
        self.names = names
        self._class_dicts = {id(rebuild.class_dict(one)): one for one in found}
        self.culprit: object = None
        self.code_files: set[str] = set()
        self._skeletons: dict[int, tuple[object, _Skeleton]] = {}
        self._plans: dict[type, Callable[[Any], Reduced] | None] = {}

    def reducer_override(self, value: Any) -> Reduced:
        """Choose how to reduce a value that is not one of the plain built-in types."""
        self.culprit = value
        kind = type(value)
        if kind is types.FunctionType:
            return self._function(value)
        if issubclass(kind, type):
            return self._class(value)
        if kind is types.CellType:
            return self._cell(value)
        try:
            plan = self._plans[kind]
        except KeyError:
            plan = self._plans[kind] = objects.plan(kind)
        return NotImplemented if plan is None else plan(value)

    def skeletons(self, found: list[type]) -> list[object]:
        """The bare classes among ``found``: saved first, no code of a class runs on loading."""
        return [self._class_skeleton(one) for one in found if not classes.is_enum(one)]

    def _function(self, function: Any) -> Reduced:
        if by_reference(function):
            return NotImplemented
        module = self._home_of(function)
        if module == "":
            return super().reducer_override(function)
        code = function.__code__
        self.code_files.add(code.co_filename)
        cells = function.__closure__
        closure = None if cells is None else tuple(self._cell_skeleton(cell) for cell in cells)
        args = (code, module, function.__name__, closure)
        state = classes.function_state(function)
        state["cells"] = [
            (self._cell_skeleton(cell), self._contents(cell)) for cell in cells or () if _full(cell)
        ]
        return rebuild.make_function, args, state, None, None, rebuild.fill_function

    def _contents(self, cell: types.CellType) -> object:
        """What a cell holds; for the dict of a class, by which annotations look up names, that."""
        contents = cell.cell_contents
        owner = self._class_dicts.get(id(contents)) if type(contents) is dict else None
        return contents if owner is None else _Skeleton((rebuild.class_dict, (owner,)))

    def _home_of(self, function: Any) -> str | None:
        """Whose globals a function uses: None the session's, a module's name, "" others."""
        if function.__globals__ is self.names:
            return None
        name = function.__globals__.get("__name__")
        module = sys.modules.get(name) if type(name) is str else None
        if module is not None and vars(module) is function.__globals__:
            return str(name)
        return ""

    def _class(self, value: type) -> Reduced:
        if by_reference(value) or classes.is_enum(value):
            return super().reducer_override(value)
        if value.__module__ != "__main__" and value in base._BUILTIN_TYPE_NAMES:
            return super().reducer_override(value)
        state = classes.class_state(value)
        skeleton = self._class_skeleton(value)
        return rebuild.same, (skeleton,), state, None, None, rebuild.fill_class

    def _class_skeleton(self, value: type) -> _Skeleton:
        known = self._skeletons.get(id(value))
        if known is None:
            bases = tuple(self._bare(one) for one in value.__bases__)
            args = (self._bare(type(value)), value.__name__, bases, classes.bare_names(value))
            known = self._skeletons[id(value)] = (value, _Skeleton((rebuild.make_class, args)))
        return known[1]

    def _bare(self, value: type) -> object:
        """A class as part of a skeleton: the skeleton of a session class, else itself."""
        if by_reference(value) or classes.is_enum(value) or value in base._BUILTIN_TYPE_NAMES:
            return value
        return self._class_skeleton(value) if value.__flags__ & (1 << 9) else value

    def _cell_skeleton(self, cell: types.CellType) -> _Skeleton:
        known = self._skeletons.get(id(cell))
        if known is None:
            known = self._skeletons[id(cell)] = (cell, _Skeleton((rebuild.make_cell, ())))
        return known[1]

    def _cell(self, cell: types.CellType) -> Reduced:
        contents = (cell.cell_contents,) if _full(cell) else None
        skeleton = self._cell_skeleton(cell)
        if contents is None:
            return rebuild.same, (skeleton,)
        return rebuild.same, (skeleton,), contents, None, None, rebuild.fill_cell


def _full(cell: types.CellType) -> bool:
    try:
        cell.cell_contents  # noqa: B018  # Reading an empty cell raises.
    except ValueError:
        return False
    return True
