"""Everything about a person as one zip: asked for on a page, made by a worker, there for some days.

``account.json`` has what is known of the person, ``sessions/`` a session file for each of their
own, which any playground can bring in. The row says how far it is; one that stands still is begun
anew.
"""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
import time
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from playground.accounts import belongings
from playground.accounts.models import DataExport, User

log = logging.getLogger(__name__)

#: How long a finished file is kept, and after what silence one in the making counts as given up.
KEPT = timedelta(days=3)
SILENT = timedelta(minutes=15)

_remind: Callable[[str], Any] | None = None


def set_reminder(remind: Callable[[str], Any]) -> None:
    """Say how a worker is told of an export; a message that is lost costs a minute."""
    global _remind
    _remind = remind


def file_of(export: DataExport) -> Path:
    """Where the zip is."""
    return Path(settings.DATA_DIR) / "exports" / f"{export.pk.hex}.zip"


def ask(user: User) -> DataExport:
    """Begin an export; one that is there or in the making is replaced."""
    remove(user)
    export = DataExport.objects.create(user=user)
    key = export.pk.hex
    transaction.on_commit(lambda: _remind(key) if _remind else None, robust=True)
    return export


def remove(user: User) -> None:
    """Forget the person's export and its file."""
    for export in DataExport.objects.filter(user=user):
        file_of(export).unlink(missing_ok=True)
        export.delete()


def waiting() -> list[str]:
    """Exports that a worker should make now."""
    open_ones = DataExport.objects.filter(state="waiting") | DataExport.objects.filter(
        state="running", changed_at__lt=timezone.now() - SILENT
    )
    return [key.hex for key in open_ones.values_list("pk", flat=True)[:20]]


def remove_old() -> int:
    """Remove exports whose days are over, and files without a row."""
    old = DataExport.objects.filter(created_at__lt=timezone.now() - KEPT)
    gone = old.delete()[0]
    known = {f"{key.hex}.zip" for key in DataExport.objects.values_list("pk", flat=True)}
    for path in (Path(settings.DATA_DIR) / "exports").glob("*"):
        if path.name.removesuffix(".part") not in known:
            path.unlink(missing_ok=True)
    return gone


def make(key: str) -> bool:
    """Write the zip, telling how far it is; says whether this call did it."""
    export = DataExport.objects.filter(pk=key).select_related("user").first()
    if export is None or export.state == "done":
        return False
    taken = DataExport.objects.filter(pk=key, changed_at=export.changed_at)
    if not taken.update(state="running", done=0, changed_at=timezone.now()):
        return False
    part = file_of(export).with_suffix(".zip.part")
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        part.parent.chmod(0o700)
        _write(export, part)
        part.rename(file_of(export))
        _note(key, state="done", bytes=file_of(export).stat().st_size)
    except Exception:
        log.exception("The export of a person failed.")
        part.unlink(missing_ok=True)
        _note(key, state="failed")
    return True


def _note(key: str, **fields: Any) -> None:
    DataExport.objects.filter(pk=key).update(changed_at=timezone.now(), **fields)


def _write(export: DataExport, part: Path) -> None:
    things = belongings.exported(export.user)
    _note(export.pk.hex, total=len(things))
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        archive.writestr("account.json", json.dumps(account(export.user), indent=2))
        for number, thing in enumerate(things, start=1):
            _add(archive, thing, part.parent)
            _note(export.pk.hex, done=number)


def _add(archive: zipfile.ZipFile, thing: belongings.Export, folder: Path) -> None:
    """Write a thing aside first: only then its ending is known, and half a file never counts."""
    with tempfile.TemporaryFile(dir=folder) as aside:
        ending = thing.write(aside)
        aside.seek(0)
        member = zipfile.ZipInfo(thing.name + ending, time.gmtime()[:6])
        # What is a zip itself does not get smaller.
        member.compress_type = zipfile.ZIP_DEFLATED if ending == ".json" else zipfile.ZIP_STORED
        with archive.open(member, "w", force_zip64=True) as target:
            shutil.copyfileobj(aside, target, 1024 * 1024)


def account(user: User) -> dict[str, Any]:
    """What is known of a person beside what they made; no password, no code."""
    return {
        "name": user.username,
        "shownAs": user.display_name,
        "email": user.email,
        "guest": user.is_guest,
        "since": _when(user.date_joined),
        "lastSignIn": _when(user.last_login),
        "devices": [
            {"browser": one.browser, "since": _when(one.created_at), "seen": _when(one.last_seen)}
            for one in user.devices.order_by("created_at")
        ],
    }


def _when(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
