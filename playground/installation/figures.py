"""What an installation stores, what its worker does, and which settings are in force.

Sessions appear by their id alone: what people write is theirs. Of a secret nothing is shown but
whether it is set; of an address with a password only which kind of server and where.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Count, Exists, F, OuterRef, Sum
from django.utils.translation import gettext as _

from playground import env
from playground.accounts.models import DataExport, User
from sessions_app.models import Blob, BlobLink, Entry, Job, Session, Snapshot, TaskRun

#: Lines of each table.
LINES = 20

#: Settings whose value nobody shall read on a screen, and those that are addresses with a password.
SECRETS = frozenset({"SECRET_KEY"})
ADDRESSES = frozenset({"DATABASE_URL", "REDIS_URL"})

#: Words in the name of a setting that make its value a secret, whoever adds it later.
SECRET_WORDS = ("SECRET", "PASSWORD", "TOKEN", "KEY", "CREDENTIAL")


@dataclass(frozen=True)
class Setting:
    """A setting as shown: its value in words, and whether somebody set it."""

    name: str
    value: str
    given: bool
    help: str


def storage() -> dict[str, Any]:
    """Counts and bytes of everything that is kept, and the largest sessions."""
    linked = BlobLink.objects.filter(blob=OuterRef("pk"))
    sessions = Session.objects.filter(doomed=False)
    together = sessions.annotate(together=F("stored_bytes") + F("history_bytes"))
    return {
        "blobs": Blob.objects.aggregate(count=Count("pk"), bytes=Sum("stored_bytes")),
        "unlinked": Blob.objects.filter(~Exists(linked)).aggregate(
            count=Count("pk"), bytes=Sum("stored_bytes")
        ),
        "history": Session.objects.aggregate(bytes=Sum("history_bytes"), log=Sum("log_bytes")),
        "sessions": sessions.filter(binned_at=None).count(),
        "binned": sessions.filter(binned_at__isnull=False).count(),
        "doomed": Session.objects.filter(doomed=True).count(),
        "entries": Entry.objects.count(),
        "snapshots": Snapshot.objects.count(),
        "accounts": User.objects.filter(is_guest=False).count(),
        "guests": User.objects.filter(is_guest=True).count(),
        "largest": [
            {"id": row.public_id, "bytes": row.together, "used": row.last_activity}
            for row in together.order_by("-together")[:LINES]
        ],
    }


def work() -> dict[str, Any]:
    """The tasks of the schedule, and jobs that run, wait or were given up."""
    open_jobs = Job.objects.exclude(state="done")
    return {
        "tasks": TaskRun.objects.order_by("name"),
        "running": open_jobs.filter(state="running").order_by("pk")[:LINES],
        "waiting": open_jobs.filter(state="waiting").order_by("run_after_ms")[:LINES],
        "failed": open_jobs.filter(state="failed").order_by("-pk")[:LINES],
        "exports": DataExport.objects.exclude(state="done").order_by("created_at")[:LINES],
    }


def settings_in_force() -> list[Setting]:
    """Every setting that is read, by name."""
    return [_shown(one) for _name, one in sorted(env.DECLARED.items())]


def _shown(one: env.Declared) -> Setting:
    given = os.environ.get(one.name, "").strip()
    return Setting(one.name, _value(one.name, given or one.default), bool(given), one.help)


def _value(name: str, value: str) -> str:
    if name in SECRETS or any(word in name for word in SECRET_WORDS):
        return _("set, not shown") if value else _("made on the first run, not shown")
    if name in ADDRESSES or "://" in value:
        return _address(value)
    return value


def _address(value: str) -> str:
    """The kind of server and where it is; names, passwords and parameters stay out."""
    try:
        parts = urlsplit(value)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return _("set, not shown")
    if not parts.hostname:
        return _("set, not shown") if value else ""
    return f"{parts.scheme}://{parts.hostname}{port}/…"
