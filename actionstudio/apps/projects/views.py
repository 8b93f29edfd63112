"""The list of projects, and their images in it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from actionstudio.apps.projects import access, listing
from actionstudio.apps.web import htmx


@login_required
def projects(request):
    """All projects that the user may see, filtered while typing."""
    q = request.GET.get("q", "").strip()[:100].replace("\x00", "")
    found = listing.page(access.mine(request.user), q, request.GET.get("after", ""))
    context = {"nav": "projects", "listing": found, "q": q}
    return htmx.page(request, "projects/list.html", context, part="rows")


@login_required
@require_safe
def logo(request, slug: str, digest: str):
    """An image of the project, named by its digest: it never changes. The one its address serves would be logged."""
    row = get_object_or_404(access.viewable(request, slug).logos, digest=digest)
    headers = {"Cache-Control": "private, max-age=31536000, immutable"}
    return HttpResponse(bytes(row.image), content_type="image/png", headers=headers)
