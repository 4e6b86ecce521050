"""What is checked of a section before objects are made from it: anybody may have made the bytes."""

from types import GenericAlias
from typing import TYPE_CHECKING, Any

from playground_runtime.state.codec.stream import DamagedError
from playground_runtime.state.forms.base import Form
from playground_runtime.state.forms.lost import Placeholder, stated

if TYPE_CHECKING:
    from playground_runtime.state.unit import LoadedSection

#: How many levels of what hashes its parts a key may have.
DEEPEST = 500


class MissingError(Exception):
    """Something cannot be made because something else could not."""


def check_present(values: list[Any]) -> None:
    """Raise MissingError for a placeholder among what an object is made from."""
    for value in values:
        if type(value) is Placeholder:
            raise MissingError(stated(value)[1])


def check_columns(form: Form, section: "LoadedSection") -> None:
    """Make sure that every object has its part of each column.

    Raises:
        DamagedError: one has not.
    """
    columns, count = section.columns, len(section.numbers)
    if len(columns) < max(form.head, form.lengths + 1 + form.ragged if form.ragged else 0):
        raise DamagedError("its bytes are damaged")
    items = 0
    if form.ragged:
        lengths = columns[form.lengths]
        if lengths.nodes() or set(map(type, lengths.values)) - {int}:
            raise DamagedError("its bytes are damaged")
        items = sum(lengths.values)
        if min(lengths.values, default=0) < 0:
            raise DamagedError("its bytes are damaged")
    for place, column in enumerate(columns):
        ragged = 1 <= place - form.lengths <= form.ragged
        if len(column) != (items if ragged else count):
            raise DamagedError("its bytes are damaged")


def check_keys(form: Form, columns: list[list[Any]]) -> None:
    """Look at the columns behind the head before what is in them is hashed.

    Raises:
        DamagedError: see ``check_depth``.
    """
    if form.hashes and form.ragged:
        check_depth(columns[form.lengths + 1 - form.head])


_INNER: dict[type, Any] = {
    tuple: lambda value: value,
    slice: lambda value: (value.start, value.stop, value.step),
    GenericAlias: lambda value: value.__args__,
}


def check_depth(keys: list[Any]) -> None:
    """Refuse keys whose hash would need more of C's stack than there is.

    Tuples hash what is in them without looking at the depth: one in another, a hundred thousand
    times, ends the interpreter. No session can have such a key; a forged snapshot can.

    Raises:
        DamagedError: a key is nested too deeply.
    """
    level = [key for key in keys if type(key) in _INNER]
    for _ in range(DEEPEST):
        if not level:
            return
        # Each object once a level: what is shared would be counted again and again.
        inner = {id(one): one for key in level for one in _INNER[type(key)](key)}
        level = [one for one in inner.values() if type(one) in _INNER]
    raise DamagedError("a key is nested too deeply")
