"""Numbers for bytes: the same bytes keep their number, and are handed over only once."""

from hashlib import blake2b


class Blobs:
    """The blobs that the page knows of, by the digest of their bytes."""

    def __init__(self) -> None:
        self._numbers: dict[bytes, int] = {}
        self._next = 1

    def number(self, data: bytes, new: dict[int, bytes]) -> int:
        """The number of these bytes; those not handed over before are put into ``new``."""
        digest = blake2b(data, digest_size=32).digest()
        number = self._numbers.get(digest)
        if number is None:
            number = self._numbers[digest] = self._next
            self._next += 1
            new[number] = data
        return number

    def learn(self, number: int, data: bytes) -> None:
        """Take over a number that the page gives to bytes it has."""
        digest = blake2b(data, digest_size=32).digest()
        self._numbers[digest] = number
        self._next = max(self._next, number + 1)
