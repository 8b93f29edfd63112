"""Serves both planes with uvicorn; says no when the settings ask for what the database cannot give."""

import os

import uvicorn
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

# Each measured (docs/performance.md) or asked for by the outer guard (runtime/gate.py, runtime/lane.py).
OPTIONS = {
    "interface": "asgi3",
    "http": "actionstudio.runtime.lane:Lane",
    "loop": "uvloop",
    "ws": "none",
    "lifespan": "on",
    "backlog": 16384,
    "timeout_graceful_shutdown": 10,
    "proxy_headers": False,  # settings.STUDIO_BEHIND_PROXY says whom to believe
    "server_header": False,
    "access_log": False,
    "log_config": None,
    "log_level": "warning",
}


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
        uvicorn.run(f"actionstudio.asgi:{app}", host=host, port=port, workers=workers, **OPTIONS)
