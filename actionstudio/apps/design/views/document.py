"""The OpenAPI document of the working copy, read only: YAML or JSON, as ChatGPT gets it or whole."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from actionstudio.apps.design import load
from actionstudio.apps.design.looking import at
from actionstudio.apps.projects import access
from actionstudio.apps.web import htmx
from actionstudio.core.specs import openapi

SHOWN = 200_000  # characters; beyond that the highlighted page would be megabytes
FORMATS = {"yaml": "application/yaml", "json": "application/json"}


def _asked(request) -> tuple[str, str]:
    """The format and the profile that the URL asks for."""
    form = request.GET.get("format", "yaml")
    profile = request.GET.get("profile", "gpt")
    return (form if form in FORMATS else "yaml"), (profile if profile in openapi.PROFILES else "gpt")


def _text(project, form: str, profile: str) -> str:
    url = at(project)
    doc = openapi.render(load.contract(project), profile=profile, servers=(url,) if url else ())
    return openapi.to_yaml(doc) if form == "yaml" else openapi.to_json(doc).decode()


@login_required
@require_safe
def document(request, slug: str):
    project = access.viewable(request, slug)
    form, profile = _asked(request)
    text = _text(project, form, profile)
    cut = len(text) > SHOWN
    shown = text[: text.rfind("\n", 0, SHOWN)] if cut else text
    context = {
        "project": project,
        "nav": "document",
        "format": form,
        "profile": profile,
        "text": shown,
        "cut": cut,
        "size": len(text.encode()),
        "lines": text.count("\n"),
        "base": at(project),
    }
    return htmx.page(request, "design/document.html", context, part="document")


@login_required
@require_safe
def download(request, slug: str):
    project = access.viewable(request, slug)
    form, profile = _asked(request)
    response = HttpResponse(_text(project, form, profile), content_type=FORMATS[form])
    response["Content-Disposition"] = f'attachment; filename="{project.slug}.{form}"'
    return response
