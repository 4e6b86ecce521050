"""Imports: what comes of notebooks, scripts, session files and links, and that nothing is lost."""

from __future__ import annotations

import io
import json
import uuid
from typing import Any

import nbformat
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from msgspec.structs import replace

from playground.accounts.models import User
from sessions_app import actions, blobs, tasks
from sessions_app import protocol as p
from sessions_app.exchange import transfers
from sessions_app.exchange.source import file_name
from sessions_app.models import Blob, BlobLink, Member, Session, ShareLink
from sessions_app.sharing import token_of
from tests.sessions_app.helpers import Page, state
from tests.sessions_app.test_exchange_out import (
    LARGE,
    client_of,
    exported,
    full,  # noqa: F401  # a fixture
)

pytestmark = pytest.mark.django_db


def bring(user: User, name: str, data: bytes) -> dict[str, Any]:
    """Import a file; gives the transfer."""
    answer = client_of(user).post(
        f"/api/imports?name={name}", data, content_type="application/octet-stream"
    )
    assert answer.status_code == 201, answer.content
    told: dict[str, Any] = answer.json()
    return told


def imported(user: User, name: str, data: bytes) -> p.SessionState:
    """The state of the session that an import made."""
    told = bring(user, name, data)
    assert told["state"] == "done", told["message"]
    return state(told["url"].rpartition("/")[2])


def notebook(*cells: Any, **metadata: Any) -> bytes:
    made = nbformat.v4.new_notebook(cells=list(cells), metadata=metadata)
    return nbformat.writes(made).encode()


def test_a_session_comes_back_whole(full: Page, ada: User, bob: User) -> None:  # noqa: F811
    full.push(p.FinishExecution(5, "ok", 3), full.snapshot(b"values", b"\x80more"))
    first = state(full.session).head
    rows = (p.VariableRow("a", "int", 28, "1", saved=True),)
    full.push(p.SetVariables(rows), p.SetFiles((p.FileRow("d/a.txt", 5, 7),)))
    full.push(p.LabelSnapshot(state(full.session).head or "", "before"))
    full.push(p.StartExecution(6, "y"), p.FinishExecution(6, "ok", 1))
    full.push(full.snapshot(b"later"))
    before = state(full.session)
    data = exported(ada, full.session, "session")
    held = set(BlobLink.objects.values_list("blob_id", flat=True))
    Session.objects.all().delete()
    Blob.objects.all().delete()
    for name in list(blobs.stored_names()):
        blobs.remove(name)

    after = imported(bob, "x.playground", data)
    same = {"id": after.id, "epoch": after.epoch, "seq": 0, "runner": None, "reserved": None}
    entries = tuple(replace(entry, fence=0) for entry in before.entries)
    assert after == replace(before, entries=entries, **same)
    assert set(BlobLink.objects.values_list("blob_id", flat=True)) == held
    for snapshot in after.snapshots:
        manifest = p.decode_manifest(blobs.read(snapshot.manifest.hash, snapshot.manifest.size))
        assert all(blobs.read(unit.blob.hash, unit.blob.size) for unit in manifest.units)
    row = Session.objects.get()
    assert row.members.get().user == bob
    assert row.stored_bytes == sum(Blob.objects.values_list("stored_bytes", flat=True))
    assert (row.entry_count, row.preview_code) == (6, "y")
    # It goes on as any other: forked in the middle, and run.
    fork = state(actions.fork_session(after.id, bob.pk, 5))
    assert fork.head == first
    assert [entry.number for entry in fork.entries] == [1, 2, 3, 4, 5]
    page = Page(after.id, bob.pk)
    page.acquire()
    assert page.run() == 7
    page.push(page.snapshot_of(*[unit.blob for unit in manifest.units]))


def test_two_imports_of_one_file_share_its_blobs(full: Page, ada: User, bob: User) -> None:  # noqa: F811
    full.push(p.FinishExecution(5, "ok", 3), full.snapshot(b"values"))
    data = exported(ada, full.session, "session")
    count = Blob.objects.count()
    first, second = imported(bob, "a.zip", data), imported(bob, "a.zip", data)
    assert first.id != second.id
    assert Blob.objects.count() == count


