"""``manage.py studio_rotate_signing_key``: a new key signs ID tokens."""

from django.core.management.base import BaseCommand

from actionstudio.apps.oauth import keys


class Command(BaseCommand):
    help = "Makes a new key that signs ID tokens. The one before it stays published for as long as tokens need it."

    def add_arguments(self, parser):
        parser.add_argument(
            "--at-once",
            action="store_true",
            help="sign with it now and take the others away: somebody else may have them",
        )

    def handle(self, *args, **options):
        made = keys.rotate(at_once=options["at_once"])
        self.stdout.write(f"{made.kid} signs from {made.starts:%Y-%m-%d %H:%M:%S} UTC on.")
