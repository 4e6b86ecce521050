"""Numbers for bytes: the same bytes keep their number, and are handed over only once."""

from playground_runtime.state.codec.chunks import Digest, digest


class Blobs:
    """The blobs that the page knows of, by the digest of their bytes."""

    def __init__(self) -> None:
        self._numbers: dict[Digest, int] = {}
        self._sizes: dict[Digest, int] = {}
        self._next = 1

    def number(self, data: bytes, new: dict[int, bytes], name: Digest = b"") -> int:
        """The number of these bytes; those not handed over before are put into ``new``."""
        name = name or digest(data)
        number = self._numbers.get(name)
        if number is None:
            number = self._numbers[name] = self._next
            self._next += 1
            new[number] = data
        self._sizes[name] = len(data)
        return number

    def known(self, name: Digest) -> tuple[int, int]:
        """Number and size of a blob that was handed over or learned. Raises KeyError."""
        return self._numbers[name], self._sizes[name]

    def learn(self, number: int, data: bytes) -> Digest:
        """Take over a number that the page gives to bytes it has; gives their digest."""
        name = digest(data)
        self._numbers[name] = number
        self._sizes[name] = len(data)
        self._next = max(self._next, number + 1)
        return name
