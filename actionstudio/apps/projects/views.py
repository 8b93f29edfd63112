"""The list of projects."""

from django.contrib.auth.decorators import login_required

from actionstudio.apps.projects import access, listing
from actionstudio.apps.web import htmx


@login_required
def projects(request):
    """All projects that the user may see, filtered while typing."""
    q = request.GET.get("q", "").strip()[:100].replace("\x00", "")
    found = listing.page(access.mine(request.user), q, request.GET.get("after", ""))
    context = {"nav": "projects", "listing": found, "q": q}
    return htmx.page(request, "projects/list.html", context, part="rows")
