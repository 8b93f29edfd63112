"""Starter cases of a project, and its cases as files in and out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from actionstudio.apps.simulator.models import PromptCase, PromptSuite
from actionstudio.apps.simulator.prompts import keeping, offering
from actionstudio.core import exemplary
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.prompting import formats
from actionstudio.core.prompting.fields import Sheet
from actionstudio.core.prompting.formats import Row
from actionstudio.core.prompting.hints import Hint, gone, hints, unfit
from actionstudio.core.prompting.starters import LANGUAGES, Starter, starters, tongue


def proposed(suite: PromptSuite, language: str = "") -> list[Starter]:
    """The cases that the project's own texts suggest, without those whose sentences the suite has. ``language`` is a
    BCP 47 tag, "" guesses it. Raises Refused."""
    try:
        language = language and tongue(language)
    except KeyError:
        known = ", ".join(LANGUAGES.values())
        told = _("Cases can be made in these languages: %(known)s.") % {"known": known}
        raise Refused(Problem("/language", told, "language")) from None
    offer = offering.of(suite.project, suite.gpt)
    gpt = suite.gpt or suite.project.gpts.first()
    known = {row.value.utterance for row in suite.cases.all()}
    contract = offering.contract_of(suite.project)[1]
    given, titles = exemplary.arguments(contract), exemplary.summaries(contract)
    found = starters(offer.sheets, gpt.starters if gpt is not None else (), language, given, titles)
    return [one for one in found if one.case.utterance not in known]


def keep(suite: PromptSuite, wanted: Sequence[Starter]) -> list[PromptCase]:
    """Keeps starter cases at the end of a suite. Raises Refused."""
    rows = []
    for one in wanted:
        row = PromptCase(name=one.name, origin="starter")
        row.value = one.case
        rows.append(row)
    return keeping.add(suite, rows)


def imported(suite: PromptSuite, text: str, kind: str = "auto") -> list[PromptCase]:
    """Keeps the cases of a file at the end of a suite; ``kind`` is csv, jsonl, bfcl, promptfoo or auto. Operations that
    the project does not have are no fault: they may come later. Raises Refused; nothing is kept then."""
    rows = []
    for one in formats.read(text, kind):
        row = PromptCase(name=one.name, origin="import", enabled=one.enabled, note=one.note)
        row.value = one.case
        rows.append(row)
    return keeping.add(suite, rows, repeated=True)


def doubts(suite: PromptSuite, rows: Sequence[PromptCase]) -> list[Hint]:
    """What cases want and ChatGPT does not have, or no call may have; nothing while nobody can tell."""
    sheets = keeping.sheets(suite)
    return _doubts(rows, sheets) if sheets else []


def exported(suite: PromptSuite, kind: str) -> str:
    """All cases of a suite as a file; ``kind`` is one of formats.WRITERS."""
    return formats.write([Row(row.name, row.value, row.enabled, row.note) for row in suite.cases.all()], kind)


def warned(suite: PromptSuite) -> list[Hint]:
    """What can be said of the tools, and of the cases, before any model is asked. Raises Refused when there are no
    tools."""
    offer = offering.of(suite.project, suite.gpt)
    return [*_doubts(suite.cases.all(), offer.sheets), *hints(offer.sheets)]


def _doubts(rows: Iterable[PromptCase], sheets: Sequence[Sheet]) -> list[Hint]:
    cases = [(row.name, row.value) for row in rows]
    lost = gone([case for _name, case in cases], {one.operation for one in sheets})
    return [*lost, *unfit(cases, sheets)]
