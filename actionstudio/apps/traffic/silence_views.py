"""The page "Nothing arrived?", and the hint above the log that leads to it."""

from django.contrib.auth.decorators import login_required

from actionstudio.apps.projects import access
from actionstudio.apps.traffic.diagnoses import silence as silences
from actionstudio.apps.web import htmx


@login_required
def silence(request, slug: str):
    """Why no call of ChatGPT's arrives. htmx asks for part ``hint`` from the log."""
    project = access.viewable(request, slug)
    context = {"project": project, "nav": "requests", "silence": silences.of(project)}
    return htmx.page(request, "traffic/silence.html", context, part="hint")
