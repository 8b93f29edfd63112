"""Saved views: listed, kept, changed, deleted."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from actionstudio.apps.projects import access
from actionstudio.apps.traffic.filters import Filter
from actionstudio.apps.traffic.saved import keeping
from actionstudio.apps.traffic.saved.forms import ViewForm
from actionstudio.apps.web import htmx
from actionstudio.core.problem import Refused


@login_required
def views(request, slug: str):
    """All that the reader sees, and a form for one more, which starts with the question ``q``."""
    project = access.viewable(request, slug)
    form = ViewForm(request.POST or None, initial={"q": request.GET.get("q", "")})
    if request.method == "POST" and form.is_valid():
        try:
            kept = keeping.keep(project, request.user, **form.cleaned_data)
            words = _("“%(name)s” is saved.") % {"name": kept.name}
            return htmx.redirect(f"{reverse('traffic:log', args=[slug])}?{address(kept)}", words)
        except Refused as refused:
            form.refuse(refused)
    rows = [(row, address(row), row.author_id == request.user.pk) for row in keeping.seen(project, request.user)]
    context = {"project": project, "nav": "requests", "form": form, "rows": rows}
    return render(request, "traffic/views.html", context, status=422 if form.errors else 200)


@login_required
def view(request, slug: str, pk: int):
    """One of the reader's own: its name, question and for whom it is."""
    project = access.viewable(request, slug)
    row = _own(project, request.user, pk)
    form = ViewForm(request.POST) if request.method == "POST" else ViewForm.of(row)
    if request.method == "POST" and form.is_valid():
        try:
            keeping.change(row, **form.cleaned_data)
            return htmx.redirect(reverse("traffic:views", args=[slug]), _("Saved."))
        except Refused as refused:
            form.refuse(refused)
    context = {"project": project, "nav": "requests", "form": form, "pk": pk}
    return render(request, "traffic/view.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def delete(request, slug: str, pk: int):
    """One of the reader's own goes."""
    row = _own(access.viewable(request, slug), request.user, pk)
    row.delete()
    return htmx.redirect(reverse("traffic:views", args=[slug]), _("“%(name)s” is deleted.") % {"name": row.name})


def address(row) -> str:
    """The query string that opens the Requests page with a view."""
    return Filter(q=row.q).query() or "q="


def _own(project, user, pk: int):
    row = keeping.own(project, user, pk)
    if row is None:
        raise Http404(_("No such view."))
    return row
