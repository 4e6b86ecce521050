"""What a form is: a way to save and restore one kind of object, many at a time.

``take`` gives columns: for each object one value of each, and where the form is *ragged* also a
column of lengths with columns of that many items for each object. Loading has two phases, so that
cycles close: ``make`` needs the first ``head`` columns, ``fill`` the others.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from playground_runtime.state.codec.stream import DamagedError

if TYPE_CHECKING:
    from playground_runtime.state.scope import Scope
    from playground_runtime.state.walk import Walk

type Columns = list[list[Any]]


class UnsavableError(Exception):
    """Raised by ``take`` or by a choice of form, with a noun such as ``an open file``."""


class Form(ABC):
    """One kind of object. An instance may stand for all objects of one class only (``params``)."""

    #: Its name in the saved bytes.
    name: str
    #: How many columns of items there are, after one of lengths.
    ragged = 0
    #: Where the column of lengths is.
    lengths = 0
    #: How many columns ``make`` needs.
    head = 0
    #: ``fill`` hashes items, so it must come when they are whole.
    hashes = False
    #: ``make`` calls code that looks into its arguments, so they must be whole before.
    deep = False
    #: ``fill`` copies what is in other containers, so these must be whole before.
    copies = False
    #: Its columns hold atoms only, whatever their size.
    plain = False

    def params(self) -> list[Any]:
        """What all objects of this form share; may hold nodes."""
        return []

    @abstractmethod
    def take(self, walk: "Walk", values: list[Any]) -> Columns:
        """The columns of some objects."""

    @abstractmethod
    def make(self, count: int, columns: Columns, scope: "Scope") -> list[Any]:
        """New objects from the head columns, or empty ones."""

    def fill(  # noqa: B027  # Many forms are whole when they are made.
        self, made: list[Any], columns: Columns, scope: "Scope"
    ) -> None:
        """Complete objects by the other columns."""


type Loader = Callable[[list[Any]], Form]

#: How the form of a section is found from its name and parameters when loading.
LOADERS: dict[str, Loader] = {}


def register[Kind: Form](form: Kind) -> Kind:
    """Make a form without parameters known to the loader."""
    LOADERS[form.name] = lambda params: form
    return form


def register_class[Kind: type[Form]](kind: Kind) -> Kind:
    """Make a form with parameters known to the loader: it is made from them."""
    LOADERS[kind.name] = lambda params: kind(*params)
    return kind


def portions(lengths: Iterable[int], items: Iterable[Any]) -> Iterator[list[Any]]:
    """The items of each object of a ragged form."""
    source = iter(items)
    for length in lengths:
        yield list(islice(source, length))


def exactly[Value](value: Value, *kinds: type) -> Value:
    """A part of an object, when it is of a type that a capture gives there.

    What is of another type, a class of the session say, could run code of its own when it is used.

    Raises:
        DamagedError: it is of another type.
    """
    if type(value) not in kinds:
        raise DamagedError("its bytes are damaged")
    return value


def transposed(rows: list[Any], width: int) -> Columns:
    """Columns from rows of one width, also when there are no rows."""
    return (
        [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]
    )