def test_a_notebook_of_ours_comes_back(full: Page, ada: User, bob: User) -> None:  # noqa: F811
    data = exported(ada, full.session, "ipynb")
    title = state(full.session).title
    kept = imported(bob, file_name(title, "ipynb"), data)
    after = imported(bob, "x.ipynb", data)
    assert (kept.title, after.title) == (title, "x")
    assert [entry.source for entry in after.entries][1:] == ["print('run')", "slow()"]
    assert {entry.kind for entry in after.entries} == {"imported"}
    first = after.entries[0]
    assert first.status == "error"
    before = state(full.session).entries[0].outputs
    shown = [output for output in first.outputs if not isinstance(output, p.StreamOutput)]
    kept = [output for output in before if not isinstance(output, p.StreamOutput)]
    assert shown[:-1] == [
        p.DisplayData({"application/json": '{"a":[1,null]}', "text/plain": "{}"})
        if isinstance(output, p.DisplayData) and "application/json" in output.data
        else p.DisplayData({"application/vnd.x+json": '"not json"', "text/plain": "y"})
        if isinstance(output, p.DisplayData) and "application/vnd.x+json" in output.data
        else output
        for output in kept[:-1]
    ]
    printed = "".join(o.text for o in first.outputs if isinstance(o, p.StreamOutput))
    assert printed == "".join(o.text for o in before if isinstance(o, p.StreamOutput))
    assert (after.head, after.variables) == (None, ())


def test_text_cells_become_text_and_cells_again(ada: User) -> None:
    cells = [
        nbformat.v4.new_markdown_cell("# Title\ntext"),
        nbformat.v4.new_code_cell("1 + 1"),
        nbformat.v4.new_raw_cell("raw"),
        nbformat.v4.new_code_cell("  "),
        nbformat.v4.new_markdown_cell("m" * 70_000),
    ]
    after = imported(ada, "A nice name.ipynb", notebook(*cells))
    assert after.title == "A nice name"
    first, code, _, long = after.entries
    assert first.source == ""
    assert first.outputs == (p.DisplayData({"text/markdown": "# Title\ntext"}),)
    assert (code.source, code.number, code.status) == ("1 + 1", 2, "ok")
    assert isinstance(long.outputs[0], p.DisplayData)
    assert long.outputs[0].blobs["text/markdown"].size == 70_000
    again = nbformat.reads(exported(ada, after.id, "ipynb").decode(), as_version=4)
    kinds = [(cell.cell_type, cell.source[:9]) for cell in again.cells[:3]]
    assert kinds == [("markdown", "# Title\nt"), ("code", "1 + 1"), ("raw", "raw")]
    script = exported(ada, after.id, "py").decode()
    assert "# %% [markdown]\n# # Title\n# text\n\n# %% #2\n1 + 1\n\n# %% [raw]\n# raw" in script
    back = imported(ada, "again.py", script.encode())
    assert [entry.source for entry in back.entries][:3] == ["", "1 + 1", ""]
    assert back.entries[0].outputs == first.outputs


def test_large_outputs_of_a_notebook_are_kept_or_said(
    ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfers, "AT_ONCE_BYTES", 10_000_000)
    out = nbformat.v4.new_output
    cell = nbformat.v4.new_code_cell("%matplotlib inline\nx")
    cell.outputs = [
        out("stream", text="y" * 2_000_000),
        out("display_data", data={"image/png": LARGE}),
    ]
    other = nbformat.v4.new_code_cell("!pip install x")
    other.outputs = [out("display_data", data={"image/png": LARGE, "text/plain": "P"})]
    kernel = {"language": "R", "name": "r", "display_name": "R"}
    told = bring(ada, "a.ipynb", notebook(cell, other, kernelspec=kernel))
    assert told["notes"] == [
        "This notebook is written in r; only Python runs here.",
        "Lines that begin with % or ! are Jupyter's own and do not run here: #1, #2.",
        "Some outputs were longer than a session keeps; they were cut.",
    ]
    after = state(told["url"].rpartition("/")[2])
    last = after.entries[0].outputs[-1]
    assert isinstance(last, p.StreamOutput)
    assert "not imported" in last.text
    picture = after.entries[1].outputs[0]
    assert isinstance(picture, p.DisplayData)
    assert blobs.read(picture.blobs["image/png"].hash, len(LARGE)) == LARGE.encode()


def test_a_script_becomes_a_file(ada: User) -> None:
    told = bring(ada, "tool.py", b"import os\nprint(1)\n")
    (note,) = told["notes"]
    assert note.startswith("tool.py is among the files")
    after = state(told["url"].rpartition("/")[2])
    assert (after.title, after.entries) == ("tool", ())
    (row,) = after.files
    assert (row.path, row.size_bytes) == ("tool.py", 19)
    (snapshot,) = after.snapshots
    assert after.head == snapshot.id
    manifest = p.decode_manifest(blobs.read(snapshot.manifest.hash, snapshot.manifest.size))
    (file,) = manifest.files
    assert blobs.read(file.blob.hash, file.blob.size) == b"import os\nprint(1)\n"


