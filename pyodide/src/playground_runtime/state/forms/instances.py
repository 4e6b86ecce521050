"""Objects of classes: their attributes, slots, and what a built-in base class holds.

They are read through the descriptors that C made for their class, so no ``__getattr__``,
``__getstate__`` or property of the session runs, and written in the same way.
"""

import sys
from collections.abc import Callable
from itertools import chain, repeat
from keyword import iskeyword
from types import BuiltinFunctionType, GetSetDescriptorType, MemberDescriptorType
from typing import TYPE_CHECKING, Any, NamedTuple

from playground_runtime.state.codec.pointers import pointers
from playground_runtime.state.forms.base import (
    Columns,
    Form,
    exactly,
    portions,
    register,
    register_class,
)
from playground_runtime.state.naming import has_no_instances, is_made_by_python

if TYPE_CHECKING:
    from playground_runtime.state.scope import Scope
    from playground_runtime.state.walk import Walk

_flat = chain.from_iterable


class Native(NamedTuple):
    """A built-in base class: how what it holds is read and made."""

    kind: type
    #: Reads the columns of a ragged base, without those of their lengths.
    items: tuple[Callable[[Any], Any], ...] = ()
    #: Reads the one value of an immutable base.
    value: Callable[[Any], Any] | None = None
    #: The items are needed to make an object.
    fixed: bool = False


NATIVES: dict[type, Native] = {
    native.kind: native
    for native in (
        Native(object),
        Native(list, (list.__iter__,)),
        Native(dict, (dict.__iter__, dict.values)),
        Native(set, (set.__iter__,)),
        Native(tuple, (tuple.__iter__,), fixed=True),
        Native(frozenset, (frozenset.__iter__,), fixed=True),
        Native(int, value=int.__int__),
        Native(float, value=float.__float__),
        Native(complex, value=complex.__complex__),
        Native(str, value=str.__str__),
        Native(bytes, value=bytes.__bytes__),
        Native(bytearray, value=bytes),
    )
}
#: What is saved of an object, where that is of another type than its base.
_VALUES: dict[type, type] = {bytearray: bytes}
_NATIVE_NAMES = {native.kind.__name__: native for native in NATIVES.values()}


class Layout(NamedTuple):
    """Where objects of a class keep what they hold."""

    native: Native
    attributes: Any
    slots: tuple[tuple[str, Any], ...]


def mro(kind: type) -> tuple[type, ...]:
    """The classes behind a class, without asking its metaclass."""
    found: tuple[type, ...] = type.__dict__["__mro__"].__get__(kind)
    return found


def names_in(kind: type) -> Any:
    """The attributes of a class, without asking its metaclass."""
    return type.__dict__["__dict__"].__get__(kind)


def layout_of(kind: type) -> Layout | None:
    """The layout of a class, None when C hides something that only the class's methods know."""
    attributes: Any = None
    slots: list[tuple[str, Any]] = []
    for part in mro(kind):
        names = names_in(part)
        found = names.get("__dict__")
        if attributes is None and type(found) is GetSetDescriptorType:
            attributes = found
        if not is_made_by_python(part):
            native = NATIVES.get(part)
            return Layout(native, attributes, tuple(slots)) if native is not None else None
        made_by_c = type(names.get("__new__")) is BuiltinFunctionType
        if made_by_c or has_no_instances(part):
            return None
        own = [
            (name, one)
            for name, one in names.items()
            if type(one) is MemberDescriptorType and one.__objclass__ is part
        ]
        if own and "__slots__" not in names:
            return None
        slots += own
    return None


class _Unset:
    """Stands for a slot without a value."""


UNSET = _Unset()


class UnsetForm(Form):
    """The mark of a slot without a value."""

    name = "unset"

    def take(self, walk: "Walk", values: list[Any]) -> Columns:
        return []

    def make(self, count: int, columns: Columns, scope: "Scope") -> list[Any]:
        return [UNSET] * count


UNSET_FORM = register(UnsetForm())


