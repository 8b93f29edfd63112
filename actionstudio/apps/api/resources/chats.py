"""Chats of the simulator: what was said, the calls, their cards; and the deeds of a person in them.

A turn works in the background: deeds answer 202 with the chat as it is by then. Ask again, or listen to ``tail``.
"""

import json
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.renderers import BaseRenderer
from rest_framework.response import Response

from actionstudio.apps.api import attached
from actionstudio.apps.api import chat_shapes as shapes
from actionstudio.apps.api.problems import answer
from actionstudio.apps.api.resource import LIMIT, Pages, Resource
from actionstudio.apps.simulator import setting
from actionstudio.apps.simulator.chatting import branching, exporting, opening, pruning, streaming, turning
from actionstudio.apps.simulator.endpoints import offering
from actionstudio.apps.simulator.models import Chat, Endpoint, Message
from actionstudio.core.problem import Problem, Refused

BUSY = ("running", "changed", "decided", "many", "whole")  # refusals because of how the chat stands now: 409
AS = OpenApiParameter("as", str, enum=[*exporting.FORMATS])
GPT = OpenApiParameter("gpt", str, description="The key of a GPT of the project.")
AFTER = OpenApiParameter("after", {"type": "integer", "minimum": 0}, description="The id of the last event seen.")


def told(chat: Chat) -> dict[str, Any]:
    """A chat as lists show it."""
    names = ("key", "title", "mode", "conversation", "state", "created", "updated")
    return {**{name: getattr(chat, name) for name in names}, "gpt": chat.gpt.key, "model": chat.endpoint_id}


def whole(chat: Chat) -> dict[str, Any]:
    """A chat with what is shown of it."""
    branch = branching.branch(chat)
    waits = next((one.pk for one in branch.calls if one.state == Message.State.WAITING), None)
    messages = [{**exporting.message(one), "versions": [*branch.siblings(one)]} for one in branch]
    return {**told(chat), "waits": waits, "messages": messages}


def model(request, pk: int | None) -> Endpoint | None:
    """The model of that id which the caller may ask; None is the scripted one. Raises Refused."""
    if pk is None:
        return None
    try:
        return offering.one(request.user, pk)
    except Http404:
        raise Refused(Problem("/model", _("You have no model of this id."), "unknown")) from None


class ChatList(Resource):
    """One's chats in a project."""

    asks = {"GET": ("cursor", "limit", "gpt"), "DELETE": ("gpt",)}
    pagination_class = Pages

    @extend_schema(operation_id="chats_list", parameters=[LIMIT, GPT], responses=shapes.ChatShape(many=True))
    def get(self, request, slug):
        """One's own, the newest first; ``gpt``: those with that GPT."""
        pages = Pages()
        rows = pages.paginate_queryset(self._chats(), request, self)
        return pages.get_paginated_response([told(row) for row in rows])

    def _chats(self):
        found = opening.of(self.project(), self.request.user)
        key = self.request.query_params.get("gpt")
        return found.filter(gpt=setting.of_key(self.project(), key, "?gpt")) if key else found

    @extend_schema(operation_id="chats_clear", parameters=[GPT], responses={204: None})
    def delete(self, request, slug):
        """Deletes all of one's own, or those with one GPT; their calls stay in the log."""
        pruning.delete(self._chats())
        return Response(status=204)

    @extend_schema(operation_id="chats_create", request=shapes.ChatWish, responses={201: shapes.ChatWhole})
    def post(self, request, slug):
        """A new chat; with ``text``, its first turn begins."""
        project, wish = self.changeable(), self.read(shapes.ChatWish)
        if wish.get("files") and "text" not in wish:
            raise Refused(Problem("/text", _("Files come with something that is said."), "required"))
        chat = opening.open(setting.one(project, wish.get("gpt", "")), request.user, model(request, wish.get("model")))
        chat.mode, chat.title = wish.get("mode", chat.mode), wish.get("title", "")
        chat.save(update_fields=["mode", "title"])
        if "text" in wish:
            try:
                turning.say(chat, wish["text"], attached.given(wish.get("files", [])))
            except Refused as refused:
                chat.delete()
                return _refused(refused)
        return Response(whole(chat), 201)


def _refused(refused: Refused) -> Response:
    """409 where the chat stands otherwise than the caller thought."""
    if any(one.code in BUSY for one in refused.problems):
        return answer(409, _("Nothing was changed."), list(refused.problems))
    raise refused


class OneChat(Resource):
    """What all resources of one chat share."""

    def chat(self) -> Chat:
        """The caller's own chat of the URL; else 404."""
        return opening.find(self.project(), self.request.user, self.kwargs["chat_key"])

    def message(self, chat: Chat, pk: int) -> Message:
        """One message of the chat; else 404."""
        found = chat.messages.filter(pk=pk).first()
        if found is None:
            raise Http404(_("No such message."))
        found.chat = chat
        return found

    def done(self, chat: Chat, deed, status: int = 202) -> Response:
        """Does it, and tells the chat."""
        try:
            deed()
        except Refused as refused:
            return _refused(refused)
        return Response(whole(opening.find(chat.gpt.project, self.request.user, chat.key)), status)


