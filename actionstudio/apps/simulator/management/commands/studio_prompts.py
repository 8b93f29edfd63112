"""``manage.py studio_prompts SLUG SUITE``: asks models with a prompt suite; for CI of the user's own project."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from actionstudio.apps.projects.models import Project
from actionstudio.apps.simulator.models import PromptOutcome, PromptRun, PromptSuite
from actionstudio.apps.simulator.prompts import junit as xml
from actionstudio.apps.simulator.prompts import results, running, telling
from actionstudio.apps.simulator.prompts.starting import Wish
from actionstudio.apps.web.telling import told
from actionstudio.core.problem import Refused

BAD = 2  # exit code of a suite that could not be run at all
MARKS = {"passed": "ok", "skipped": "--"}


class Command(BaseCommand):
    help = (
        "Asks models with the prompt suite SUITE of the project SLUG, here and now; nothing is called without --mock. "
        "Exit code 1: less than --fail-under passed. 2: it could not be run, or a model gave no answer at all."
    )

    def add_arguments(self, parser):
        parser.add_argument("slug", help="the project's slug")
        parser.add_argument("suite", help="the prompt suite's slug")
        parser.add_argument(
            "--model", action="append", default=[], metavar="NAME", help="scripted, or a model's name; may be repeated"
        )
        parser.add_argument("--repeat", type=int, default=None, help="how often each case is asked")
        parser.add_argument(
            "--revision", type=int, default=None, help="a version of the contract, instead of the live one"
        )
        parser.add_argument("--fail-under", type=float, default=None, help="the share that has to pass, from 0 to 1")
        parser.add_argument("--mock", action="store_true", help="make the calls, at the project's own address")
        parser.add_argument("--junit", default="", metavar="FILE", help="write the outcomes as JUnit XML")

    def handle(self, *args, slug, suite, junit, **options):
        file = _file(junit)
        found = _suite(slug, suite)
        wish = Wish(
            models=options["model"] or None,
            repeat=options["repeat"],
            revision=options["revision"],
            fail_under=options["fail_under"],
            mode=PromptSuite.Mode.MOCK if options["mock"] else None,
        )
        try:
            run = running.through(found, wish, found.project.owner)
        except Refused as refused:
            raise _bad("; ".join(f"{_option(one.pointer)}{told(one.message)}" for one in refused.problems)) from refused
        outcomes = list(run.outcomes.defer("packed", "text", "why").order_by("model", "n", "time"))
        self._tell(run, outcomes)
        if file is not None:
            _write(file, xml.render(run, outcomes))
        if silent := [one.label for one in results.of_run(run) if not one.result.passed.of]:
            raise _bad(_("No answer came from %(names)s.") % {"names": ", ".join(silent)})
        if not run.passed:
            sys.exit(1)

    def _tell(self, run: PromptRun, outcomes: list[PromptOutcome]) -> None:
        for number, asked in enumerate(run.asks):
            self.stdout.write(asked["label"])
            for row in outcomes:
                if row.model == number:
                    self.stdout.write(f"  {MARKS.get(row.verdict, '!!')} {telling.verdict(row.verdict)}  {row.name}")
                    for line in telling.sentences(row) if row.verdict != "passed" else ():
                        self.stdout.write(f"       {line}")
        for one in results.of_run(run):
            words = _(
                "%(model)s: %(good)d of %(of)d passed; the right operation in %(chosen)d, "
                "no call in %(none)d of %(negative)d."
            )
            rates = one.result
            numbers = {"good": rates.passed.good, "of": rates.passed.of, "chosen": rates.chosen.good}
            none = {"none": rates.no_call.good, "negative": rates.no_call.of}
            self.stdout.write(words % {"model": one.label, **numbers, **none})
        share = (run.share or 0) * 100
        words = _("%(share).1f %% passed; %(least).1f %% had to.")
        self.stdout.write(words % {"share": share, "least": run.fail_under * 100})
        if run.fail_under != run.suite.fail_under:
            words = _("The suite itself asks for %(least).1f %%.")
            self.stdout.write(words % {"least": run.suite.fail_under * 100})


def _suite(slug: str, suite: str) -> PromptSuite:
    row = Project.objects.filter(slug=slug).first()
    if row is None:
        raise _bad(_("There is no project “%(slug)s”.") % {"slug": slug})
    found = row.prompt_suites.select_related("project__owner", "gpt").filter(slug=suite).first()
    if found is None:
        known = ", ".join(row.prompt_suites.values_list("slug", flat=True)[:20]) or "–"
        words = _("The project has no prompt suite “%(suite)s”. It has: %(names)s")
        raise _bad(words % {"suite": suite, "names": known})
    return found


def _bad(message: str) -> CommandError:
    return CommandError(message, returncode=BAD)


def _option(pointer: str) -> str:
    """The option that a problem is about."""
    name = pointer.strip("/").split("/")[0]
    known = {"models": "--model", "repeat": "--repeat", "revision": "--revision", "fail_under": "--fail-under"}
    return f"{known[name]}: " if name in known else ""


def _file(text: str) -> Path | None:
    """Where the XML goes. A folder that is not there is told before anything is asked."""
    if not text:
        return None
    file = Path(text)
    if file.is_dir() or not file.parent.is_dir():
        raise _bad(_("%(file)s cannot be written: there is no such folder.") % {"file": text})
    return file


def _write(file: Path, data: bytes) -> None:
    try:
        file.write_bytes(data)
    except OSError as error:
        raise _bad(f"{file}: {error.strerror}") from error
