"""The list of conversations, and one of them as a timeline, beside what people pasted of ChatGPT's own text."""

from collections.abc import Sequence

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from actionstudio.apps.projects import access
from actionstudio.apps.traffic import diagnoses
from actionstudio.apps.traffic import views as log
from actionstudio.apps.traffic.conversations import debugging, listing, members, timeline
from actionstudio.apps.traffic.conversations.forms import DebugForm
from actionstudio.apps.traffic.models import Conversation, Exchange
from actionstudio.apps.web import htmx
from actionstudio.core.problem import Refused


@login_required
def conversations(request, slug: str):
    """All conversations, newest first. htmx asks for part ``live``, with ``seen`` for what changed since."""
    project = access.viewable(request, slug)
    before, q = _id(request.GET.get("before", "")), request.GET.get("q", "").strip()
    page, wrong = listing.Page(()), ""
    try:
        page = listing.page(project.pk, before, q)
    except Refused as refused:
        wrong = refused.problems[0].message
    seen = "-".join(map(str, (page.rows[0].last_id, page.rows[0].calls))) if page.rows else "0"
    if htmx.wants_part(request) and request.GET.get("seen") == seen:
        return HttpResponse(status=204)
    context = {
        "project": project,
        "nav": "conversations",
        "page": page,
        "rows": about(project, page.rows),
        "before": before,
        "q": q,
        "wrong": wrong,
        "seen": seen,
        "searched_to": Exchange(pk=page.older).at if page.older and not page.complete else None,
        "nothing_yet": not page.rows and not q and before is None,
    }
    return htmx.page(request, "traffic/conversations.html", context, part="live")


@login_required
def conversation(request, slug: str, talk: str):
    """One conversation, a page of its timeline at a time. htmx asks for part ``live``."""
    project = access.viewable(request, slug)
    one = found(project, talk)
    if one.key != talk:
        return redirect("traffic:conversation", slug, one.key)
    seen = f"{one.last_id}-{one.calls}-{one.callbacks}"
    if htmx.wants_part(request) and request.GET.get("seen") == seen:
        return HttpResponse(status=204)
    return htmx.page(request, "traffic/conversation.html", context_of(request, project, one, seen), part="live")


@login_required
def diagnosed(request, slug: str, talk: str):
    """What was probably wrong in a page of the timeline: a part of it, for it reads the bodies of all its calls."""
    project = access.viewable(request, slug)
    one = found(project, talk)
    after, before = _id(request.GET.get("after", "")), _id(request.GET.get("before", ""))
    ids = [entry.row.pk for entry in timeline.page(project, one, after, before).entries]
    rows = Exchange.objects.filter(pk__in=ids).order_by("pk").iterator(chunk_size=20)
    context = {"project": project, "groups": diagnoses.across(project, rows)}
    return render(request, "traffic/found.html", context)


@login_required
def debug_text(request, slug: str, talk: str):
    """Keeps what was pasted of ChatGPT's text, or (``remove``) removes it; a text without a call stays typed."""
    project = access.changeable(request, slug)
    one = found(project, talk)
    url = reverse("traffic:conversation", args=[slug, one.key])
    if request.method != "POST":
        return redirect(url)
    if request.POST.get("remove"):
        debugging.remove(project, one)
        return htmx.redirect(url, _("The text was removed."))
    form = DebugForm(request.POST)
    if form.is_valid():
        debugging.keep(project, one, form.cleaned_data["text"], by=request.user)
        return htmx.redirect(f"{url}#chatgpt", _("Set beside the log."))
    context = context_of(request, project, one, "", form)
    return render(request, "traffic/conversation.html", context, status=422)


@login_required
def link(request, slug: str, public_id: str):
    """In which conversation a request was made: a part of the request's page, empty when in none."""
    project = access.viewable(request, slug)
    row = log.find(project, public_id)
    key = listing.of(row) if row else ""
    talk = listing.find(project.pk, key) if key else None
    return render(request, "traffic/conversation_link.html", {"project": project, "talk": talk, "r": row})


def found(project, key: str) -> Conversation:
    """The project's conversation of that key. Raises Http404."""
    talk = listing.find(project.pk, key)
    if talk is None:
        raise Http404(_("No such conversation."))
    return talk


def about(project, talks: Sequence[Conversation]) -> list[dict]:
    """Conversations, each with its times and where its person and its calls are."""
    spans = listing.spans(talks)
    return [
        {"talk": talk, "first": first, "last": last, "lasted": last - first, "person": person_url(project, talk)}
        for talk, (first, last) in ((talk, spans[talk.key]) for talk in talks)
    ]


def context_of(request, project, talk: Conversation, seen: str, form: DebugForm | None = None) -> dict:
    """Everything of one conversation."""
    after, before = _id(request.GET.get("after", "")), _id(request.GET.get("before", ""))
    if talk.calls + talk.callbacks > members.PAGE and (at := _exchange_id(request.GET.get("at", ""))):
        after = at - 1  # a link to one of its calls shows the page that begins with it
    page = timeline.page(project, talk, after, before)
    kept = debugging.of(project, talk)
    [times] = about(project, [talk])
    return {
        "project": project,
        "nav": "conversations",
        **times,
        "page": page,
        "seen": seen,
        "moving": not page.newer,
        "replay_url": _replay_url(project, talk),
        "log_query": _log_query(talk),
        "debug": kept,
        "beside": debugging.beside(project, talk, kept.text) if kept else None,
        "form": form or DebugForm(initial={"text": kept.text if kept else ""}),
        "form_open": form is not None,
    }


def person_url(project, talk: Conversation) -> str:
    """The page of the end user who had signed in; "" without one."""
    try:
        return reverse("oauth:user", args=[project.slug, talk.person]) if talk.person else ""
    except NoReverseMatch:
        return ""


def _replay_url(project, talk: Conversation) -> str:
    """The form that replays all its calls; "" where there is none, or no filter finds them."""
    try:
        url = reverse("replay:new", args=[project.slug])
    except NoReverseMatch:
        return ""
    query = _log_query(talk)
    return f"{url}?{query}" if query else ""


def _log_query(talk: Conversation) -> str:
    """The query of the log's page that shows its calls; "" for those that only an address holds together."""
    return debugging.query(talk)


def _exchange_id(public_id: str) -> int:
    try:
        pk = Exchange.private_id(public_id)
    except ValueError:
        return 0
    return pk if 0 < pk < 1 << 63 else 0


def _id(text: str) -> int | None:
    return min(int(text), (1 << 63) - 1) if text.isascii() and text.isdigit() and len(text) < 20 else None
