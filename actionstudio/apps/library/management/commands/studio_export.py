"""manage.py studio_export SLUG FILE: a whole project, or its document, out to a file."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from actionstudio.apps.library import exporting
from actionstudio.apps.projects.models import Project


class Command(BaseCommand):
    help = (
        "Writes a project as one file, or with --as as an OpenAPI document. Keys, the log, and the users and "
        "clients of its sign-in are no part of it; studio_backup copies everything."
    )

    def add_arguments(self, parser):
        parser.add_argument("slug", help="the project's address")
        parser.add_argument("file", help="where to write, or - for standard output")
        parser.add_argument("--as", dest="form", choices=sorted(exporting.FORMATS), default="bundle")

    def handle(self, *, slug, file, form, **options):
        project = Project.objects.filter(slug=slug).first()
        if project is None:
            raise CommandError(f"There is no project {slug}.")
        made = exporting.FORMATS[form](project)
        if file == "-":
            sys.stdout.buffer.write(made.content)
            return
        try:
            Path(file).write_bytes(made.content)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        self.stdout.write(f"{file}: {len(made.content)} bytes")
