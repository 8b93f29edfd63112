"""Removes what projects no longer keep: requests by age, number and bytes, and replays by age."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from actionstudio.apps.projects.models import Project
from actionstudio.apps.replay import pruning
from actionstudio.apps.traffic import pruning as log


class Command(BaseCommand):
    help = (
        "Removes logged requests beyond the bounds of their projects, and requests and replays older than "
        "STUDIO_RETENTION_DAYS where a project says nothing else, in small steps; chats and runs of prompts as well. "
        "0 keeps everything."
    )

    def add_arguments(self, parser):
        parser.add_argument("--days", type=int, default=settings.STUDIO_RETENTION_DAYS, help="instead of the setting")
        parser.add_argument("--dry-run", action="store_true", help="only tell what would go")

    def handle(self, *args, days, dry_run, **options):
        if days < 0:
            raise CommandError("--days cannot be negative; 0 keeps everything.")
        if dry_run:
            self.tell(days)
            return
        exchanges, replays = pruning.prune(days)
        self.stdout.write(f"Removed {exchanges} requests and {replays} replays older than {days} days.")
        for what, number in log.others(days).items():
            self.stdout.write(f"Removed {number} {what}.")

    def tell(self, days: int) -> None:
        """What would go, a line a project."""
        due = dict(log.due(days))
        names = dict(Project.objects.filter(pk__in=due).values_list("pk", "slug"))
        for project_id, end in due.items():
            name = names.get(project_id, f"deleted project {project_id}")
            self.stdout.write(f"{name}: {log.would_go(project_id, end)} requests would be removed.")
        replays = sum(rows.count() for rows in pruning.old(days))
        for what, number in log.others(days, dry=True).items():
            self.stdout.write(f"{number} {what} would be removed.")
        self.stdout.write(f"{replays} replays would be removed. Nothing was.")