class ClassForm(Form):
    """All objects of one class; ``divide`` sorts them by the names of their attributes."""

    name = "objects of a class"

    def __init__(self, kind: type, layout: Layout) -> None:
        self._kind = kind
        self._layout = layout
        self._forms: dict[Any, InstanceForm] = {}

    def divide(self, values: list[Any]) -> list[tuple[Form, list[Any]]]:
        """The forms of some objects, in order of their first object."""
        layout = self._layout
        if layout.attributes is None:
            return [(self._form(()), values)]
        dicts = list(map(layout.attributes.__get__, values))
        shapes: list[Any] = self._shapes(dicts)
        if max(map(sys.getrefcount, dicts)) > _ALONE:
            # Somebody else holds the dict of attributes as well: it is an object of its own.
            counts = map(sys.getrefcount, dicts)
            shapes *= len(dicts) // len(shapes)
            shapes = [
                None if count > _ALONE else shape
                for count, shape in zip(counts, shapes, strict=True)
            ]
        if len(set(shapes)) == 1:
            return [(self._form(shapes[0]), values)]
        groups: dict[Any, list[Any]] = {}
        for shape, value in zip(shapes, values, strict=True):
            shape = shape if shape in self._forms or len(self._forms) < 100 else None
            groups.setdefault(self._form(shape), []).append(value)
        return list(groups.items())

    @staticmethod
    def _shapes(dicts: list[Any]) -> list[Any]:
        """The names of attributes of each; None where the dict is to be saved as an object.

        One answer for all where they have the same names.
        """
        if set(map(type, dicts)) != {dict}:
            return list(map(_shape, dicts))
        if len(set(map(len, dicts))) == 1:
            names = list(dicts[0])
            if pointers(names) * len(dicts) == pointers(list(_flat(dicts))):
                return [_shape(dicts[0])]
        shapes = list(map(tuple, dicts))
        odd = {shape for shape in set(shapes) if not set(map(type, shape)) <= {str}}
        return [None if shape in odd else shape for shape in shapes] if odd else shapes

    def _form(self, shape: Any) -> "InstanceForm":
        form = self._forms.get(shape)
        if form is None:
            form = self._forms[shape] = InstanceForm(self._kind, self._layout, shape)
        return form

    def take(self, walk: "Walk", values: list[Any]) -> Columns:
        raise AssertionError("it is divided first")

    def make(self, count: int, columns: Columns, scope: "Scope") -> list[Any]:
        raise AssertionError("it is divided first")


def _shape(names: Any) -> Any:
    """The names of attributes in order; None where the dict is to be saved as an object."""
    if type(names) is not dict:
        return None
    shape = tuple(names)
    return shape if set(map(type, shape)) <= {str} else None


