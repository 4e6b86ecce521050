"""The Django app of classrooms."""

from __future__ import annotations

from django.apps import AppConfig


class ClassroomsConfig(AppConfig):
    """Configuration of the app."""

    name = "playground.classrooms"
    label = "classrooms"
    verbose_name = "Classes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hear of those who open a pupil's session."""
        from playground.classrooms import looking
        from sessions_app import hooks

        hooks.register_look(looking.note)
