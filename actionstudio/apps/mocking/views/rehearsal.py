"""What an endpoint's draft would answer to its last calls: a part of the page "Answer", and a page of its own."""

from django.contrib.auth.decorators import login_required
from django.views.decorators.http import require_safe

from actionstudio.apps.design.answer_desk import AnswerDesk
from actionstudio.apps.design.views.endpoint import find, ref_of
from actionstudio.apps.mocking.rehearsing import rehearse
from actionstudio.apps.projects import access
from actionstudio.apps.web import htmx


@login_required
@require_safe
def rehearsal(request, slug: str, ref: str):
    project = access.changeable(request, slug)
    row = find(project, ref)
    context = {
        "project": project,
        "nav": "endpoints",
        "op": row,
        "ref": ref_of(row.operation_id, row.pk),
        "calls": rehearse(AnswerDesk(project, row)),
    }
    return htmx.page(request, "mocking/rehearsal.html", context, part="calls")
