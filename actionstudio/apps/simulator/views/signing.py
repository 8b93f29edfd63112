"""A user's way to an action's sign-in and back: the beginning, the callback of all, and signing out."""

from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from actionstudio.apps.projects import access
from actionstudio.apps.simulator import places, signing
from actionstudio.apps.simulator.models import Action
from actionstudio.apps.simulator.plugins import signing as plugins
from actionstudio.apps.web import htmx
from actionstudio.core.problem import Refused


@login_required
@require_safe
def begin(request, slug: str, key: str):
    """On to where people sign in; ``?back=`` is the page of the studio to which they return. A link, and no form: the
    studio's pages may send forms to nobody else."""
    action = _action(request, slug, key)
    back = _back(request.GET.get("back", ""), action)
    try:
        return htmx.redirect(signing.begin(action, request.user, back))
    except Refused as refused:
        return htmx.redirect(back, refused.problems[0].message, "bad")


@login_required
@require_POST
def forget(request, slug: str, key: str):
    """Signs the user out of the action."""
    action = _action(request, slug, key)
    signing.forget(action, request.user)
    return htmx.redirect(_back(request.POST.get("back", ""), action), _("Signed out. The next call asks you again."))


@login_required
@require_safe
def callback(request):
    """Where every sign-in comes back to. The state leads to it, and only for the user who began it."""
    query = request.META.get("QUERY_STRING", "")
    found = signing.returned(request.user, query)
    if found is None:
        return _of_plugin(request, query)
    back = _back(found.back, found.action)
    if found.fault and _is_chat(back):  # the card there says so
        return htmx.redirect(back)
    if found.fault:
        return htmx.redirect(back, _("The sign-in failed. %(why)s") % {"why": found.fault}, "bad")
    host = places.host_of(found.action.auth.get("client_url", ""))
    return htmx.redirect(back, _("Signed in to %(host)s.") % {"host": host})


def _of_plugin(request, query: str):
    """A plugin's sign-in comes back to the same address."""
    found = plugins.returned(request.user, query)
    if found is None:
        return _strange(request)
    if found.fault:
        return htmx.redirect(found.back, _("The sign-in failed. %(why)s") % {"why": found.fault}, "bad")
    return htmx.redirect(found.back, _("Signed in to %(host)s.") % {"host": found.install.domain})


def _action(request, slug: str, key: str) -> Action:
    project = access.changeable(request, slug)
    rows = Action.objects.select_related("gpt__project", "client", "address__project", "address__pinned")
    return get_object_or_404(rows, gpt__project=project, key=key)


def _back(url: str, action: Action) -> str:
    """The page to return to: one of this studio, else the action's own."""
    if url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None):
        return url
    return reverse("simulator:action", args=[action.gpt.project.slug, action.key])


def _is_chat(back: str) -> bool:
    try:
        return resolve(urlsplit(back).path).view_name == "simulator:chat"
    except Resolver404:
        return False


def _strange(request):
    """Nobody waits for this here: told in words, and nothing is done with the code."""
    text = _(
        "No sign-in that you have begun waits for this answer: it came back already, or another one was begun since. "
        "Go back to the chat and sign in from there."
    )
    context = {"title": _("This answer belongs to no sign-in here"), "text": text, "status": 400}
    return render(request, "web/error.html", context, status=400)
