"""The writing thread: groups of actions in one commit, faults kept apart, other processes."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection

from playground.accounts.models import User
from sessions_app import actions, writer, writer_socket
from sessions_app import protocol as p
from sessions_app.actions import NAMED
from sessions_app.errors import ActionError
from sessions_app.models import Session
from tests.sessions_app.helpers import Page, state

pytestmark = pytest.mark.django_db(transaction=True)

on_sqlite = pytest.mark.skipif(
    "sqlite" not in os.environ.get("DATABASE_URL", "sqlite"), reason="PostgreSQL needs no writer"
)


@pytest.fixture
def web() -> Iterator[None]:
    """Writing threads as in the web process."""
    writer.start_web_process()
    yield
    writer.stop_web_process()


async def test_actions_run_one_after_another_or_at_once(web: None, runner: Page) -> None:
    pages = [Page(runner.session, runner.user) for _ in range(30)]

    async def rename(page: Page) -> str:
        sent = [page.number(p.SetTitle(f"title {i}")) for i in range(3)]
        pushed = await writer.run_action(
            actions.apply_pushed, page.session, page.user, page.client, sent
        )
        return "".join("A" if isinstance(answer, p.Ack) else "N" for answer in pushed.answers)

    answers = await asyncio.gather(*(rename(page) for page in pages))
    assert set(answers) == {"AAA"}
    assert await asyncio.to_thread(lambda: _closing(lambda: state(runner.session).seq)) == 91


def _closing[R](call: object) -> R:
    assert callable(call)
    try:
        result: R = call()
        return result
    finally:
        connection.close()


async def test_one_fault_is_one_actions_fault(web: None, ada: User) -> None:
    def fails() -> None:
        Session.objects.all().delete()
        raise RuntimeError("its own fault")

    def breaks() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM no_such_table")

    calls = [
        writer.run_action(actions.create_session, ada.pk),
        writer.run_action(fails),
        writer.run_action(actions.create_session, ada.pk),
        writer.run_action(breaks),
        writer.run_action(actions.create_session, ada.pk),
    ]
    first, failed, second, broken, third = await asyncio.gather(*calls, return_exceptions=True)
    assert isinstance(failed, RuntimeError)
    assert isinstance(broken, DatabaseError)
    assert await asyncio.to_thread(lambda: _closing(Session.objects.count)) == 3
    assert len({first, second, third}) == 3


@on_sqlite
def test_waiting_actions_share_a_commit(
    web: None, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    commit = writer._commit

    def counting(tasks: list[writer._Task]) -> None:
        sizes.append(len(tasks))
        commit(tasks)

    monkeypatch.setattr(writer, "_commit", counting)
    gate = threading.Event()
    running = writer._running
    assert running is not None
    first = running.submit(gate.wait)
    rest = [running.submit(lambda: actions.create_session(ada.pk)) for _ in range(100)]
    gate.set()
    first.result(10)
    assert len({future.result(10) for future in rest}) == 100
    assert max(sizes) == writer.BATCH


@on_sqlite
def test_a_commit_that_fails_is_tried_one_by_one(web: None, ada: User) -> None:
    gate = threading.Event()
    running = writer._running
    assert running is not None
    first = running.submit(gate.wait)

    def poison() -> None:
        connection.set_rollback(True)
        connection.needs_rollback = True

    good = running.submit(lambda: actions.create_session(ada.pk))
    running.submit(poison)
    gate.set()
    first.result(10)
    session = good.result(10)
    assert Session.objects.get().public_id == session


@on_sqlite
def test_another_process_asks(web: None, runner: Page) -> None:
    runner.push(p.StartExecution(1, "1"))
    script = (
        "import django; django.setup()\n"
        "from sessions_app import writer_socket as w\n"
        "print(w.socket_path().stat().st_mode & 0o777)\n"
        f"print(w.ask('mark_idle', ['{runner.session}']))\n"
        "try: w.ask('create_session', [1])\n"
        "except Exception as error: print(error.code)\n"
        "try: w.ask('mark_idle', ['nonsense'])\n"
        "except Exception as error: print(error.code)\n"
    )
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "playground.settings",
        "DATA_DIR": str(writer_socket.data_dir()),
    }
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [str(0o600), "False", "not-found", "not-found"]


@on_sqlite
def test_garbage_on_the_socket_harms_nobody(web: None, session: str) -> None:
    for garbage in (b"", b"\xff\xff\xff\xff", b"\x00\x00\x00\x02[]", b"\x00\x00\x00\x02{}"):
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(5)
            client.connect(str(writer_socket.socket_path()))
            client.sendall(garbage)
    assert writer_socket.ask("mark_idle", [session]) is False


def test_without_a_web_process_tasks_write_themselves(session: str) -> None:
    assert writer.run_named("mark_idle", session) is False
    with pytest.raises(ActionError):
        writer.run_named("mark_idle", "nonsense")


def test_a_long_path_has_a_short_socket(settings: object, tmp_path: object) -> None:
    settings.DATA_DIR = f"{tmp_path}/{'x' * 120}"  # type: ignore[attr-defined]
    assert len(str(writer_socket.socket_path())) < writer_socket.MAX_PATH


def test_named_actions_take_plain_json() -> None:
    assert "create_session" not in NAMED
    assert {"mark_idle", "count_storage", "sweep_blob"} <= set(NAMED)


@on_sqlite
def test_who_gives_up_waiting_harms_nobody(web: None, ada: User) -> None:
    gate = threading.Event()
    running = writer._running
    assert running is not None
    first = running.submit(gate.wait)
    given_up = running.submit(lambda: actions.create_session(ada.pk))
    assert given_up.cancel()
    gate.set()
    first.result(10)
    session = writer.run_action_sync(actions.create_session, ada.pk)
    assert Session.objects.get().public_id == session
