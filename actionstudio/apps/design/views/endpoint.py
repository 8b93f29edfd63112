"""One endpoint's page: the form, the panel "What GPT sees", saving; and the dialog when two tabs disagree."""

import re
import secrets

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from actionstudio.apps.design import answer_words, drafting, forms, load, merging, scoping, shown
from actionstudio.apps.design import state as states
from actionstudio.apps.design.desk import Desk, Done, OperationDesk, work
from actionstudio.apps.design.editing import Edit
from actionstudio.apps.design.looking import look
from actionstudio.apps.design.models import Operation
from actionstudio.apps.design.problems import Problems
from actionstudio.apps.projects import access
from actionstudio.apps.projects.models import Project
from actionstudio.apps.web import htmx

PLAIN_REF = re.compile(r"[A-Za-z0-9_.~-]+")
BY_NUMBER = re.compile(r"op-([0-9]{1,18})")


def ref_of(operation_id: str, pk: int) -> str:
    """An operation in a URL: its operation name where that can stand there, else its number."""
    named = PLAIN_REF.fullmatch(operation_id) and operation_id not in ("new", ".", "..")
    return operation_id if named and not BY_NUMBER.fullmatch(operation_id) else f"op-{pk}"


def url_of(slug: str, operation_id: str, pk: int) -> str:
    """An operation's page."""
    return reverse("design:endpoint", args=[slug, ref_of(operation_id, pk)])


def find(project: Project, ref: str) -> Operation:
    """The operation a URL names. Raises Http404."""
    number = BY_NUMBER.fullmatch(ref)
    row = project.operations.filter(pk=number[1]).first() if number else None
    row = row or project.operations.filter(operation_id=ref).first()
    if row is None:
        raise Http404(_("No such endpoint."))
    return row


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def endpoint(request, slug: str, ref: str):
    project = access.changeable(request, slug)
    return _page(request, OperationDesk(project, find(project, ref)))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def endpoint_new(request, slug: str):
    project = access.changeable(request, slug)
    return _page(request, OperationDesk(project, None))


def _page(request, desk: OperationDesk):
    if request.method != "POST":
        draft = desk.draft
        return _show(request, desk, Done(draft.state if draft else desk.saved, draft=draft))
    new = desk.row is None
    deed = request.POST.get("_op", "")
    try:
        done = work(desk, request.POST, request.user)
    except drafting.Conflict as conflict:
        return conflicted(request, desk, conflict.draft)
    if done.late:
        return HttpResponse(status=204)
    if new and deed == "discard":
        return htmx.redirect(reverse("design:endpoints", args=[desk.project.slug]), toast=_("Draft discarded."))
    if done.edit and desk.row:
        url = url_of(desk.project.slug, desk.row.operation_id, desk.row.pk)
        if new or not htmx.wants_part(request):
            return htmx.redirect(url, toast=saved_words(done.edit))
        answer = htmx.with_toast(_show(request, desk, done), saved_words(done.edit))
        answer["HX-Replace-Url"] = url
        return answer
    return _show(request, desk, done, status=422 if done.problems and deed == "save" else 200)


def saved_words(edit: Edit) -> str:
    return _("Saved, live as v%(n)d.") % {"n": edit.revision.number} if edit.revision else _("Nothing had changed.")


def _show(request, desk: OperationDesk, done: Done, status: int = 200):
    """The page, or the form alone. A draft may be wrong: its problems are shown, nothing is refused."""
    state = done.state
    problems = Problems(done.problems)
    for field, words in desk.problems(state).items():
        problems.add(field, words)
    known = desk.known(state)
    value = states.value(state, Problems())
    context = {
        **frame(request, desk, done),
        "nav": "endpoints",
        **shown.operation(state, problems, known, load.part(desk.document, (), {})),
        "inherited": desk.inherited(state["path"]),
        "gpt": look(desk.project, desk.document, value, known),
        "saved_path": desk.saved["path"] if desk.row else "",
        "new": desk.row is None,
        "answered": answer_words.phrase(load.operation(desk.row).behaviour) if desk.row else "",
        "scopes": scoping.boxes(state, desk.auth),
        "ref": f"op-{desk.row.pk}" if desk.row else "",
        "post": reverse("design:endpoint", args=[desk.project.slug, f"op-{desk.row.pk}"]) if desk.row else "",
    }
    return htmx.page(request, "design/endpoint.html", context, part="editor", status=status)


def frame(request, desk: Desk, done: Done) -> dict:
    """What both editors' frames show: the draft, its tab and revision, what Save will make."""
    project, draft = desk.project, done.draft
    last = project.revisions.values_list("number", flat=True).first() or 0
    can_undo, can_redo = drafting.turns(draft)
    return {
        "project": project,
        "draft": draft,
        "tab": request.POST.get("tab") or secrets.token_hex(6),
        "rev": draft.rev if draft else 0,
        "seq": draft.seq if draft else 0,
        "stamp": draft.stamp if draft else desk.stamp,
        "overtaken": bool(draft and draft.stamp != desk.stamp),
        "unsaved": bool(draft and not draft.clean),
        "can_undo": can_undo,
        "can_redo": can_redo,
        "next": last + 1,
    }


def conflicted(request, desk: Desk, kept):
    """409: what this tab has and what is kept, side by side; nothing is written until one of them is chosen."""
    fresh = drafting.find(desk.project, desk.target, desk.stamp)
    theirs = fresh.state if fresh else desk.saved
    if fresh and fresh.stamp != desk.stamp and request.POST.get("_op") == "save":
        theirs = desk.saved
    mine = forms.read(request.POST, fresh.state if fresh else desk.saved, desk.kind)
    only = merging.clashes(request.POST, theirs, desk.kind) if theirs is not desk.saved or not fresh else None
    author = fresh.author if fresh else _last_author(desk.project)
    context = {
        "project": desk.project,
        "rows": shown.compare(mine, theirs, only),
        "both": only is not None,
        "another": author is not None and author != request.user,
        "posted": [(name, value) for name, values in request.POST.lists() for value in values if name not in _OWN],
        "rev": fresh.rev if fresh else 0,
        "stamp": desk.stamp,
        "tab": request.POST.get("tab", ""),
        "deed": request.POST.get("_op", ""),
    }
    template = "design/conflict.html" + ("#dialog" if htmx.wants_part(request) else "")
    answer = render(request, template, context, status=409)
    answer["HX-Trigger"] = "conflict"
    return answer


def _last_author(project: Project):
    """Who saved last, for all one can know."""
    last = project.revisions.first()
    return last.author if last else None


_OWN = ("csrfmiddlewaretoken", "rev", "tab", "seq", "stamp", "force", "_op", "was")
