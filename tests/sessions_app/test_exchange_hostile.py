"""Files that lie: bombs, forged hashes, wrong names, wrong types, too much of everything."""

from __future__ import annotations

import gzip
import io
import json
import os
import struct
import uuid
import zipfile
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from playground.accounts.models import User
from sessions_app import blobs
from sessions_app import protocol as p
from sessions_app.errors import ActionError
from sessions_app.exchange import archive, transfers, zips
from sessions_app.models import Blob, Session, Transfer
from tests.sessions_app.helpers import Page, state
from tests.sessions_app.test_exchange_in import bring
from tests.sessions_app.test_exchange_out import client_of, exported

pytestmark = pytest.mark.django_db

Parts = dict[str, bytes]

NOT_THERE = {"hash": "f" * 64, "size": 1}
RAW_CELL = b'{"cell_type": "raw", "source": "a"}'
LONG_CELL = b'{"cell_type": "code", "source": "' + b"x" * 100_001 + b'"}'
LONG_ERROR = {"ename": "e" * 500, "evalue": "v" * 70_000, "traceback": ["t" * 70_000] * 300}


@pytest.fixture
def good(runner: Page, ada: User) -> Parts:
    """The members of a session file that is right."""
    runner.run("x = 1", "hello")
    runner.push(runner.snapshot(b"v" * 5000))
    data = exported(ada, runner.session, "session")
    with zipfile.ZipFile(io.BytesIO(data)) as members:
        return {name: members.read(name) for name in members.namelist()}


