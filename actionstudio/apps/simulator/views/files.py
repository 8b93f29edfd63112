"""Files of calls: the links that ChatGPT would hand on, and what an answer brought back."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from actionstudio.apps.projects import access
from actionstudio.apps.simulator.calling import filing
from actionstudio.apps.simulator.models import File


@require_safe
def link(request: HttpRequest, token: str, name: str) -> HttpResponse:
    """The file itself, for anybody who has the link, for five minutes; then 403, as ChatGPT's own links answer."""
    row = filing.linked(token)
    if row is None:
        words = _("This link has expired: it holds for five minutes.")
        return HttpResponse(f"{words}\n", status=403, content_type="text/plain; charset=utf-8")
    return filing.download(row)


@login_required
@require_safe
def file(request: HttpRequest, slug: str, file_key: str) -> HttpResponse:
    """A file of the project, to be saved."""
    project = access.viewable(request, slug)
    return filing.download(get_object_or_404(File, project=project, key=file_key))
