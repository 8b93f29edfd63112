"""Logged calls become cases: which, into which suite, and what was said to the model."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actionstudio.apps.projects import access
from actionstudio.apps.projects.models import Project
from actionstudio.apps.replay.runs import selecting
from actionstudio.apps.replay.runs.selecting import Selection
from actionstudio.apps.simulator.prompt_pages.forms import AddForm
from actionstudio.apps.simulator.prompts import keeping, promoting, telling
from actionstudio.apps.simulator.prompts.promoting import Proposal
from actionstudio.apps.web import htmx
from actionstudio.apps.web.telling import told
from actionstudio.core.problem import Refused
from actionstudio.core.prompting import matching

CHOSEN = ("direct", "indirect")  # a call that was made is of no negative prompt


@dataclass
class Row:
    """A call on the page: what was typed for it, and what is wrong with it."""

    proposal: Proposal
    id: str
    text: str
    kind: str
    error: str = ""

    @property
    def arguments(self) -> list[tuple[str, str]]:
        """What the case would expect."""
        call = self.proposal.case.value.calls[0]
        return [(name, told(matching.told(one))) for name, one in call.arguments.items()]


@login_required
def add(request, slug: str):
    """The form, and what it saves. The calls are chosen as for a replay: picked, or by a filter."""
    project = access.changeable(request, slug)
    posted = request.method == "POST" and "go" in request.POST
    selection, rows, left, problems = _chosen(project, request.POST if request.method == "POST" else request.GET)
    form = AddForm(request.POST if posted else None, project=project, initial={"suite": request.GET.get("suite", "")})
    if posted:
        for row in rows:
            row.text = request.POST.get(f"text-{row.id}", "").replace("\0", "")
            row.kind = request.POST.get(f"kind-{row.id}", row.kind)
    if posted and rows and form.is_valid():
        try:
            return _added(request, project, form, rows)
        except Refused as refused:
            problems = _refuse(rows, refused)
    wrong = bool(problems or form.errors or any(row.error for row in rows))
    context = {
        "project": project,
        "nav": "prompts",
        "form": form,
        "problems": problems,
        "rows": rows,
        "left": left,
        "kinds": [(kind, telling.kind(kind)) for kind in CHOSEN],
        "more": selection is not None and (selection.more or len(selection.calls) > promoting.AT_ONCE),
        "most": promoting.AT_ONCE,
        "wrong": wrong,
    }
    return htmx.page(request, "prompts/add.html", context, part="form", status=422 if wrong else 200)


def _chosen(project: Project, params) -> tuple[Selection | None, list[Row], list, list[str]]:
    """The calls that were chosen as rows, those that cannot be a case, and what was wrong with the choice."""
    try:
        selection = selecting.read(project, params)
        calls = promoting.calls(project, [call.pk for call in selection.calls])
        made, left = promoting.proposed(project, calls)
    except Refused as refused:
        return None, [], [], [told(one.message) for one in refused.problems]
    rows = [Row(one, one.exchange.public_id, one.case.value.utterance, one.case.kind) for one in made]
    return selection, rows, [(one, told(why)) for one, why in left], []


def _added(request, project: Project, form: AddForm, rows: list[Row]):
    data = form.cleaned_data
    texts, kinds = {row.id: row.text for row in rows}, {row.id: row.kind for row in rows}
    with transaction.atomic():
        suite = form.rows.get(data["suite"])
        if suite is None:
            suite = keeping.suite(project, None, {"name": data["name"]}, request.user)
        else:
            suite = project.prompt_suites.get(pk=suite.pk)
        made = promoting.keep(suite, [row.proposal for row in rows], texts, kinds)
    words = ngettext("%(n)d case was added.", "%(n)d cases were added.", len(made)) % {"n": len(made)}
    return htmx.redirect(f"{reverse('simulator:prompt-suite', args=[project.slug, suite.slug])}#cases", words)


def _refuse(rows: list[Row], refused: Refused) -> list[str]:
    """Puts what is wrong beside its call; returns the rest."""
    rest = []
    for problem in refused.problems:
        first, _slash, inner = problem.pointer.strip("/").partition("/")
        if first.isdigit() and int(first) < len(rows):
            empty = inner.startswith("turns") and not rows[int(first)].text.strip()
            rows[int(first)].error = _("Type what was said to the model.") if empty else told(problem.message)
        else:
            rest.append(told(problem.message))
    return rest
