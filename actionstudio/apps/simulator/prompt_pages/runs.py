"""A run of a prompt suite: how far it is, its numbers, what went wrong, and each outcome with what travelled."""

from __future__ import annotations

import json

from django.contrib.auth.decorators import login_required
from django.db.models import Case, Count, Q, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from actionstudio.apps.simulator.models import PromptOutcome, PromptRun
from actionstudio.apps.simulator.prompt_pages import finding, tables
from actionstudio.apps.simulator.prompts import closing, junit, results, starting, telling
from actionstudio.apps.web import htmx
from actionstudio.apps.web.highlight import json_html
from actionstudio.apps.web.telling import told
from actionstudio.core.problem import Refused
from actionstudio.core.prompting import matching

SHOWN = 200  # outcomes on one page
LARGE = ("packed", "why", "text")
FOLLOWED = 1_000  # outcomes of a run whose numbers are told while it goes on
Verdict = PromptOutcome.Verdict
DONE = Q(state=PromptOutcome.State.DONE)
WRONG = Q(verdict__in=(Verdict.FAILED, Verdict.ERROR))
WORST = Case(
    When(verdict=Verdict.FAILED, then=0),
    When(verdict=Verdict.ERROR, then=1),
    When(verdict=Verdict.SKIPPED, then=3),
    When(verdict=Verdict.PASSED, then=4),
    default=2,
)


@login_required
def run(request, slug: str, suite: str, pk: int):
    """The run: progress while it goes on, then its numbers and what became of each case, what is wrong first."""
    row = _looked(finding.run(request, slug, suite, pk))
    first = _number(request.GET.get("after", ""))
    page = list(row.outcomes.defer(*LARGE).order_by(WORST, "n", "model", "time")[first : first + SHOWN])
    counts = row.outcomes.aggregate(done=Count("pk", filter=DONE), wrong=Count("pk", filter=WRONG))
    for one in page:
        _tell(row, one)
    context = {
        "project": row.suite.project,
        "nav": "prompts",
        "suite": row.suite,
        "run": row,
        **counts,
        "models": tables.shown(row) if row.over or row.total <= FOLLOWED else (),
        "outcomes": page,
        "more": first + SHOWN if first + SHOWN < row.total else 0,
        "first": first,
        "tool_tokens": results.tool_tokens(row),
        "operations": len(row.sheets),
        "several": len(row.asks) > 1,
        "repeats": row.repeat > 1,
        "earlier": row.suite.runs.filter(pk__lt=row.pk)
        .exclude(state__in=closing.GOING)
        .values_list("pk", flat=True)[:1],
    }
    return htmx.page(request, "prompts/run.html", context, part="run")


@login_required
@require_POST
def cancel(request, slug: str, suite: str, pk: int):
    """No further request leaves."""
    closing.cancel(finding.run(request, slug, suite, pk, change=True))
    return htmx.redirect(reverse("simulator:prompt-run", args=[slug, suite, pk]))


@login_required
@require_POST
def again(request, slug: str, suite: str, pk: int):
    """Asks again, of what is live now, only the cases that a change touches."""
    row = finding.run(request, slug, suite, pk, change=True)
    operations = request.POST.getlist("operation") or None
    try:
        made = starting.again(row, request.user, operations)
    except Refused as refused:
        where = reverse("simulator:prompt-run", args=[slug, suite, pk])
        return htmx.redirect(where, told(refused.problems[0].message), "bad")
    return htmx.redirect(reverse("simulator:prompt-run", args=[slug, suite, made.pk]))


@login_required
def xml(request, slug: str, suite: str, pk: int):
    """The run as JUnit XML."""
    row = finding.run(request, slug, suite, pk)
    data = junit.render(row, list(row.outcomes.defer("packed")))
    name = f"{suite}-{pk}.xml"
    return HttpResponse(data, "application/xml", headers={"Content-Disposition": f'attachment; filename="{name}"'})


@login_required
def outcome(request, slug: str, suite: str, pk: int, number: int):
    """One outcome: what was said, expected and called, and what travelled."""
    row = finding.run(request, slug, suite, pk)
    one = get_object_or_404(PromptOutcome.objects.select_related("case"), run=row, pk=number)
    _tell(row, one)
    case = one.value
    context = {
        "project": row.suite.project,
        "nav": "prompts",
        "suite": row.suite,
        "run": row,
        "row": one,
        "value": case,
        "expected": [
            (call.operation, [(name, told(matching.told(one_))) for name, one_ in call.arguments.items()])
            for call in case.calls
        ],
        "called": [(call, _pretty(call.arguments)) for call in one.calls],
        "why": json_html(json.dumps(one.why, ensure_ascii=False, indent=2)) if one.why else "",
        "trace": [json_html(json.dumps(step, ensure_ascii=False, indent=2)) for step in one.trace],
        "mistaken": _mistaken(row, one),
        "others": row.outcomes.filter(n=one.n).exclude(pk=one.pk).defer(*LARGE) if row.total > 1 else (),
    }
    return htmx.page(request, "prompts/outcome.html", context)


def _looked(row: PromptRun) -> PromptRun:
    """Closed when nobody works at it any more."""
    suite = row.suite
    found = closing.look(row)
    found.suite = suite
    return found


def _tell(run: PromptRun, one: PromptOutcome) -> None:
    """What the page says of an outcome."""
    one.run = run
    one.told, one.kind_told = telling.verdict(one.verdict), telling.kind(one.kind)
    one.sentences = telling.sentences(one)[:3]
    one.model_told = run.asks[one.model]["label"] if one.model < len(run.asks) else ""


def _mistaken(run: PromptRun, one: PromptOutcome) -> list[tuple[str, str]]:
    """(both names, page) of the cells of the matrix in which the outcome stands wrongly: there the descriptions are."""
    pairs = [pair for pair in (one.score or {}).get("pairs", ()) if pair[0] != pair[1]]
    return [
        (f"{tables.named(pair[0])} → {tables.named(pair[1])}", tables.cell_url(run, *pair, one.model)) for pair in pairs
    ]


def _pretty(text: str):
    try:
        return json_html(json.dumps(json.loads(text or "{}"), ensure_ascii=False, indent=2))
    except (ValueError, RecursionError):
        return text


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
