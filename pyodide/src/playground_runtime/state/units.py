"""The bytes of a unit: a line that names its format, a line of JSON, and one pickle per item.

The pickles of a unit share their memo, so they are loaded in order by one unpickler.
"""

import io
from collections.abc import Iterator
from typing import Any, NamedTuple

from playground_runtime.text import decode_json, encode_json

_MAGIC = b"playground-unit-1\n"


class Item(NamedTuple):
    """What a pickle holds (``kind``: ``class``, ``name``, ``result``, ``state`` or ``builtin``)."""

    kind: str
    name: str


def pack(items: list[Item], pickles: bytes) -> bytes:
    """The bytes of a unit."""
    return b"".join((_MAGIC, encode_json([list(item) for item in items]).encode(), b"\n", pickles))


def unpack(data: bytes) -> tuple[list[Item], io.BytesIO]:
    """The items of a unit and a file that stands at its first pickle.

    Raises:
        ValueError: these are not the bytes of a unit of this format.
    """
    if not data.startswith(_MAGIC):
        raise ValueError("it was saved in a format that this runtime does not know")
    file = io.BytesIO(data)
    file.seek(len(_MAGIC))
    head = decode_json(file.readline().decode("ascii"))
    return list(_items(head)), file


def _items(head: Any) -> Iterator[Item]:
    if not isinstance(head, list):
        raise ValueError("its list of names is damaged")
    for entry in head:
        if not (isinstance(entry, list) and len(entry) == 2 and all(map(_is_text, entry))):
            raise ValueError("its list of names is damaged")
        yield Item(entry[0], entry[1])


def _is_text(value: object) -> bool:
    return isinstance(value, str)
