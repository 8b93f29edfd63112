"""The page on which ChatGPT's import of a project's document is seen before ChatGPT sees it."""

from django.contrib.auth.decorators import login_required
from django.views.decorators.http import require_safe

from actionstudio.apps.design import newest
from actionstudio.apps.gpt import briefing, leaving, simulating
from actionstudio.apps.projects import access
from actionstudio.apps.release import reach
from actionstudio.apps.web import htmx
from actionstudio.core.importer.profile import applicable


@login_required
@require_safe
def import_(request, slug: str):
    """The verdict, the red lines with what they mean, and the actions that arrive; ``?profile=full`` as written."""
    project = access.viewable(request, slug)
    profile = "full" if request.GET.get("profile") == "full" else "gpt"
    contract = newest.contract(project)
    base = simulating.address_of(project)
    context = {
        "nav": "gpt-import",
        "project": project,
        "profile": profile,
        "sight": simulating.of_project(project, contract, profile),
        "offered": applicable(contract),
        "flaw": reach.flaw_of(project),
        "left": leaving.of_project(project, contract) if profile == "gpt" else [],
        "url": f"{base}/openapi.json{'?profile=full' if profile == 'full' else ''}" if base else "",
        "pinned": project.addresses.exclude(pinned=None).values_list("pinned__number", flat=True).first(),
    }
    return htmx.page(request, "gpt/import.html", context)


@login_required
@require_safe
def brief(request, slug: str):
    """The verdict in one line with the way to mend it: a part of the overview."""
    project = access.viewable(request, slug)
    context = {"project": project, **briefing.brief(project)}
    return htmx.page(request, "gpt/brief.html", context)
