"""``manage.py serve``: migrations, web server and worker in one supervised command."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from playground.assets import ensure_collected
from playground.installation.first import offer, only_from_here
from playground.serve.lock import FolderLock, TakenError
from playground.serve.ports import NoPortError, choose
from playground.serve.supervisor import Supervisor, say


class Command(BaseCommand):
    """Starts everything that one machine needs and ends it on Ctrl-C."""

    help = "Serve the playground: web server and worker, supervised."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--no-worker", action="store_true", help="run the web server alone")

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve until a signal comes."""
        lock = FolderLock(settings.DATA_DIR)
        try:
            lock.acquire()
            port = _port()
        except TakenError as error:
            say(f"A playground already runs on the folder {settings.DATA_DIR} ({error}).")
            sys.exit(1)
        except NoPortError as error:
            say(str(error))
            sys.exit(1)
        self._prepare()
        supervisor = Supervisor(
            first_link=_first_link(),
            host=settings.HOST,
            port=port,
            data_dir=settings.DATA_DIR,
            proxy=settings.HTTPS,
            worker=not options["no_worker"],
        )
        lock.note(supervisor.url)
        code = supervisor.run()
        lock.release()
        sys.exit(code)

    def _prepare(self) -> None:
        connection = connections["default"]
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            say("Bringing the database up to date …")
            call_command("migrate", interactive=False, verbosity=0)
        connection.close()
        if ensure_collected():
            say("Collected the static files.")


def _first_link() -> str | None:
    """A link for the first administrator, only for a person who sits at this computer."""
    if not (sys.stdout.isatty() and only_from_here(settings.HOST)):
        return None
    link = offer()
    connections["default"].close()
    return link


def _port() -> int:
    port = choose(settings.HOST, settings.PORT)
    if settings.PORT not in {0, port}:
        say(f"Port {settings.PORT} is taken by another program, so {port} is used.")
    return port