def test_a_copy_by_link(runner: Page, ada: User, bob: User) -> None:
    runner.run("x = 1")
    client = client_of(bob)

    def copy(url: str) -> Any:
        return client.post("/api/imports/link", {"url": url}, content_type="application/json")

    assert copy(f"/s/{runner.session}").status_code == 404
    own = client_of(ada).post(
        "/api/imports/link",
        {"url": f"http://testserver/s/{runner.session}"},
        content_type="application/json",
    )
    assert state(own.json()["id"]).entries[0].source == "x = 1"
    assert copy("http://elsewhere.test/s/" + runner.session).json()["code"] == "invalid"
    assert copy("nonsense").json()["code"] == "invalid"
    assert copy("/j/AAAAAAAAAAAAAAAAAAAAAA").status_code == 404
    look = actions.create_link(runner.session, ada.pk, actions.NewLink("viewer"))
    token = token_of(ShareLink.objects.get(pk=uuid.UUID(look)))
    assert copy(f"/j/{token}").json()["code"] == "forbidden"
    assert not Member.objects.filter(user=bob).exists()
    take = actions.create_link(runner.session, ada.pk, actions.NewLink("viewer", forks=True))
    token = token_of(ShareLink.objects.get(pk=uuid.UUID(take)))
    made = copy(f"http://testserver/j/{token}")
    assert made.status_code == 201
    assert Member.objects.get(session=uuid.UUID(made.json()["id"])).role == "owner"


def test_the_form_of_the_list(ada: User, session: str) -> None:
    client = client_of(ada)
    upload = SimpleUploadedFile("n.ipynb", notebook(nbformat.v4.new_code_cell("z")))
    gone = client.post("/sessions/import", {"file": upload})
    assert gone.status_code == 302
    assert state(gone.headers["Location"].rpartition("/")[2]).entries[0].source == "z"
    told = client.post("/sessions/import", {"file": SimpleUploadedFile("a.py", b"1")})
    page = client.get(told.headers["Location"])
    assert b"a.py is among the files" in page.content
    wrong = SimpleUploadedFile("a.ipynb", b"no")
    bad = client.post("/sessions/import", {"file": wrong}, follow=True)
    assert "is not JSON" in bad.content.decode()
    none = client.post("/sessions/import", {}, follow=True)
    assert "Choose a file first" in none.content.decode()
    copy = client.post("/sessions/import", {"link": f"/s/{session}"})
    assert copy.headers["Location"].startswith("/s/")


def test_a_large_import_is_done_by_the_worker(
    full: Page,  # noqa: F811
    ada: User,
    bob: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    full.push(p.FinishExecution(5, "ok", 3), full.snapshot(b"values"))
    data = exported(ada, full.session, "session")
    monkeypatch.setattr(transfers, "AT_ONCE_BYTES", 0)
    told = bring(bob, "big.playground", data)
    assert told["state"] == "waiting"
    page = client_of(bob).get(f"/transfers/{told['id']}")
    assert b"<progress" in page.content
    assert client_of(ada).get(f"/transfers/{told['id']}").status_code == 404
    assert tasks.sweep_jobs() == 1
    after = client_of(bob).get(f"/api/transfers/{told['id']}").json()
    assert after["state"] == "done"
    assert state(after["url"].rpartition("/")[2]).head == state(full.session).head
    # A second worker, after one that died at the end, changes nothing.
    transfers.do_transfer(told["id"])
    assert Session.objects.count() == 2
    assert list(transfers.folder().glob(f"{told['id']}*")) == []


def test_an_import_needs_a_person(db: None) -> None:
    answer = Client().post("/api/imports?name=a.py", b"1", content_type="text/plain")
    assert answer.status_code == 403


def test_what_is_imported_is_read_in_pieces(tmp_path: Any) -> None:
    key = uuid.uuid4().hex
    with pytest.raises(Exception, match="at most"):
        transfers.keep_brought(key, io.BytesIO(b"x" * 2_000_000), 1_000_000)
    assert not transfers.brought_file(key).exists()


def test_json_of_ours_is_not_mistaken(ada: User) -> None:
    data = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}).encode()
    assert imported(ada, "no-ending", data).entries == ()
