"""Memory: ``bytearray``, ``array`` and views of it."""

from array import array
from typing import TYPE_CHECKING, Any

from playground_runtime.state.forms.base import Columns, Form, UnsavableError, exactly, register
from playground_runtime.state.forms.parts import parts

if TYPE_CHECKING:
    from playground_runtime.state.scope import Scope
    from playground_runtime.state.walk import Walk


class BytearrayForm(Form):
    """Byte arrays."""

    name = "bytearray"
    head = 1
    plain = True

    def take(self, walk: "Walk", values: list[Any]) -> Columns:
        return [list(map(bytes, values))]

    def make(self, count: int, columns: Columns, scope: "Scope") -> list[Any]:
        return [bytearray(exactly(data, bytes)) for data in columns[0]]


def _array_row(value: "array[Any]") -> tuple[Any, ...]:
    return value.typecode, value.tounicode() if value.typecode in "uw" else value.tobytes()


def _array(typecode: str, data: Any) -> "array[Any]":
    made = array(typecode)
    exactly(data, str if typecode in "uw" else bytes)
    if typecode in "uw":
        made.fromunicode(data)
    else:
        made.frombytes(data)
    return made


def _view_row(view: memoryview) -> tuple[Any, ...]:
    owner: Any = view.obj
    if view.ndim != 1 and not view.c_contiguous:
        raise UnsavableError("a view of a part of some memory")
    whole = memoryview(owner)
    step = (view.strides or (1,))[0] if view.ndim == 1 else view.itemsize
    start = _offset(whole.cast("B"), view, step) if view.nbytes else 0
    return (
        owner,
        start,
        step,
        view.format,
        tuple(view.shape or ()),
        view.readonly and not whole.readonly,
    )


def _cast(view: Any, form: str, *shape: Any) -> Any:
    return view.cast(form, *shape)


def _offset(whole: memoryview, view: memoryview, step: int) -> int:
    """The place in memory where a view begins."""
    flat = view if view.ndim == 1 else _cast(view.cast("B"), view.format)
    if whole.readonly:
        return _matching(whole, flat, step)
    # Each byte of memory is for a moment a part of its own address; nothing else runs meanwhile.
    kept = bytes(whole)
    place = 0
    try:
        for level in range(4):
            whole[:] = bytes([(spot >> 8 * level) & 255 for spot in range(len(kept))])
            place |= flat[:1].tobytes()[0] << 8 * level
            if len(kept) >> 8 * (level + 1) == 0:
                break
    finally:
        whole[:] = kept
    return place


def _matching(whole: memoryview, flat: memoryview, step: int) -> int:
    """A place in unchangeable memory that holds the same; where several do, each is as good."""
    size, count = flat.itemsize, len(flat)
    wanted, data = flat.tobytes(), bytes(whole)
    low = 0 if step >= 0 else -step * (count - 1)
    for start in range(low, len(data) - size + 1):
        spots = range(start, start + step * count, step) if step else range(start, start + 1)
        if data[start : start + size] == wanted[:size] and wanted == b"".join(
            data[spot : spot + size] for spot in spots
        ):
            return start
    raise UnsavableError("a view of a part of some memory")


def _view(owner: Any, start: int, step: int, form: str, shape: Any, readonly: bool) -> memoryview:
    whole = memoryview(owner)
    if len(shape) == 1 and whole.format == form and whole.ndim == 1 and whole.itemsize:
        first, each = start // whole.itemsize, step // whole.itemsize
        end = first + each * shape[0]
        made = whole[first : end if end >= 0 else None : each] if shape[0] else whole[:0]
    else:
        size = _cast(memoryview(bytes(8)), form).itemsize
        for length in shape:
            size *= length
        made = _cast(whole.cast("B")[start : start + size], form, tuple(shape))
    return made.toreadonly() if readonly else made


ARRAY = parts("array", 2, _array_row, _array, fresh=True)
VIEW = parts("memoryview", 6, _view_row, _view, fresh=True)
FORMS: dict[type, Any] = {bytearray: register(BytearrayForm()), array: ARRAY, memoryview: VIEW}
