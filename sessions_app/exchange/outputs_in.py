"""Turns the outputs of a notebook's cell into outputs of an entry, within the protocol's bounds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from sessions_app import protocol as p
from sessions_app.exchange.cells import Maker
from sessions_app.exchange.incoming import Stash
from sessions_app.limits import limits

_MIME = re.compile(r"[\w.+-]+/[\w.+-]+")
_UNREADABLE = "Some outputs could not be read and were left out."
_CUT = "Some outputs were longer than a session keeps; they were cut."

#: Of a mimebundle, as the protocol has it.
_MAX_FORMS = 20


def outputs_of(raw: list[Any], maker: Maker, stash: Stash) -> tuple[p.Output, ...]:
    """The outputs of one cell. What is over a limit is cut, and noted."""
    made: list[p.Output] = []
    printed = shown = 0
    for item in raw:
        for output in _output(item, maker, stash):
            if isinstance(output, p.StreamOutput):
                printed += len(output.text)
            shown += len(p.encode(output))
            over = printed > p.MAX_STREAM_CHARS or shown > limits().entry_bytes
            if over or len(made) >= p.MAX_OUTPUTS - 1:
                maker.note(_CUT)
                made.append(
                    p.StreamOutput("stderr", "[The rest of this output was not imported.]\n")
                )
                return tuple(made)
            made.append(output)
    return tuple(made)


def _output(raw: Any, maker: Maker, stash: Stash) -> Iterator[p.Output]:
    kind = raw.get("output_type") if isinstance(raw, dict) else None
    if kind == "stream":
        text, name = _text(raw.get("text")), raw.get("name", "stdout")
        if text is not None:
            stream = "stderr" if name == "stderr" else "stdout"
            for start in range(0, len(text), p.STREAM_CHUNK_CHARS // 2):
                piece = text[start : start + p.STREAM_CHUNK_CHARS // 2]
                yield p.StreamOutput(stream, piece)  # type: ignore[arg-type]  # one of the two
            return
    elif kind in ("display_data", "execute_result") and isinstance(raw.get("data"), dict):
        data, large = _bundle(raw["data"], maker, stash)
        made = p.ExecuteResult if kind == "execute_result" else p.DisplayData
        if data or large:
            yield made(data, large)
            return
    elif kind == "error":
        yield _error(raw, maker)
        return
    maker.note(_UNREADABLE)


def _bundle(
    raw: dict[str, Any], maker: Maker, stash: Stash
) -> tuple[dict[str, str], dict[str, p.BlobRef]]:
    data: dict[str, str] = {}
    large: dict[str, p.BlobRef] = {}
    for mime, value in raw.items():
        text = _text(value)
        if text is None or "json" in mime:
            text = msgspec.json.encode(value).decode()
        known = _MIME.fullmatch(mime) and len(mime) <= 120
        if not known or len(data) + len(large) >= _MAX_FORMS:
            maker.note(_UNREADABLE)
            continue
        if len(text) <= p.MAX_INLINE_CHARS:
            data[mime] = text
            continue
        content = text.encode("utf-8")
        if len(content) > limits().max_blob_bytes:
            maker.note(_CUT)
            continue
        large[mime] = stash.add(content)
    return data, large


def _error(raw: dict[str, Any], maker: Maker) -> p.ErrorOutput:
    lines = raw.get("traceback")
    traceback = [line for line in lines if isinstance(line, str)] if isinstance(lines, list) else []
    kept = [line[: p.MAX_INLINE_CHARS] for line in traceback[-200:]]
    if sum(map(len, kept)) > limits().entry_bytes // 4:
        maker.note(_CUT)
        kept = []
    return p.ErrorOutput(
        ename=str(raw.get("ename", "Error"))[:300],
        evalue=str(raw.get("evalue", ""))[: p.MAX_INLINE_CHARS],
        traceback=kept,
    )


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return "".join(value)
    return None
