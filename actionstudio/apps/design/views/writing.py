"""The document's text editor: its page, its posts (keep, check, convert, merge, save), and its problems as JSON.

A script asks for JSON: the numbers of the draft and the parts of the page that changed. Without one the same form
posts, and the whole page answers.
"""

import secrets
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from actionstudio.apps.design import comparing, judging
from actionstudio.apps.design.drafting import Conflict, Late, Visit
from actionstudio.apps.design.judging import Judgement
from actionstudio.apps.design.looking import at
from actionstudio.apps.design.writing import FORMATS, Overtaken, TextDesk, Vanishing, convert, mark, removal_mark
from actionstudio.apps.projects import access
from actionstudio.apps.web import htmx
from actionstudio.core.problem import Refused
from actionstudio.core.specs import vocabulary

PAGE = "design/document.html"


@dataclass
class Shown:
    """What a post comes to. ``text`` is what the editor is to show; None: what was posted.

    ``visit`` is that of a tab whose text waits for a choice between two: it must not take the other draft for its own.
    """

    text: str | None = None
    form: str = "yaml"
    saved: str = ""  # the mark of the text that says what is saved
    judgement: Judgement | None = None
    notice: dict[str, Any] | None = None
    toast: tuple[str, str] | None = None
    status: int = 200
    visit: Visit | None = None


def page(request, project, form: str):
    """The page: the draft, or what is saved."""
    desk = TextDesk(project, request.user)
    fresh = desk.text(form)
    shown = Shown(form=form, text=fresh, saved=mark(fresh))
    if desk.draft:
        shown.form = desk.draft.state["format"]
        shown.text = desk.draft.state["text"]
        shown.saved = mark(desk.text(shown.form))
    return _whole(request, desk, shown)


def post(request, project):
    """One post of the editor's form: the text is kept first, whatever is done with it."""
    desk = TextDesk(project, request.user)
    text = _typed(request)
    form = request.POST.get("format", "")
    shown = Shown(form=form if form in FORMATS else "yaml", saved=request.POST.get("saved", ""))
    deed, _colon, argument = request.POST.get("_op", "").partition(":")
    visit = Visit.of(request.POST)
    try:
        desk.keep(visit, text, shown.form, shown.saved)
        DEEDS.get(deed, _nothing)(desk, shown, text, argument)
    except Late:
        return HttpResponse(status=204)
    except Conflict:
        shown.notice, shown.status = {"kind": "tab", "mine": True}, 409
        shown.visit = visit
    if "application/json" in request.headers.get("Accept", ""):
        return _parts(request, desk, shown)
    if shown.text is None and desk.draft is None:
        _show_saved(desk, shown)
    elif shown.text is None:
        shown.text = text
    if deed == "save" and shown.status == 200:
        return htmx.redirect(
            reverse("design:document", args=[project.slug]), toast=shown.toast[0] if shown.toast else ""
        )
    return _whole(request, desk, shown)


def _typed(request) -> str:
    """The posted text. No database keeps a NUL, and no document may hold one."""
    return request.POST.get("text", "").replace("\r\n", "\n").replace("\0", "")


def _nothing(desk: TextDesk, shown: Shown, text: str, argument: str) -> None:
    """Typing: the draft is kept, that is all."""


def _check(desk: TextDesk, shown: Shown, text: str, argument: str) -> None:
    shown.judgement = judging.judge(desk, text, thorough=True)


def _convert(desk: TextDesk, shown: Shown, text: str, form: str) -> None:
    """The same in the other format, or written anew in this one."""
    form = form if form in FORMATS else shown.form
    if desk.draft is None:
        shown.form = form
        _show_saved(desk, shown)
        return
    try:
        made = convert(text, form)
    except Refused as refused:
        shown.judgement, shown.status = Judgement(judging.refusals(text, refused.problems)), 422
        words = _("This text cannot be read yet, so it cannot be written anew. Mend line %(n)s first.")
        shown.toast = (words % {"n": shown.judgement.problems[0].line}, "bad")
        return
    saved = mark(desk.text(form))
    desk.rewrite(made, form, saved)
    commented = shown.form == "yaml" and any(line.lstrip().startswith("#") for line in text.splitlines())
    if commented and made != text:
        shown.toast = (_("Comments are not kept. Undo in the editor brings them back."), "info")
    shown.text, shown.form, shown.saved = made, form, saved


def _discard(desk: TextDesk, shown: Shown, text: str, argument: str) -> None:
    desk.drop()
    _show_saved(desk, shown)
    shown.toast = (_("Draft discarded. Undo in the editor brings it back."), "ok")


def _show_saved(desk: TextDesk, shown: Shown) -> None:
    shown.text = desk.text(shown.form)
    shown.saved = mark(shown.text)


def _mine(desk: TextDesk, shown: Shown, text: str, argument: str) -> None:
    """Their save is known, and this text is to replace it."""
    desk.rebase()
    shown.saved = mark(desk.text(shown.form))
    shown.toast = (_("Saving makes this text the new version."), "info")


def _merge(desk: TextDesk, shown: Shown, text: str, argument: str) -> None:
    if not desk.overtaken:
        return
    try:
        both = desk.together(text, shown.form)
    except Refused as refused:
        shown.judgement, shown.status = Judgement(judging.refusals(text, refused.problems)), 422
        shown.toast = (_("This text cannot be read yet, so the two cannot be merged. Mend it first."), "bad")
        return
    if both.clashes and argument != "mine":
        shown.notice, shown.status = {"kind": "clashes", "clashes": both.clashes[:20], "more": both.clashes[20:]}, 409
        return
    desk.rebase(both.text)
    shown.text, shown.saved = both.text, mark(desk.text(shown.form))
    shown.toast = (_("Both are in this text now. Look at it, then save."), "ok")


