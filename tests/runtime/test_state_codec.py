"""Columns, chunks and the bytes of units: what is read is what was written, whatever is read."""

import random
from array import array
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playground_runtime.state.codec.chunks import LARGEST, digest, split
from playground_runtime.state.codec.columns import read_column, write_column
from playground_runtime.state.codec.nodes import is_node
from playground_runtime.state.codec.pointers import pointers
from playground_runtime.state.codec.stream import Budget, DamagedError, Reader, Writer
from playground_runtime.state.forms import typings

ATOMS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.complex_numbers(allow_nan=False),
    st.text(st.characters(), max_size=30),
    st.binary(max_size=30),
    st.just(...),
)


@given(st.lists(st.one_of(ATOMS, st.builds(object))))
def test_addresses_are_those_of_the_items(values: list[Any]) -> None:
    assert pointers(values) == array("Q", map(id, values)).tobytes()


def test_the_fast_way_to_addresses_is_taken() -> None:
    assert pointers.__name__ == "pointers"


def written(values: list[Any], numbers: dict[int, int]) -> Writer:
    out = Writer()
    write_column(values, numbers, out)
    return out


def reader(out: Writer, budget: int = 10_000_000) -> Reader:
    def fetch(name: bytes) -> bytes:
        return out.chunks[name]

    return Reader(out.value(), fetch, Budget(budget))


@given(st.one_of(st.lists(ATOMS), st.lists(st.integers(-300, 300)), st.lists(st.text("ab\0"))))
def test_a_column_is_read_as_it_was_written(values: list[Any]) -> None:
    found = read_column(reader(written(values, {})))
    assert [(type(one), repr(one)) for one in found.resolved([])] == [
        (type(one), repr(one)) for one in values
    ]


@given(st.lists(st.one_of(ATOMS, st.integers(0, 4).map(lambda n: [n]))))
def test_objects_are_numbers(values: list[Any]) -> None:
    nodes = [value for value in values if is_node(value)]
    numbers = {id(node): place for place, node in enumerate(nodes)}
    column = read_column(reader(written(values, numbers)))
    assert column.nodes() == list(range(len(nodes)))
    for one, other in zip(column.resolved(nodes), values, strict=True):
        assert one is other or (one == other and type(one) is type(other))
    for place in range(len(values)):
        part = column.resolved(nodes, place, place + 1)
        assert part[0] is values[place] or part[0] == values[place]


@settings(max_examples=300)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    def fetch(name: bytes) -> bytes:
        raise DamagedError("missing")

    try:
        read_column(Reader(data, fetch, Budget(100_000)))
    except (DamagedError, ValueError, OverflowError):
        return


def test_a_bomb_is_refused() -> None:
    out = written([None] * 1_000_000, {})
    assert out.size < 20
    with pytest.raises(DamagedError):
        read_column(reader(out, budget=10_000))


@pytest.mark.parametrize("kind", ["noise", "floats", "numbers", "text"])
def test_an_insertion_changes_few_chunks(kind: str) -> None:
    source = random.Random(5)
    data = {
        "noise": lambda: source.randbytes(3_000_000),
        "floats": lambda: written([source.random() for _ in range(400_000)], {}),
        "numbers": lambda: written([source.randrange(1000) for _ in range(700_000)], {}),
        "text": lambda: "\n".join(f"{source.choice('abcdefg')}{n % 977}" for n in range(600_000)),
    }[kind]()
    if isinstance(data, Writer):
        data = b"".join(data.chunks.values())
    if isinstance(data, str):
        data = data.encode()
    chunks = split(data)
    assert b"".join(chunks) == data
    assert max(map(len, chunks)) <= LARGEST
    known = set(map(digest, chunks))
    for changed in (data + b"tail" * 4, data[:800] + data[824:]):
        fresh = [chunk for chunk in split(changed) if digest(chunk) not in known]
        assert sum(map(len, fresh)) < 2 * LARGEST


def test_a_forged_name_of_an_alias_runs_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("x = 0; print('run'); type y", "a b", ""):
        with pytest.raises(DamagedError, match="alias"):
            typings._alias(name, ())
    forged = TypeVar("T]= 0; print('run'); type z[U")  # type: ignore[misc]  # A name on purpose.
    with pytest.raises(DamagedError, match="alias"):
        typings._alias("alias", (forged,))
    assert capsys.readouterr().out == ""
