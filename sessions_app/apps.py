"""The Django app of the core: sessions, their operations, snapshots and blobs."""

from __future__ import annotations

from django.apps import AppConfig


class SessionsConfig(AppConfig):
    """Configuration of the app."""

    name = "sessions_app"
    label = "sessions_app"
    verbose_name = "Playground sessions"
    default_auto_field = "django.db.models.BigAutoField"
