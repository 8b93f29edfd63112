"""What came back is the expected answer from now on: of one case, or of a whole run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from actionstudio.apps.replay import judging
from actionstudio.apps.replay.suites.models import Case, Outcome, SuiteRun
from actionstudio.core import expecting
from actionstudio.core.compare import Answer
from actionstudio.core.problem import Problem, Refused

DIFFERENT = (Outcome.Verdict.CHANGED, Outcome.Verdict.BROKEN)


def accept(outcome: Outcome) -> Case:
    """The answer of an outcome becomes what its case expects. Checks "equals" want the new values; all others stay.

    Raises Refused when nothing came back, or the case is gone.
    """
    case = outcome.case
    if case is None:
        raise Refused(Problem("", _("This case was deleted: there is nothing to change."), "gone"))
    if not outcome.after:
        raise Refused(Problem("", _("No answer came back, so there is none to accept."), "no-answer"))
    if judging.unkept(outcome.after) and case.whole:
        words = _("The body of this answer was not kept, so it cannot be accepted: write the expected answer by hand.")
        raise Refused(Problem("", words, "unkept"))
    answer = judging.answer(outcome.after)
    case.answer = {**outcome.after}
    case.checks = [_renewed(one, answer) for one in case.checks]
    with transaction.atomic():
        case.save(update_fields=["answer", "checks", "updated"])
        Outcome.objects.filter(pk=outcome.pk).update(accepted=True)
    outcome.accepted = True
    return case


def accept_all(run: SuiteRun) -> int:
    """Accepts every answer of a run that differs; returns how many."""
    rows = Outcome.objects.filter(run=run, verdict__in=DIFFERENT, accepted=False).exclude(case=None)
    with transaction.atomic():
        return sum(1 for row in _with_answers(rows.select_related("case")) if accept(row))


def _with_answers(rows: Iterable[Outcome]) -> Iterable[Outcome]:
    return (row for row in rows if row.after and not judging.unkept(row.after))


def _renewed(one: dict[str, Any], answer: Answer) -> dict[str, Any]:
    found = expecting.values(one["on"], answer) if one["op"] == "equals" and one["on"] != "time" else []
    same = len(found) == 1 or (found and all(value == found[0] for value in found))
    return {**one, "value": found[0]} if same else one
