"""The Celery application: work that must not wait for a visitor.

Tasks live in ``tasks.py`` of each app; an app's ``BEAT_SCHEDULE`` there says what runs regularly.
Messages are JSON only, and are only hints: the job table holds the promise.
"""

from __future__ import annotations

import os
import warnings
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from celery import Celery
from celery.platforms import SecurityWarning
from celery.signals import import_modules

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "playground.settings")

# Messages are JSON without code, so a worker that runs as root in a container is no way in.
warnings.filterwarnings("ignore", category=SecurityWarning)

app = Celery("playground")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_finalize.connect  # type: ignore[untyped-decorator]  # Celery has no types
def _make_folders(sender: Celery, **_: object) -> None:
    options = sender.conf.broker_transport_options or {}
    for name in ("data_folder_in", "data_folder_out", "processed_folder", "control_folder"):
        if name in options:
            Path(options[name]).mkdir(parents=True, exist_ok=True)


@import_modules.connect  # type: ignore[untyped-decorator]  # Celery has no types
def _collect_schedules(sender: Celery, **_: object) -> None:
    from django.apps import apps

    schedule = dict(sender.conf.beat_schedule or {})
    for config in apps.get_app_configs():
        if find_spec(f"{config.name}.tasks"):
            schedule.update(getattr(import_module(f"{config.name}.tasks"), "BEAT_SCHEDULE", {}))
    sender.conf.beat_schedule = schedule
