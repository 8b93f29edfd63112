"""Callbacks that clients asked for in vain: shown wherever the builder looks, and decided here."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from actionstudio.apps.oauth import callbacks
from actionstudio.apps.oauth.models import Callback, Client
from actionstudio.apps.projects import access
from actionstudio.apps.web import htmx
from actionstudio.core.problem import Refused


@login_required
@require_GET
def waiting(request, slug: str):
    """The part that other pages ask for: what waits in the project, or with ``?client=`` for one client."""
    return _part(request, access.viewable(request, slug))


@login_required
@require_POST
def decide(request, slug: str, client_id: str, pk: int):
    """Allows a callback, on both of ChatGPT's hosts, refuses it for good, or offers a refused one again."""
    project = access.changeable(request, slug)
    client = get_object_or_404(Client, project=project, client_id=client_id)
    row = get_object_or_404(Callback.objects.select_related("client"), client=client, pk=pk)
    message, kind = _done(row, client, request.POST.get("deed", ""))
    if htmx.wants_part(request):
        return htmx.with_toast(_part(request, project), message, kind)
    return htmx.redirect(reverse("oauth:client", args=[project.slug, client.client_id]), message, kind)


def _done(row: Callback, client: Client, deed: str) -> tuple[str, str]:
    if deed == "offer":
        callbacks.reconsider(row)
        return _("It waits for you again: allow it only if it is yours."), "ok"
    if deed not in ("allow", "refuse"):
        return _("Choose to allow or to refuse it."), "warn"
    try:
        (callbacks.allow if deed == "allow" else callbacks.refuse)(row)
    except Refused as refused:
        return refused.problems[0].message, "bad"
    if deed == "refuse":
        return _("Refused. It is not offered again."), "ok"
    return _("Allowed. Sign in from the GPT again: “%(name)s” goes through now.") % {"name": client}, "ok"


def _part(request, project):
    asked = request.GET.get("client", "")
    rows = callbacks.waiting(project)
    rows = rows.filter(client__client_id=asked) if asked else rows
    context = {"project": project, "waiting": rows[: callbacks.NOTICED_MOST], "asked": asked}
    return htmx.page(request, "oauth/waiting.html", context)
