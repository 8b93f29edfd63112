"""Two runs, or two models of one: what flipped, whether it may be chance, and what differed in what they read."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.utils.translation import gettext as _

from actionstudio.apps.simulator.models import PromptOutcome, PromptRun, PromptSuite
from actionstudio.apps.simulator.prompt_pages import finding, tables
from actionstudio.apps.simulator.prompts import closing, results, telling
from actionstudio.apps.simulator.prompts.results import Compared
from actionstudio.apps.web import htmx
from actionstudio.apps.web.telling import told

RUNS = 50  # that may be chosen
SHOWN = 100  # flips and changes


@dataclass(frozen=True, slots=True)
class Choice:
    """One model of one run. ``key`` is "12:0": the run's number and the model's place in it."""

    key: str
    label: str
    run: PromptRun
    model: int


@login_required
def compare(request, slug: str, suite: str):
    """The comparison of ``?a=`` with ``?b=``; without them of the last two runs, or of the last one's two models."""
    row = finding.suite(request, slug, suite)
    choices = _choices(row)
    first = _first(choices)
    before, after = (_find(choices, request.GET.get(name, ""), one) for name, one in zip("ab", first, strict=True))
    found = _compared(before, after)
    context = {
        "project": row.project,
        "nav": "prompts",
        "suite": row,
        "choices": choices,
        "a": before,
        "b": after,
        "same": before is not None and before is after,
    }
    if found is not None and before is not None and after is not None:
        context |= _context(found, before, after)
    return htmx.page(request, "prompts/compare.html", context)


def _context(found: Compared, before: Choice, after: Choice) -> dict:
    flips = (*found.comparison.flips, *found.comparison.unsteady)[:SHOWN]
    rows = {}
    for row in PromptOutcome.objects.filter(
        run=after.run, model=after.model, case__in=[one.case for one in flips if isinstance(one.case, int)]
    ).defer("packed", "why", "text"):
        if row.case_id not in rows or row.verdict != PromptOutcome.Verdict.PASSED:
            rows[row.case_id] = row
    return {
        "found": found,
        "flips": [(one, telling.kind(one.kind), rows.get(one.case)) for one in flips],
        "unsteady": found.comparison.unsteady,
        "hint": told(found.hint),
        "changes": found.changes[:SHOWN],
        "passed": [tables.share(one.result.passed) for one in (found.before, found.after)],
        "chosen": [tables.share(one.result.chosen) for one in (found.before, found.after)],
        "no_call": [tables.share(one.result.no_call) for one in (found.before, found.after)],
        "tokens": [results.tool_tokens(one.run) for one in (before, after)],
    }


def _compared(before: Choice | None, after: Choice | None) -> Compared | None:
    if before is None or after is None or before is after:
        return None
    return results.compare(before.run, after.run, (before.model, after.model))


def _choices(row: PromptSuite) -> list[Choice]:
    """Each model of each run that is over, the newest first."""
    runs = row.runs.exclude(state__in=closing.GOING).defer("sheet")[:RUNS]
    found = []
    for run in runs:
        run.suite = row
        for number, one in enumerate(run.asks):
            version = f" · v{run.revision}" if run.revision else ""
            label = _("Run %(n)s") % {"n": run.pk} + f"{version} · {one['label']}"
            found.append(Choice(f"{run.pk}:{number}", label, run, number))
    return found


def _first(choices: list[Choice]) -> tuple[Choice | None, Choice | None]:
    """What is compared when nobody says: the newest run with the one before it, of the same model if there is one."""
    if not choices:
        return None, None
    after = choices[0]
    label = after.run.asks[after.model]["label"]
    others = [one for one in choices if one.run is not after.run]
    same = [one for one in others if one.run.asks[one.model]["label"] == label]
    before = next(iter(same or others or choices[1:]), None)
    return before, after


def _find(choices: list[Choice], text: str, otherwise: Choice | None) -> Choice | None:
    """By its key, or by the number of the run alone. Raises Http404 for one that is not there to be compared."""
    if not text:
        return otherwise
    wanted = text if ":" in text else f"{text}:0"
    found = next((one for one in choices if one.key == wanted), None)
    if found is None:
        raise Http404(_("This suite has no such run that is over."))
    return found
