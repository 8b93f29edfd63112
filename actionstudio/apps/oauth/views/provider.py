"""The provider's own page: who may sign in, how long what it issues lives, its colour, its URLs."""

from django.contrib.auth.decorators import login_required
from django.urls import reverse
from django.utils.translation import gettext as _

from actionstudio.apps.oauth import previewing, providing, registering
from actionstudio.apps.oauth.models import Provider
from actionstudio.apps.oauth.provider_form import ProviderForm
from actionstudio.apps.projects import access
from actionstudio.apps.web import htmx
from actionstudio.core.auth import OAuth, signs_in
from actionstudio.core.problem import Refused


@login_required
def provider(request, slug: str):
    """Shows and changes how the project's provider behaves."""
    project = access.changeable(request, slug)
    row = Provider.of(project)
    form = ProviderForm.of(row, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            providing.change(project, **form.cleaned_data)
        except Refused as refused:
            form.add_problems(refused)
        else:
            said = _("Saved. It holds for what is issued from now on.")
            return htmx.redirect(reverse("oauth:provider", args=[project.slug]), said)
    auth = registering.auth_of(project)
    context = {
        "nav": "clients",
        "project": project,
        "form": form,
        "provider": row,
        "auth": auth,
        "ours": signs_in(auth),
        "switches": [form[name] for name in providing.SWITCHES],
        "look": providing.look(_colour(request, row)),
        "previews": previewing.previews(project, auth) if isinstance(auth, OAuth) and auth.ours else [],
        "endpoints": providing.endpoints(project, row.registration),
    }
    return htmx.page(request, "oauth/provider.html", context, part="colour", status=422 if form.errors else 200)


def _colour(request, row: Provider) -> str:
    """The colour to preview: what has just been typed, or what is kept."""
    typed = request.POST if request.method == "POST" else request.GET
    return typed.get("colour", row.colour).strip().lower()
