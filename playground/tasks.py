"""What the worker does for accounts: making exports, and clearing away sign-ins that are over.

Each task looks for what is due, takes a bounded number of it, and can run again at any time.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from celery import shared_task
from django.contrib.sessions.models import Session as LoginSession
from django.utils import timezone

from playground.accounts import exporting
from playground.accounts.models import Device, User
from sessions_app import runs
from sessions_app.limits import limits
from sessions_app.models import Member

#: Rows that one round removes at most.
ROUND = 1_000

#: Read by ``playground/celery.py``; in seconds.
BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "make-exports": {"task": "playground.tasks.make_exports", "schedule": 60.0},
    "clear-sign-ins": {"task": "playground.tasks.clear_sign_ins", "schedule": 3600.0},
    "clear-guests": {"task": "playground.tasks.clear_guests", "schedule": 3600.0},
}


def _round(function: Callable[[], int]) -> Callable[[], int]:
    task: Callable[[], int] = shared_task(runs.noted(function))
    return task


@_round
def make_exports() -> int:
    """Make the exports that people asked for, and remove those whose days are over."""
    return sum(exporting.make(key) for key in exporting.waiting()) + exporting.remove_old()


@shared_task  # type: ignore[untyped-decorator]  # Celery has no types
def make_export(key: str) -> None:
    """Make one export, unless another worker does."""
    exporting.make(key)


@_round
def clear_sign_ins() -> int:
    """Remove login sessions that have expired, and devices that are signed in no more."""
    old = LoginSession.objects.filter(expire_date__lt=timezone.now())
    keys = list(old.values_list("pk", flat=True)[:ROUND])
    LoginSession.objects.filter(pk__in=keys).delete()
    lost = Device.objects.exclude(session_key__in=LoginSession.objects.values("session_key"))
    Device.objects.filter(pk__in=list(lost.values_list("pk", flat=True)[:ROUND])).delete()
    return len(keys)


@_round
def clear_guests() -> int:
    """Remove guests who have nothing and whose browser has forgotten them."""
    before = timezone.now() - timedelta(days=limits().guest_days + limits().bin_days)
    gone = User.objects.filter(is_guest=True, is_pupil=False, date_joined__lt=before)
    gone = gone.exclude(pk__in=Member.objects.values("user"))
    gone = gone.exclude(pk__in=Device.objects.values("user"))
    keys = list(gone.values_list("pk", flat=True)[:ROUND])
    User.objects.filter(pk__in=keys).delete()
    return len(keys)


def _remind(key: str) -> None:
    task: Any = make_export
    # A broker that is down must not hold up the visitor; the round finds the export.
    task.apply_async((key,), retry=False)


exporting.set_reminder(_remind)
