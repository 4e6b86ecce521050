"""Collects the outputs of one execution, in order, and sends them bounded and coalesced.

Text waits until about 50 ms have passed or enough has come together; the first few pieces after
a pause go at once, so that a line printed before a long computation is seen. Past the limits of an
execution everything is counted and dropped early: printing 50 MB must cost almost nothing.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

from playground_runtime import limits
from playground_runtime.text import clean, encode_json, utf16_length

type Output = dict[str, Any]

#: Sendings that may follow each other at once before the rhythm of 50 ms is kept.
BURST = 8

_clock = time.perf_counter
_len = len
_min = min


class OutputQueue:
    """The way from streams and displays to the page, for one execution at a time."""

    def __init__(self, send: Callable[[str], object], diagnose: Callable[[str], object]) -> None:
        self._send = send
        self._diagnose = diagnose
        self.active = False
        self._reset()

    def _reset(self) -> None:
        self._pending: list[tuple[str, list[str]] | Output] = []
        self._waiting = 0
        self._room = limits.STREAM_CHARS
        self._cut: dict[str, int] = {}
        self._count = 0
        self._dropped = 0
        self._tail = ("", 0)
        self._newline = {"stdout": True, "stderr": True}
        self._tokens = float(BURST)
        self._aside = limits.ASIDE_CHARS
        self._sent = _clock()

    def begin(self) -> None:
        """Start an execution: writes are kept from now on."""
        self._reset()
        self.active = True

    def end(self) -> None:
        """Send what is left and say what was cut; later writes are dropped."""
        self.flush()
        notices = [self._notice(name, f"{n:,} more characters") for name, n in self._cut.items()]
        if self._dropped:
            notices.append(self._notice("stderr", f"{self._dropped:,} more outputs"))
        self.active = False
        if notices:
            self._send(encode_json(notices))

    def _notice(self, name: str, what: str) -> Output:
        start = "" if self._newline[name] else "\n"
        self._newline[name] = True
        return {"type": "stream", "name": name, "text": f"{start}… {what} were not kept.\n"}

    def write(self, name: str, text: str) -> None:
        """Add text to a stream."""
        if not self.active:
            self._write_aside(name, text)
            return
        if self._room <= 0 or self._count >= limits.OUTPUTS:
            self._cut[name] = self._cut.get(name, 0) + _len(text)
            return
        pending = self._pending
        last = pending[-1] if pending else None
        if last is not None and last.__class__ is tuple and last[0] == name:
            last[1].append(text)
        else:
            pending.append((name, [text]))
        self._waiting += _len(text)
        if self._waiting >= limits.PENDING_CHARS:
            self.flush()
        elif text[-1:] == "\n":
            self._flush_in_rhythm()

    def _write_aside(self, name: str, text: str) -> None:
        """Between executions stderr goes to the worker's log, where faults are read."""
        if name == "stderr" and self._aside > 0:
            self._aside -= _len(text)
            self._diagnose(text[: limits.ASIDE_CHARS])

    def add(self, output: Output, *, last: bool = False) -> None:
        """Add a display, result or error; ``last`` ones have a place kept for them."""
        if not self.active:
            return
        if self._count >= limits.OUTPUTS and not last:
            self._dropped += 1
            return
        self._pending.append(output)
        self._waiting += sum(map(len, output.get("data", {}).values()))
        if last or self._waiting >= limits.PENDING_CHARS:
            self.flush()
        else:
            self._flush_in_rhythm()

    def nudge(self) -> None:
        """Send what waits when its time has come; for callers on a timer."""
        if self._pending:
            self._flush_in_rhythm()

    def _flush_in_rhythm(self) -> None:
        now = _clock()
        refill = (now - self._sent) / limits.PENDING_SECONDS
        self._tokens = _min(BURST, self._tokens + refill)
        self._sent = now
        if self._tokens >= 1:
            self._tokens -= 1
            self.flush()

    def flush(self) -> None:
        """Send everything that waits, now."""
        pending, self._pending = self._pending, []
        self._waiting = 0
        outputs: list[Output] = []
        for item in pending:
            if isinstance(item, tuple):
                self._take_text(item[0], "".join(item[1]), outputs)
            elif self._count >= limits.OUTPUTS and item["type"] == "display_data":
                self._dropped += 1
            else:
                self._count += 1
                self._tail = ("", 0)
                outputs.append(item)
        for batch in _batches(outputs):
            self._send(encode_json(batch))

    def _take_text(self, name: str, text: str, outputs: list[Output]) -> None:
        whole = len(text)
        text = self._fit(clean(text[: self._room]))
        kept = 0
        for chunk in chunks(text):
            if not self._make_place(name, chunk):
                break
            outputs.append({"type": "stream", "name": name, "text": chunk})
            self._newline[name] = chunk.endswith("\n")
            kept += len(chunk)
        if kept < whole:
            self._room = 0
            self._cut[name] = self._cut.get(name, 0) + whole - kept

    def _fit(self, text: str) -> str:
        length = utf16_length(text)
        while length > self._room:
            text = text[: len(text) - max(1, (length - self._room) // 2)]
            length = utf16_length(text)
        self._room -= length
        return text

    def _make_place(self, name: str, chunk: str) -> bool:
        """Count a chunk as the session will: short neighbours of one stream become one output."""
        length = utf16_length(chunk)
        if self._tail[0] == name and self._tail[1] + length <= limits.CHUNK_CHARS:
            self._tail = (name, self._tail[1] + length)
            return True
        if self._count >= limits.OUTPUTS:
            return False
        self._count += 1
        self._tail = (name, length)
        return True


def chunks(text: str) -> Iterator[str]:
    """Cut text into pieces that fit an output, never inside a character."""
    wide = not text.isascii() and max(text) > "\uffff"
    size = limits.CHUNK_CHARS // 2 if wide else limits.CHUNK_CHARS
    for start in range(0, len(text), size):
        yield text[start : start + size]


def _batches(outputs: list[Output]) -> Iterator[list[Output]]:
    """Group outputs so that one message stays small unless a single output is large."""
    batch: list[Output] = []
    size = 0
    for output in outputs:
        length = len(output["text"]) if "text" in output else limits.CHUNK_CHARS
        if batch and size + length > 8 * limits.CHUNK_CHARS:
            yield batch
            batch, size = [], 0
        batch.append(output)
        size += length
    if batch:
        yield batch
