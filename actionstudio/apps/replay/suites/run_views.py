"""A run of a suite: how far it is, what changed, each outcome with its difference, and accepting what came back."""

import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from actionstudio.apps.projects import access
from actionstudio.apps.replay import ignoring, judging, picturing, verdicts
from actionstudio.apps.replay.suites import accepting, junit, running, telling, weighing
from actionstudio.apps.replay.suites.models import Outcome, SuiteRun
from actionstudio.apps.replay.views import rules_made, rules_query
from actionstudio.apps.traffic.models import Exchange
from actionstudio.apps.web import htmx
from actionstudio.apps.web.highlight import json_html
from actionstudio.apps.web.telling import told
from actionstudio.core.problem import Refused

LARGE = ("call", "before", "after", "again", "packed", "facts")
ORDER = ("broken", "changed", "error", "refused", "skipped", "passed", "")


@login_required
def run(request, slug: str, suite: str, pk: int):
    """The run: progress while it goes on, then what changed and what became of each case."""
    row = running.look(_run(request, slug, suite, pk))
    outcomes = list(row.outcomes.defer(*LARGE).order_by("n"))
    for one in outcomes:
        one.sentences = telling.sentences(one)[:3] if not one.good else []
        one.sentences += filter(None, [telling.refusal(one)])
        one.told = telling.verdict(one.verdict)
    done = sum(one.state == Outcome.State.DONE for one in outcomes)
    context = {
        "project": row.suite.project,
        "nav": "suites",
        "suite": row.suite,
        "run": row,
        "outcomes": sorted(outcomes, key=lambda one: (ORDER.index(one.verdict), one.n)),
        "done": done,
        "slow": sum(one.took_us for one in outcomes) > row.lasted / datetime.timedelta(microseconds=1),
        "groups": telling.grouped(outcomes),
        "refusals": sum(bool(one.refusal) for one in outcomes),
        "acceptable": sum(one.verdict in accepting.DIFFERENT and not one.accepted for one in outcomes),
    }
    return htmx.page(request, "suites/run.html", context, part="run")


@login_required
@require_POST
def cancel(request, slug: str, suite: str, pk: int):
    """No further call leaves."""
    running.cancel(_run(request, slug, suite, pk, change=True))
    return htmx.redirect(reverse("replay:suite-run", args=[slug, suite, pk]))


@login_required
@require_POST
def accept_all(request, slug: str, suite: str, pk: int):
    """Every answer that differs is the expected one from now on."""
    n = accepting.accept_all(_run(request, slug, suite, pk, change=True))
    words = ngettext(
        "%(n)d answer is the expected one from now on.", "%(n)d answers are the expected ones from now on.", n
    )
    return htmx.redirect(reverse("replay:suite-run", args=[slug, suite, pk]), words % {"n": n})


@login_required
def xml(request, slug: str, suite: str, pk: int):
    """The run as JUnit XML."""
    row = _run(request, slug, suite, pk)
    data = junit.render(row, list(row.outcomes.defer(*LARGE).order_by("n")))
    name = f"{suite}-{pk}.xml"
    return HttpResponse(data, "application/xml", headers={"Content-Disposition": f'attachment; filename="{name}"'})


@login_required
def outcome(request, slug: str, suite: str, pk: int, n: int):
    """One outcome: why it is what it is, and the answer beside the expected one."""
    row = _outcome(request, slug, suite, pk, n)
    context = {
        "project": row.run.suite.project,
        "nav": "suites",
        "suite": row.run.suite,
        "run": row.run,
        "row": row,
        "told": telling.verdict(row.verdict),
        "sentences": telling.sentences(row),
        "refusal": telling.refusal(row),
        "result_id": Exchange(pk=row.result_exchange_id).public_id if row.result_exchange_id else "",
        "made": rules_made(request, row.run.suite.project),
        "acceptable": bool(row.after)
        and row.case is not None
        and row.verdict in accepting.DIFFERENT
        and not judging.unkept(row.after),
        "carried": row.facts.get("carried", ()),
        "operation": row.operation_id or row.path,
    }
    if row.after and row.before:
        context |= _compared(row)
    elif row.after:
        text = judging.answer(row.after).body.decode("utf-8", "replace")
        context["body"] = json_html(text)
    return htmx.page(request, "suites/outcome.html", context, part="judged")


@login_required
@require_POST
def accept(request, slug: str, suite: str, pk: int, n: int):
    """This answer is the expected one from now on."""
    row = _outcome(request, slug, suite, pk, n, change=True)
    where = reverse("replay:suite-outcome", args=[slug, suite, pk, n])
    try:
        accepting.accept(row)
    except Refused as refused:
        return htmx.redirect(where, told(refused.problems[0].message), "bad")
    return htmx.redirect(where, _("This answer is the expected one from now on."))


@login_required
@require_POST
def ignore(request, slug: str, suite: str, pk: int, n: int):
    """Leaves a place of the answer out: in this case (``add``), or for its operation from now on (``keep``)."""
    row = _outcome(request, slug, suite, pk, n, change=True)
    where = reverse("replay:suite-outcome", args=[slug, suite, pk, n])
    try:
        if place := request.POST.get("keep", "").strip()[:300]:
            made = ignoring.adopt(row.project, row.operation_id, row.path, [place], request.user)
            return htmx.redirect(f"{where}?{rules_query(made)}")
        place = request.POST.get("add", "").strip()[:300]
        if place and row.case is not None:
            known = row.case.rules.get("ignore", [])
            row.case.rules = {**row.case.rules, "ignore": list(dict.fromkeys([*known, place]))[:200]}
            row.case.save(update_fields=["rules", "updated"])
    except Refused as refused:
        return htmx.redirect(where, told(refused.problems[0].message), "bad")
    return htmx.redirect(where, _("Ignored in this case from the next run on."))


def _run(request, slug: str, suite: str, pk: int, *, change: bool = False) -> SuiteRun:
    project = (access.changeable if change else access.viewable)(request, slug)
    rows = SuiteRun.objects.select_related("suite__project", "job", "author")
    return get_object_or_404(rows, pk=pk, suite__slug=suite, suite__project=project)


def _outcome(request, slug: str, suite: str, pk: int, n: int, *, change: bool = False) -> Outcome:
    made = _run(request, slug, suite, pk, change=change)
    row = get_object_or_404(Outcome.objects.select_related("case"), run=made, n=n)
    row.run = made
    return row


def _compared(row: Outcome) -> dict:
    """The comparison, as the page of a replay shows it."""
    own = row.case.rules if row.case else {}
    rules = weighing.rules(ignoring.Book(row.project).rules(row.operation_id, row.call["path"]), own)
    found = verdicts.judged(row, rules)
    listed = judging.lines(row, found.difference)
    return {
        "difference": found.difference,
        "comparable": judging.comparable(row),
        "lines": listed[: picturing.MOST_CHANGES],
        "more_lines": max(0, len(listed) - picturing.MOST_CHANGES),
        "diff": picturing.diff(row),
    }
