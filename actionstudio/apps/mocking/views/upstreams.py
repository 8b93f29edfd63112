"""Upstreams: the list with who uses them and the secrets they need, and the page of one, which can be asked."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from actionstudio.apps.design import load
from actionstudio.apps.mocking import upstreams as deeds
from actionstudio.apps.mocking.upstream_form import UpstreamForm
from actionstudio.apps.projects import access
from actionstudio.apps.publishing.reach import private_allowed
from actionstudio.apps.web import htmx
from actionstudio.apps.web.telling import told
from actionstudio.core.problem import Refused


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upstreams(request, slug: str):
    """The list; a post deletes a secret."""
    project = access.changeable(request, slug)
    error = ""
    if request.POST.get("deed") == "forget":
        try:
            deeds.forget_secret(project, request.POST.get("secret", ""))
            return htmx.redirect(_list(project), _("The secret is deleted."))
        except Refused as refused:
            error = told(refused.problems[0].message)
    contract = load.contract(project)
    used = deeds.users(contract)
    kept = {row.name: row for row in project.secrets.all()}
    context = {
        "project": project,
        "nav": "upstreams",
        "rows": [{"upstream": one, "users": used[one.name], "lacks": _lacks(one, kept)} for one in contract.upstreams],
        "secrets": [
            {"name": name, "row": kept.get(name), "upstreams": upstreams}
            for name, upstreams in deeds.secret_users(project).items()
        ],
        "error": error,
    }
    return htmx.page(request, "mocking/upstreams.html", context, status=422 if error else 200)


def _lacks(upstream, kept) -> bool:
    return bool(upstream.secret) and upstream.secret not in kept


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request, slug: str):
    """The form of a new upstream; ``?url=…`` begins it with a server."""
    project = access.changeable(request, slug)
    form = UpstreamForm.of(project, data=request.POST or None)
    if not form.is_bound:
        form.initial |= _suggested(project)
    if form.is_valid() and (made := _saved(request, project, form)):
        return htmx.redirect(_one(project, form.cleaned_data["name"]), made)
    form.say_again()
    context = {"project": project, "nav": "upstreams", "form": form, "private": private_allowed()}
    return htmx.page(request, "mocking/upstream.html", context, status=422 if form.errors else 200)


def _suggested(project) -> dict:
    """What the document itself says about its server, for the first upstream."""
    contract = load.contract(project)
    servers = [
        one.url for one in contract.servers if one.url.startswith(("http://", "https://")) and "{" not in one.url
    ]
    return {"servers": servers[0].rstrip("/")} if servers and not contract.upstreams else {}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upstream(request, slug: str, name: str):
    """One upstream: its form, what uses it, and asking it. ``deed`` says which part of the page was sent."""
    project = access.changeable(request, slug)
    found = deeds.find(project, name)
    if found is None:
        raise Http404(_("No such upstream."))
    deed = request.POST.get("deed", "")
    form = UpstreamForm.of(project, found, data=request.POST if deed == "save" else None)
    context = {"project": project, "nav": "upstreams", "form": form, "upstream": found, "private": private_allowed()}
    if deed == "save" and form.is_valid() and (message := _saved(request, project, form, name)):
        return htmx.redirect(_one(project, name), message)
    form.say_again()
    if deed == "remove":
        try:
            deeds.remove(project, request.user, name)
            return htmx.redirect(_list(project), _("Removed %(it)s.") % {"it": name})
        except Refused as refused:
            context["remove_error"] = told(refused.problems[0].message)
    if deed == "ask":
        context |= _asked(request, project, found)
    context["users"] = deeds.users(load.contract(project))[name]
    context.setdefault("path", found.health or "/")
    wrong = form.errors or context.get("remove_error") or context.get("ask_error")
    return htmx.page(request, "mocking/upstream.html", context, status=422 if wrong else 200)


def _saved(request, project, form: UpstreamForm, name: str = "") -> str:
    """What was done; "" when the form says why nothing was."""
    try:
        revision = deeds.save(project, request.user, form.value(), name, form.cleaned_data["text"])
    except Refused as refused:
        form.add_problems(refused)
        return ""
    if revision:
        return _("Saved, live as v%(n)s.") % {"n": revision.number}
    return _("The secret is saved and used from now on.") if form.cleaned_data["text"] else _("Nothing changed.")


def _asked(request, project, found) -> dict:
    path = request.POST.get("path", "/").strip() or "/"
    number = request.POST.get("server", "0")
    try:
        server = int(number) if number.isdecimal() and len(number) < 4 else 0
        return {"path": path, "server": server, "asked": deeds.ask(project, found, path, server)}
    except Refused as refused:
        return {"path": path, "ask_error": told(refused.problems[0].message)}


def _list(project) -> str:
    return reverse("mocking:upstreams", args=[project.slug])


def _one(project, name: str) -> str:
    return reverse("mocking:upstream", args=[project.slug, name])
