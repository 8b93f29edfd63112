"""``manage.py studio_reseal``: seals everything kept sealed with the newest of STUDIO_ENCRYPTION_KEYS."""

from django.core.management.base import BaseCommand, CommandError

from actionstudio.apps.oauth import keys
from actionstudio.apps.publishing import sealing, secrets


class Command(BaseCommand):
    help = (
        "Seals every kept secret, those of suites too, and the keys that sign ID tokens, with the newest encryption "
        "key. Afterwards the older keys may be taken away."
    )

    def handle(self, *args, **options):
        counts = [secrets.reseal(), keys.reseal(), *(reseal() for reseal in sealing.RESEALERS)]
        done, lost = (sum(each) for each in zip(*counts, strict=True))
        self.stdout.write(f"{done} sealed anew.")
        if lost:
            raise CommandError(f"{lost} cannot be opened with any of STUDIO_ENCRYPTION_KEYS: add the key they need.")
