"""The file that a pickler writes into: it counts, and stops a value that grows too large."""


class TooLargeError(Exception):
    """A value was given up after ``size`` bytes, far over its limit."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


class CountingBuffer:
    """Keeps what is written while the present item is within its limit, then only counts."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.item = 0
        self.total = 0
        self._parts: list[bytes] = []

    def begin(self) -> None:
        """Start the next item."""
        self.item = 0

    def write(self, data: bytes | memoryview) -> int:
        """Take bytes. Raises TooLargeError at three times the limit of an item."""
        size = len(data)
        self.item += size
        self.total += size
        if self.item <= self.limit:
            self._parts.append(bytes(data))
        elif self.item > 3 * self.limit:
            raise TooLargeError(self.item)
        return size

    def value(self) -> bytes:
        """All that was kept."""
        return b"".join(self._parts)
