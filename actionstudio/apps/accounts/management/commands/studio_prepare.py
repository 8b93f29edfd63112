"""manage.py studio_prepare: brings databases and static files up to date, quick when they are; says where to go."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from actionstudio.apps.accounts import setup


class Command(BaseCommand):
    help = "Brings every database and the static files up to date. Does nothing when they are."
    requires_system_checks = []

    def handle(self, *args, **options):
        for alias in connections:
            self._migrate(alias)
        self._collect()
        self.stdout.write(f"» Action Studio starts on {settings.STUDIO_PUBLIC_URL} (stop it with Ctrl-C)")
        if first := setup.address():
            self.stdout.write(f"» Create the first account: {first}")

    def _migrate(self, alias: str) -> None:
        executor = MigrationExecutor(connections[alias])
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write(f"» Preparing the {alias} database")
            call_command("migrate", database=alias, interactive=False, verbosity=0)

    def _collect(self) -> None:
        root = Path(settings.STATIC_ROOT)
        stamp = root / ".collected"
        wanted = _fingerprint()
        if stamp.exists() and stamp.read_text() == wanted:
            return
        self.stdout.write("» Collecting static files")
        call_command("collectstatic", interactive=False, verbosity=0, clear=root.exists())
        stamp.write_text(wanted)


def _fingerprint() -> str:
    """Changes whenever a static file is added, taken away or written, and when the storage is another."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            stat = Path(storage.path(path)).stat()
            digest.update(f"{path} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()
