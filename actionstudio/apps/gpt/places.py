"""The page on which a place of the document is edited: its endpoint's, its schema's, or the settings."""

from collections.abc import Callable

from django.urls import reverse

from actionstudio.apps.design.views.endpoint import url_of
from actionstudio.apps.projects.models import Project
from actionstudio.core.schemas.refs import unescape


def pages(project: Project) -> Callable[[str], str]:
    """Finds the page of a pointer into the whole document. One query."""
    rows = project.operations.values_list("method", "path", "operation_id", "pk")
    endpoints = {(path, method.lower()): url_of(project.slug, name, pk) for method, path, name, pk in rows}

    def find(pointer: str) -> str:
        steps = [unescape(token) for token in pointer.split("/")[1:]]
        if steps[:1] == ["paths"]:
            return endpoints.get(tuple(steps[1:3])) or reverse("design:endpoints", args=[project.slug])
        if steps[:2] == ["components", "schemas"] and len(steps) > 2:
            return reverse("design:schema", args=[project.slug, steps[2]])
        if steps[:1] == ["info"]:
            return reverse("library:settings", args=[project.slug, "general"])
        return reverse("design:document", args=[project.slug])

    return find
