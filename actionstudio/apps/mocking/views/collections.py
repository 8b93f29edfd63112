"""The collections of a project: which there are, who uses them, how many rows they have; new ones."""

from django.contrib.auth.decorators import login_required
from django.urls import reverse
from django.utils.translation import gettext as _

from actionstudio.apps.design import newest
from actionstudio.apps.mocking import defining, listing
from actionstudio.apps.mocking.forms import CollectionForm
from actionstudio.apps.projects import access
from actionstudio.apps.web import htmx
from actionstudio.apps.web.telling import told
from actionstudio.core.behaviour import Collection
from actionstudio.core.problem import Refused


@login_required
def collections(request, slug: str):
    """All collections. A post makes one by hand, or (``deed`` bind) out of endpoints that belong together."""
    project = access.changeable(request, slug)
    deed = {"bind": _bind, "make": _make}.get(request.POST.get("deed", ""))
    return deed(request, project) if deed else _page(request, project)


def _make(request, project):
    taken = [one.name for one in newest.contract(project).collections]
    form = CollectionForm(request.POST, taken=taken)
    if not form.is_valid():
        return _page(request, project, form)
    new = Collection(form.cleaned_data["name"], **form.fields_of())
    defining.put(project, new, request.user, _("New collection %(name)s") % {"name": new.name})
    words = _("“%(name)s” is there. Add rows, then let an endpoint use it.") % {"name": new.name}
    return htmx.redirect(_one(project, new.name), words)


def _bind(request, project):
    """The endpoints of one offer answer from the same rows from now on."""
    try:
        binding = defining.bind(project, request.POST.get("method", ""), request.POST.get("path", ""), request.user)
    except Refused as refused:
        return _page(request, project, problems=[str(told(problem.message)) for problem in refused.problems])
    return htmx.redirect(_one(project, binding.collection.name), _("Live: these endpoints share the rows below."))


def _one(project, name: str) -> str:
    return reverse("mocking:collection", args=[project.slug, name])


def _page(request, project, form: CollectionForm | None = None, problems=()):
    value = newest.contract(project)
    context = {
        "nav": "collections",
        "project": project,
        "rows": listing.collections(project, value),
        "offers": [listing.offered(value, one) for one in listing.offers(value)],
        "form": form or CollectionForm(),
        "problems": problems,
    }
    return htmx.page(request, "mocking/collections.html", context, status=422 if form or problems else 200)
