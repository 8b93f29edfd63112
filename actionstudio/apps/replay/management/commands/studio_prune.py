"""Removes requests and replays that are older than the retention."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from actionstudio.apps.replay.pruning import prune


class Command(BaseCommand):
    help = "Removes logged requests and replays older than STUDIO_RETENTION_DAYS, in small steps. 0 keeps everything."

    def add_arguments(self, parser):
        parser.add_argument("--days", type=int, default=settings.STUDIO_RETENTION_DAYS, help="instead of the setting")

    def handle(self, *args, days, **options):
        if days < 0:
            raise CommandError("--days cannot be negative; 0 keeps everything.")
        exchanges, replays = prune(days)
        self.stdout.write(f"Removed {exchanges} requests and {replays} replays older than {days} days.")
