"""The page that checks any document as ChatGPT would, without a project."""

from django.contrib.auth.decorators import login_required
from django.views.decorators.http import require_http_methods

from actionstudio.apps.gpt import checking
from actionstudio.apps.gpt.forms import CheckForm
from actionstudio.apps.web import htmx
from actionstudio.core.problem import Refused


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def check_any(request):
    """Paste, see; nothing is kept. The same form makes a project of what was pasted."""
    form = CheckForm(request.POST if request.method == "POST" else None)
    found = None
    if form.is_valid():
        try:
            found = checking.check(form.data_given())
        except Refused as refused:
            form.add_problems(refused)
    context = {"nav": "check", "form": form, "found": found, "sight": found.sight if found else None}
    return htmx.page(request, "gpt/check.html", context, status=422 if form.errors else 200)
