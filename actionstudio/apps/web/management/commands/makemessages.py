"""manage.py makemessages, which knows ``lazy`` and ``said`` too; without line numbers and what is not ours."""

from django.core.management.commands import makemessages

NOT_OURS = ["tools/*", "data/*", "static/*", "tests/*", "bench/*"]


class Command(makemessages.Command):
    """Django's command with the house's names."""

    xgettext_options = [
        *makemessages.Command.xgettext_options,
        "--keyword=lazy",
        "--keyword=said",
        "--keyword=said_n:1,2",
    ]

    def handle(self, *args, **options):
        options["ignore_patterns"] = [*options["ignore_patterns"], *NOT_OURS]
        options["no_wrap"] = True
        options["add_location"] = options["add_location"] or "file"
        super().handle(*args, **options)
