"""manage.py studio_import FILE|URL [--slug S]: a whole project, or a document, in from the command line."""

import sys
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from actionstudio.apps.library import creating, detecting, importing
from actionstudio.apps.projects import naming
from actionstudio.core.problem import Refused


class Command(BaseCommand):
    help = "Creates a project from a file (project file, OpenAPI 3 in JSON or YAML) or from a link to one."

    def add_arguments(self, parser):
        parser.add_argument("source", metavar="FILE|URL", help="a file, or - for standard input, or a link")
        parser.add_argument("--slug", default="", help="the project's address; made from its name when not given")
        parser.add_argument("--name", default="", help="the project's name; the document's title when not given")
        parser.add_argument("--user", default="", help="who owns it: e-mail or name; the first account when not given")

    def handle(self, *, source, slug, name, user, **options):
        owner = _owner(user)
        try:
            parts, report = importing.read(self._data(source))
            project = creating.create(
                owner,
                parts.contract,
                name=name or parts.name,
                slug=slug or (naming.free_slug(parts.slug) if parts.slug else ""),
                description=parts.description,
                masks=parts.masks,
                logo=parts.logo,
                note=f"studio_import {Path(source).name}"[:200],
            )
        except Refused as refused:
            raise CommandError("\n".join(problem.message for problem in refused.problems)) from refused
        for problem in report["problems"]:
            self.stderr.write(f"{problem['pointer']}: {problem['message']}")
        kept, all_ = report["operations_kept"], report["operations_in"]
        self.stdout.write(f"{project.slug}: {report['format']}, {kept} of {all_} operations")

    def _data(self, source: str) -> bytes:
        if url := detecting.link(source):
            return importing.fetched(url)
        try:
            data = sys.stdin.buffer.read(importing.LARGEST + 1) if source == "-" else Path(source).read_bytes()
        except OSError as error:
            raise CommandError(f"{source}: {error.strerror}") from error
        if len(data) > importing.LARGEST:
            raise CommandError("The document is larger than 10 MB.")
        return data


def _owner(wanted: str):
    users = get_user_model().objects.order_by("pk")
    if not wanted:
        found = users.first()
        if found is None:
            raise CommandError("There is no account yet. Create the first one in the browser.")
        return found
    found = users.filter(email__iexact=wanted).first() or users.filter(username=wanted).first()
    if found is None:
        raise CommandError(f"There is no account {wanted}.")
    return found
