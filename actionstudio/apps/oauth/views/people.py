"""Connected users: who has an account at a project, and new accounts."""

from django.contrib.auth.decorators import login_required
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actionstudio.apps.design import newest
from actionstudio.apps.oauth import people, people_csv, roster
from actionstudio.apps.oauth.models import Provider
from actionstudio.apps.oauth.people_form import ImportForm, NewPersonForm
from actionstudio.apps.projects import access
from actionstudio.apps.web import htmx
from actionstudio.core.auth import signs_in
from actionstudio.core.problem import Refused


@login_required
def users(request, slug: str):
    """The list, with ``?q=`` only those whose name, username or e-mail holds it."""
    project = access.viewable(request, slug)
    auth = newest.contract(project).auth
    provider = Provider.of(project) if signs_in(auth) else None
    q = request.GET.get("q", "").replace("\0", "").strip()[: roster.LONGEST]
    before = request.GET.get("before", "")
    page = roster.page(project, q, int(before) if before.isdecimal() and len(before) < 19 else None)
    context = {
        "nav": "users",
        "project": project,
        "provider": provider,
        "page": page,
        "q": q,
        "before": before,
        "none": not page.lines and not q and not before,
    }
    return htmx.page(request, "oauth/users.html", context, part="people")


@login_required
def new(request, slug: str):
    """The form of a new account."""
    project = access.changeable(request, slug)
    form = NewPersonForm(request.POST or None)
    if form.is_valid():
        try:
            user = people.make(project, **form.cleaned_data)
            words = _("“%(name)s” has an account now.") % {"name": user.username}
            return htmx.redirect(reverse("oauth:user", args=[slug, user.sub]), words)
        except Refused as refused:
            form.add_problems(refused)
    elif form.is_bound:
        form.add_problems(Refused(*people.problems(project, form.cleaned_data)))
    if form.errors:
        form.ask_again()
    context = {"nav": "users", "project": project, "form": form}
    return htmx.page(request, "oauth/user_new.html", context, status=422 if form.errors else 200)


@login_required
def import_users(request, slug: str):
    """Many accounts out of a pasted table, or none."""
    project = access.changeable(request, slug)
    form = ImportForm(request.POST or None)
    if form.is_valid():
        try:
            n = len(people_csv.add(project, form.cleaned_data["text"]))
            words = ngettext("%(n)s account is made.", "%(n)s accounts are made.", n) % {"n": n}
            return htmx.redirect(reverse("oauth:users", args=[slug]), words)
        except Refused as refused:
            form.add_problems(refused)
    context = {"nav": "users", "project": project, "form": form}
    return htmx.page(request, "oauth/users_import.html", context, status=422 if form.errors else 200)
