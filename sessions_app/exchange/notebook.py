"""Writes a session as a Jupyter notebook of format 4.5, cell by cell.

Every entry is a code cell with its outputs; text that came in with a notebook is a text cell again.
What only the playground knows of an entry is in the cell's metadata under ``playground``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

import msgspec

from sessions_app import protocol as p
from sessions_app.exchange.source import Progress, Source, note_of
from sessions_app.exchange.stopped import stopped

#: Media types whose values are JSON in a notebook, not text of JSON.
_JSON = ("application/json",)


def write_notebook(source: Source, file: IO[bytes], progress: Progress) -> None:
    """Write the notebook; large values stand in it as they are."""
    file.write(b'{\n "cells": [')
    count = max(1, len(source.state.entries))
    for place, cell in enumerate(_cells(source)):
        text = msgspec.json.format(msgspec.json.encode(cell), indent=1)
        file.write((b",\n  " if place else b"\n  ") + text.replace(b"\n", b"\n  "))
        progress(min(1.0, (place + 1) / count))
    rest = {"metadata": _metadata(source), "nbformat": 4, "nbformat_minor": 5}
    tail = msgspec.json.format(msgspec.json.encode(rest), indent=1)
    file.write(b"\n ],\n" + tail[2:] + b"\n")


def _metadata(source: Source) -> dict[str, Any]:
    return {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {
            "name": "python",
            "file_extension": ".py",
            "mimetype": "text/x-python",
            "codemirror_mode": {"name": "ipython", "version": 3},
        },
        "title": source.state.title,
    }


def _cells(source: Source) -> Iterator[dict[str, Any]]:
    for entry in source.shown:
        note = note_of(entry)
        if note is not None:
            kind, text = note
            yield {
                "cell_type": kind,
                "id": f"entry-{entry.number}",
                "metadata": {},
                "source": text,
            }
            continue
        yield {
            "cell_type": "code",
            "execution_count": None if entry.kind == "imported" else entry.number,
            "id": f"entry-{entry.number}",
            "metadata": {"playground": _own(entry)},
            "outputs": list(_outputs(source, entry)),
            "source": entry.source,
        }


def _own(entry: p.Entry) -> dict[str, Any]:
    own: dict[str, Any] = {"number": entry.number, "status": entry.status}
    own |= {"executedAt": entry.executed_at, "durationMs": entry.duration_ms}
    return own if entry.path is None else own | {"path": entry.path}


def _outputs(source: Source, entry: p.Entry) -> Iterator[dict[str, Any]]:
    stream: dict[str, Any] | None = None
    for output in entry.outputs:
        if isinstance(output, p.StreamOutput):
            # A long stream is kept in chunks; a notebook has it in one piece.
            if stream is not None and stream["name"] == output.name:
                stream["text"].append(output.text)
                continue
            if stream is not None:
                yield _joined(stream)
            stream = {"output_type": "stream", "name": output.name, "text": [output.text]}
            continue
        if stream is not None:
            yield _joined(stream)
            stream = None
        yield _output(source, entry, output)
    if stream is not None:
        yield _joined(stream)


def _joined(stream: dict[str, Any]) -> dict[str, Any]:
    return stream | {"text": "".join(stream["text"])}


def _output(source: Source, entry: p.Entry, output: p.Output) -> dict[str, Any]:
    if isinstance(output, p.ErrorOutput):
        quiet = stopped(entry, output)
        return {
            "output_type": "error",
            "ename": output.ename,
            "evalue": output.evalue,
            "traceback": output.traceback if quiet is None else [quiet],
        }
    assert isinstance(output, p.DisplayData | p.ExecuteResult)
    bundle = source.bundle(entry, output)
    data = {mime: _value(mime, text) for mime, text in bundle.items()}
    shown = {"data": data, "metadata": {}}
    if isinstance(output, p.ExecuteResult):
        count = None if entry.kind == "imported" else entry.number
        return {"output_type": "execute_result", "execution_count": count, **shown}
    return {"output_type": "display_data", **shown}


def _value(mime: str, text: str) -> Any:
    if mime not in _JSON and not (mime.startswith("application/") and mime.endswith("+json")):
        return text
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        # A program may say of any text that it is JSON; a string is valid there too.
        return text
