"""Exports: each form of a session with every kind of output, and who may have which."""

from __future__ import annotations

import ast
import io
import json
import re
import uuid
import zipfile

import nbformat
import pytest
from django.test import Client

from playground.accounts.models import User
from sessions_app import actions, blobs, tasks
from sessions_app import protocol as p
from sessions_app.clock import now_ms
from sessions_app.exchange import transfers
from sessions_app.exchange.source import file_name, source_of
from sessions_app.models import Job, Member, Session, Transfer
from tests.sessions_app.helpers import Page

pytestmark = pytest.mark.django_db

LARGE = "x" * (p.MAX_INLINE_CHARS + 1)
EVIL = (
    '<script>alert(1)</script><img src=x onerror="alert(1)"><link rel=dns-prefetch href=//e.test>'
)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def full(runner: Page) -> Page:
    """A session with every kind of output, an entry of each kind, and a deleted one."""
    large = runner.upload(LARGE.encode())
    outputs: list[p.Output] = [
        p.StreamOutput("stdout", "one\n" + "a" * p.STREAM_CHUNK_CHARS),
        p.StreamOutput("stdout", "b\r\n\x1b[31mred\x1b[0m\n"),
        p.StreamOutput("stderr", "careful </pre><script>alert(2)</script>\n"),
        p.DisplayData({"text/html": EVIL, "text/plain": "table"}),
        p.DisplayData({"image/png": "iVBORw0KGgo=", "text/plain": '"><script>alert(3)</script>'}),
        p.DisplayData({"image/png": '"><script>alert(4)</script>', "text/plain": "no picture"}),
        p.DisplayData({"image/svg+xml": "<svg onload='alert(5)'></svg>"}),
        p.DisplayData(
            {"text/markdown": "# Hi\n<script>alert(6)</script> [x](javascript:alert(7))"}
        ),
        p.DisplayData({"text/latex": "$x^2$"}),
        p.DisplayData({"application/json": '{"a": [1, null]}', "text/plain": "{}"}),
        p.DisplayData({"application/vnd.x+json": "not json", "text/plain": "y"}),
        p.DisplayData({}, {"text/plain": large}),
        p.ExecuteResult({"text/plain": "42"}),
        p.ErrorOutput("ValueError", "bad", ["Traceback", "  File", "ValueError: bad"], "A hint."),
    ]
    runner.push(
        p.StartExecution(1, "def f(x):\n    return '<b>' + x\n"),
        p.AppendOutput(1, tuple(outputs)),
        p.FinishExecution(1, "error", 12.5),
        p.StartExecution(2, ":vars", "command"),
        p.FinishExecution(2, "ok", 1),
        p.StartExecution(3, "secret = 1"),
        p.FinishExecution(3, "ok", 1),
        p.DeleteEntry((3,)),
        p.StartExecution(4, "print('run')", "file", path="main.py"),
        p.FinishExecution(4, "ok", 1),
        p.SetTitle('Title <script>alert("t")</script> / ..'),
        p.StartExecution(5, "slow()"),
    )
    return runner


def exported(user: User, session: str, form: str) -> bytes:
    """The file of an export that is done at once."""
    client = client_of(user)
    asked = client.post(
        f"/api/sessions/{session}/exports", {"form": form}, content_type="application/json"
    )
    assert asked.status_code == 201, asked.content
    told = asked.json()
    assert (told["state"], told["progress"]) == ("done", 1), told
    answer = client.get(told["url"])
    assert answer.status_code == 200
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert len(answer.content) == told["size"]
    data: bytes = answer.content
    return data


def test_a_notebook_is_valid_and_whole(full: Page, ada: User) -> None:
    text = exported(ada, full.session, "ipynb").decode()
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(json.loads(text))
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert [cell.execution_count for cell in notebook.cells] == [1, 4, 5]
    first = notebook.cells[0].outputs
    kinds = ["stream", "stream", *["display_data"] * 9, "execute_result", "error"]
    assert [output.output_type for output in first] == kinds
    assert first[0].text.endswith("a" * 100 + "b\r\n\x1b[31mred\x1b[0m\n")
    assert first[1].name == "stderr"
    assert first[8].data["application/json"] == {"a": [1, None]}
    assert first[9].data["application/vnd.x+json"] == "not json"
    assert first[10].data["text/plain"] == LARGE
    assert first[12].traceback[-1] == "ValueError: bad"
    assert "secret" not in text
    assert ":vars" not in text


