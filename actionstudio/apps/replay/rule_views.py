"""The rules of what does not count: listed, added, changed, deleted, and what one would hide."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from actionstudio.apps.projects import access
from actionstudio.apps.replay import ignoring, judging
from actionstudio.apps.replay.models import Replay
from actionstudio.apps.replay.rule_forms import NOISE, WHATS, RuleForm
from actionstudio.apps.replay.suites.models import IgnoreRule
from actionstudio.apps.web import htmx
from actionstudio.apps.web.telling import told
from actionstudio.core.judging import KINDS
from actionstudio.core.problem import Refused

LOOKED, SHOWN = 20, 10  # replays that a preview looks at, and that it shows


@login_required
def rules(request, slug: str):
    """All rules of the project, and the form of a new one."""
    project = access.viewable(request, slug)
    rows = list(project.ignore_rules.select_related("author"))
    whats = dict(WHATS)
    for row in rows:
        row.told = whats[row.what]
        row.kind = told(KINDS[row.at].title) if row.what in NOISE and row.at in KINDS else ""
    return _edited(request, project, IgnoreRule(project=project), {"rows": rows})


@login_required
def edit(request, slug: str, pk: int):
    """One rule as a form."""
    project = access.viewable(request, slug)
    return _edited(request, project, get_object_or_404(IgnoreRule, project=project, pk=pk), {})


@login_required
@require_POST
def delete(request, slug: str, pk: int):
    """What it left out counts again."""
    project = access.changeable(request, slug)
    get_object_or_404(IgnoreRule, project=project, pk=pk).delete()
    return htmx.redirect(reverse("replay:rules", args=[slug]), _("Deleted. What it left out counts again."))


def _edited(request, project, rule: IgnoreRule, more: dict):
    data = request.POST if request.method == "POST" else None
    form = RuleForm(data, project=project, rule=rule)
    looked, hidden = 0, []
    if data is not None and form.is_valid():
        if "look" not in data:
            access.changeable(request, project.slug)
            rule.author = rule.author or request.user
            try:
                ignoring.keep(rule)
                return htmx.redirect(reverse("replay:rules", args=[project.slug]), _("Saved."))
            except Refused as refused:
                form.add_error(None, told(refused.problems[0].message))
        else:
            looked, hidden = _hidden(rule)
    wrong = bool(form.errors)
    context = {
        "project": project,
        "nav": "replays",
        "rule": rule,
        "form": form,
        "wrong": wrong,
        "previewed": data is not None and not wrong,
        "looked": looked,
        "hidden": hidden,
        **more,
    }
    return htmx.page(request, "replay/rules.html", context, part="form", status=422 if wrong else 200)


def _hidden(rule: IgnoreRule) -> tuple[int, list[tuple[Replay, list[str]]]]:
    """How many of the newest replays were looked at, and what the rule leaves out of them that counts without it."""
    newest = list(Replay.objects.filter(project=rule.project, error="").select_related("project")[:LOOKED])
    without = ignoring.Book(rule.project).without(rule)
    both, found = without.and_(rule), []
    for row in newest:
        if row.after and ignoring.fits(rule, row.operation_id, row.call["path"]):
            kept = set(ignoring.places_of(judging.difference(row, both)))
            places = [one for one in ignoring.places_of(judging.difference(row, without)) if one not in kept]
            found += [(row, places)] if places else []
    return len(newest), found[:SHOWN]
