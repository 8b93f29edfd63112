"""The page on which a finding is mended: its endpoint's, its schema's, or one of the settings."""

import functools
from collections.abc import Callable

from django.urls import reverse

from actionstudio.apps.design.views.endpoint import url_of
from actionstudio.apps.projects.models import Project
from actionstudio.core.lint import Finding
from actionstudio.core.schemas.refs import unescape

_SETTLED = {  # what begins so -> the page's URL name and its further arguments
    "/manifest": ("library:settings", "manifest"),
    "/info": ("library:settings", "general"),
    "/components/securitySchemes": ("release:auth",),
    "/security": ("release:auth",),
    "/servers": ("release:addresses",),
    "/tags": ("design:document",),
}
_BY_CODE = {
    "privacy-generated": ("library:settings", "privacy"),
    "plugin-https": ("release:addresses",),
    "plugin-root": ("release:addresses",),
}


def places_to_mend(project: Project) -> Callable[[Finding], str]:
    """Finds the page on which a finding is mended. One query, and one more for shared schemas."""

    def page(name: str, *args) -> str:
        return reverse(name, args=[project.slug, *args])

    rows = project.operations.values_list("method", "path", "operation_id", "pk")
    known = {(path, method.lower()): url_of(project.slug, name, pk) for method, path, name, pk in rows}

    @functools.cache
    def shared() -> set[str]:
        return set(project.components.values_list("name", flat=True))

    def find(finding: Finding) -> str:
        steps = [unescape(token) for token in finding.pointer.split("/")[1:]]
        if steps[:1] == ["paths"] and (endpoint := known.get(tuple(steps[1:3]))):
            return endpoint
        if steps[:2] == ["components", "schemas"] and len(steps) > 2:
            return page("design:schema", steps[2]) if steps[2] in shared() else page("design:schemas")
        settled = _BY_CODE.get(finding.code) or next(
            (target for start, target in _SETTLED.items() if finding.pointer.startswith(start)), None
        )
        return page(*settled) if settled else page("design:endpoints")

    return find