def packed(parts: Parts, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as members:
        for name, data in parts.items():
            members.writestr(name, data)
    return out.getvalue()


def refused(user: User, data: bytes, name: str = "x.playground") -> str:
    """Import what must be refused; gives the sentence. Nothing may be left of it."""
    sessions, known = Session.objects.count(), set(Blob.objects.values_list("pk", flat=True))
    stored = set(blobs.stored_names())
    told = bring(user, name, data)
    assert told["state"] == "failed", told
    assert told["url"] is None
    assert Session.objects.count() == sessions
    assert set(Blob.objects.values_list("pk", flat=True)) == known
    assert list(transfers.folder().glob(f"{told['id']}*")) == []
    assert len(set(blobs.stored_names()) - stored) <= 1
    message: str = told["message"]
    assert message.endswith(".")
    return message


def changed(parts: Parts, change: Callable[[dict[str, Any]], None]) -> bytes:
    """The file with a manifest that was changed."""
    manifest = json.loads(parts["manifest.json"])
    change(manifest)
    return packed(parts | {"manifest.json": json.dumps(manifest).encode()})


def entry(parts: Parts, **fields: Any) -> bytes:
    """The file with an entry that was changed."""
    line = json.loads(parts["entries.jsonl"].splitlines()[0]) | fields
    return packed(parts | {"entries.jsonl": json.dumps(line).encode() + b"\n"})


def test_the_good_one_is_taken(good: Parts, bob: User) -> None:
    assert bring(bob, "x.playground", packed(good))["state"] == "done"
    assert bring(bob, "x.playground", packed(good, zipfile.ZIP_STORED))["state"] == "done"


@pytest.mark.parametrize(
    "fields",
    [
        {"title": ""},
        {"title": "a\nb"},
        {"title": "x" * 201},
        {"title": 7},
        {"runtime": "lisp"},
        {"nextNumber": 1},
        {"nextNumber": 2**31},
        {"nextNumber": -1},
        {"nextNumber": 10**400},
        {"nextNumber": "2"},
        {"head": "elsewhere"},
        {"head": "../x"},
        {"files": [{"path": "../a", "sizeBytes": 1, "modifiedAt": 1}]},
        {"files": [{"path": "/etc/passwd", "sizeBytes": 1, "modifiedAt": 1}]},
        {"files": [{"path": "a", "sizeBytes": 10**30, "modifiedAt": 1}]},
        {"files": [{"path": "a", "sizeBytes": 1, "modifiedAt": 1}] * 2},
        {"variables": [{"name": "a"}]},
        {"variables": {"a": 1}},
        {"marks": [{"after": 99, "kind": "reset", "at": 1}]},
        {"marks": [{"after": 0, "kind": "reset", "at": 1}] * 201},
        {"snapshots": []},
        {"extra": 1},
    ],
)
def test_a_state_that_does_not_fit(good: Parts, bob: User, fields: dict[str, Any]) -> None:
    assert "damaged" in refused(bob, changed(good, lambda m: m["session"].update(fields)))


@pytest.mark.parametrize(
    "fields",
    [
        {"number": 0},
        {"number": 5},
        {"fence": 3},
        {"status": "fine"},
        {"kind": "bad"},
        {"executedAt": -1},
        {"executedAt": 2**60},
        {"durationMs": 1e300},
        {"source": "x" * 100_001},
        {"source": None},
        {"outputs": [{"type": "stream", "name": "stdout", "text": "x" * 70_000}]},
        {"outputs": [{"type": "exec", "text": "x"}]},
        {"outputs": [{"type": "display_data", "data": {"a b": "x"}}]},
        {"outputs": [{"type": "display_data", "data": {}, "blobs": {"a/b": NOT_THERE}}]},
        {"unknown": 1},
    ],
)
def test_an_entry_that_does_not_fit(good: Parts, bob: User, fields: dict[str, Any]) -> None:
    assert "damaged" in refused(bob, entry(good, **fields))


@pytest.mark.parametrize(
    "text",
    [b"[" * 100_000, b'"\xed\xa0\x80"', b'{"format": "playground-session"', b"[]", b"", b"null"],
)
def test_json_that_is_none(good: Parts, bob: User, text: bytes) -> None:
    refused(bob, packed(good | {"manifest.json": text}))
    if text not in (b"",):
        refused(bob, packed(good | {"entries.jsonl": text}))


def test_lone_surrogates_are_no_text(good: Parts, bob: User) -> None:
    line = good["entries.jsonl"].replace(b"hello", b"\\ud800")
    refused(bob, packed(good | {"entries.jsonl": line}))
    refused(bob, b'{"nbformat": 4, "cells": [], "metadata": {"title": "\\udfff"}}', "x.ipynb")


def test_a_newer_version_is_said(good: Parts, bob: User) -> None:
    assert "newer version" in refused(bob, changed(good, lambda m: m.update(version=2)))
    refused(bob, changed(good, lambda m: m.update(format="other")))


def test_a_forged_hash(good: Parts, bob: User) -> None:
    for name in [name for name in good if name.startswith("blobs/")]:
        size = len(gzip.decompress(good[name]) if name.endswith(".gz") else good[name])
        data = gzip.compress(b"w" * size) if name.endswith(".gz") else b"w" * size
        assert "hash" in refused(bob, packed(good | {name: data}))
        assert Session.objects.filter(members__user=bob).count() == 0


def test_a_blob_that_is_not_there(good: Parts, bob: User) -> None:
    for gone in [name for name in good if name.startswith("blobs/")]:
        parts = {name: data for name, data in good.items() if name != gone}
        assert "damaged" in refused(bob, packed(parts))


def test_a_blob_that_inflates_without_end(good: Parts, bob: User) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    for name in [name for name in good if name.startswith("blobs/")]:
        hashed = name.removesuffix(".gz")
        parts = {other: data for other, data in good.items() if other != name}
        refused(bob, packed(parts | {f"{hashed}.gz": bomb}))


def test_text_that_inflates_without_end(good: Parts, bob: User, settings: Any) -> None:
    settings.PLAYGROUND_HISTORY_BYTES = 1_000_000
    told = refused(bob, packed(good | {"entries.jsonl": b"\n" * 3_000_000}))
    assert "more than a session may keep" in told
    told = refused(bob, packed(good | {"manifest.json": b" " * (archive.MAX_HEAD_BYTES + 1)}))
    assert "more than a session may keep" in told


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "/etc/passwd",
        "blobs/../manifest.json",
        "blobs/" + "a" * 63,
        "blobs/" + "A" * 64,
        "blobs/" + "a" * 64 + ".gz.gz",
        "blobs\\" + "a" * 64,
        "entries.jsonl/",
        "x",
    ],
)
def test_names_that_have_no_place(good: Parts, bob: User, name: str) -> None:
    assert "damaged" in refused(bob, packed(good | {name: b"x"}))


