"""``manage.py studio_replay SLUG SUITE``: runs a suite; for CI of the user's own project."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actionstudio.apps.projects.models import Project
from actionstudio.apps.replay.models import Outcome
from actionstudio.apps.replay.runs import reaching
from actionstudio.apps.replay.suites import junit as xml
from actionstudio.apps.replay.suites import running, telling
from actionstudio.core import filling
from actionstudio.core.problem import Refused

BAD = 2  # exit code of a suite that could not be run at all
MARKS = {"passed": "ok", "skipped": "--"}


class Command(BaseCommand):
    help = "Runs SUITE of the project SLUG here and now. Exit code 1: an outcome differs. 2: it could not be run."

    def add_arguments(self, parser):
        parser.add_argument("slug", help="the project's slug")
        parser.add_argument("suite", help="the suite's slug")
        parser.add_argument("--base-url", default="", help="another server with the same paths, instead of the target")
        parser.add_argument("--target", default="", help="live, revision:N or upstream, instead of the suite's own")
        parser.add_argument("--junit", default="", metavar="FILE", help="write the outcomes as JUnit XML")
        parser.add_argument(
            "--variable", action="append", default=[], metavar="NAME=VALUE", help="a variable's value for this run"
        )
        parser.add_argument(
            "--confirm", action="store_true", help="yes, send also what may change something on servers of others"
        )

    def handle(self, *args, slug, suite, base_url, target, junit, variable, confirm, **options):
        if base_url and target:
            raise _bad(_("Use either --base-url or --target."))
        given = dict(map(_variable, variable))
        file = _file(junit)
        row = Project.objects.filter(slug=slug).first()
        if row is None:
            raise _bad(_("There is no project “%(slug)s”.") % {"slug": slug})
        found = row.suites.select_related("project__owner").filter(slug=suite).first()
        if found is None:
            known = ", ".join(row.suites.values_list("slug", flat=True)[:20]) or "–"
            words = _("The project has no suite “%(suite)s”. It has: %(names)s")
            raise _bad(words % {"suite": suite, "names": known})
        if base_url and not base_url.startswith(("http://", "https://")):
            raise _bad(_("--base-url begins with http:// or https://."))
        if "://" in target:
            raise _bad(_("--target is live, revision:N or upstream. Name another server with --base-url."))
        try:
            run = running.through(found, base_url or target, given, confirmed=confirm)
        except reaching.Unconfirmed as unconfirmed:
            raise _bad("\n".join(_asked(unconfirmed.risks))) from unconfirmed
        except Refused as refused:
            raise _bad(str(refused)) from refused
        outcomes = list(run.outcomes.defer("call", "before", "after", "again", "packed").order_by("n"))
        self._tell(outcomes)
        if file is not None:
            self._write(file, run, outcomes)
        if not run.passed:
            sys.exit(1)

    def _tell(self, outcomes: list[Outcome]) -> None:
        for row in outcomes:
            self.stdout.write(f"{MARKS.get(row.verdict, '!!')} {telling.verdict(row.verdict)}  {row.name}")
            lines = telling.sentences(row) if row.verdict != "passed" else []
            for line in filter(None, [*lines, telling.refusal(row)]):
                self.stdout.write(f"     {line}")
        passed = sum(row.good for row in outcomes)
        words = ngettext("%(passed)d of %(n)d case passed.", "%(passed)d of %(n)d cases passed.", len(outcomes))
        self.stdout.write(words % {"passed": passed, "n": len(outcomes)})

    def _write(self, file: Path, run, outcomes: list[Outcome]) -> None:
        try:
            file.write_bytes(xml.render(run, outcomes))
        except OSError as error:
            raise _bad(f"{file}: {error.strerror}") from error


def _bad(message: str) -> CommandError:
    return CommandError(message, returncode=BAD)


def _asked(risks: Iterable[reaching.Risk]) -> Iterator[str]:
    """What has to be confirmed, line by line."""
    yield _("Nothing was sent. These calls may change something on servers of others; --confirm sends them:")
    for one in risks:
        words = ngettext(
            "%(method)s %(operation)s to %(host)s, %(n)d case: %(names)s",
            "%(method)s %(operation)s to %(host)s, %(n)d cases: %(names)s",
            one.count,
        )
        names = ", ".join(one.first) + (", …" if one.count > len(one.first) else "")
        told = {"method": one.method, "operation": one.operation, "host": one.host, "n": one.count, "names": names}
        yield f"  {words % told}"


def _file(text: str) -> Path | None:
    """Where the XML goes. A folder that is not there is told before anything is sent."""
    if not text:
        return None
    file = Path(text)
    if file.is_dir() or not file.parent.is_dir():
        raise _bad(_("%(file)s cannot be written: there is no such folder.") % {"file": text})
    return file


def _variable(text: str) -> tuple[str, str]:
    name, mark, value = text.partition("=")
    if not mark or not filling.NAME.fullmatch(name):
        raise _bad(_("Write a variable as NAME=VALUE: “%(text)s”.") % {"text": text})
    return name, value
