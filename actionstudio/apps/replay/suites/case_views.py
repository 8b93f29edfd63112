"""One case: written, changed, doubled, deleted."""

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Max
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from actionstudio.apps.projects import access
from actionstudio.apps.replay.suites import saving
from actionstudio.apps.replay.suites.case_form import CaseForm, CheckSet, ExtractSet, first_checks, rows
from actionstudio.apps.replay.suites.models import Case, Suite
from actionstudio.apps.traffic.models import Exchange
from actionstudio.apps.web import htmx


@login_required
def new(request, slug: str, suite: str):
    """A case that is written by hand."""
    row = _suite(request, slug, suite)
    return _edited(request, row, Case(suite=row, whole=False, name=""))


@login_required
@transaction.atomic
def edit(request, slug: str, suite: str, pk: int):
    """A case as a form. What was saved since the form was opened is not written over without a word."""
    row = _suite(request, slug, suite)
    cases = Case.objects.select_for_update() if request.method == "POST" else Case.objects
    return _edited(request, row, get_object_or_404(cases, suite=row, pk=pk))


@login_required
@require_POST
def copy(request, slug: str, suite: str, pk: int):
    """The same once more, behind it."""
    row = _suite(request, slug, suite)
    case = get_object_or_404(Case, suite=row, pk=pk)
    if row.cases.count() >= saving.MOST:
        words = _("A suite has at most %(n)d cases.") % {"n": saving.MOST}
        return htmx.redirect(reverse("replay:suite", args=[slug, suite]), words, "bad")
    with transaction.atomic():
        for later in row.cases.filter(position__gt=case.position):
            Case.objects.filter(pk=later.pk).update(position=later.position + 1)
        case.name = saving.free_name(case.name, set(row.cases.values_list("name", flat=True)))
        case.pk, case.position = None, case.position + 1
        case.save(force_insert=True)
    return htmx.redirect(reverse("replay:case", args=[slug, suite, case.pk]), _("This is the copy."))


@login_required
@require_POST
def delete(request, slug: str, suite: str, pk: int):
    """The case, for good. What became of it in earlier runs stays there."""
    case = get_object_or_404(Case, suite=_suite(request, slug, suite), pk=pk)
    case.delete()
    words = _("The case “%(name)s” is deleted.") % {"name": case.name}
    return htmx.redirect(reverse("replay:suite", args=[slug, suite]), words)


def _suite(request, slug: str, suite: str) -> Suite:
    project = access.changeable(request, slug)
    return get_object_or_404(Suite.objects.select_related("project"), project=project, slug=suite)


def _edited(request, row: Suite, case: Case):
    data = request.POST if request.method == "POST" else None
    form = CaseForm(data, suite=row, case=case)
    checks = CheckSet(data, initial=first_checks(case), prefix="c")
    extracts = ExtractSet(data, initial=case.extracts, prefix="x")
    good = data is not None and all([form.is_valid(), checks.is_valid(), extracts.is_valid()])
    stamp = case.updated.isoformat() if case.pk else ""
    stale = data is not None and data.get("stamp", stamp) != stamp and "force" not in data
    if good and not stale:
        wanted = [{"name": one["name"], "on": one["on"]} for one in rows(extracts)]
        made = form.store([one["check"] for one in rows(checks) if "check" in one], wanted)
        if made.pk is None:
            made.position = (row.cases.aggregate(n=Max("position"))["n"] or 0) + 1
        made.save()
        return htmx.redirect(f"{reverse('replay:suite', args=[row.project.slug, row.slug])}#cases", _("Saved."))
    context = {
        "project": row.project,
        "nav": "suites",
        "suite": row,
        "case": case,
        "form": form,
        "checks": checks,
        "extracts": extracts,
        "wrong": data is not None and not good,
        "theirs": _theirs(form, checks, extracts) if good and stale else None,
        "stamp": stamp if good else data.get("stamp", stamp) if data is not None else stamp,
        "source": Exchange(pk=case.source).public_id if case.source else "",
    }
    status = 200 if data is None else 409 if good else 422
    return htmx.page(request, "suites/case.html", context, part="form", status=status)


def _theirs(form: CaseForm, checks, extracts) -> list[str]:
    """What is typed otherwise than it is saved by now."""
    names = [str(form.fields[name].label) for name in form.changed_data]
    return names + [words for rows_, words in ((checks, _("Checks")), (extracts, _("Values"))) if rows_.has_changed()]
