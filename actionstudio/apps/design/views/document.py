"""The OpenAPI document: whole, as a text to edit, and read only as ChatGPT gets it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from actionstudio.apps.design import load
from actionstudio.apps.design.looking import at
from actionstudio.apps.design.views import writing
from actionstudio.apps.projects import access
from actionstudio.apps.web import htmx
from actionstudio.core.specs import openapi

SHOWN = 200_000  # characters; beyond that the highlighted page would be megabytes
FORMATS = {"yaml": "application/yaml", "json": "application/json"}


def _asked(request) -> tuple[str, str]:
    """The format and the profile that the URL asks for."""
    form = request.GET.get("format", "yaml")
    profile = request.GET.get("profile", "full")
    return (form if form in FORMATS else "yaml"), (profile if profile in openapi.PROFILES else "full")


def _text(project, form: str, profile: str) -> str:
    url = at(project)
    doc = openapi.render(load.contract(project), profile=profile, servers=(url,) if url else ())
    return openapi.to_yaml(doc) if form == "yaml" else openapi.to_json(doc).decode()


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def document(request, slug: str):
    if request.method == "POST":
        return writing.post(request, access.changeable(request, slug))
    project = access.viewable(request, slug)
    form, profile = _asked(request)
    if profile == "full":
        return writing.page(request, project, form)
    return _as_gpt_gets_it(request, project, form)


def _as_gpt_gets_it(request, project, form: str):
    text = _text(project, form, "gpt")
    cut = len(text) > SHOWN
    context = {
        "project": project,
        "nav": "document",
        "format": form,
        "profile": "gpt",
        "text": text[: text.rfind("\n", 0, SHOWN)] if cut else text,
        "cut": cut,
        "size": len(text.encode()),
        "base": at(project),
    }
    return htmx.page(request, "design/document_gpt.html", context)


@login_required
@require_safe
def download(request, slug: str):
    project = access.viewable(request, slug)
    form, profile = _asked(request)
    response = HttpResponse(_text(project, form, profile), content_type=FORMATS[form])
    response["Content-Disposition"] = f'attachment; filename="{project.slug}.{form}"'
    return response