class ChatOne(OneChat):
    """One chat."""

    @extend_schema(operation_id="chats_read", responses=shapes.ChatWhole)
    def get(self, request, slug, chat_key):
        """Its state, and the messages of the branch that is shown."""
        return Response(whole(self.chat()))

    @extend_schema(operation_id="chats_change", request=shapes.ChatChange, responses=shapes.ChatWhole)
    def patch(self, request, slug, chat_key):
        """Another title, model or mode."""
        chat, wish = self.chat(), self.read(shapes.ChatChange, partial=True)
        fields = {name: wish[name] for name in ("title", "mode") if name in wish}
        if "model" in wish:
            fields["endpoint"] = model(request, wish["model"])
        if fields:
            Chat.objects.filter(pk=chat.pk).update(**fields)
        return Response(whole(self.chat()))

    @extend_schema(operation_id="chats_delete", responses={204: None})
    def delete(self, request, slug, chat_key):
        """Ends its turn and deletes it; its calls stay in the log."""
        pruning.delete(Chat.objects.filter(pk=self.chat().pk))
        return Response(status=204)


class ChatMessages(OneChat):
    """What is said in a chat."""

    @extend_schema(operation_id="chats_say", request=shapes.SayWish, responses={202: shapes.ChatWhole})
    def post(self, request, slug, chat_key):
        """Says something; the model's turn begins. A card that waits is left unanswered."""
        chat, wish = self.chat(), self.read(shapes.SayWish)
        files = attached.given(wish.get("files", []))
        if "instead_of" not in wish:
            return self.done(chat, lambda: turning.say(chat, wish["text"], files))
        message = self.message(chat, wish["instead_of"])
        return self.done(chat, lambda: turning.edit(message, wish["text"], files))


class ChatAgain(OneChat):
    """Another try."""

    @extend_schema(operation_id="chats_again", request=None, responses={202: shapes.ChatWhole})
    def post(self, request, slug, chat_key, number):
        """Has the model answer once more what this message answers, in another branch."""
        chat = self.chat()
        message = self.message(chat, number)
        return self.done(chat, lambda: turning.again(message))


class ChatShow(OneChat):
    """Another branch."""

    @extend_schema(operation_id="chats_show", request=None, responses=shapes.ChatWhole)
    def post(self, request, slug, chat_key, number):
        """Shows the newest branch through this message."""
        chat = self.chat()
        message = self.message(chat, number)
        return self.done(chat, lambda: turning.show(chat, message), 200)


class ChatChoices(OneChat):
    """Cards."""

    @extend_schema(operation_id="chats_choose", request=shapes.ChoiceWish, responses={202: shapes.ChatWhole})
    def post(self, request, slug, chat_key):
        """Presses a button of the card that waits; the turn goes on."""
        chat, wish = self.chat(), self.read(shapes.ChoiceWish)
        message, arguments = self.message(chat, wish["message"]), wish.get("arguments")
        if arguments is not None and not isinstance(arguments, str):
            arguments = json.dumps(arguments, ensure_ascii=False)
        return self.done(chat, lambda: turning.choose(message, wish["choice"], arguments))


class ChatStop(OneChat):
    """The end of a turn before it is done."""

    @extend_schema(operation_id="chats_stop", request=None, responses={202: shapes.ChatWhole})
    def post(self, request, slug, chat_key):
        """Ends the turn at once; what was written stays. Without one nothing happens."""
        chat = self.chat()
        return self.done(chat, lambda: turning.stop(chat))


class ChatResume(OneChat):
    """The rest of a turn."""

    @extend_schema(operation_id="chats_resume", request=None, responses={202: shapes.ChatWhole})
    def post(self, request, slug, chat_key):
        """Goes on with a turn that was interrupted, stopped or failed."""
        chat = self.chat()
        return self.done(chat, lambda: turning.resume(chat))


class ChatExport(OneChat):
    """A chat as a file."""

    asks = {"GET": ("as",)}

    @extend_schema(operation_id="chats_export", parameters=[AS], responses={(200, "application/json"): bytes})
    def get(self, request, slug, chat_key):
        """``as`` json (all branches), markdown or har (of what is shown)."""
        chat, code = self.chat(), request.query_params.get("as", "json")
        made = exporting.FORMATS.get(code)
        if made is None:
            words = _("“%(value)s” is none of: %(known)s.")
            known = ", ".join(exporting.FORMATS)
            raise Refused(Problem("?as", words % {"value": code[:80], "known": known}, "choice"))
        return HttpResponse(made.write(chat), content_type=made.content_type)


class Events(BaseRenderer):
    """Server-sent events; a refusal in their place is JSON."""

    media_type = "text/event-stream"
    format = "events"

    def render(self, data, accepted_media_type=None, renderer_context=None):
        return json.dumps(data).encode()


class ChatTail(OneChat):
    """A chat as it goes on."""

    asks = {"GET": ("after",)}
    renderer_classes = [Events]

    @extend_schema(operation_id="chats_tail", parameters=[AFTER], responses={(200, "text/event-stream"): str})
    def get(self, request, slug, chat_key):
        """Server-sent events ``chat``, ``message``, ``text`` and, when nobody works on it any more, ``end``."""
        return streaming.respond(request._request, streaming.Watch(self.chat()))
