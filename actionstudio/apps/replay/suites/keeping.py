"""The door through which suites and cases change: what cannot be is refused, each problem beside its field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from actionstudio.apps.oauth import assuming
from actionstudio.apps.projects.models import Project
from actionstudio.apps.replay import concealing, replaying, sending
from actionstudio.apps.replay.forms import HEADER, METHODS
from actionstudio.apps.replay.suites import running, saving, scheduling, variables, weighing
from actionstudio.apps.replay.suites.models import Case, Suite
from actionstudio.apps.replay.suites.playing import GOOD, call_of
from actionstudio.core import compare, expecting, filling
from actionstudio.core.judging import KINDS
from actionstudio.core.problem import Problem, Refused

WHEN = ("schedule", "minutes", "daily_at")


def suite(
    project: Project,
    row: Suite | None,
    fields: Mapping[str, Any],
    wanted: Iterable[Mapping[str, Any]] | None = None,
    by=None,
) -> Suite:
    """Makes a suite, or changes one. ``wanted`` replaces its variables. Raises Refused."""
    fields = dict(fields)
    if "target" in fields:
        fields["target"] = str(sending.target(fields["target"], project))
    with transaction.atomic():
        made = row or saving.create(project, fields.pop("name", ""), by)
        before = [getattr(made, name) for name in WHEN]
        for name, value in fields.items():
            setattr(made, name, value)
        if problems := list(_of_suite(made)):
            raise Refused(*problems)
        if row is None or before != [getattr(made, name) for name in WHEN]:
            made.next_run = scheduling.next_time(made, timezone.now())
        if row is not None and "target" in fields:
            made.state = running.health(made)
        made.save()
        if wanted is not None:
            variables.keep(made, wanted)
    return made


def case(row: Case) -> Case:
    """Keeps a case; a new one stands at the end. Raises Refused."""
    if problems := [*_of_case(row), *expecting.problems(weighing.checks(row)), *_of_rules(row), *_of_extracts(row)]:
        raise Refused(*problems)
    with transaction.atomic():
        Suite.objects.select_for_update().get(pk=row.suite_id)
        if row.pk is None:
            if row.suite.cases.count() >= saving.MOST:
                raise Refused(Problem("", _("A suite has at most %(n)d cases.") % {"n": saving.MOST}, "many"))
            row.position = (row.suite.cases.aggregate(n=Max("position"))["n"] or 0) + 1
        row.save()
    return row


def _of_suite(row: Suite) -> Iterator[Problem]:
    if not row.name.strip():
        yield Problem("/name", _("Give the suite a name, such as “Orders”."), "name")
    if row.schedule == Suite.Schedule.DAILY and row.daily_at is None:
        yield Problem("/daily_at", _("Type the time of the day, such as 06:30."), "required")
    if row.minutes < 1:
        yield Problem("/minutes", _("Type how many minutes lie between two runs."), "range")
    if not 1 <= row.concurrency <= running.MOST_AT_ONCE:
        words = _("Send from 1 to %(n)d calls at once.") % {"n": running.MOST_AT_ONCE}
        yield Problem("/concurrency", words, "range")


def _of_case(row: Case) -> Iterator[Problem]:
    if not row.name.strip():
        yield Problem("/name", _("Give the case a name."), "name")
    if row.method not in METHODS:
        yield Problem("/method", _("Known methods: %(names)s") % {"names": ", ".join(METHODS)}, "unknown")
    if not row.path.startswith("/"):
        yield Problem("/path", _("A path begins with a slash: /todos"), "path")
    elif re.search(r"[\s?#]", row.path):
        yield Problem("/path", _("Spaces, ? and # do not belong in a path. Write a space as %20."), "path")
    if re.search(r"[\s#]", row.query):
        yield Problem("/query", _("Write a space as %20 or +, and # as %23."), "query")
    for number, (name, value) in enumerate(row.headers):
        if not HEADER.fullmatch(f"{name}: {value}") or not value.isascii():
            yield Problem(f"/headers/{number}", _("This is no header: a name, and one line of ASCII."), "header")
    yield from concealing.of_case(row.headers, replaying.masks_of(row.suite.project))
    if row.whole and not row.answer:
        yield Problem("/answer", _("Give the expected answer, or set “whole” to false."), "required")
    if not _known(row):
        yield Problem("/credential", _("This project has no such key or person."), "unknown")
    hidden = variables.secret_names(row.suite).intersection(filling.names(call_of(row)))
    for name in sorted(hidden):
        if variables.nameless(call_of(row), name):
            words = _(
                "The secret %(name)s stands where the log cannot hide it: put it into a header, a query parameter or a "
                "named field of the body."
            )
            yield Problem("/path", words % {"name": name}, "secret")


def _known(row: Case) -> bool:
    wanted, project = row.credential, row.suite.project
    if wanted in (replaying.NOBODY, GOOD):
        return True
    if wanted.startswith(assuming.PREFIX):
        return project.end_users.filter(sub=wanted.removeprefix(assuming.PREFIX)).exists()
    return wanted.isdecimal() and project.keys.filter(pk=int(wanted[:18]), revoked=None).exists()


def _of_rules(row: Case) -> Iterator[Problem]:
    for name in ("ignore", "unordered"):
        for number, text in enumerate(row.rules.get(name, ())):
            plain = name == "ignore" and (text == "status" or re.fullmatch(r"header:\S+", text))
            if not plain and not compare.readable(text):
                words = _("“%(line)s” is no place of an answer.") % {"line": text}
                yield Problem(f"/rules/{name}/{number}", words, "place")
    for number, code in enumerate(row.rules.get("off", ())):
        if code not in KINDS:
            words = _("There is no such kind of noise. Known: %(names)s") % {"names": ", ".join(KINDS)}
            yield Problem(f"/rules/off/{number}", words, "unknown")


def _of_extracts(row: Case) -> Iterator[Problem]:
    for number, one in enumerate(row.extracts):
        if not filling.NAME.fullmatch(one["name"]):
            words = _("Use letters, digits, _ or -, starting with a letter.")
            yield Problem(f"/extracts/{number}/name", words, "name")
        for problem in expecting.problems([expecting.Check(one["on"], "exists")]):
            yield Problem(f"/extracts/{number}/on", problem.message, "place")