@pytest.mark.parametrize(
    ("status", "said"), [("interrupted", "Stopped."), ("timeout", "The time was up.")]
)
def test_a_stopped_run_did_not_fail(
    runner: Page, ada: User, status: p.FinalStatus, said: str
) -> None:
    lines = ["Traceback", "  File <entry>, line 2", "KeyboardInterrupt"]
    error = p.ErrorOutput("KeyboardInterrupt", "", lines, None, p.Place(2))
    runner.push(
        p.StartExecution(1, "while True:\n    pass"),
        p.AppendOutput(1, (error,)),
        p.FinishExecution(1, status, 900),
        p.StartExecution(2, "raise KeyboardInterrupt"),
        p.AppendOutput(2, (error,)),
        p.FinishExecution(2, "error", 1),
    )
    quiet = f"{said} Line 2 was running."
    notebook = nbformat.reads(exported(ada, runner.session, "ipynb").decode(), as_version=4)
    assert notebook.cells[0].outputs[0].traceback == [quiet]
    assert notebook.cells[1].outputs[0].traceback == lines
    html = exported(ada, runner.session, "html").decode()
    first, second = html.split('<li id="entry-')[1:]
    assert f"<summary>{quiet}</summary>" in first
    assert first.index("<details") < first.index("KeyboardInterrupt") < first.index("</details>")
    assert "<details" not in second
    assert "KeyboardInterrupt" in second


def test_an_empty_session_is_a_valid_notebook(runner: Page, ada: User) -> None:
    nbformat.validate(json.loads(exported(ada, runner.session, "ipynb")))


def test_a_script_has_the_code_in_blocks(full: Page, ada: User) -> None:
    text = exported(ada, full.session, "py").decode()
    ast.parse(text)
    assert re.findall(r"^# %%.*$", text, re.M) == ["# %% #1", "# %% #4 main.py", "# %% #5"]
    assert "secret" not in text
    assert "one" not in text


def test_a_page_asks_for_nothing_and_runs_nothing(full: Page, ada: User) -> None:
    text = exported(ada, full.session, "html").decode()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    assert "default-src 'none'" in policy[1]
    assert "frame-src 'none'" in policy[1]
    # The only script of the page is its own; everything that a program said is text or in a frame.
    outside = re.sub(r'srcdoc="[^"]*"', "", text)
    assert len(re.findall("<script", outside)) == 1
    assert "onerror=" not in outside
    assert "javascript:" not in re.sub(r"\[x\]\([^)]*\)", "", outside)
    frame = re.search(r'<iframe sandbox="allow-same-origin" title="Output" srcdoc="([^"]*)"', text)
    assert frame is not None
    assert "Content-Security-Policy" in frame[1]
    assert "&lt;link" not in frame[1]
    assert "&lt;script" not in frame[1]
    assert not re.search(r'(?:src|href)="(?!data:)', outside)
    assert "secret" not in text
    assert "red" in text
    assert "\x1b" not in text
    assert LARGE in text
    assert "A hint." in text


def test_names_of_files_are_tame() -> None:
    assert file_name("..", "py") == "session.py"
    assert re.fullmatch(r"[\w -]+\.py", file_name('../a\\b "c"\n\u202e', "py"))
    assert len(file_name("é" * 300, "html")) < 90


def test_only_members_export(full: Page, bob: User) -> None:
    client = client_of(bob)
    for form in transfers.WRITERS:
        asked = client.post(
            f"/api/sessions/{full.session}/exports", {"form": form}, content_type="application/json"
        )
        assert asked.status_code == 404


def test_a_viewer_without_the_right_to_fork_takes_no_values(full: Page, bob: User) -> None:
    member = Member.objects.create(session_id=uuid.UUID(full.session), user=bob, role="viewer")
    assert exported(bob, full.session, "ipynb")
    path = f"/api/sessions/{full.session}/exports"
    asked = client_of(bob).post(path, {"form": "session"}, content_type="application/json")
    assert (asked.status_code, asked.json()["code"]) == (403, "forbidden")
    assert Transfer.objects.filter(form="session").count() == 0
    member.forks = True
    member.save()
    assert zipfile.is_zipfile(io.BytesIO(exported(bob, full.session, "session")))


