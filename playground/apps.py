"""The Django application of the project itself: templates, pages and the wiring of its parts."""

from importlib import import_module

from django.apps import AppConfig


class PlaygroundConfig(AppConfig):
    """Holds the project's templates and commands."""

    name = "playground"
    verbose_name = "Playground"

    def ready(self) -> None:
        """Let accounts know what people have."""
        from playground.accounts import belongings
        from playground.wiring import SessionsAsBelongings

        belongings.register(SessionsAsBelongings())
        # Tells workers of exports from now on.
        import_module("playground.tasks")
