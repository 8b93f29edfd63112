"""Simulated calls: one call exactly as ChatGPT would make it."""

import json
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from actionstudio.apps.api import attached
from actionstudio.apps.api import call_shapes as shapes
from actionstudio.apps.api.resource import Resource
from actionstudio.apps.projects.models import Project
from actionstudio.apps.simulator.calling import by_hand, filing
from actionstudio.apps.simulator.calling.performed import plain_card, plain_refusal
from actionstudio.apps.web.telling import told
from actionstudio.core.chatgpt import files
from actionstudio.core.problem import Problem, Refused


class Calls(Resource):
    """The simulator's calls without a chat."""

    @extend_schema(operation_id="simulator_call", request=shapes.CallWish, responses=shapes.CallShape)
    def post(self, request, slug):
        """Makes one call as ChatGPT would, or refuses it or asks for it in ChatGPT's words; tells what was sent, what
        came back, and what the model would be told."""
        project = self.changeable()
        data = self.read(shapes.CallWish)
        given = data.get("arguments", {})
        _places(given, data.get("files", []))
        keys = _attached(project, request.user, data.get("files", []))
        done = by_hand.call(project, request.user, _wish(data, _arguments(given, keys)))
        return Response(plain(done, keys))


class SimulatedFile(Resource):
    """A file that was attached, or that an answer brought."""

    @extend_schema(operation_id="simulator_file", responses={(200, "application/octet-stream"): bytes})
    def get(self, request, slug, file_key):
        """The file itself, while it is kept: for a day."""
        row = self.project().files.filter(key=file_key).first()
        if row is None:
            raise Http404(_("No such file. Files are kept for a day."))
        return filing.download(row)


def _wish(data: dict[str, Any], arguments: str) -> by_hand.Wish:
    return by_hand.Wish(
        data["operation_id"],
        arguments,
        data.get("consent"),
        data.get("mode", by_hand.REPORTED),
        data.get("url", ""),
        data.get("auth"),
        str(data.get("conversation_id", "")),
        data.get("retries", 0),
        data.get("pace", True),
        data.get("action", ""),
    )


def _places(given: dict[str, Any] | str, attached: list[dict[str, str]]) -> None:
    """Raises Refused where the ids of files that are attached could not be written into the arguments."""
    if attached and not (isinstance(given, dict) and isinstance(given.get(files.ARGUMENT, []), list)):
        said = _("Give the arguments as an object, in which %(name)s is a list or not there: the files' ids go in it.")
        raise Refused(Problem("/files", said % {"name": files.ARGUMENT}, "place"))


def _arguments(given: dict[str, Any] | str, keys: list[str]) -> str:
    """The text that a model would have written. The files' ids stand behind those that the caller names."""
    if isinstance(given, str):
        return given
    return json.dumps(given | ({files.ARGUMENT: [*given.get(files.ARGUMENT, []), *keys]} if keys else {}))


def _attached(project: Project, user: Any, given: list[dict[str, str]]) -> list[str]:
    """The ids of the files, which are kept for a day. Raises Refused."""
    rows = [filing.keep(project, one.name, one.mime_type, one.content, user) for one in attached.given(given)]
    return [row.key for row in rows]


def plain(done: by_hand.Done, keys: list[str]) -> dict[str, Any]:
    """What came of a call. Texts of ours are told in the reader's language, those of ChatGPT as they are."""
    performed, whole = done.performed, done.performed.plain()
    last = whole["attempts"][-1] if whole["attempts"] else {}
    card, refusal = plain_card(performed.card, told), plain_refusal(performed.refusal, told)
    return {
        **whole,
        "card": card,
        "refusal": refusal,
        "request": last.get("request"),
        "response": last.get("response"),
        "exchange": last.get("exchange", ""),
        "conversation_id": done.identity.conversation,
        "user_id": done.identity.user,
        "gpt_id": done.identity.gpt,
        "domain": done.acting.domain,
        "attached": keys,
    }
