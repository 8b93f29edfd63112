"""manage.py makemessages, which also knows ``lazy`` and leaves alone what is not ours; without line numbers."""

from django.core.management.commands import makemessages

NOT_OURS = ["tools/*", "data/*", "static/*", "tests/*", "bench/*"]


class Command(makemessages.Command):
    """Django's command with the house's names."""

    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=lazy"]

    def handle(self, *args, **options):
        options["ignore_patterns"] = [*options["ignore_patterns"], *NOT_OURS]
        options["no_wrap"] = True
        options["add_location"] = options["add_location"] or "file"
        super().handle(*args, **options)
