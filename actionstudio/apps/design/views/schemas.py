"""Shared schemas: the list with who uses them, and the editor of one; make, rename, remove."""

from django.contrib.auth.decorators import login_required
from django.db.models import Max
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from actionstudio.apps.design import checking, drafting, renaming, shapes, shown
from actionstudio.apps.design.desk import ComponentDesk, Done, work
from actionstudio.apps.design.editing import editing
from actionstudio.apps.design.models import Component
from actionstudio.apps.design.problems import Problems
from actionstudio.apps.design.views.endpoint import conflicted, frame, saved_words, url_of
from actionstudio.apps.projects import access
from actionstudio.apps.projects.models import Project
from actionstudio.apps.web import htmx


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def schemas(request, slug: str):
    project = access.changeable(request, slug)
    problems = Problems()
    if request.method == "POST":
        answer = _deed(request, project, problems)
        if answer is not None:
            return answer
    uses = renaming.uses(project)
    components = {row.name: row for row in project.components.all()}
    known = {name: row.schema for name, row in components.items()}
    rows = [_row(row, uses, known) for row in components.values()]
    context = {
        "project": project,
        "nav": "schemas",
        "rows": rows,
        "errors": problems,
        "name": request.POST.get("name", ""),
    }
    return htmx.page(request, "design/schemas.html", context, part="list", status=422 if problems else 200)


def _row(row: Component, uses: dict, known: dict) -> dict:
    mine = uses.get(row.name, [])
    kind = shapes.kind_of(row.schema)
    fields = len(row.schema.get("properties", ())) if isinstance(row.schema, dict) else 0
    return {
        "name": row.name,
        "pk": row.pk,
        "kind": shapes.KINDS.get(kind, ""),
        "fields": fields,
        "description": row.schema.get("description", "") if isinstance(row.schema, dict) else "",
        "uses": len(mine),
        "circle": " → ".join(checking.circle(row.name, known)),
    }


def _deed(request, project: Project, problems: Problems):
    name, _colon, argument = request.POST.get("_op", "").partition(":")
    if name == "add":
        return _add(request, project, problems)
    if name == "del" and argument.isdecimal():
        row = project.components.filter(pk=argument).first()
        if row is not None:
            return _remove(request, project, row, problems)
    return None


def _add(request, project: Project, problems: Problems):
    name = request.POST.get("name", "").strip()
    checking.component_name(name, set(project.components.values_list("name", flat=True)), problems)
    if problems:
        return None
    last = project.components.aggregate(last=Max("position"))["last"]
    with editing(project, request.user):
        schema = {"type": "object", "properties": {}}
        Component.objects.create(project=project, position=(last or 0) + 1, name=name, schema=schema)
    return htmx.redirect(reverse("design:schema", args=[project.slug, name]))


def _remove(request, project: Project, row: Component, problems: Problems):
    used = [use for use in renaming.uses(project).get(row.name, []) if use.label != row.name or use.kind != "schema"]
    if used:
        places = ", ".join(use.label or _("the document") for use in used[:5])
        words = _("“%(name)s” is used by %(places)s. Take it out there first.")
        problems.add("row", words % {"name": row.name, "places": places})
        return None
    with editing(project, request.user):
        project.drafts.filter(target=f"component:{row.pk}").delete()
        row.delete()
    return htmx.redirect(reverse("design:schemas", args=[project.slug]), toast=_("Removed %(it)s.") % {"it": row.name})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def schema(request, slug: str, name: str):
    project = access.changeable(request, slug)
    row = project.components.filter(name=name).first()
    if row is None:
        raise Http404(_("No such shared schema."))
    desk = ComponentDesk(project, row)
    if request.method != "POST":
        return _show(request, desk, Done(desk.draft.state if desk.draft else desk.saved, draft=desk.draft))
    try:
        done = work(desk, request.POST, request.user)
    except drafting.Conflict as conflict:
        return conflicted(request, desk, conflict.draft)
    if done.late:
        return HttpResponse(status=204)
    if done.edit:
        url = reverse("design:schema", args=[slug, desk.row.name])
        if not htmx.wants_part(request):
            return htmx.redirect(url, toast=saved_words(done.edit))
        answer = htmx.with_toast(_show(request, desk, done), saved_words(done.edit))
        answer["HX-Replace-Url"] = url
        return answer
    return _show(request, desk, done, status=422 if done.problems and request.POST.get("_op") == "save" else 200)


def _show(request, desk: ComponentDesk, done: Done, status: int = 200):
    project, state = desk.project, done.state
    problems = Problems(done.problems)
    for field, words in desk.problems(state).items():
        problems.add(field, words)
    known = desk.known(state)
    uses = [
        {"label": use.label or _("the document"), "url": _url(project, use)}
        for use in renaming.uses(project).get(desk.row.name, [])
    ]
    shown.media(state, problems, {})
    context = {
        **frame(request, desk, done),
        "nav": "schemas",
        "s": state,
        "m": state["media"],
        "errors": problems,
        "problem_count": len(problems),
        "shared_names": sorted(known),
        "saved_name": desk.row.name,
        "uses": uses,
        "circle": " → ".join(checking.circle(desk.row.name, desk.components)),
    }
    return htmx.page(request, "design/schema_page.html", context, part="editor", status=status)


def _url(project: Project, use: renaming.Use) -> str:
    if use.kind == "operation":
        return url_of(project.slug, use.ref, use.pk)
    return reverse("design:schema", args=[project.slug, use.ref]) if use.kind == "schema" else ""
