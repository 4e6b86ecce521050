"""Iterators of itertools, part-way: made again from what C lets be seen of them.

A place that C hides entirely (in ``islice``, ``takewhile``, ``groupby``) cannot be saved.
"""

import gc
import itertools
from collections.abc import Callable, Iterator
from typing import Any

from playground_runtime.state.forms.base import UnsavableError, exactly
from playground_runtime.state.forms.parts import parts

#: Steps that an iterator is moved on at most in order to stand where it stood.
_STEPS = 200_000


def _inside(value: Any) -> list[Any]:
    return [one for one in gc.get_referents(value) if one is not type(value)]


def _hidden(value: Any) -> UnsavableError:
    return UnsavableError(f"an iterator {type(value).__name__}, whose place is hidden")


def _count_row(value: Any) -> tuple[Any, ...]:
    """``repr`` shows where a counter of plain numbers stands."""
    if any(type(one) not in (int, float) for one in _inside(value)):
        raise _hidden(value)
    words = repr(value).removeprefix("count(").removesuffix(")").split(", ")
    numbers = [float(word) if set(word) & set(".en") else int(word) for word in words]
    return numbers[0], numbers[1] if len(numbers) > 1 else 1


def _repeat_row(value: Any) -> tuple[Any, ...]:
    (element,) = _inside(value)
    try:
        left = value.__length_hint__()
    except TypeError:
        left = None
    return element, left


def _repeat(element: Any, left: Any) -> Any:
    return itertools.repeat(element) if left is None else itertools.repeat(element, left)


def _chain_row(value: Any) -> tuple[Any, ...]:
    """The iterator over those that follow, and the one at work, if there are any."""
    inside = _inside(value)
    if len(inside) > 2:
        raise _hidden(value)
    return (*inside, None, None)[:2]


def _chain(source: Any, active: Any) -> Any:
    if source is None:
        return itertools.chain()
    if active is None:
        return itertools.chain.from_iterable(source)
    return itertools.chain.from_iterable(itertools.chain((active,), source))


def _cycle_row(value: Any) -> tuple[Any, ...]:
    """In the first round: the iterator, and what it gave so far."""
    inside = _inside(value)
    if len(inside) != 2 or type(inside[1]) is not list:
        raise _hidden(value)
    return inside[0], inside[1]


def _cycle(source: Any, given: list[Any]) -> Any:
    made = itertools.cycle(itertools.chain(exactly(given, list).copy(), source))
    return _moved(made, len(given))


def _accumulate_row(value: Any) -> tuple[Any, ...]:
    inside = _inside(value)
    function = None
    if inside and callable(inside[0]) and not issubclass(type(inside[0]), Iterator):
        function = inside.pop(0)
    if len(inside) not in (2, 3):
        raise _hidden(value)
    source, *total, first = inside
    return function, source, tuple(total) or (() if first is None else (first,)), bool(total)


def _accumulate(function: Any, source: Any, total: Any, begun: bool) -> Any:
    if not total:
        return itertools.accumulate(source, function)
    # The first step gives the total so far and calls nothing.
    made = itertools.accumulate(source, function, initial=exactly(total, tuple)[0])
    return _moved(made, int(exactly(begun, bool)))


def _two_row(value: Any) -> tuple[Any, ...]:
    inside = _inside(value)
    if len(inside) != 2:
        raise _hidden(value)
    return tuple(inside)


def _pairwise_row(value: Any) -> tuple[Any, ...]:
    inside = [one for one in _inside(value) if issubclass(type(one), Iterator)]
    others = [one for one in _inside(value) if not any(one is other for other in inside)]
    if len(inside) != 1 or len(others) > 2:
        raise _hidden(value)
    return inside[0], tuple(others[:1])


def _pairwise(source: Any, last: Any) -> Any:
    return itertools.pairwise(itertools.chain(last, source) if exactly(last, tuple) else source)


