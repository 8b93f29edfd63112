"""The scripts of a project: listed, added, changed, put earlier, deleted, and tried on a sentence."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from actionstudio.apps.projects import access
from actionstudio.apps.simulator import scripting
from actionstudio.apps.simulator.models import Script
from actionstudio.apps.simulator.script_forms import THENS, WHENS, ScriptForm
from actionstudio.apps.web import htmx
from actionstudio.apps.web.telling import told
from actionstudio.core.problem import Refused


@login_required
def scripts(request, slug: str):
    """All scripts of the project, and the form of a new one."""
    project = access.viewable(request, slug)
    rows = list(project.scripts.all())
    whens, thens = dict(WHENS), dict(THENS)
    for row in rows:
        row.told_when, row.told_then = whens[row.when], thens[row.then]
    return _edited(request, project, Script(project=project, author=request.user), {"rows": rows})


@login_required
def script(request, slug: str, pk: int):
    """One script as a form."""
    project = access.viewable(request, slug)
    return _edited(request, project, get_object_or_404(Script, project=project, pk=pk), {})


@login_required
@require_POST
def earlier(request, slug: str, pk: int):
    """The script is looked at before the one that was before it."""
    project = access.changeable(request, slug)
    scripting.earlier(get_object_or_404(Script, project=project, pk=pk))
    return htmx.redirect(reverse("simulator:scripts", args=[slug]), _("Moved up."))


@login_required
@require_POST
def delete(request, slug: str, pk: int):
    """The rules choose again where the script did."""
    project = access.changeable(request, slug)
    get_object_or_404(Script, project=project, pk=pk).delete()
    return htmx.redirect(reverse("simulator:scripts", args=[slug]), _("Deleted. The rules choose there again."))


def _edited(request, project, row: Script, more: dict):
    data = request.POST if request.method == "POST" else None
    form = ScriptForm(data, script=row)
    if data is not None and form.is_valid():
        access.changeable(request, project.slug)
        try:
            scripting.keep(row)
            return htmx.redirect(reverse("simulator:scripts", args=[project.slug]), _("Saved."))
        except Refused as refused:
            for problem in refused.problems:
                form.add_error(problem.pointer.strip("/") or None, told(problem.message))
    wrong = bool(form.errors)
    context = {
        "project": project,
        "nav": "simulator",
        "script": row,
        "form": form,
        "wrong": wrong,
        "operations": scripting.operations(project),
        **more,
    }
    return htmx.page(request, "simulator/scripts.html", context, part="form", status=422 if wrong else 200)
