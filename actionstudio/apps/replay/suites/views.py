"""Suites: the list, one suite with its cases and past, its settings, and logged calls that become cases."""

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Count, F, Max, Q
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from actionstudio.apps.design import newest
from actionstudio.apps.projects import access
from actionstudio.apps.replay import replaying, sending
from actionstudio.apps.replay.runs import reaching, selecting
from actionstudio.apps.replay.suites import agreeing, history, keeping, playing, running, saving
from actionstudio.apps.replay.suites.forms import AddForm, SuiteForm, VariableSet, variables_of
from actionstudio.apps.replay.suites.models import Case, Suite, SuiteRun
from actionstudio.apps.web import htmx
from actionstudio.apps.web.telling import told
from actionstudio.core import filling
from actionstudio.core.judging import KINDS
from actionstudio.core.problem import Refused


@login_required
def suites(request, slug: str):
    """All suites of the project, with what became of their last runs."""
    project = access.viewable(request, slug)
    rows = list(project.suites.all())
    newest = {}
    for run in SuiteRun.objects.filter(pk__in=_last_ids(rows)).select_related("job", "suite").defer("sealed"):
        newest[run.suite_id] = running.look(run)
    counts = dict(Case.objects.filter(suite__in=rows).values_list("suite").annotate(n=Count("pk")).order_by())
    for row in rows:
        row.run, row.size = newest.get(row.pk), counts.get(row.pk, 0)
    return render(request, "suites/list.html", {"project": project, "nav": "suites", "rows": rows})


@login_required
def suite(request, slug: str, suite: str):
    """One suite: its cases in their order, what is missing, and its past."""
    project = access.viewable(request, slug)
    row = get_object_or_404(Suite, project=project, slug=suite)
    runs = history.last(row)
    if runs and not runs[0].over:
        runs[0] = running.look(runs[0])
    home = history.at_home(row, runs)
    cases, verdicts = list(row.cases.defer("answer", "body")), _verdicts(home)
    for case in cases:
        case.verdict = verdicts.get(case.pk, "")
    context = {
        "project": project,
        "nav": "suites",
        "suite": row,
        "cases": cases,
        "runs": runs[:20],
        "home": next(iter(home), None),
        "elsewhere": len(home) < len(runs) or any(run.target != row.target for run in runs),
        "trend": history.trend(home),
        "flaky": history.flaky(home),
        "risks": _risks(row),
        "missing": _missing(row, cases),
    }
    return htmx.page(request, "suites/suite.html", context)


@login_required
def new(request, slug: str):
    """A suite without cases yet."""
    project = access.changeable(request, slug)
    return _edited(request, project, None)


@login_required
def edit(request, slug: str, suite: str):
    """Name, target, schedule, variables."""
    project = access.changeable(request, slug)
    return _edited(request, project, get_object_or_404(Suite, project=project, slug=suite))


@login_required
@require_POST
def delete(request, slug: str, suite: str):
    """The suite with its cases and runs, for good."""
    project = access.changeable(request, slug)
    row = get_object_or_404(Suite, project=project, slug=suite)
    row.delete()
    words = _("The suite “%(name)s” is deleted.") % {"name": row.name}
    return htmx.redirect(reverse("replay:suites", args=[slug]), words)


@login_required
@require_POST
def run(request, slug: str, suite: str):
    """Runs it now."""
    project = access.changeable(request, slug)
    row = get_object_or_404(Suite.objects.select_related("project__owner"), project=project, slug=suite)
    try:
        made = running.start(row, by=request.user, confirmed="confirm" in request.POST)
    except reaching.Unconfirmed:
        words = _("Look at what this suite would send to other servers, and agree to it first.")
        return htmx.redirect(f"{reverse('replay:suite', args=[slug, suite])}#risks", words, "bad")
    except Refused as refused:
        return htmx.redirect(reverse("replay:suite", args=[slug, suite]), told(refused.problems[0].message), "bad")
    return htmx.redirect(reverse("replay:suite-run", args=[slug, suite, made.pk]))


@login_required
@require_POST
def order(request, slug: str, suite: str):
    """The order of the cases as posted; ``up`` or ``down`` moves one of them by one place."""
    project = access.changeable(request, slug)
    row = get_object_or_404(Suite, project=project, slug=suite)
    with transaction.atomic():
        Suite.objects.select_for_update().get(pk=row.pk)
        cases = list(row.cases.only("position"))
        known = {str(case.pk): case for case in cases}
        wanted = [known.pop(pk) for pk in request.POST.getlist("o") if pk in known]
        wanted += known.values()  # what came meanwhile stays, at the end
        _move(wanted, request.POST.get("up", ""), -1)
        _move(wanted, request.POST.get("down", ""), 1)
        for position, case in enumerate(wanted, 1):
            case.position = position
        Case.objects.bulk_update(wanted, ["position"], batch_size=200)
    if htmx.wants_part(request):
        return htmx.toast(_("The cases run in this order now."))
    return htmx.redirect(f"{reverse('replay:suite', args=[slug, suite])}#cases")


