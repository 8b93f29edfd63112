"""manage.py studio_check FILE|URL|-: what ChatGPT's importer and the checks say to a document, for people and CI."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from actionstudio.apps.gpt import inspecting, reporting
from actionstudio.apps.library import detecting, importing
from actionstudio.core.lint.rule import TARGETS
from actionstudio.core.problem import Refused
from actionstudio.runtime import outbound

UNREADABLE = 2


class Command(BaseCommand):
    help = (
        "Judges a document as ChatGPT's importer and the checks do. Ends with 1 when something is refused or lost "
        "(or as bad as --fail-on), with 2 when it cannot be read, else with 0. Needs no database."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("source", metavar="FILE|URL|-", help="a file, a link, or - for standard input")
        parser.add_argument("--target", choices=TARGETS, default="gpt", help="who is to take it (default gpt)")
        parser.add_argument("--format", choices=reporting.FORMATS, default="text", dest="form")
        parser.add_argument(
            "--fail-on",
            choices=inspecting.LEVELS,
            default=inspecting.LOST,
            help="the least bad level that ends with 1 (default drops-param: whatever is lost)",
        )
        parser.add_argument("--advice", action="store_true", help="print advice too (JSON and SARIF always have it)")

    def handle(self, *, source, target, form, fail_on, advice, **options):
        name = "stdin" if source == "-" else source
        try:
            inspection = inspecting.inspect(_data(source), target)
        except Refused as refused:
            lines = [f"{name}: {problem.message}" for problem in refused.problems]
            raise CommandError("\n".join(lines), returncode=UNREADABLE) from refused
        self.stdout.write(reporting.report(form, name, inspection, fail_on=fail_on, advice=advice), ending="")
        if inspection.fails(fail_on):
            sys.exit(1)


def _data(source: str) -> bytes:
    """The bytes of the document. Raises CommandError."""
    if url := detecting.link(source):
        return _fetched(url)
    try:
        data = sys.stdin.buffer.read(importing.LARGEST + 1) if source == "-" else Path(source).read_bytes()
    except OSError as error:
        raise CommandError(f"{source}: {error.strerror}", returncode=UNREADABLE) from error
    return data


def _fetched(url: str) -> bytes:
    """What is behind a link. Whoever runs commands may look at private addresses too."""
    try:
        answer = outbound.fetch("GET", url, max_bytes=importing.LARGEST, allow_private=True)
    except outbound.OutboundRefused as error:
        raise CommandError(f"{url}: could not be fetched: {error}", returncode=UNREADABLE) from error
    if answer.status != 200:
        raise CommandError(f"{url}: the server answered {answer.status}.", returncode=UNREADABLE)
    return answer.body
