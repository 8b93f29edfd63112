"""manage.py studio_import FILE|URL [--slug S] [--format F] [--update [--plan]]: a project, or news for one, in."""

import sys
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from actionstudio.apps.library import bundle, detecting, forecasting, importing, reimporting
from actionstudio.apps.projects.models import Project
from actionstudio.core.problem import Refused
from actionstudio.core.reimport import Plan


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
        parser.add_argument(
            "--update", action="store_true", help="a newer document for the project --slug; edits made there stay"
        )
        parser.add_argument("--plan", action="store_true", help="with --update: only says what it would change")

    def handle(self, *, source, slug, name, user, format, update, plan, **options):
        if update or plan:
            self._update(source, slug, format, user, plan)
        else:
            self._create(source, slug, name, format, _owner(user))

    def _create(self, source: str, slug: str, name: str, format: str, owner) -> None:
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

    def _update(self, source: str, slug: str, format: str, user: str, only_plan: bool) -> None:
        """Takes over all of a newer document that loses no edit made here, or only says what that would be."""
        project = Project.objects.select_related("owner").filter(slug=slug).first()
        if project is None:
            raise CommandError(f"There is no project {slug}." if slug else "Name the project with --slug.")
        url = detecting.link(source)
        named = "" if url or source == "-" else Path(source).name
        try:
            arrival = reimporting.arrival(self._read(source, url, format), url=url, filename=named)
            found, number = reimporting.planned(project, arrival)
            self._say(found)
            if found.items:
                self.stdout.write(f"ChatGPT: {forecasting.forecast(project, found).then.sentence}")
            if only_plan:
                return
            owner = _owner(user) if user else project.owner
            revision = reimporting.take(project, arrival, None, by=owner, against=number)
        except Refused as refused:
            raise CommandError("\n".join(problem.message for problem in refused.problems)) from refused
        except reimporting.Stale as stale:
            raise CommandError("The project was changed in the meantime. Try again.") from stale
        self.stdout.write(f"{project.slug}: v{revision.number}" if revision else f"{project.slug}: nothing changed")

    def _say(self, plan: Plan) -> None:
        for item in plan.items:
            left = "" if item.suggested else " (left: it was changed here)"
            hidden = " (arrives hidden: as many as ChatGPT takes are chosen already)" if item.hidden else ""
            self.stdout.write(f"{item.kind} {item.label}{left}{hidden}")
            for reason in item.breaks:
                self.stdout.write(f"  breaks: {reason}")

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
