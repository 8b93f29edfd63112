"""The pages of models: the list, and the page of one, where it is changed, tried out and taken away."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from actionstudio.apps.publishing.reach import private_allowed
from actionstudio.apps.simulator.endpoints import offering, testing
from actionstudio.apps.simulator.endpoints.forms import EndpointForm
from actionstudio.apps.simulator.endpoints.keeping import bare
from actionstudio.apps.simulator.models import Chat, Endpoint
from actionstudio.apps.web import htmx

EVERYBODY = "everybody"  # ?for=everybody: a model for all of the installation


@login_required
@require_safe
@never_cache
def endpoints(request):
    """One's own models, and those for everybody."""
    rows = [
        {"endpoint": one, "host": bare(one).host, "mine": one.user_id is not None}
        for one in offering.offered(request.user)
    ]
    context = {
        "own": [row for row in rows if row["mine"]],
        "shared": [row for row in rows if not row["mine"]],
        "nav": "account",
    }
    return htmx.page(request, "simulator/models.html", context)


@login_required
@sensitive_post_parameters("key")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """The form of a new model: one's own, or (for staff) everybody's."""
    shared = request.GET.get("for") == EVERYBODY
    if shared and not request.user.is_staff:
        raise Http404
    endpoint = Endpoint(user=None if shared else request.user)
    form = EndpointForm.of(endpoint, request.POST or None)
    if form.is_valid() and form.save():
        return htmx.redirect(reverse("models:one", args=[endpoint.pk]), _("Saved. Now test it."))
    return _page(request, endpoint, form, {"shared": shared})


@login_required
@sensitive_post_parameters("key")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def endpoint(request, pk: int):
    """One model. ``deed`` says which part of the page was sent: save, test or remove."""
    found = offering.changeable(request.user, pk)
    deed = request.POST.get("deed", "")
    form = EndpointForm.of(found, request.POST if deed == "save" else None)
    if deed == "save" and form.is_valid() and form.save():
        return htmx.redirect(reverse("models:one", args=[pk]), _("Saved."))
    if deed == "remove" and not found.environment:
        found.delete()
        return htmx.redirect(reverse("models:list"), _("“%(name)s” is gone, with its key.") % {"name": found.name})
    found = offering.changeable(request.user, pk)  # what could not be saved is not shown as if it were
    tested = testing.test(found) if deed == "test" else None
    context = {"shared": found.user_id is None, "tested": tested, "chats": _chats(found)}
    return _page(request, found, form, context)


def _chats(endpoint: Endpoint) -> str:
    """Who would miss it."""
    count = Chat.objects.filter(endpoint=endpoint).count()
    told = ngettext(
        "%(n)d chat uses it; the scripted model answers there from then on.",
        "%(n)d chats use it; the scripted model answers there from then on.",
        count,
    )
    return told % {"n": count} if count else ""


def _page(request, endpoint: Endpoint, form: EndpointForm, more: dict):
    form.say_again()
    context = {"endpoint": endpoint, "form": form, "nav": "account", "private": private_allowed(), **more}
    return htmx.page(request, "simulator/model.html", context, status=422 if form.errors else 200)
