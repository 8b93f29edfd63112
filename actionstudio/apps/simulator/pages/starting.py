"""Where a chat begins: which GPT, what is said first, which model answers; and the chats that there were."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from actionstudio.apps.projects import access
from actionstudio.apps.projects.models import Project
from actionstudio.apps.simulator import setting
from actionstudio.apps.simulator.calling import acting, filing
from actionstudio.apps.simulator.chatting import opening, pruning, turning
from actionstudio.apps.simulator.models import Gpt
from actionstudio.apps.simulator.pages import attaching, finding
from actionstudio.apps.web import htmx
from actionstudio.core.problem import Refused


@login_required
def start(request, slug: str):
    """The form that begins a chat, and the user's chats, newest change first. ``?gpt=`` is one of the project's GPTs,
    whose chats alone are shown then. What could not be sent stays typed; ``pick`` takes another GPT, sends nothing."""
    project = access.viewable(request, slug)
    data = request.POST if request.method == "POST" else request.GET
    gpt = _gpt(project, data.get("gpt", ""))
    error = ""
    if request.method == "POST" and "pick" not in data:
        chat = opening.open(gpt, request.user, finding.model(request.user, data.get("model", "")))
        try:
            files = filing.uploaded(request.FILES.getlist("files"))
            turning.say(chat, data.get("starter") or data.get("text", ""), files)
            return htmx.redirect(reverse("simulator:chat", args=[slug, chat.key]))
        except Refused as refused:
            chat.delete()  # one in which nothing was said
            error = attaching.refusal(request, refused)
    context = {**_form(request, project, gpt), **_chats(request, project, gpt if data.get("gpt") else None)}
    context |= {"project": project, "nav": "simulator", "gpt": gpt, "error": error}
    last = _last_model(context["page"])
    context["model_value"] = request.POST.get("model", last)
    context["as_before"] = bool(last) and context["model_value"] == last
    return render(request, "simulator/start.html", context, status=422 if error else 200)


@login_required
@require_POST
def clear(request, slug: str):
    """Deletes the user's chats in the project, those with one GPT or all."""
    project = access.viewable(request, slug)
    of = _gpt(project, key) if (key := request.POST.get("gpt", "")) else None
    number = pruning.delete(finding.rows(project, request.user, of))
    words = ngettext("%(n)s chat was deleted.", "%(n)s chats were deleted.", number) % {"n": number}
    start = reverse("simulator:start", args=[slug])
    return htmx.redirect(f"{start}?gpt={of.key}" if of else start, f"{words} {_('Their calls stay in the log.')}")


def _gpt(project: Project, key: str) -> Gpt:
    try:
        return setting.one(project, key)
    except Refused as refused:
        raise Http404(str(refused)) from None


def _form(request, project: Project, gpt: Gpt) -> dict[str, Any]:
    """What one begins a chat with. ``gpts``: (key, name) of those to choose from, none where there is one alone."""
    gpts = list(project.gpts.values_list("key", "name"))
    text = request.POST.get("text") or request.GET.get("text")
    return {
        "gpts": gpts if len(gpts) > 1 else [],
        "starters": gpt.starters[: setting.STARTERS],
        "problems": _problems(gpt),
        "ways": _ways(project, gpt, len(gpts) > 1),
        "models": finding.choices(request.user),
        "models_url": reverse("models:list"),
        "typed": text or _suggested(project, request.GET.get("endpoint", "")),
    }


def _chats(request, project: Project, of: Gpt | None) -> dict[str, Any]:
    """A page of the user's chats, those with one GPT or all."""
    after = request.GET.get("after", "")
    page = finding.page(project, request.user, after, of)
    rows = [{"chat": row, "title": finding.title(row), "model": finding.label(row)} for row in page.rows]
    return {"page": page, "rows": rows, "after": after, "of": of}


def _problems(gpt: Gpt) -> list[str]:
    """Why the model would have nothing to call."""
    found, none = [], True
    for action in gpt.actions.select_related("gpt__project", "address__project", "address__pinned"):
        try:
            none = none and not acting.of(action).tools
        except Refused as refused:
            found.append(str(refused))
    if none and not found:
        found.append(_("After ChatGPT's import this GPT has no operation that could be called."))
    return found


def _suggested(project: Project, ref: str) -> str:
    """What one might say to have that endpoint called: what it does, in its author's words."""
    op = project.operations.filter(operation_id=ref).first() if ref and "\0" not in ref else None
    return (op.summary or op.description).strip()[:200] if op else ""


def _last_model(page: finding.Page) -> str:
    """The model of the newest chat: one goes on with what one has chosen."""
    return str(page.rows[0].endpoint_id or "") if page.rows else ""


def _ways(project: Project, gpt: Gpt, several: bool) -> list[tuple[str, str, str]]:
    """(URL, title, icon) of the simulator's other pages."""
    slug = project.slug
    own = reverse("simulator:gpt-edit", args=[slug, gpt.key]) if several else reverse("simulator:gpt", args=[slug])
    return [
        (own, _("Set up this GPT"), "settings"),
        (reverse("simulator:scripts", args=[slug]), _("Scripts"), "list"),
        (reverse("simulator:calls", args=[slug]), _("One call by hand"), "play"),
        (reverse("simulator:prompts", args=[slug]), _("Prompts"), "text-cursor-input"),
        (reverse("simulator:plugins", args=[slug]), _("As a plugin of 2023"), "plug"),
        (reverse("web:help-topic", args=["simulator"]), _("Guide"), "book-open"),
    ]
