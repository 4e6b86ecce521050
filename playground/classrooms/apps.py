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
        """Take part in what happens in pupils' sessions."""
        from playground.classrooms import looking, standings, wall
        from sessions_app import hooks

        hooks.register(standings.keep)
        hooks.register_look(looking.note)
        hooks.register_page(wall.beside)
