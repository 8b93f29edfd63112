"""The list of endpoints: grouped by tag, ordered by hand, with what the checks say; add, duplicate, remove, undo."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from actionstudio.apps.design import answer_words, inspecting, listing
from actionstudio.apps.design.views.endpoint import ref_of, url_of
from actionstudio.apps.projects import access
from actionstudio.apps.projects.models import Project
from actionstudio.apps.web import htmx
from actionstudio.core import lint
from actionstudio.core.contract import Operation

HOUR = 3600


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def endpoints(request, slug: str):
    project = access.changeable(request, slug)
    note = listing.work(project, request.POST, request.user) if request.method == "POST" else None
    number = project.revisions.values_list("number", flat=True).first() or 0
    counts = _counts(project, number, wait="checked" in request.GET)
    groups = _groups(project, counts or {})
    context = {
        "project": project,
        "nav": "endpoints",
        "groups": groups,
        "total": sum(len(rows) for _tag, rows in groups),
        "note": note,
        "begun": project.drafts.filter(target="operation:new", clean=False).first(),
        "checked": counts is not None,
        "number": number,
    }
    if request.method == "POST" and not htmx.wants_part(request) and note is None:
        return htmx.redirect(reverse("design:endpoints", args=[slug]))
    return htmx.page(request, "design/endpoints.html", context, part="list")


def _counts(project: Project, number: int, *, wait: bool) -> dict[str, list[int]] | None:
    """Errors and warnings per operation; None when they are not known yet and the page should not wait for them."""
    key = f"findings:{project.pk}:{number}"
    counts = cache.get(key)
    if counts is None and wait:
        counts = _counted(project)
        cache.set(key, counts, HOUR)
    return counts


def _counted(project: Project) -> dict[str, list[int]]:
    """By endpoint: how many findings say that it is lost, and how many say less."""
    keys = {
        Operation(method, path).pointer: str(pk)
        for pk, method, path in project.operations.values_list("pk", "method", "path")
    }
    counts: dict[str, list[int]] = {pk: [0, 0] for pk in keys.values()}
    for finding in lint.pressing(inspecting.findings(project)):
        pk = keys.get("/".join(finding.pointer.split("/")[:4]))
        if pk:
            counts[pk][finding.level not in ("fatal", "drops-op")] += 1
    return counts


def _groups(project: Project, counts: dict[str, list[int]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The rows by their first tag, in the order in which the tags first occur. One query; no schemas are read."""
    fields = ("pk", "method", "path", "operation_id", "summary", "tags", "exposed", "consequential", "security")
    rows = project.operations.values(*fields, "deprecated", "behaviour", "around")
    drafted = set(project.drafts.filter(clean=False).values_list("target", flat=True))
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        row["url"] = url_of(project.slug, row["operation_id"], row["pk"])
        row["label"] = f"{row['method']} {row['path']}"
        row["draft"] = not drafted.isdisjoint({f"operation:{row['pk']}", f"answer:{row['pk']}"})
        row["errors"], row["warnings"] = counts.get(str(row["pk"]), (0, 0))
        row["open"] = row["security"] == []
        row["answers"], row["around"] = answer_words.of_rows(row["behaviour"], row["around"])
        row["answer_url"] = reverse("design:mock", args=[project.slug, ref_of(row["operation_id"], row["pk"])])
        groups.setdefault(row["tags"][0] if row["tags"] else "", []).append(row)
    return list(groups.items())