def test_what_was_exported_is_only_for_who_asked(full: Page, ada: User, bob: User) -> None:
    exported(ada, full.session, "py")
    key = Transfer.objects.get().public_id
    for path in (f"/api/transfers/{key}", f"/api/transfers/{key}/file"):
        assert client_of(ada).get(path).status_code == 200
        assert client_of(bob).get(path).status_code == 404
    Member.objects.create(session_id=uuid.UUID(full.session), user=bob, role="viewer")
    assert client_of(bob).get(f"/api/transfers/{key}/file").status_code == 404
    Member.objects.filter(user=ada).delete()
    assert client_of(ada).get(f"/api/transfers/{key}/file").status_code == 404


def test_an_export_is_kept_for_an_hour(
    full: Page, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    exported(ada, full.session, "py")
    key = Transfer.objects.get().public_id
    assert tasks.remove_transfers() == 0
    Transfer.objects.update(expires_ms=now_ms() - 1)
    assert client_of(ada).get(f"/api/transfers/{key}").status_code == 404
    assert tasks.remove_transfers() == 1
    assert not Transfer.objects.exists()
    assert transfers.result_file(key).exists()
    monkeypatch.setattr(transfers, "KEPT_MS", -1000)
    tasks.remove_transfers()
    assert not transfers.result_file(key).exists()


def test_a_large_one_is_done_by_the_worker(
    full: Page,
    ada: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(transfers, "AT_ONCE_BYTES", 0)
    monkeypatch.setattr(transfers, "PROGRESS_S", 0)
    told: list[float] = []
    note = actions.NAMED["note_progress"]

    def heard(key: str, progress: float) -> None:
        note(key, progress)
        told.append(Transfer.objects.get(pk=uuid.UUID(key)).progress)

    monkeypatch.setitem(actions.NAMED, "note_progress", heard)
    client = client_of(ada)
    path = f"/api/sessions/{full.session}/exports"
    asked = client.post(path, {"form": "html"}, content_type="application/json").json()
    assert (asked["state"], asked["url"]) == ("waiting", None)
    assert tasks.sweep_jobs() == 1
    now = client.get(f"/api/transfers/{asked['id']}").json()
    assert now["state"] == "done"
    assert told == sorted(told)
    assert 0 < told[0] < 1
    assert Job.objects.get().state == "done"


def test_a_right_that_is_gone_stops_a_waiting_export(
    full: Page, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfers, "AT_ONCE_BYTES", 0)
    member = Member.objects.create(session_id=uuid.UUID(full.session), user=bob, role="editor")
    client = client_of(bob)
    path = f"/api/sessions/{full.session}/exports"
    asked = client.post(path, {"form": "session"}, content_type="application/json").json()
    member.delete()
    transfers.do_transfer(asked["id"])
    now = client.get(f"/api/transfers/{asked['id']}").json()
    assert (now["state"], now["url"]) == ("failed", None)
    assert not transfers.result_file(asked["id"]).exists()


def test_a_session_that_is_gone_is_said(
    full: Page, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfers, "AT_ONCE_BYTES", 0)
    path = f"/api/sessions/{full.session}/exports"
    asked = client_of(ada).post(path, {"form": "py"}, content_type="application/json").json()
    Session.objects.all().delete()
    transfers.do_transfer(asked["id"])
    assert client_of(ada).get(f"/api/transfers/{asked['id']}").json()["state"] == "failed"


def test_too_many_at_once(full: Page, ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfers, "AT_ONCE_BYTES", 0)
    path = f"/api/sessions/{full.session}/exports"
    answers = [
        client_of(ada).post(path, {"form": "py"}, content_type="application/json").status_code
        for _ in range(5)
    ]
    assert answers == [201, 201, 201, 201, 429]


def test_a_lost_output_is_said(full: Page, ada: User) -> None:
    entry = source_of(full.session).state.entries[0]
    (ref,) = [ref for output in entry.outputs for ref in getattr(output, "blobs", {}).values()]
    blobs.remove(ref.hash)
    exported(ada, full.session, "ipynb")
    assert Transfer.objects.get().notes == ["A large output of #1 could not be read."]