def test_one_name_twice(good: Parts, bob: User) -> None:
    out = io.BytesIO(packed(good))
    with zipfile.ZipFile(out, "a") as members, pytest.warns(UserWarning, match="Duplicate"):
        members.writestr("manifest.json", b"{}")
    assert "damaged" in refused(bob, out.getvalue())


def many(count: int) -> bytes:
    """A zip that lists so many members, all of them the same empty one."""
    name = b"a"
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 0, 0, 33, 0, 0, 0, 1, 0) + name
    numbers = (20, 20, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0)
    line = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", *numbers)
    body = (line + name) * count
    said = count & 0xFFFF
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, said, said, len(body), len(local), 0)
    return local + body + end


def test_a_million_members() -> None:
    for count in (1_000_000, 60_000):
        with pytest.raises(ActionError, match="more parts"):
            zips.open_zip(io.BytesIO(many(count)), archive.MAX_MEMBERS)
    with pytest.raises(ActionError, match="damaged"):
        zips.open_zip(io.BytesIO(many(3)), archive.MAX_MEMBERS)


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18, b"PK" + b"\0" * 500])
def test_no_zip_at_all(bob: User, data: bytes) -> None:
    refused(bob, data)


def test_a_cut_or_scrambled_file(good: Parts, bob: User) -> None:
    data = packed(good)
    refused(bob, data[:-1])
    refused(bob, data[: len(data) // 2])
    refused(bob, data + b"more")
    for place in range(0, len(data), max(1, len(data) // 60)):
        scrambled = bytearray(data)
        scrambled[place] ^= 0x5A
        told = bring(bob, "x.playground", bytes(scrambled))
        assert told["state"] in ("done", "failed")
        Transfer.objects.all().delete()


def test_an_encrypted_member(good: Parts, bob: User) -> None:
    data = bytearray(packed(good))
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(sign)
        data[place + offset] |= 1
    refused(bob, bytes(data))


def test_a_manifest_with_paths_outside(runner: Page, ada: User, bob: User) -> None:
    content = runner.upload(b"content")
    runtime = p.ManifestRuntime("python", "3", "h")
    evil = p.Manifest(1, runtime, [], [p.ManifestFile("../../x", content, 1)])
    ref = runner.upload(p.encode(evil))
    runner.push(p.SnapshotSaved(uuid.uuid4().hex, 0, "files", ref, 1))
    assert "damaged" in refused(bob, exported(ada, runner.session, "session"))


def test_more_than_a_session_keeps(good: Parts, bob: User, settings: Any) -> None:
    settings.PLAYGROUND_SESSION_BYTES = 100
    assert "may keep" in refused(bob, packed(good))
    settings.PLAYGROUND_SESSION_BYTES = 10_000_000
    settings.PLAYGROUND_ACCOUNT_BYTES = 100
    assert "no room" in refused(bob, packed(good))


def test_older_states_give_way(runner: Page, ada: User, bob: User, settings: Any) -> None:
    for _ in range(3):
        runner.run()
        runner.push(runner.snapshot(os.urandom(4000)))
    data = exported(ada, runner.session, "session")
    settings.PLAYGROUND_SESSION_BYTES = 9_500
    told = bring(bob, "x.playground", data)
    assert told["state"] == "done"
    assert "earlier states" in told["notes"][0]
    after = state(told["url"].rpartition("/")[2])
    assert [info.number for info in after.snapshots] == [2, 3]
    assert after.snapshots[0].parent is None
    assert after.head == after.snapshots[1].id


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x89PNG....", "not JSON"),
        (b"{}", "no list of cells"),
        (b'{"cells": 3, "nbformat": 4}', "no list of cells"),
        (b'{"cells": [{"cell_type": 3}], "nbformat": 4}', "no list of cells"),
        (b'{"cells": [], "nbformat": 1e999}', "no list of cells"),
        (b'{"cells": [], "nbformat": 5}', "format 4"),
        (b'{"worksheets": [], "nbformat": 3}', "old format"),
        (b"[" * 200_000, "not a Jupyter notebook"),
        (b"PK\x03\x04" + b"\0" * 60, "zip"),
        (b'{"nbformat": 4, "cells": [' + LONG_CELL + b"]}", "100,000"),
        (b'{"nbformat": 4, "cells": [' + b",".join([RAW_CELL] * 10_001) + b"]}", "10,000"),
    ],
)
def test_notebooks_that_are_none(bob: User, data: bytes, words: str) -> None:
    assert words in refused(bob, data, "x.ipynb")


@pytest.mark.parametrize(
    "outputs",
    [
        [3, None, "x", [], {}],
        [{"output_type": "stream", "text": 5}],
        [{"output_type": "stream", "name": {"a": 1}, "text": ["a", 1]}],
        [{"output_type": "display_data", "data": {"a": {"b": 10**300}}}],
        [{"output_type": "display_data", "data": {"text/plain": "x", "bad mime": "y"}}],
        [{"output_type": "display_data", "data": {f"a/b{i}": "x" for i in range(100)}}],
        [{"output_type": "error", "ename": 1, "evalue": None, "traceback": "no"}],
        [{"output_type": "error"} | LONG_ERROR],
        [{"output_type": "stream", "text": "x"}] * 3_000,
    ],
)
def test_outputs_that_make_no_sense_are_left_out(
    bob: User, outputs: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfers, "AT_ONCE_BYTES", 50_000_000)
    cells = [{"cell_type": "code", "source": ["a", "b"], "outputs": outputs}]
    told = bring(bob, "x.ipynb", json.dumps({"nbformat": 4, "cells": cells}).encode())
    assert told["state"] == "done", told
    for form in ("ipynb", "html", "session"):
        assert exported(bob, told["url"].rpartition("/")[2], form)


def test_a_notebook_that_is_too_large(bob: User, settings: Any) -> None:
    settings.PLAYGROUND_IMPORT_BYTES = 10_000
    answer = client_of(bob).post(
        "/api/imports?name=a.ipynb", b"x" * 10_001, content_type="application/octet-stream"
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
    assert not Transfer.objects.exists()
    assert list(transfers.folder().iterdir()) == []
    settings.PLAYGROUND_HISTORY_BYTES = 1_000
    cells = [{"cell_type": "code", "source": "x" * 5_000}]
    told = refused(bob, json.dumps({"nbformat": 4, "cells": cells}).encode(), "a.ipynb")
    assert "Clear large outputs" in told


@pytest.mark.parametrize(
    ("name", "data"), [("a.py", b"\xff\xfe\x00"), ("a.py", b"a\x00b"), ("a.py", b"\x80")]
)
def test_scripts_that_are_no_text(bob: User, name: str, data: bytes) -> None:
    assert "not a Python file" in refused(bob, data, name)


@pytest.mark.parametrize(
    "name", ["..", "../../x.py", "a\\b.py", "", "\u202e.py", "x" * 400 + ".py"]
)
def test_names_of_files_are_only_names(bob: User, name: str) -> None:
    if not name.endswith(".py"):
        answer = client_of(bob).post(
            f"/api/imports?name={quote(name)}", b"1", content_type="text/plain"
        )
        assert answer.json()["code"] == "invalid"
        return
    told = bring(bob, quote(name), b"1")
    assert told["state"] == "done"
    (row,) = state(told["url"].rpartition("/")[2]).files
    assert "/" not in row.path
    assert "\\" not in row.path


@pytest.mark.parametrize("url", ["http://[::1", "//[", "/s/" + "z" * 32, "/j/%00", "/s/", "\0"])
def test_what_is_no_link_is_refused_in_words(ada: User, url: str) -> None:
    client = client_of(ada)
    answer = client.post("/api/imports/link", {"url": url}, content_type="application/json")
    assert answer.json()["code"] in ("invalid", "not-found")
    assert client.post("/sessions/import", {"link": url}).status_code == 302
