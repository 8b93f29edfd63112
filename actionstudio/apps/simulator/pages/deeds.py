"""What a person does on the page of a chat: each takes a form, and shows the chat as it is then.

A browser without a script is led back to the page; htmx gets it at once. What cannot be done is said on the page, and
what was typed stays.
"""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from actionstudio.apps.simulator.calling import filing
from actionstudio.apps.simulator.chatting import pruning, turning
from actionstudio.apps.simulator.models import Action, Chat
from actionstudio.apps.simulator.pages import attaching, debugging, editing, finding, showing
from actionstudio.apps.web import htmx
from actionstudio.core.problem import Refused

LONGEST_TITLE = 120


@login_required
@require_POST
def say(request, slug: str, chat_key: str):
    """The next thing that the person says, with what is attached to it."""
    text, sent = request.POST.get("text", ""), request.FILES.getlist("files")
    return _done(request, slug, chat_key, lambda chat: turning.say(chat, text, filing.uploaded(sent)))


@login_required
@require_POST
def edit(request, slug: str, chat_key: str, pk: int):
    """Something else in the place of what was said: a new branch."""
    text = request.POST.get("text", "")
    return _done(request, slug, chat_key, lambda chat: turning.edit(finding.message(chat, pk), text))


@login_required
@require_POST
def again(request, slug: str, chat_key: str, pk: int):
    """Asks the model once more, in a new branch."""
    return _done(request, slug, chat_key, lambda chat: turning.again(finding.message(chat, pk)))


@login_required
@require_POST
def branch(request, slug: str, chat_key: str):
    """Shows another version of a message."""
    pk = request.POST.get("message", "")
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        raise Http404(_("No such message."))
    return _done(request, slug, chat_key, lambda chat: turning.show(chat, finding.message(chat, int(pk))))


@login_required
@require_POST
def stop(request, slug: str, chat_key: str):
    """Ends the turn; what was written stays."""
    return _done(request, slug, chat_key, turning.stop)


@login_required
@require_POST
def resume(request, slug: str, chat_key: str):
    """Goes on with a turn whose process has ended."""
    return _done(request, slug, chat_key, turning.resume)


@login_required
@require_POST
def choose(request, slug: str, chat_key: str, pk: int):
    """A button of a card: a choice, with the arguments as they were edited; or how they are edited (``edit:…``)."""
    project, chat = finding.chat(request, slug, chat_key)
    message = finding.message(chat, pk)
    choice, how = request.POST.get("choice", ""), request.POST.get("how", "")
    schema = debugging.schema_of(message, Action.objects.filter(pk=message.data.get("action") or 0).first())
    given, arguments, form = editing.Arguments(pk, schema), None, None
    if how in editing.WAYS and choice not in ("edit:off", "deny", "decline"):
        arguments, form = given.read(how, request.POST)
        if form is None and not choice.startswith("edit:"):
            form = given.doubted(arguments, how, request.POST)
    wanted = choice.removeprefix("edit:")
    if form is None and choice.startswith("edit:"):
        if wanted not in editing.WAYS:
            return _page(request, project, chat)
        form = given.shown(message.data.get("arguments", "") if arguments is None else arguments, wanted)
    if form is not None:
        return _page(request, project, chat, status=422 if form.error else 200, editing={"at": pk, "form": form})
    return _done(request, slug, chat_key, lambda chat: turning.choose(finding.message(chat, pk), choice, arguments))


@login_required
@require_safe
def sign_in(request, slug: str, chat_key: str, pk: int):
    """On to the sign-in that a call waits for, from where people return to the chat. A link, and no form: it leads to
    another server, and the studio's pages send forms to nobody else."""
    _project, chat = finding.chat(request, slug, chat_key)
    message = finding.message(chat, pk)
    action = get_object_or_404(Action, gpt=chat.gpt, pk=message.data.get("action") or 0)
    back = reverse("simulator:chat", args=[slug, chat_key]) + "#end"
    way = reverse("simulator:sign-in", args=[slug, action.key])
    return redirect(f"{way}?{urlencode({'back': back})}")


@login_required
@require_POST
def change(request, slug: str, chat_key: str):
    """Another name; another model, and another way to tell it of failed calls, from now on."""
    _project, chat = finding.chat(request, slug, chat_key)
    endpoint = finding.model(request.user, request.POST.get("model", ""))
    title = " ".join(request.POST.get("title", "").split())[:LONGEST_TITLE]
    mode = request.POST.get("mode", "")
    mode = mode if mode in Chat.Mode.values else chat.mode
    Chat.objects.filter(pk=chat.pk).update(title=title, endpoint=endpoint, mode=mode)
    return htmx.redirect(reverse("simulator:chat", args=[slug, chat_key]), _("Saved."))


@login_required
@require_POST
def delete(request, slug: str, chat_key: str):
    """Ends what is at work in the chat, and deletes it."""
    project, chat = finding.chat(request, slug, chat_key)
    pruning.delete(Chat.objects.filter(pk=chat.pk))
    return htmx.redirect(finding.new_url(project, chat), _("The chat was deleted. Its calls stay in the log."))


def _done(request, slug: str, chat_key: str, deed) -> HttpResponse:
    """Does ``deed``, and shows the chat; what speaks against it is said above the field."""
    project, chat = finding.chat(request, slug, chat_key)
    try:
        deed(chat)
    except Refused as refused:
        error = attaching.refusal(request, refused)
        return _page(request, project, chat, status=422, error=error, typed=request.POST.get("text", ""))
    if not htmx.wants_part(request):
        return redirect(reverse("simulator:chat", args=[slug, chat_key]) + "#end")
    chat.refresh_from_db()
    return _page(request, project, chat)


def _page(request, project, chat: Chat, status: int = 200, **more) -> HttpResponse:
    context = showing.context(project, chat, request.GET, **more)
    return htmx.page(request, "simulator/chat.html", context, part="chat", status=status)