def _longest_row(value: Any) -> tuple[Any, ...]:
    inside = _inside(value)
    iterators = inside[0]
    if (
        len(inside) != 3
        or type(iterators) is not tuple
        or len(gc.get_referents(iterators)) != len(iterators)
    ):
        raise _hidden(value)
    return iterators, inside[2]


def _product_row(value: Any) -> tuple[Any, ...]:
    """The pools, and how many results came: those before and with the latest one."""
    inside = [one for one in _inside(value) if type(one) is tuple]
    pools = inside[0] if inside else ()
    if len(inside) == 1:
        return pools, 0
    if len(inside) != 2:
        raise _hidden(value)
    given = 0
    for pool, item in zip(pools, inside[1], strict=True):
        given = given * len(pool) + _only_place(value, pool, item)
    return pools, given + 1


def _only_place(value: Any, pool: Any, item: Any) -> int:
    places = [place for place, one in enumerate(pool) if one is item]
    if len(places) != 1:
        raise _hidden(value)
    return places[0]


def _product(pools: Any, given: int) -> Any:
    pools = [exactly(pool, tuple) for pool in exactly(pools, tuple)]
    return _moved(itertools.product(*pools), exactly(given, int))


def _choices_row(value: Any) -> tuple[Any, ...]:
    """The pool, the length of a choice, and how many came."""
    inside = [one for one in _inside(value) if type(one) is tuple]
    if len(inside) != 2:
        raise _hidden(value)
    pool, result = inside
    for item in result:
        _only_place(value, pool, item)
    wanted = list(map(id, result))
    again = type(value)(pool, len(result))
    for given, found in enumerate(itertools.islice(again, _STEPS), 1):
        if list(map(id, found)) == wanted:
            return pool, len(result), given
    raise _hidden(value)


def _choices(kind: Callable[..., Any]) -> Callable[..., Any]:
    def build(pool: Any, length: int, given: int) -> Any:
        return _moved(kind(exactly(pool, tuple), length), exactly(given, int))

    return build


def _moved(iterator: Any, steps: int) -> Any:
    if not 0 <= steps <= _STEPS:
        raise ValueError("an iterator that stands too far on")
    next(itertools.islice(iterator, steps, steps), None)
    return iterator


def _whole(name: str, width: int, row: Any, build: Any, **more: Any) -> Any:
    return parts(name, width, row, build, deep=True, fresh=True, **more)


FORMS: dict[type, Any] = {
    itertools.count: _whole("count", 2, _count_row, itertools.count),
    itertools.repeat: _whole("repeat", 2, _repeat_row, _repeat),
    itertools.chain: _whole("chain", 2, _chain_row, _chain),
    itertools.cycle: _whole("cycle", 2, _cycle_row, _cycle),
    itertools.accumulate: _whole("accumulate", 4, _accumulate_row, _accumulate),
    itertools.starmap: _whole(
        "starmap", 2, _two_row, lambda source, function: itertools.starmap(function, source)
    ),
    itertools.filterfalse: _whole(
        "filterfalse", 2, _two_row, lambda source, test: itertools.filterfalse(test, source)
    ),
    itertools.compress: _whole("compress", 2, _two_row, itertools.compress),
    itertools.pairwise: _whole("pairwise", 2, _pairwise_row, _pairwise),
    itertools.zip_longest: _whole(
        "zip_longest",
        2,
        _longest_row,
        lambda ones, last: itertools.zip_longest(*ones, fillvalue=last),
    ),
    itertools.product: _whole("product", 2, _product_row, _product),
    **{
        kind: _whole(kind.__name__, 3, _choices_row, _choices(kind))
        for kind in (
            itertools.permutations,
            itertools.combinations,
            itertools.combinations_with_replacement,
        )
    },
}


def _refuse(value: Any) -> Any:
    raise _hidden(value)


_HIDING: tuple[type, ...] = (
    itertools.islice,
    itertools.takewhile,
    itertools.dropwhile,
    itertools.groupby,
    type(itertools.tee(())[0]),
)
# Before Python 3.14 these could be pickled.
FORMS.update({kind: _refuse for kind in _HIDING if "__reduce__" not in vars(kind)})
