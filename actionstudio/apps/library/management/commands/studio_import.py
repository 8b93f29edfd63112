"""manage.py studio_import FILE|URL [--slug S] [--format F]: a project from a file or a link, on the command line."""

import sys
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from actionstudio.apps.library import bundle, detecting, importing
from actionstudio.core.problem import Refused


class Command(BaseCommand):
    help = (
        "Creates a project from a file or a link: a project file, OpenAPI 3 or Swagger 2.0 in JSON or YAML, a plugin "
        "manifest, a Postman collection, a HAR recording, curl commands, or a sample answer in JSON."
    )

    def add_arguments(self, parser):
        parser.add_argument("source", metavar="FILE|URL", help="a file, or - for standard input, or a link")
        parser.add_argument("--slug", default="", help="the project's address; made from its name when not given")
        parser.add_argument("--name", default="", help="the project's name; the document's title when not given")
        parser.add_argument("--user", default="", help="who owns it: e-mail or name; the first account when not given")
        parser.add_argument(
            "--format", choices=detecting.FORMATS, default=detecting.AUTO, help="what it is; recognised when not given"
        )

    def handle(self, *, source, slug, name, user, format, **options):
        owner = _owner(user)
        url = detecting.link(source)
        wishes = {"url": url, "name": name, "slug": slug, "note": f"studio_import {Path(source).name}"[:200]}
        try:
            project, report = importing.create(owner, self._read(source, url, format), wishes)
        except Refused as refused:
            raise CommandError("\n".join(problem.message for problem in refused.problems)) from refused
        for problem in report["problems"]:
            self.stderr.write(
                f"{problem['pointer']}: {problem['message']}" if problem["pointer"] else problem["message"]
            )
        kept, all_ = report["operations_kept"], report["operations_in"]
        self.stdout.write(f"{project.slug}: {report['format']}, {kept} of {all_} operations")

    def _read(self, source: str, url: str, format: str) -> tuple[bundle.Bundle, dict]:
        if url:
            return importing.read_from(url, format)
        try:
            data = sys.stdin.buffer.read(importing.LARGEST + 1) if source == "-" else Path(source).read_bytes()
        except OSError as error:
            raise CommandError(f"{source}: {error.strerror}") from error
        if len(data) > importing.LARGEST:
            raise CommandError("The document is larger than 10 MB.")
        return importing.read(data, format)


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
