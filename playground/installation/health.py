"""Whether the parts of an installation answer: a line for each, and none can hang the page."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import connection
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _

from sessions_app.hub import HubLayer
from sessions_app.limits import limits
from sessions_app.models import Job, TaskRun

Level = Literal["good", "warning", "bad"]

#: A check that has said nothing for so long counts as failed, in seconds.
PATIENCE_S = 3.0

#: The schedule's quickest task is noted once a minute; after so many seconds something is wrong.
SILENT_S = 180


@dataclass(frozen=True)
class Check:
    """One line of the page."""

    name: str
    level: Level
    says: str


def checks() -> list[Check]:
    """Everything that can be asked, at the same time."""
    asked: list[tuple[str, Callable[[], tuple[Level, str]]]] = [
        (_("Database"), database),
        (_("Messages between tabs"), channel_layer),
        (_("Worker and its clock"), worker),
        (_("Work that waits"), waiting_work),
        (_("Free disk"), disk),
    ]
    threads = ThreadPoolExecutor(len(asked))
    try:
        begun = [(name, threads.submit(_closing, check)) for name, check in asked]
        return [Check(name, *_answer(future)) for name, future in begun]
    finally:
        # A check that hangs must not hold up the page.
        threads.shutdown(wait=False)


def _closing(check: Callable[[], tuple[Level, str]]) -> tuple[Level, str]:
    try:
        return check()
    finally:
        connection.close()


def _answer(future: Future[tuple[Level, str]]) -> tuple[Level, str]:
    try:
        return future.result(PATIENCE_S)
    except TimeoutError:
        return "bad", _("does not answer")
    except Exception as error:
        # Its text may hold addresses and passwords; the log has it.
        return "bad", _("fails: %s") % type(error).__name__


def database() -> tuple[Level, str]:
    """Read one row, and tell what the database is."""
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT app FROM django_migrations LIMIT 1")
        cursor.fetchone()
        took = (time.perf_counter() - began) * 1000
        cursor.execute("SELECT sqlite_version()" if _sqlite() else "SHOW server_version")
        version = cursor.fetchone()[0]
    words = {"name": connection.display_name, "version": version, "ms": f"{took:.1f}"}
    text = _("%(name)s %(version)s, answers in %(ms)s ms") % words
    file = Path(str(connection.settings_dict["NAME"]))
    if _sqlite() and file.is_file():
        text += _(", %s") % filesizeformat(file.stat().st_size)
    return "good", text


def _sqlite() -> bool:
    return connection.vendor == "sqlite"


def channel_layer() -> tuple[Level, str]:
    """Send a message to a group of oneself alone."""
    layer: Any = get_channel_layer()

    async def there_and_back() -> bool:
        channel, group = await layer.new_channel(), "health"
        await layer.group_add(group, channel)
        try:
            await layer.group_send(group, {"type": "health.check"})
            message = await asyncio.wait_for(layer.receive(channel), PATIENCE_S - 1)
            return bool(message["type"] == "health.check")
        finally:
            await layer.group_discard(group, channel)
            if isinstance(layer, HubLayer):
                layer.forget(channel)

    arrived = async_to_sync(there_and_back)()
    kind = "Redis" if settings.REDIS_URL else _("in this process")
    return ("good", _("arrive (%s)") % kind) if arrived else ("bad", _("do not arrive"))


def worker() -> tuple[Level, str]:
    """When a scheduled task ran last: that takes a worker, its clock, and the way to write."""
    last = TaskRun.objects.order_by("-started_at").first()
    if last is None:
        return "warning", _("no task has run yet; the first is noted within a minute")
    ago = (timezone.now() - last.started_at).total_seconds()
    words = {"name": last.name, "ago": f"{ago:.0f}"}
    text = _("last task: %(name)s, %(ago)s s ago") % words
    return ("good" if ago < SILENT_S else "bad"), text


def waiting_work() -> tuple[Level, str]:
    """How many jobs wait, and how many were given up."""
    waiting = Job.objects.filter(state__in=["waiting", "running"]).count()
    failed = Job.objects.filter(state="failed").count()
    text = _("%(waiting)d waiting, %(failed)d given up") % {"waiting": waiting, "failed": failed}
    return ("warning" if failed or waiting > 500 else "good"), text


def disk() -> tuple[Level, str]:
    """The disk of the data folder; below a setting's part new guests are refused."""
    usage = shutil.disk_usage(settings.DATA_DIR)
    percent = 100 * usage.free / usage.total
    words = {"free": filesizeformat(usage.free), "percent": f"{percent:.0f}"}
    text = _("%(free)s free, %(percent)s %%") % words
    least = limits().free_disk_percent
    if percent < least:
        return "bad", text + _("; new guests are refused below %d %%") % least
    return ("warning" if percent < 2 * least else "good"), text
