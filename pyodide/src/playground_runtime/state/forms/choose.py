"""Chooses the form for each object.

Most types have one form for all their objects; it is looked up once a capture. Others (functions,
classes, modules, what a library reduces) are looked at one by one. A class or function of the
session at top level is a unit of its own, so that the answer for it is that unit.
"""

import sys
from collections.abc import Callable
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from playground_runtime.state import reasons
from playground_runtime.state.forms import builtin, classes, functions, instances, library
from playground_runtime.state.forms.base import Form, UnsavableError
from playground_runtime.state.forms.lost import LOST, Placeholder
from playground_runtime.state.forms.names import HIDDEN, NAME
from playground_runtime.state.naming import is_class, module_of, vars_of

if TYPE_CHECKING:
    from playground_runtime.state.scope import Scope
    from playground_runtime.state.unit import Unit

type Choice = Form | Unit
type Chooser = Callable[[Any], Form]


class Forms:
    """The choices of one capture."""

    def __init__(self, scope: "Scope", define: Callable[[Any, str], "Unit"]) -> None:
        self.scope = scope
        self._define = define
        self._kinds: dict[type, Form | Chooser] = dict(builtin.FORMS)
        self._kinds[Placeholder] = LOST
        self._reasons: dict[int, str] = {}
        #: What libraries gave for their objects; it must live as long as their identities count.
        self.kept: dict[int, Any] = {}
        self._calls: dict[tuple[int, int], library.CallForm] = {}

    def only_known(self, define: Callable[[Any, str], "Unit"]) -> None:
        """From now on ask another where the unit of a definition is."""
        self._define = define

    def close(self) -> None:
        """Let go of everything: choosers hold this object, and it holds them."""
        self.kept.clear()
        self._kinds.clear()
        self._reasons.clear()
        self._calls.clear()
        del self._define

    def of_kind(self, kind: type) -> Form | None:
        """The form of all objects of a type, None if they differ."""
        form = self._kinds.get(kind)
        if form is None:
            form = self._kinds[kind] = self._plan(kind)
        return form if isinstance(form, Form) else None

    def of(self, value: Any, unit: "Unit | None" = None) -> Choice:
        """The form of one object, or the unit that it is the root of."""
        kind = type(value)
        form = self.of_kind(kind)
        if form is not None:
            return form
        chooser = self._kinds[kind]
        try:
            if chooser is _definition:
                return self._definition(value, unit)
            return chooser(value)  # type: ignore[operator]  # ``of_kind`` found no form.
        except UnsavableError as error:
            return self.refuse(value, str(error))
        except RecursionError:
            return self.refuse(value, reasons.TOO_DEEP)
        except Exception as error:
            return self.refuse(value, reasons.failed(value, error))

    def refuse(self, value: Any, reason: str) -> Form:
        """Give an object up."""
        self._reasons[id(value)] = reason
        return LOST

    def why(self, value: Any) -> str:
        """Why an object was given up."""
        return self._reasons.get(id(value), reasons.UNSAVABLE)

    def call_form(self, function: Any, width: int) -> Form:
        """The form of objects that a function makes from as many arguments."""
        key = (id(function), width)
        if key not in self._calls:
            self._calls[key] = library.CallForm(function, width)
        return self._calls[key]

    def _plan(self, kind: type) -> Form | Chooser:
        if kind is FunctionType or issubclass(kind, type):
            return _definition
        if issubclass(kind, ModuleType):
            return self._module
        known = builtin.choose(kind, self)
        if known is not None:
            return known
        own = self.scope.naming.is_own(module_of(kind))
        layout = self.layout(kind)
        if layout is not None and (own or not library.has_protocol(kind)):
            form = instances.ClassForm(kind, layout)
            names = {} if own else _constants(kind)
            return form if not names else self._or_constant(form, names)
        try:
            return library.chooser(kind, self, own=own)
        except UnsavableError as error:
            return _refusal(str(error))

    def layout(self, kind: type) -> "instances.Layout | None":
        """How objects of a class are laid out, None if part of them is hidden in C."""
        return instances.layout_of(kind)

    @staticmethod
    def _or_constant(form: Form, names: dict[int, str]) -> Chooser:
        return lambda value: NAME if id(value) in names else form

    def _module(self, value: ModuleType) -> Form:
        return builtin.module_form(value, self)

    def _definition(self, value: Any, unit: "Unit | None") -> Choice:
        if is_class(value):
            if id(value) in HIDDEN or self.scope.naming.by_name(
                value, module_of(value), value_path(value)
            ):
                return NAME
            form: Form = classes.form_of(value)
        else:
            if self.scope.naming.by_name(value, module_of(value), value.__qualname__):
                return NAME
            form = functions.FUNCTION
        path = value_path(value)
        nested = type(path) is not str or ("." in path and not is_class(value))
        if nested or (unit is not None and unit.root_key == id(value)):
            return form
        return self._define(value, path)


def _refusal(words: str) -> Chooser:
    def refuse(value: Any) -> Form:
        raise UnsavableError(words)

    return refuse


def _definition(value: Any) -> Form:
    """Marks types whose objects may be units of their own."""
    raise AssertionError


def value_path(value: Any) -> Any:
    """The ``__qualname__`` of a class or function."""
    if is_class(value):
        return type.__dict__["__qualname__"].__get__(value)
    return value.__qualname__


def _constants(kind: type) -> dict[int, str]:
    """Objects of a library's class that its module holds by name, like ``MISSING``."""
    module = sys.modules.get(module_of(kind) or "")
    names = vars_of(module) if module is not None else None
    return {id(value): name for name, value in list((names or {}).items()) if type(value) is kind}


__all__ = ["Choice", "Forms"]
