"""The page that checks any document as ChatGPT would, without a project."""

from django.contrib.auth.decorators import login_required
from django.views.decorators.http import require_http_methods

from actionstudio.apps.gpt import checking, leaving
from actionstudio.apps.gpt.forms import CheckForm
from actionstudio.apps.web import htmx
from actionstudio.core.problem import Refused


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def check_any(request):
    """Paste, see; nothing is kept. The same form makes a project of what was pasted, or goes back to that page."""
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = CheckForm(*sent)
    found, status, lost = None, 200, False
    if form.is_valid():
        try:
            data, origin = form.opened()
            found = checking.check(data, origin=origin, format=form.cleaned_data["format"], fetch=True)
        except Refused as refused:
            form.add_problems(refused)
    if form.errors:
        status = 422
    elif found and form.cleaned_data["file"]:
        form = form.with_text(data)
        lost = not form["source"].value()
    context = {
        "nav": "check",
        "form": form,
        "found": found,
        "sight": found.sight if found else None,
        "left": leaving.left(found.contract) if found and found.made is not None else [],
        "sent": bool(sent),
        "lost": lost,
    }
    return htmx.page(request, "gpt/check.html", context, status=status)