@login_required
def add(request, slug: str):
    """Logged calls as cases: which, into which suite, and what of their answers does not count."""
    project = access.changeable(request, slug)
    params = request.POST if request.method == "POST" else request.GET
    problems, proposals, cut, selection = [], [], [], None
    try:
        selection = selecting.read(project, params)
        calls = saving.calls(project, [call.pk for call in selection.calls])
        proposals, cut = saving.proposed(project, calls)
    except Refused as refused:
        problems = [told(one.message) for one in refused.problems]
    saving_now = request.method == "POST" and "go" in request.POST
    first = {"suite": request.GET.get("suite", "")}
    form = AddForm(request.POST if saving_now else None, project=project, initial=first)
    if saving_now and proposals and form.is_valid():
        try:
            return _added(request, project, form, proposals)
        except Refused as refused:
            problems = [told(one.message) for one in refused.problems]
    noise = _noise(proposals)
    chosen = set(request.POST.getlist("quiet")) if saving_now else set(noise)
    context = {
        "project": project,
        "nav": "suites",
        "form": form,
        "problems": problems,
        "proposals": [(one, saving.public_id(one.case)) for one in proposals],
        "cut": cut,
        "selection": selection,
        "more": selection is not None and (selection.more or len(selection.calls) > saving.AT_ONCE),
        "most": saving.AT_ONCE,
        "hidden": sorted({name for one in proposals for name in one.hidden if name not in one.elsewhere}),
        "elsewhere": sorted({name for one in proposals for name in one.elsewhere}),
        "noise": [(KINDS[code], places, code in chosen) for code, places in noise.items()],
    }
    return htmx.page(request, "suites/add.html", context, part="form", status=422 if form.errors or problems else 200)


def _added(request, project, form: AddForm, proposals):
    data = form.cleaned_data
    quiet = set(request.POST.getlist("quiet"))
    off = [code for code in _noise(proposals) if code not in quiet]
    with transaction.atomic():
        row = form.rows.get(data["suite"])
        row = project.suites.get(pk=row.pk) if row else saving.create(project, data["name"], request.user)
        made = saving.add(row, proposals, off)
    words = ngettext("%(n)d case was saved.", "%(n)d cases were saved.", len(made)) % {"n": len(made)}
    return htmx.redirect(reverse("replay:suite", args=[project.slug, row.slug]), words)


def _noise(proposals) -> dict[str, list[str]]:
    """Places of all answers by the kind of noise that they are likely to be."""
    found: dict[str, list[str]] = {}
    for one in proposals:
        for code, places in one.noise.items():
            known = found.setdefault(code, [])
            known += [place for place in places if place not in known and len(known) < saving.SHOWN]
    return found


def _edited(request, project, row: Suite | None):
    data = request.POST if request.method == "POST" else None
    form = SuiteForm(data, project=project, suite=row)
    rows = [{**one, "value": "" if one.get("secret") else one.get("value")} for one in row.variables] if row else []
    table = VariableSet(data, initial=rows, prefix="v")
    if data is not None and form.is_valid() and table.is_valid():
        try:
            made = keeping.suite(project, row, form.fields_of(), variables_of(table), request.user)
            return htmx.redirect(reverse("replay:suite", args=[project.slug, made.slug]), _("Saved."))
        except Refused as refused:
            for problem in refused.problems:
                name = problem.pointer.strip("/")
                form.add_error(name if name in form.fields else None, told(problem.message))
    wrong = bool(form.errors or (data is not None and not table.is_valid()))
    context = {"project": project, "nav": "suites", "suite": row, "form": form, "variables": table, "wrong": wrong}
    return htmx.page(request, "suites/edit.html", context, part="form", status=422 if wrong else 200)


def _move(rows: list[Case], pk: str, step: int) -> None:
    at = next((place for place, case in enumerate(rows) if str(case.pk) == pk), None)
    if at is not None and 0 <= at + step < len(rows):
        rows[at], rows[at + step] = rows[at + step], rows[at]


def _missing(row: Suite, cases: list[Case]) -> list[str]:
    """The secrets without a value that a run needs: not those that only stand for a credential by reference."""
    unset = [one["name"] for one in row.variables if one.get("secret") and not one.get("set")]
    try:
        to = sending.target(row.target, row.project)
    except Refused:
        to = sending.Target()
    if not unset or not to.ours:
        return unset
    names, spare, wanted = playing.credential_headers(newest.contract(row.project)), set(), set()
    for case in cases:
        for name, value in case.headers:
            found = filling.PLACE.findall(value)
            elsewhere = name.lower() in names and case.credential != replaying.NOBODY
            (spare if elsewhere else wanted).update(found)
    return [name for name in unset if name in wanted or name not in spare]


def _risks(row: Suite) -> list[reaching.Risk]:
    """What has to be agreed to before the suite runs; nothing where its target is gone: the run tells that."""
    try:
        return agreeing.open_risks(row)
    except Refused:
        return []


def _verdicts(runs) -> dict[int, str]:
    """What became of each case in the newest run that is over."""
    done = next((run for run in runs if run.over), None)
    rows = done.outcomes.exclude(case=None).values_list("case", "verdict") if done else ()
    return dict(rows)


def _last_ids(rows):
    """The newest run of each suite to its own target; of one that went only elsewhere the newest of those."""
    runs = SuiteRun.objects.filter(suite__in=rows).values("suite")
    home = Max("pk", filter=Q(target=F("suite__target")))
    return runs.annotate(last=Coalesce(home, Max("pk"))).values("last").order_by()