def _save(desk: TextDesk, shown: Shown, text: str, agreed: str) -> None:
    if desk.draft is None:
        _show_saved(desk, shown)
        shown.toast = (_("Nothing had changed."), "info")
        return
    try:
        edit = desk.save(text, agreed)
    except Overtaken:
        shown.status = 409  # the notice says it whatever was posted
    except Vanishing as vanishing:
        removed = vanishing.removed
        shown.notice, shown.status = {"kind": "removes", "removed": removed, "mark": removal_mark(removed)}, 409
    except Refused as refused:
        shown.judgement, shown.status = judging.judge(desk, text, thorough=True), 422
        shown.judgement.problems = shown.judgement.problems or judging.refusals(text, refused.problems)
        shown.toast = (_("Not saved: the problems at the right must be mended first. Your text is kept."), "bad")
    else:
        _show_saved(desk, shown)
        number = edit.revision and edit.revision.number
        shown.toast = (_("Saved, live as v%(n)d.") % {"n": number} if number else _("Nothing had changed."), "ok")


DEEDS = {
    "check": _check,
    "convert": _convert,
    "discard": _discard,
    "merge": _merge,
    "mine": _mine,
    "save": _save,
}


def _context(request, desk: TextDesk, shown: Shown) -> dict[str, Any]:
    """What page and parts show of the draft and its problems."""
    row, draft = desk.row(), desk.draft
    overtaken = desk.overtaken
    notice = shown.notice or ({"kind": "overtaken"} if overtaken else None)
    return {
        "project": desk.project,
        "nav": "document",
        "profile": "full",
        "format": shown.form,
        "saved": shown.saved,
        "tab": request.POST.get("tab") or secrets.token_hex(6),
        "rev": shown.visit.rev if shown.visit else row.rev if row else 0,
        "seq": row.seq if row else 0,
        "stamp": shown.visit.stamp if shown.visit else draft.stamp if draft else _stamp(request, desk, shown),
        "draft": draft,
        "unsaved": draft is not None,
        "notice": notice,
        "newest": desk.newest,
        "another": bool(desk.newest.author_id and desk.newest.author_id != request.user.pk),
        "next": desk.newest.number + 1,
        "j": shown.judgement,
        "base": at(desk.project),
    }


def _stamp(request, desk: TextDesk, shown: Shown) -> str:
    """What a page without a draft shows: the newest revision, or the one that it showed before and still does."""
    return request.POST.get("stamp", "") if shown.text is None else str(desk.newest.number)


def _whole(request, desk: TextDesk, shown: Shown):
    context = _context(request, desk, shown) | {
        "text": shown.text,
        "long": len(shown.text or "") > judging.LIVE,
        "words": {"kinds": vocabulary.KINDS, "names": vocabulary.names(desk.document(desk.current))},
        "message": shown.toast,
    }
    return htmx.page(request, PAGE, context, status=shown.status)


def _parts(request, desk: TextDesk, shown: Shown) -> JsonResponse:
    """What a script needs to bring the page up to date."""
    context = _context(request, desk, shown)
    answer = {name: context[name] for name in ("rev", "stamp", "saved", "format", "unsaved", "next")}
    answer["kept"] = not (shown.notice and shown.notice["kind"] == "tab")
    answer["parts"] = {name: _part(request, name, context) for name in ("notice", "state")}
    if shown.judgement:
        answer |= _judged(request, shown.judgement, context)
    if shown.text is not None:
        answer["text"] = shown.text
    if shown.toast:
        answer["toast"] = {"message": shown.toast[0], "kind": shown.toast[1]}
    return JsonResponse(answer, status=shown.status)


def _part(request, name: str, context: dict[str, Any]) -> str:
    return render_to_string(f"{PAGE}#{name}", context, request)


def _judged(request, judgement: Judgement, context: dict[str, Any]) -> dict[str, Any]:
    """Problems for the editor's margin, and the panels that list them."""
    context = context | {"j": judgement}
    parts = {name: _part(request, name, context) for name in ("badge", "panel", "removes")}
    marked = [line.plain() for line in judgement.problems]
    found = {"problems": marked, "valid": judgement.valid, "panels": parts}
    return found | ({"names": judgement.names} if judgement.names else {})


@login_required
@require_POST
def lint(request, slug: str):
    """The problems of a text that is being typed. Nothing is kept."""
    project = access.viewable(request, slug)
    text = _typed(request)
    judgement = judging.judge(TextDesk(project, request.user), text)
    return JsonResponse(_judged(request, judgement, {"project": project}))


@login_required
@require_safe
def compare(request, slug: str):
    """The kept draft beside what is saved."""
    project = access.viewable(request, slug)
    desk = TextDesk(project, request.user)
    context = {"project": project, "nav": "document", "newest": desk.newest, "draft": desk.draft}
    if desk.draft:
        try:
            written = desk.read(desk.draft.state["text"])
        except Refused as refused:
            context["problems"] = judging.refusals(desk.draft.state["text"], refused.problems)
        else:
            context["diff"] = comparing.compare(desk.current, written.contract)
    return render(request, "design/document_compare.html", context)
