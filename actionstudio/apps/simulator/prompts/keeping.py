"""The door through which prompt suites and their cases change: what cannot be is refused, beside its field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from actionstudio.apps.projects.models import Project
from actionstudio.apps.simulator.models import PromptCase, PromptSuite
from actionstudio.apps.simulator.prompts import choosing, offering
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.prompting import case as cases
from actionstudio.core.prompting.fields import Sheet
from actionstudio.core.prompting.hints import unknown_arguments

MOST = 500  # cases of one suite
MOST_SUITES = 200  # of one project
MOST_TIMES = 20
MOST_AT_ONCE = 8
FASTEST = 50.0  # requests a second
RESERVED = frozenset({"add", "new"})  # pages beside those of suites
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")  # RFC 5646, section 2.1, its shape
SUITE = (
    "name",
    "description",
    "gpt",
    "asks",
    "mode",
    "repeat",
    "concurrency",
    "rate",
    "temperature",
    "seed",
    "fail_under",
)
CASE = ("name", "enabled", "note", *PromptCase.FIELDS)


def suite(project: Project, row: PromptSuite | None, fields: Mapping[str, Any], by=None) -> PromptSuite:
    """Makes a suite, or changes one. ``fields`` are of SUITE, ``by`` is whose models it may ask. Raises Refused."""
    with transaction.atomic():
        made = row or PromptSuite(project=project, author=by)
        for name in SUITE:
            if name in fields:
                setattr(made, name, fields[name])
        made.name = " ".join(str(made.name).split())[:120]
        if problems := list(_of_suite(made, by or project.owner)):
            raise Refused(*problems)
        if row is None:
            if project.prompt_suites.count() >= MOST_SUITES:
                words = _("A project has at most %(n)d prompt suites.") % {"n": MOST_SUITES}
                raise Refused(Problem("/name", words, "many"))
            made.slug = free_slug(project, made.name)
        made.asks = [one.key for one in choosing.find(made.asks, by or project.owner)] if made.asks else []
        made.save()
    return made


def free_slug(project: Project, name: str) -> str:
    """A slug for a suite of that name that no other has."""
    wanted = slugify(name)[:50] or "prompts"
    wanted = f"{wanted}-prompts" if wanted in RESERVED or wanted.isdecimal() else wanted
    taken = set(project.prompt_suites.filter(slug__startswith=wanted).values_list("slug", flat=True))
    numbers = (f"{wanted}-{n}" for n in range(2, MOST_SUITES + 3))
    return wanted if wanted not in taken else next(one for one in numbers if one not in taken)


def case(row: PromptCase, sheets: Sequence[Sheet] = ()) -> PromptCase:
    """Keeps a case; a new one stands at the end. ``sheets`` are what models are offered: other operations and arguments
    are refused; without any nobody looks. Raises Refused."""
    made = tidy(row)
    operations = frozenset(one.operation for one in sheets) or None
    problems = [*cases.problems(made.value, operations), *unknown_arguments(made.value, sheets)]
    if problems := [*_of_case(made), *problems]:
        raise Refused(*problems)
    with transaction.atomic():
        PromptSuite.objects.select_for_update().get(pk=row.suite_id)
        if row.pk is None:
            if row.suite.cases.count() >= MOST:
                raise Refused(Problem("", _("A suite has at most %(n)d cases.") % {"n": MOST}, "many"))
            row.position = last(row.suite) + 1
        row.save()
    return row


def fill(row: PromptCase, wish: Mapping[str, Any]) -> PromptCase:
    """Writes what was asked for into a case; its columns are core.prompting.Case as JSON."""
    given = {name: wish[name] for name in PromptCase.FIELDS if name in wish}
    row.value = cases.load({name: getattr(row, name) for name in PromptCase.FIELDS} | given)
    for name in ("name", "enabled", "note"):
        if name in wish:
            setattr(row, name, wish[name])
    return row


def add(suite: PromptSuite, rows: Sequence[PromptCase], repeated: bool = False) -> list[PromptCase]:
    """Keeps many cases at the end of a suite, all of them or none. A name that the suite has gets a number;
    ``repeated``: one that only these cases share stays. The pointer of a problem begins with the number of its case.
    Raises Refused."""
    problems = []
    for number, row in enumerate(rows):
        tidy(row)
        found = [*_of_case(row), *cases.problems(row.value)]
        problems += [Problem(f"/{number}{one.pointer}", one.message, one.code) for one in found]
    if problems:
        raise Refused(*problems[:100])
    with transaction.atomic():
        PromptSuite.objects.select_for_update().get(pk=suite.pk)
        if suite.cases.count() + len(rows) > MOST:
            raise Refused(Problem("", _("A suite has at most %(n)d cases.") % {"n": MOST}, "many"))
        names = set(suite.cases.values_list("name", flat=True))
        for number, row in enumerate(rows, last(suite) + 1):
            row.suite, row.position = suite, number
            row.name = free_name(row.name, set(names) if repeated else names)
        return PromptCase.objects.bulk_create(rows, batch_size=200)


def sheets(suite: PromptSuite) -> tuple[Sheet, ...]:
    """What models would be offered; nothing when nothing is, so that nobody can tell."""
    try:
        return offering.of(suite.project, suite.gpt).sheets
    except Refused:
        return ()


def known(suite: PromptSuite) -> frozenset[str]:
    """The names of the operations that models would be offered."""
    return frozenset(one.operation for one in sheets(suite))


def rename(suite: PromptSuite, old: str, new: str) -> int:
    """Says another operation wherever the cases say ``old``; arguments stay. Returns in how many cases. Raises Refused
    when there is no operation ``new``."""
    if new not in known(suite):
        words = _("There is no operation %(name)s that ChatGPT has.") % {"name": new}
        raise Refused(Problem("/new", words, "unknown"))
    with transaction.atomic():
        PromptSuite.objects.select_for_update().get(pk=suite.pk)
        changed = []
        for row in suite.cases.all():
            calls = [{**one, "operation": new} if one["operation"] == old else one for one in row.calls]
            never = list(dict.fromkeys(new if one == old else one for one in row.never))
            if (calls, never) != (row.calls, row.never):
                row.calls, row.never, row.updated = calls, never, timezone.now()
                changed.append(row)
        PromptCase.objects.bulk_update(changed, ["calls", "never", "updated"], batch_size=200)
    return len(changed)


def order(suite: PromptSuite, wanted: Sequence[int]) -> None:
    """Puts the cases into another order. Raises Refused unless each is named once."""
    rows = {row.pk: row for row in suite.cases.only("position")}
    if sorted(wanted) != sorted(rows):
        words = _("Name every case of the suite once; nothing was changed.")
        raise Refused(Problem("/cases", words, "incomplete"))
    for position, pk in enumerate(wanted, 1):
        rows[pk].position = position
    PromptCase.objects.bulk_update(rows.values(), ["position"], batch_size=200)


def last(suite: PromptSuite) -> int:
    """The position of the last case."""
    return suite.cases.aggregate(n=Max("position"))["n"] or 0


def free_name(name: str, taken: set[str]) -> str:
    """The name, with a number behind it when it is taken; it is afterwards."""
    made, n = name, 1
    while made in taken:
        n += 1
        made = f"{name[:150].rstrip()} {n}"
    taken.add(made)
    return made


def tidy(row: PromptCase) -> PromptCase:
    """A case without a name is called by what is said in it."""
    row.name = " ".join(str(row.name or row.value.utterance).split())[:160].rstrip()
    row.note = " ".join(str(row.note).split())[:300].rstrip()
    return row


def _of_case(row: PromptCase) -> Iterator[Problem]:
    if not LANGUAGE.fullmatch(row.language) or len(row.language) > 35:
        yield Problem("/language", _("Write the language as a tag, such as en, fr or zh-Hans."), "language")


def _of_suite(row: PromptSuite, user) -> Iterator[Problem]:
    if not row.name:
        yield Problem("/name", _("Give the suite a name, such as “First prompts”."), "name")
    if row.mode not in PromptSuite.Mode.values:
        words = _("Known ways: %(names)s") % {"names": ", ".join(PromptSuite.Mode.values)}
        yield Problem("/mode", words, "unknown")
    if row.gpt is not None and row.gpt.project_id != row.project_id:
        yield Problem("/gpt", _("This project has no such GPT."), "unknown")
    yield from within(row)
    if not isinstance(row.asks, list) or not all(isinstance(one, str) for one in row.asks):
        yield Problem("/asks", _("Name the models as a list of texts."), "list")
    elif row.asks:
        yield from _of_models(row.asks, user)


def within(row: Any) -> Iterator[Problem]:
    """What is wrong with the numbers of a suite or of a run."""
    for name, least, most in RANGES:
        value = getattr(row, name)
        if value is not None and not least <= value <= most:
            words = _("Type a number from %(least)g to %(most)g.") % {"least": least, "most": most}
            yield Problem(f"/{name}", words, "range")


RANGES: Iterable[tuple[str, float, float]] = (
    ("repeat", 1, MOST_TIMES),
    ("concurrency", 1, MOST_AT_ONCE),
    ("rate", 0.1, FASTEST),
    ("temperature", 0, 2),
    ("seed", -(2**63), 2**63 - 1),
    ("fail_under", 0, 1),
)


def _of_models(asks: list[str], user) -> Iterator[Problem]:
    try:
        choosing.find(asks, user, "/asks")
    except Refused as refused:
        yield from refused.problems
