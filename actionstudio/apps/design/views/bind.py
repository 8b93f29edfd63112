"""Makes an endpoint and its neighbours stateful: what would become of each, then done in one step."""

from django.contrib.auth.decorators import login_required
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from actionstudio.apps.design import binding
from actionstudio.apps.design.binding import Proposal, Wish
from actionstudio.apps.design.models import Operation
from actionstudio.apps.design.problems import Problems
from actionstudio.apps.design.views.endpoint import find, ref_of, saved_words
from actionstudio.apps.projects import access
from actionstudio.apps.web import htmx
from actionstudio.apps.web.telling import told
from actionstudio.core.problem import Refused


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def bind(request, slug: str, ref: str):
    project = access.changeable(request, slug)
    row = find(project, ref)
    wish = _wish(request.POST)
    problems = Problems()
    if request.POST.get("_op") == "bind":
        try:
            edit, _collection = binding.bind(project, row, wish, request.user)
        except Refused as refused:
            _note(refused, problems)
        else:
            return htmx.redirect(reverse("design:mock", args=[slug, ref]), toast=saved_words(edit))
    return _show(request, row, wish, problems)


def _wish(posted) -> Wish:
    made = posted.get("made", "")
    return Wish(
        name=posted["name"].strip() if "name" in posted else None,
        id_field=posted.get("id_field"),
        partition=posted.get("partition"),
        made=int(made) if made in map(str, binding.MADE) else 3,
        left=frozenset(posted.getlist("op")) - frozenset(posted.getlist("with")) if posted else frozenset(),
    )


def _note(refused: Refused, problems: Problems) -> None:
    for problem in refused.problems:
        problems.add(problem.pointer.strip("/"), told(problem.message))


def _show(request, row: Operation, wish: Wish, problems: Problems):
    """The proposal; of a wish that cannot be, the plain proposal with what was typed and what is wrong."""
    proposal = _proposed(row, wish, problems) or _proposed(row, Wish(made=wish.made, left=wish.left), problems)
    context = {
        "project": row.project,
        "nav": "endpoints",
        "op": row,
        "ref": ref_of(row.operation_id, row.pk),
        "p": proposal,
        "name": wish.name if wish.name is not None else proposal.collection.name if proposal else "",
        "errors": problems,
        "made": wish.made,
        "mades": binding.MADE,
        "partitions": [(one, _partition(one)) for one in proposal.whole.partitions] if proposal else [],
    }
    wrong = problems and request.method == "POST"
    return htmx.page(request, "design/bind.html", context, part="proposal", status=422 if wrong else 200)


def _proposed(row: Operation, wish: Wish, problems: Problems) -> Proposal | None:
    try:
        return binding.propose(row.project, row, wish)
    except Refused as refused:
        _note(refused, problems)
    return None


def _partition(one: str) -> str:
    if not one:
        return _("One list for everybody")
    if one == "user":
        return _("One list for each signed-in user")
    return _("One list for each %(what)s") % {"what": one.replace("path.", "").replace(",", " + ")}
