"""The page of one chat with its debug panel, and the stream of what changes in it."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render

from actionstudio.apps.simulator.pages import finding, following, showing
from actionstudio.apps.web import htmx, streams


@login_required
def chat(request, slug: str, chat_key: str):
    """One chat. ``?at=`` a message and ``&tab=`` say what the debug panel shows."""
    project, found = finding.chat(request, slug, chat_key)
    return htmx.page(request, "simulator/chat.html", showing.context(project, found, request.GET), part="chat")


@login_required
def debug(request, slug: str, chat_key: str):
    """The debug panel alone: a part of the chat's page."""
    project, found = finding.chat(request, slug, chat_key)
    return render(request, "simulator/chat.html#debug", showing.context(project, found, request.GET))


@login_required
def tail(request, slug: str, chat_key: str):
    """What changes in the chat: a stream under ASGI, one finite answer under WSGI (an endless one holds a thread)."""
    project, found = finding.chat(request, slug, chat_key)
    follower = following.Follower(found.pk, request.GET.get("seen", ""))
    draw = showing.drawer(request, project)
    return streams.answer(request, lambda: following.stream(follower, draw), lambda: following.once(follower, draw))
