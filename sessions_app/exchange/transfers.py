"""One export or import from beginning to end, and the files that it leaves for an hour.

A small one is done where it is asked for. A large one is a job: a worker does it and has the web
process write what changes. It may be done twice, after a worker that died; the second time comes to
the same.
"""

from __future__ import annotations

import logging
import shutil
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import msgspec
from django.db.models import QuerySet

from sessions_app import blobs
from sessions_app.actions.change import require
from sessions_app.actions.exchange import KEPT_MS
from sessions_app.actions.snapshots import BlobGoneError
from sessions_app.clock import now_ms
from sessions_app.errors import ActionError
from sessions_app.exchange.archive import write_archive
from sessions_app.exchange.archive_in import read_archive
from sessions_app.exchange.incoming import (
    Plan,
    Stash,
    check_history,
    folder,
    plan_file,
    title_of,
)
from sessions_app.exchange.notebook import write_notebook
from sessions_app.exchange.notebook_in import read_notebook
from sessions_app.exchange.script import write_script
from sessions_app.exchange.script_in import read_script
from sessions_app.exchange.source import Progress, Source, file_name, source_of
from sessions_app.exchange.webpage import write_webpage
from sessions_app.models import Session, Transfer
from sessions_app.writer import run_named

log = logging.getLogger(__name__)

#: Up to this many bytes a transfer is done at once.
AT_ONCE_BYTES = 2 * 1024 * 1024

#: Progress is written down so often at most.
PROGRESS_S = 0.5

Writer = Callable[[Source, IO[bytes], Progress], None]

#: How each form is written, the end of its file's name, and its media type.
WRITERS: dict[str, Writer] = {
    "ipynb": write_notebook,
    "py": write_script,
    "html": write_webpage,
    "session": write_archive,
}
ENDINGS = {"ipynb": "ipynb", "py": "py", "html": "html", "session": "playground"}
MEDIA = {
    "ipynb": "application/x-ipynb+json",
    "py": "text/x-python; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "session": "application/zip",
}

Write = Callable[..., Any]


def deed_of(form: str) -> str:
    """What a person must be allowed to do for an export: only the session file has values."""
    return "fork" if form == "session" else "read"


def form_of(name: str, start: bytes) -> str:
    """What a file that is brought seems to be, by its name's end, else by how it begins.

    Raises:
        ActionError: ``invalid``, nothing that is read here.
    """
    ending = name.lower().rpartition(".")[2]
    if start[:4] == b"PK\x03\x04" and ending not in ("ipynb", "py"):
        return "session"
    forms = {"ipynb": "ipynb", "py": "py", "playground": "session", "zip": "session"}
    if ending in forms:
        return forms[ending]
    if start.lstrip()[:1] == b"{" and b'"cells"' in start:
        return "ipynb"
    raise ActionError(
        "invalid",
        "This file cannot be read here. Bring a notebook (.ipynb), a Python file (.py) or a "
        "session file (.playground).",
    )


def result_file(key: str) -> Path:
    """What an export made."""
    return folder() / f"{uuid.UUID(key).hex}.out"


def brought_file(key: str) -> Path:
    """What somebody brought."""
    return folder() / f"{uuid.UUID(key).hex}.in"


def find(key: str, user: int) -> Transfer | None:
    """The person's transfer, unless its time is over."""
    mine = Transfer.objects.filter(pk=uuid.UUID(key), owner_id=user, expires_ms__gt=now_ms())
    return mine.first()


def over() -> QuerySet[Transfer]:
    """Those whose time is over."""
    return Transfer.objects.filter(expires_ms__lte=now_ms()).order_by("expires_ms")


def remove_files() -> None:
    """Remove files that no transfer is kept for."""
    for path in folder().iterdir():
        try:
            key = uuid.UUID(path.name.partition(".")[0])
            old = time.time() - path.stat().st_mtime > KEPT_MS / 1000
        except (ValueError, FileNotFoundError):
            continue
        if old and not Transfer.objects.filter(pk=key).exists():
            path.unlink(missing_ok=True)


def do_transfer(key: str) -> None:
    """Do a large one, in a worker."""
    asked = Transfer.objects.filter(pk=uuid.UUID(key), state__in=["waiting", "running"]).first()
    if asked is None:
        return

    def import_later(user: int, plan: Plan, transfer: str) -> Any:
        plan_file(transfer).write_bytes(msgspec.msgpack.encode(plan))
        return run_named("import_planned", user, transfer)

    carry_out(asked, run_named, import_later)


