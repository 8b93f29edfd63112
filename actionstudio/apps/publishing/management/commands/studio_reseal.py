"""``manage.py studio_reseal``: seals every kept secret with the newest of STUDIO_ENCRYPTION_KEYS."""

from django.core.management.base import BaseCommand, CommandError

from actionstudio.apps.publishing import secrets


class Command(BaseCommand):
    help = "Seals every kept secret with the newest encryption key. Afterwards the older keys may be taken away."

    def handle(self, *args, **options):
        done, lost = secrets.reseal()
        self.stdout.write(f"{done} sealed anew.")
        if lost:
            raise CommandError(f"{lost} cannot be opened with any of STUDIO_ENCRYPTION_KEYS: add the key they need.")
