"""Serves both planes with granian; says no when the settings ask for what the database cannot give."""

import os
import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _


class Command(BaseCommand):
    help = "Serve the studio and its addresses."

    def add_arguments(self, parser):
        parser.add_argument("--host", default=settings.STUDIO_HOST)
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument("--workers", type=int, default=settings.STUDIO_WORKERS)
        parser.add_argument("--app", choices=["application", "runtime"], default="application")

    def handle(self, *args, host, port, workers, app, **options):
        if workers < 1:
            raise CommandError(_("The number of workers must be at least 1."))
        if workers > 1 and not settings.DATABASE_URL:
            raise CommandError(
                _("Several workers need PostgreSQL: set DATABASE_URL=postgresql://…, or leave STUDIO_WORKERS at 1.")
            )
        os.chdir(settings.BASE_DIR)
        sys.stdout.flush()
        os.execv(sys.executable, [sys.executable, "-m", "granian", *granian(host, port, workers, app)])


def granian(host: str, port: int, workers: int, app: str = "application") -> list[str]:
    """The server's options, each measured (docs/performance.md) or asked for by the outer guard."""
    return [
        "--interface", "asgi",
        "--http", "1",
        "--no-ws",
        "--loop", "uvloop",
        "--host", host,
        "--port", str(port),
        "--workers", str(workers),
        "--backlog", "16384",
        "--http1-header-read-timeout", "5000",
        "--workers-kill-timeout", "12",
        "--respawn-failed-workers",
        "--log-level", "warning",
        f"actionstudio.asgi:{app}",
    ]  # fmt: skip