def carry_out(asked: Transfer, write: Write, make: Callable[[int, Plan, str], Any]) -> None:
    """Do it; ``write`` runs named actions, ``make`` writes a plan."""
    key = asked.public_id
    try:
        if asked.kind == "export":
            _export(asked, write)
        else:
            _import(asked, write, make)
    except ActionError as refusal:
        write("fail_transfer", key, refusal.message)
    except Session.DoesNotExist:
        write("fail_transfer", key, "There is no such session any more.")
    except Exception:
        log.exception("The %s %s failed.", asked.kind, key)
        write("fail_transfer", key, "Something went wrong on the server. Please try again.")
    finally:
        brought_file(key).unlink(missing_ok=True)


def _export(asked: Transfer, write: Write) -> None:
    key = asked.public_id
    row = Session.objects.get(pk=uuid.UUID(asked.session), binned_at=None)
    # Much may have changed since it was asked for.
    require(row, asked.owner_id, deed_of(asked.form))
    # A web page with pictures, the largest form, has a third more than what it is made from.
    need_room(2 * bytes_of_session(asked.session))
    source = source_of(asked.session)
    target = result_file(key)
    with target.open("wb") as file:
        WRITERS[asked.form](source, file, _telling(key, write))
    name = file_name(source.state.title, ENDINGS[asked.form])
    write("finish_transfer", key, name, target.stat().st_size, sorted(set(source.lost)))


def _import(asked: Transfer, write: Write, make: Callable[[int, Plan, str], Any]) -> None:
    key = asked.public_id
    stash = Stash()
    try:
        plan = _read(asked, stash, _telling(key, write))
        make(asked.owner_id, plan, key)
    except BlobGoneError:
        raise ActionError("busy", "The server was busy cleaning up. Please try again.") from None
    except ActionError:
        # What was refused must not stay, or refused imports would fill the disk.
        for name in stash.stored:
            with suppress(ActionError):
                write("sweep_blob", name, 0)
        raise
    write("finish_transfer", key, asked.name, asked.size, plan.notes)


def _read(asked: Transfer, stash: Stash, progress: Progress) -> Plan:
    title = title_of(asked.name, "Imported session")
    with brought_file(asked.public_id).open("rb") as file:
        if asked.form == "session":
            return read_archive(file, stash, progress)
        data = file.read()
    progress(0.3)
    if asked.form == "py":
        plan = read_script(data, asked.name, title, stash, now_ms())
    else:
        plan = read_notebook(data, title, stash, now_ms())
    plan.blobs = stash.stored
    check_history(plan.entries)
    progress(0.9)
    return plan


def _telling(key: str, write: Write) -> Progress:
    """Writes progress down, but not for every small step."""
    last = time.monotonic()

    def tell(progress: float) -> None:
        nonlocal last
        if time.monotonic() - last > PROGRESS_S:
            last = time.monotonic()
            write("note_progress", key, round(progress, 3))

    return tell


def bytes_of_session(session: str) -> int:
    """About how much an export has to read."""
    row = Session.objects.only("history_bytes", "stored_bytes").get(pk=uuid.UUID(session))
    return row.history_bytes + row.stored_bytes


def need_room(size: int) -> None:
    """Begin nothing that would fill the disk, of which saving needs the rest.

    Raises:
        ActionError: ``storage``.
    """
    if shutil.disk_usage(folder()).free < size + blobs.LEAST_FREE_BYTES:
        raise ActionError("storage", "The server's disk is full. Try again later.")


def keep_brought(key: str, body: blobs.Readable, most: int) -> int:
    """Store what somebody brings until it is read; gives its size.

    Raises:
        ActionError: ``too-large``; ``invalid``, it is empty; ``storage``, there is no room.
    """
    need_room(most)
    size = 0
    with brought_file(key).open("xb") as file:
        while piece := body.read(256 * 1024):
            size += len(piece)
            if size > most:
                break
            file.write(piece)
    if 0 < size <= most:
        return size
    brought_file(key).unlink()
    if size == 0:
        raise ActionError("invalid", "The file is empty.")
    raise ActionError("too-large", f"A file that is imported may have {most // 2**20} MB at most.")
