"""Conversations: listed, one as a timeline, and ChatGPT's own text beside it."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from actionstudio.apps.api import talk_shapes as shapes
from actionstudio.apps.api.resource import LIMIT, Resource, page_size
from actionstudio.apps.projects.models import Project
from actionstudio.apps.traffic.conversations import debugging, listing, timeline
from actionstudio.apps.traffic.conversations.views import found
from actionstudio.apps.traffic.models import Conversation, Exchange
from actionstudio.core.problem import Problem, Refused

PLAIN = (
    "key", "kind", "conversation_id", "gpt_id", "user_id", "person", "who", "client", "calls", "failed", "refused",
    "callbacks", "revisions",
)  # fmt: skip
SIZE, MOST = 50, 200


def lines(talks: Sequence[Conversation]) -> list[dict[str, Any]]:
    """Conversations as the list shows them."""
    spans = listing.spans(talks)
    return [
        {name: getattr(talk, name) for name in PLAIN}
        | {"first": Exchange(pk=talk.first_id).public_id, "last": Exchange(pk=talk.last_id).public_id}
        | dict(zip(("started", "ended"), spans[talk.key], strict=True))
        for talk in talks
    ]


def entry(one: timeline.Entry) -> dict[str, Any]:
    """One entry of a timeline."""
    names = ("at", "method", "path", "query", "operation_id", "status", "duration_us")
    return {
        "kind": one.kind,
        "exchange": one.row.public_id,
        **{name: getattr(one.row, name) for name in names},
        "pause_ms": one.gap,
        "retry_of": one.retry_of,
        "arguments": one.arguments,
        "verdict": one.head,
    }


def exchange_id(params, name: str) -> int | None:
    """The exchange that a parameter names. Raises Refused for what is no id."""
    text = params.get(name, "")
    try:
        return min(Exchange.private_id(text), (1 << 63) - 1) if text else None
    except ValueError as error:
        raise Refused(Problem(f"?{name}", _("This is not an id: they begin with req_."), "invalid")) from error


class ConversationList(Resource):
    """The conversations of a project."""

    asks = {"GET": ("q", "before", "limit")}

    @extend_schema(
        operation_id="conversations_list",
        parameters=[
            OpenApiParameter("q", str, description="Text in an id, a GPT, a user, a person's name; or a request's id."),
            OpenApiParameter("before", str, description="The id of the last call to go on before."),
            LIMIT,
        ],
        responses=shapes.ConversationPage,
    )
    def get(self, request, slug):
        """The newest first. With ``q`` a page may hold fewer than asked for while ``next`` leads on."""
        project, params = self.project(), request.query_params
        size = page_size(params.get("limit"), SIZE, MOST)
        page = listing.page(project.pk, exchange_id(params, "before"), params.get("q", ""), size)
        url = request.build_absolute_uri()
        following = replace_query_param(url, "before", Exchange(pk=page.older).public_id) if page.older else None
        return Response({"next": following, "previous": None, "results": lines(page.rows)})


class ConversationOne(Resource):
    """One conversation."""

    asks = {"GET": ("after", "before")}

    @extend_schema(
        operation_id="conversations_read",
        parameters=[
            OpenApiParameter("after", str, description="The id of a call: what came after it."),
            OpenApiParameter("before", str, description="The id of a call: what came before it."),
        ],
        responses=shapes.ConversationWhole,
    )
    def get(self, request, slug, talk):
        """Who, how much, and its timeline: documents before it, legs of its sign-ins, calls, callbacks."""
        project, params = self.project(), request.query_params
        one, after, before = found(project, talk), exchange_id(params, "after"), exchange_id(params, "before")
        if after is not None and before is not None:
            raise Refused(Problem("?before", _("Ask for what is after a call, or before it, not both."), "invalid"))
        page = timeline.page(project, one, after, before)
        bare = remove_query_param(remove_query_param(request.build_absolute_uri(), "after"), "before")
        links = {
            "next": replace_query_param(bare, "after", Exchange(pk=page.newer).public_id) if page.newer else None,
            "previous": replace_query_param(bare, "before", Exchange(pk=page.older).public_id) if page.older else None,
        }
        return Response({**lines([one])[0], **links, "timeline": [entry(item) for item in page.entries]})


class ConversationText(Resource):
    """What ChatGPT says of a conversation."""

    @extend_schema(operation_id="conversations_text_read", responses=shapes.DebugTextShape)
    def get(self, request, slug, talk):
        """The text that was pasted, and its calls beside those of the log."""
        project = self.project()
        return Response(told(project, found(project, talk)))

    @extend_schema(
        operation_id="conversations_text_write", request=shapes.DebugTextWish, responses=shapes.DebugTextShape
    )
    def put(self, request, slug, talk):
        """Keeps a text, secrets masked; one that was there is replaced. It must tell of a call."""
        project = self.changeable()
        one, text = found(project, talk), self.read(shapes.DebugTextWish)["text"].replace("\0", "")
        if not debugging.tells(text):
            raise Refused(Problem("/text", _("No call was found in this text."), "no-call"))
        debugging.keep(project, one, text, by=request.user)
        return Response(told(project, one))

    @extend_schema(operation_id="conversations_text_delete", responses={204: None})
    def delete(self, request, slug, talk):
        """Removes the text."""
        project = self.changeable()
        debugging.remove(project, found(project, talk))
        return Response(status=204)


def told(project: Project, talk: Conversation) -> dict[str, Any]:
    """The text of a conversation beside its calls. Raises Http404 without one."""
    kept = debugging.of(project, talk)
    if kept is None:
        raise Http404(_("Nothing was pasted for this conversation."))
    beside = debugging.beside(project, talk, kept.text)
    sums = {name: getattr(beside, name) for name in ("matched", "differing", "only_said", "only_logged")}
    about = {"text": kept.text, "author": kept.author, "changed": kept.changed}
    return {**about, **sums, "calls": [pair(one) for one in beside.lines]}


def pair(one: debugging.Line) -> dict[str, Any]:
    """A call on both sides, or on one."""
    block, call = one.pair.block, one.pair.call
    return {
        "line": block.line if block else None,
        "operation": (block.operation if block else "") or (call.operation if call else ""),
        "error": block.error if block else "",
        "exchange": call.id if call else None,
        "reason": one.pair.reason,
        "said_status": (block.status or None) if block else None,
        "status": call.status if call else None,
        "same_answer": one.equal,
        "arguments": [
            {name: getattr(argument, name) for name in ("name", "kind", "said", "arrived")}
            for argument in one.pair.arguments
        ],
    }
