"""The checks of many projects in brief: made once for each version, and never for longer than a page may take."""

import time
from collections.abc import Sequence

from django.contrib.auth.decorators import login_required
from django.db.models import Max
from django.shortcuts import render

from actionstudio.apps.design import inspecting
from actionstudio.apps.library import overview
from actionstudio.apps.library.overview import Verdict
from actionstudio.apps.projects import access
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.models import Revision

MAY = 0.3  # seconds that one request spends on contracts nobody has checked yet
KEPT = 4096
_known: dict[int, Verdict] = {}  # by revision, whose contract never changes


@login_required
def checks(request):
    """The checks of the projects ``?ids=1,2,…``, for their rows in the list. What takes longer is asked for again."""
    projects = access.named(request)
    found = verdicts(projects)
    rows = [{"project": project, "verdict": found.get(project.pk)} for project in projects]
    return render(request, "library/checks.html", {"rows": rows})


def verdicts(projects: Sequence[Project]) -> dict[int, Verdict]:
    """By project. Those for which there was no time are missing; at least one unknown one is judged."""
    newest = dict(
        Revision.objects.filter(project__in=projects).order_by().values_list("project").annotate(newest=Max("pk"))
    )
    _judge([pk for pk in newest.values() if pk not in _known], time.monotonic() + MAY)
    return {project: _known[pk] for project, pk in newest.items() if pk in _known}


def _judge(revisions: list[int], until: float) -> None:
    if len(_known) + len(revisions) > KEPT:
        _known.clear()
    for revision in Revision.objects.filter(pk__in=revisions).iterator(chunk_size=1):
        contract = revision.contract()
        _known[revision.pk] = overview.verdict(contract, inspecting.judged(revision.pk, contract=contract))
        if time.monotonic() > until:
            return
