"""Prompt suites: the list, one suite with its cases and runs, its settings, and how a run begins."""

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Count, Max
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from actionstudio.apps.projects import access
from actionstudio.apps.simulator.models import PromptCase, PromptRun, PromptSuite
from actionstudio.apps.simulator.prompt_pages import finding
from actionstudio.apps.simulator.prompt_pages.forms import RunForm, SuiteForm
from actionstudio.apps.simulator.prompts import beginning, closing, keeping, starting, telling
from actionstudio.apps.web import htmx
from actionstudio.core.problem import Refused
from actionstudio.core.prompting.formats import WRITERS

RUNS = 20  # that a suite's page shows
HINTS = 8


@login_required
def suites(request, slug: str):
    """All prompt suites of the project, with what became of their last runs."""
    project = access.viewable(request, slug)
    rows = list(project.prompt_suites.all())
    last = PromptRun.objects.filter(suite__in=rows).values("suite").annotate(last=Max("pk")).values("last").order_by()
    runs = PromptRun.objects.filter(pk__in=last).select_related("job", "suite").defer("sheet")
    newest = {run.suite_id: closing.look(run) for run in runs}
    counts = dict(PromptCase.objects.filter(suite__in=rows).values_list("suite").annotate(n=Count("pk")).order_by())
    for row in rows:
        row.run, row.size = newest.get(row.pk), counts.get(row.pk, 0)
        row.well = row.state == PromptSuite.State.PASSED  # by its own bar, whatever that run asked for
    return render(request, "prompts/list.html", {"project": project, "nav": "prompts", "rows": rows})


@login_required
def suite(request, slug: str, suite: str):
    """One suite: its cases in their order, how to run it, and its past."""
    return _shown(request, finding.suite(request, slug, suite))


@login_required
def new(request, slug: str):
    """A suite without cases yet."""
    return _edited(request, access.changeable(request, slug), None)


@login_required
def edit(request, slug: str, suite: str):
    """Name, whose tools are offered, who is asked and how."""
    row = finding.suite(request, slug, suite, change=True)
    return _edited(request, row.project, row)


@login_required
@require_POST
def delete(request, slug: str, suite: str):
    """The suite with its cases and runs, for good."""
    row = finding.suite(request, slug, suite, change=True)
    row.delete()
    words = _("The suite “%(name)s” is deleted.") % {"name": row.name}
    return htmx.redirect(reverse("simulator:prompts", args=[slug]), words)


@login_required
@require_POST
def run(request, slug: str, suite: str):
    """Asks the models now. What cannot be is told on the suite's page, with the form as it was filled in."""
    row = finding.suite(request, slug, suite, change=True)
    form = RunForm(request.POST, user=request.user, suite=row)
    if form.is_valid():
        try:
            made = starting.start(row, request.user, form.wish())
            return htmx.redirect(reverse("simulator:prompt-run", args=[slug, suite, made.pk]))
        except Refused as refused:
            form.refuse(refused, {"asks": "models"})
    return _shown(request, row, form)


@login_required
@require_POST
def rename(request, slug: str, suite: str):
    """Another operation instead of one that there is no more, in all cases at once."""
    row = finding.suite(request, slug, suite, change=True)
    where = reverse("simulator:prompt-suite", args=[slug, suite])
    try:
        changed = keeping.rename(row, request.POST.get("old", ""), request.POST.get("new", ""))
    except Refused as refused:
        return htmx.redirect(where, refused.problems[0].message, "warn")
    words = ngettext("%(n)s case is changed.", "%(n)s cases are changed.", changed) % {"n": changed}
    return htmx.redirect(where, words)


@login_required
@require_POST
def order(request, slug: str, suite: str):
    """The order of the cases as posted; ``up`` or ``down`` moves one of them by one place."""
    row = finding.suite(request, slug, suite, change=True)
    with transaction.atomic():
        PromptSuite.objects.select_for_update().get(pk=row.pk)
        left = list(row.cases.values_list("pk", flat=True))
        wanted = [pk for pk in map(_number, request.POST.getlist("o")) if pk in left]
        wanted = list(dict.fromkeys([*wanted, *left]))  # what came meanwhile stays, at the end
        _move(wanted, _number(request.POST.get("up", "")), -1)
        _move(wanted, _number(request.POST.get("down", "")), 1)
        keeping.order(row, wanted)
    if htmx.wants_part(request):
        return htmx.toast(_("The cases stand in this order now."))
    return htmx.redirect(f"{reverse('simulator:prompt-suite', args=[slug, suite])}#cases")


def _shown(request, row: PromptSuite, form: RunForm | None = None):
    runs = list(row.runs.select_related("author", "job").defer("sheet")[:RUNS])
    for one in runs:
        one.suite = row
    if runs and not runs[0].over:
        runs[0] = closing.look(runs[0])
    cases, verdicts = list(row.cases.all()), _verdicts(runs)
    hints, trouble = _hints(row)
    gone = [one.operations[0] for one in hints if one.code == "gone"]
    for case in cases:
        case.verdict, case.value_ = verdicts.get(case.pk), case.value
        case.kind_told = telling.kind(case.kind)
        case.gone = [name for name in gone if name in case.value_.operations or name in case.never]
    wrong = form is not None
    context = {
        "project": row.project,
        "nav": "prompts",
        "suite": row,
        "cases": cases,
        "languages": sorted({case.language for case in cases}),
        "runs": runs,
        "comparable": sum(run.over for run in runs) > 1 or any(len(run.asks) > 1 for run in runs),
        "form": form or RunForm(user=request.user, suite=row),
        "wrong": wrong,
        "hints": [one for one in hints if one.code != "gone"][:HINTS],
        "gone": [(name, sum(name in case.gone for case in cases)) for name in gone],
        "operations": sorted(keeping.known(row)) if gone else (),
        "trouble": trouble,
        "formats": list(WRITERS),
    }
    return htmx.page(request, "prompts/suite.html", context, status=422 if wrong else 200)


def _hints(row: PromptSuite):
    """What is known of the tools before any model runs, or why there are none."""
    try:
        return beginning.warned(row), ""
    except Refused as refused:
        return [], str(refused.problems[0].message)


def _verdicts(runs) -> dict[int, tuple[int, int]]:
    """How often each case passed in the newest run that is over: (passed, of)."""
    done = next((run for run in runs if run.over), None)
    found: dict[int, tuple[int, int]] = {}
    rows = done.outcomes.exclude(case=None).values_list("case", "verdict").order_by() if done else ()
    for case, verdict in rows:
        good, of = found.get(case, (0, 0))
        found[case] = (good + (verdict == "passed"), of + 1)
    return found


def _edited(request, project, row: PromptSuite | None):
    data = request.POST if request.method == "POST" else None
    form = SuiteForm(data, project=project, user=request.user, suite=row)
    if data is not None and form.is_valid():
        try:
            made = keeping.suite(project, row, form.fields_of(), request.user)
            return htmx.redirect(reverse("simulator:prompt-suite", args=[project.slug, made.slug]), _("Saved."))
        except Refused as refused:
            form.refuse(refused, {"asks": "models", "fail_under": "passing"})
            if row is not None:
                row.refresh_from_db()
    wrong = bool(form.errors)
    context = {"project": project, "nav": "prompts", "suite": row, "form": form, "wrong": wrong}
    return htmx.page(request, "prompts/edit.html", context, part="form", status=422 if wrong else 200)


def _move(rows: list[int], pk: int | None, step: int) -> None:
    at = rows.index(pk) if pk in rows else None
    if at is not None and 0 <= at + step < len(rows):
        rows[at], rows[at + step] = rows[at + step], rows[at]


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