@register_class
class InstanceForm(Form):
    """Objects of one class with attributes of the same names in the same order."""

    name = "instance"

    def __init__(self, kind: Any, layout: Any, shape: Any, *names: Any) -> None:
        # Loading gives the parameters as they were saved: native base, number of slots, names.
        if not isinstance(layout, Layout):
            native, slots, shape = layout, names[: int(shape)], names[int(shape) :]
            shape = None if shape == (None,) else tuple(map(sys.intern, shape))
            layout = _loaded_layout(kind, native, slots)
        self._kind = kind
        self._layout: Layout = layout
        self.shape: tuple[str, ...] | None = shape
        native = layout.native
        self.ragged = len(native.items)
        self.hashes = native.kind in (dict, set)
        self.head = 1 if native.value else 1 + self.ragged if native.fixed else 0
        self.deep = native.kind is frozenset

    def params(self) -> list[Any]:
        shape = (None,) if self.shape is None else self.shape
        native, _, slots = self._layout
        return [self._kind, native.kind.__name__, len(slots), *(name for name, _ in slots), *shape]

    def take(self, walk: "Walk", values: list[Any]) -> Columns:
        native, attributes, slots = self._layout
        columns: Columns = []
        if native.value is not None:
            columns.append(list(map(native.value, values)))
        elif native.items:
            columns += self._items(native, walk, values)
        columns += [_slot(descriptor, values) for _, descriptor in slots]
        if attributes is not None:
            dicts = list(map(attributes.__get__, values))
            if self.shape is None:
                columns.append(dicts)
            elif self.shape:
                found, width = list(_flat(map(dict.values, dicts))), len(self.shape)
                columns += [found[place::width] for place in range(width)]
        return columns

    @staticmethod
    def _items(native: Native, walk: "Walk", values: list[Any]) -> Columns:
        if native.kind in (set, frozenset):
            inner = [walk.ordered(native.items[0](value)) for value in values]
            return [list(map(len, inner)), list(_flat(inner))]
        lengths = list(map(native.kind.__len__, values))  # type: ignore[attr-defined]  # A container.
        return [lengths, *(list(_flat(map(read, values))) for read in native.items)]

    def make(self, count: int, columns: Columns, scope: "Scope") -> list[Any]:
        kind, native = self._kind, self._layout.native
        new: Any = native.kind.__new__
        if native.value is not None:
            for value in columns[0]:
                exactly(value, _VALUES.get(native.kind, native.kind))
            return list(map(new, repeat(kind), columns[0]))
        if native.fixed:
            return [new(kind, items) for items in portions(*columns)]
        return list(map(new, repeat(kind, count)))

    def fill(self, made: list[Any], columns: Columns, scope: "Scope") -> None:
        native, attributes, slots = self._layout
        if self.ragged and not native.fixed:
            self._fill_items(native.kind, made, columns[: 1 + self.ragged])
            columns = columns[1 + self.ragged :]
        for (_, descriptor), column in zip(slots, columns, strict=False):
            for one, value in zip(made, column, strict=True):
                if value is not UNSET:
                    descriptor.__set__(one, value)
        columns = columns[len(slots) :]
        if self.shape is None:
            for one, names in zip(made, columns[0], strict=True):
                attributes.__set__(one, names)
        elif self.shape and self._is_plain(attributes):
            _setter(self.shape)(made, *columns)
        elif self.shape:
            for one, row in zip(made, zip(*columns, strict=True), strict=True):
                attributes.__get__(one).update(zip(self.shape, row, strict=True))

    @staticmethod
    def _fill_items(kind: Any, made: list[Any], columns: Columns) -> None:
        if kind is list:
            for one, items in zip(made, portions(*columns), strict=True):
                list.extend(one, items)
        elif kind is set:
            for one, items in zip(made, portions(*columns), strict=True):
                set.update(one, items)
        else:
            parts = zip(made, portions(*columns[:2]), portions(columns[0], columns[2]), strict=True)
            for one, keys, values in parts:
                dict.update(one, zip(keys, values, strict=True))

    def _is_plain(self, attributes: Any) -> bool:
        """Whether setting an attribute does nothing else."""
        for part in mro(self._kind):
            names = names_in(part)
            if part is not object and (
                "__setattr__" in names
                or ("__dict__" in names and names["__dict__"] is not attributes)
            ):
                return False
            if any(_is_data(names[name]) for name in self.shape or () if name in names):
                return False
        # Code would change some names that are not ASCII, and refuse to set ``__debug__``.
        return all(
            name.isidentifier() and name.isascii() and not iskeyword(name) and name != "__debug__"
            for name in self.shape or ()
        )


def _is_data(value: Any) -> bool:
    return any("__set__" in names_in(part) for part in mro(type(value)))


def _slot(descriptor: Any, values: list[Any]) -> list[Any]:
    read = descriptor.__get__
    try:
        return list(map(read, values))
    except AttributeError:
        return [_slot_or_unset(read, value) for value in values]


def _slot_or_unset(read: Callable[[Any], Any], value: Any) -> Any:
    try:
        return read(value)
    except AttributeError:
        return UNSET


def _loaded_layout(kind: type, native: Any, names: Any) -> Layout:
    found = layout_of(kind)
    if found is None or found.native is not _NATIVE_NAMES.get(native):
        raise TypeError(f"the class {kind.__name__} is made in another way now")
    rest = list(found.slots)
    slots = []
    for name in names:
        place = next(place for place, (other, _) in enumerate(rest) if other == name)
        slots.append(rest.pop(place))
    return found._replace(slots=tuple(slots))


_setters: dict[tuple[str, ...], Callable[..., None]] = {}


def _setter(shape: tuple[str, ...]) -> Callable[..., None]:
    """A function that sets these attributes of many objects, as fast as code of their class."""
    known = _setters.get(shape)
    if known is None:
        columns = ", ".join(f"c{place}" for place in range(len(shape)))
        targets = ", ".join(f"one.{name}" for name in shape)
        names: dict[str, Any] = {}
        exec(  # noqa: S102  # The names are identifiers.
            f"def fill(made, {columns}):\n for one, {targets} in zip(made, {columns}): pass", names
        )
        if len(_setters) > 500:
            _setters.clear()
        known = _setters[shape] = names["fill"]
    return known


class _Probe:
    pass


def _references_alone() -> int:
    """What ``getrefcount`` says of a dict of attributes that nobody else holds."""
    probe = _Probe()
    probe.attribute = 1  # type: ignore[attr-defined]  # So that it has a dict.
    dicts = list(map(names_in(_Probe)["__dict__"].__get__, [probe]))
    list(map(tuple, dicts))
    return max(map(sys.getrefcount, dicts))


_ALONE = _references_alone()
