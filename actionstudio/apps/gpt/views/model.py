"""What the model sees: the namespace, what each operation costs, and what of the document is lost."""

from django.contrib.auth.decorators import login_required
from django.views.decorators.http import require_safe

from actionstudio.apps.design import newest
from actionstudio.apps.gpt import places, seeing
from actionstudio.apps.projects import access
from actionstudio.apps.release import reach
from actionstudio.apps.web import htmx


@login_required
@require_safe
def model(request, slug: str):
    """The page, in the layout that ``?layout=`` asks for."""
    project = access.viewable(request, slug)
    layout = request.GET.get("layout", "")
    layout = layout if layout in seeing.LAYOUTS else "action"
    contract, page = newest.contract(project), places.pages(project)
    context = {
        "nav": "model",
        "project": project,
        "layout": layout,
        "layouts": seeing.LAYOUTS.items(),
        "seen": seeing.seen(contract, reach.best(project), layout, page),
        "losses": seeing.losses(contract, page),
    }
    return htmx.page(request, "gpt/model.html", context)
